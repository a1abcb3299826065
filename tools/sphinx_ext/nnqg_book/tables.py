r"""Tables out of records: cells of text in which LaTeX stands between ``\(`` and ``\)``, in a box that scrolls by itself."""

import re
from collections.abc import Sequence

from docutils import nodes
from sphinx import addnodes

__all__ = ["link_to_page", "paragraph", "placeholder", "table", "text_with_math"]

FORMULA = re.compile(r"\\\((.+?)\\\)")

Cell = Sequence[nodes.Node]


def text_with_math(text: str) -> list[nodes.Node]:
    r"""Return text as nodes, with a formula for each ``\(...\)``.

    Examples
    --------
    >>> [type(node).__name__ for node in text_with_math(r"the field \(\phi\) stops")]
    ['Text', 'math', 'Text']
    """
    pieces = FORMULA.split(text)
    made = [nodes.math(piece, piece) if odd else nodes.Text(piece) for odd, piece in _numbered(pieces)]
    return [node for node in made if node.astext()]


def _numbered(pieces: list[str]) -> list[tuple[bool, str]]:
    return [(bool(index % 2), piece) for index, piece in enumerate(pieces)]


def paragraph(text: str, *classes: str) -> nodes.paragraph:
    """Return a paragraph of text with formulas."""
    return nodes.paragraph("", "", *text_with_math(text), classes=list(classes))


def placeholder(text: str) -> list[nodes.Node]:
    """Return the note that stands where a table would be."""
    return [nodes.paragraph("", text, classes=["placeholder"])]


def link_to_page(page: str) -> nodes.paragraph:
    """Return a link to ``<chapter>/<page>`` with the page's title."""
    link = addnodes.pending_xref("", nodes.inline("", page), refdomain="std", reftype="doc", refwarn=True, refexplicit=False)
    link["reftarget"] = f"/chapters/{page}"
    return nodes.paragraph("", "", link)


def table(titles: Sequence[str], rows: Sequence[tuple[Sequence[str], Sequence[Cell]]], *classes: str) -> nodes.container:
    """Return a table in a scrolling box.

    Parameters
    ----------
    titles : sequence of str
        Column titles.
    rows : sequence of (classes, cells)
        Each row's classes, by which scripts can find it, and its cells.
    *classes : str
        Classes of the table.

    Returns
    -------
    docutils.nodes.container
        The box.
    """
    group = nodes.tgroup("", *[nodes.colspec(colwidth=1) for _ in titles], cols=len(titles))
    group += nodes.thead("", _row([], [[nodes.paragraph("", title)] for title in titles]))
    group += nodes.tbody("", *[_row(names, cells) for names, cells in rows])
    return nodes.container("", nodes.table("", group, classes=list(classes)), classes=["scroll-box"])


def _row(classes: Sequence[str], cells: Sequence[Cell]) -> nodes.row:
    return nodes.row("", *[nodes.entry("", *cell) for cell in cells], classes=list(classes))
