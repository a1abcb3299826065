"""Keep the marker lines of the coursework out of the rendered code: students see them, readers of the book need not."""

import re

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["setup", "without_markers"]

MARKER = re.compile(r"^[ \t]*#{2,3} (BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)[ \t]*\n?", re.MULTILINE)


def without_markers(code: str) -> str:
    """Return code without the lines that mark solutions and hidden tests.

    Examples
    --------
    >>> without_markers("def f():\\n    ### BEGIN SOLUTION\\n    return 1\\n    ### END SOLUTION")
    'def f():\\n    return 1'
    """
    return MARKER.sub("", code).rstrip("\n") if MARKER.search(code) else code


def clean(app: Sphinx, doctree: nodes.document) -> None:
    """Rewrite every code block of a page that has such lines."""
    for block in doctree.findall(nodes.literal_block):
        code = without_markers(block.astext())
        if code != block.astext():
            block[:] = [nodes.Text(code)]
            block.rawsource = code


def setup(app: Sphinx) -> None:
    """Run on each page after it was read."""
    app.connect("doctree-read", clean)
