"""Every correction of the book to the talk: slips, contradictions inside a source, and remarks, each under a heading of their own."""

from docutils import nodes

from nnqg.errata import KINDS

from .run_data import NOT_EXECUTED
from .tables import link_to_page, paragraph, placeholder, text_with_math

__all__ = ["errata_table"]

MEANING = {
    "slip": "Slips: what is printed is wrong",
    "contradiction": "Contradictions: two places of one source disagree",
    "remark": "Remarks: nothing is wrong, but a reader should know",
}


def errata_table(corrections: list[dict] | None) -> list[nodes.Node]:
    """Return a box for each correction, or a placeholder.

    Parameters
    ----------
    corrections : list of dict or None
        Contents of ``errata.json``.

    Returns
    -------
    list of docutils nodes
        What the directive puts on the page.
    """
    if not corrections:
        return placeholder(f"No corrections are gathered: the book was {NOT_EXECUTED}.")
    found = []
    for kind, meaning in MEANING.items():
        boxes = [_box(correction) for correction in corrections if correction["kind"] == kind]
        if boxes:
            found += [nodes.rubric("", f"{meaning} ({len(boxes)})"), *boxes]
    return found


def _box(correction: dict) -> nodes.container:
    """Return where it stands and on which page it is shown, then what is printed, what is right, and the number."""
    titles = (*KINDS[correction["kind"]], "Shown by")
    texts = (correction["printed"], correction["right"], correction["shown_by"])
    head = paragraph(f"{correction['slide']}, on the page ")
    head += link_to_page(correction["page"]).children
    lines = [
        nodes.paragraph("", "", nodes.strong("", title), nodes.Text(": "), *text_with_math(text))
        for title, text in zip(titles, texts, strict=True)
    ]
    return nodes.container("", head, *lines, classes=["correction", f"kind-{correction['kind']}"])
