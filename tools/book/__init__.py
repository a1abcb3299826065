"""From the pages to the book: execution, references, what is gathered, rendering, notebooks for readers.

- `pages`: which pages there are, and what is in them
- `execute`, `run_page`, `page_cache`: each page once, from cold, into the notebook cache
- `fingerprint`, `budget`: what a page's results depend on, and what it may cost
- `references`: the text outputs beside the committed ones
- `gather`: what the executed pages claim, correct, show and cost
- `render`: the book, from the cache
- `export`, `plain_markdown`: the pages as notebooks for readers
- `lab`, `readme_figure`: JupyterLab on the pages; the figure of the README
"""

import sys

# jsonschema, which comes with nbformat, would build the grammar of international web addresses: 2.6 CPU s in every process, for nothing.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
