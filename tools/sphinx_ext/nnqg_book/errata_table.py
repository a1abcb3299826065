"""Every correction of the book to the talk: slips, contradictions inside a source, and remarks, each in a table of their own."""

from docutils import nodes

from nnqg.errata import KINDS

from .run_data import NOT_EXECUTED
from .tables import link_to_page, paragraph, placeholder, table

__all__ = ["errata_table"]

MEANING = {
    "slip": "Slips: what is printed is wrong",
    "contradiction": "Contradictions: two places of one source disagree",
    "remark": "Remarks: nothing is wrong, but a reader should know",
}


def errata_table(corrections: list[dict] | None) -> list[nodes.Node]:
    """Return the tables of corrections, or a placeholder.

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
        rows = [_row(correction) for correction in corrections if correction["kind"] == kind]
        if rows:
            titles = ("Where", *KINDS[kind], "Shown by", "Page")
            found += [nodes.rubric("", f"{meaning} ({len(rows)})"), table(titles, rows, "errata-all")]
    return found


def _row(correction: dict) -> tuple[list[str], list[list[nodes.Node]]]:
    texts = [correction[field] for field in ("slide", "printed", "right", "shown_by")]
    return ["correction", f"kind-{correction['kind']}"], [[paragraph(text)] for text in texts] + [[link_to_page(correction["page"])]]
