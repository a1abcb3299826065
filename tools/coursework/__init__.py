"""Coursework from the pages: student notebooks, nbgrader's course directory, and the grading of copies.

- `pages`: the exercises of a page
- `students`: the notebook of a page's exercises in plain Markdown, complete and as students get it
- `release`: the course directory, and the proof that the reference solutions pass their own checks
- `cells`: a copy put back in order
- `execute`, `guard`, `kernel`: a copy run in a process of its own, which reports what its answers return
- `reports`: what a copy runs of a test, and the comparison of what it reports with the reference solution
- `grade`: a folder of copies turned into marks
"""

import sys

# jsonschema, which comes with nbformat, would build the grammar of international web addresses: 2.6 CPU s in every process, for nothing.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
