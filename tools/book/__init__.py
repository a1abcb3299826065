"""From the pages to the book: execution, references, what is gathered, rendering, notebooks for readers.

- `pages`: which pages there are, and what is in them
- `execute`, `run_page`, `page_cache`: each page once, from cold, into the notebook cache
- `workers`, `ending`: no process outlives its command; what stops a command from outside is said in one line
- `fingerprint`, `budget`: what a page's results depend on, and what it may cost
- `references`: the text outputs beside the committed ones
- `gather`: what the executed pages claim, correct, show and cost
- `render`: the book, from the cache
- `pdf`, `joined_pdf`: the built book printed as one file
- `export`, `plain_markdown`, `words`: the pages as notebooks for readers, with the book's numbers; their exercises come from the coursework
- `lab`, `readme_figure`: JupyterLab on the pages; the figure of the README
"""

import signal
import sys

# jsonschema, which comes with nbformat, would build the grammar of international web addresses: 2.6 CPU s in every process, for nothing.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def quiet_start() -> None:
    """Let Ctrl-C end the process without a traceback while it still imports its modules."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
