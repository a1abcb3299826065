"""Every correction of the book to the talk as one table."""

from docutils import nodes

from .run_data import NOT_EXECUTED
from .tables import link_to_page, paragraph, placeholder, table

__all__ = ["errata_table"]

TITLES = ("Where", "Printed", "Right", "Shown by", "Page")


def errata_table(corrections: list[dict] | None) -> list[nodes.Node]:
    """Return the table of corrections, or a placeholder.

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
    return [table(TITLES, [_row(correction) for correction in corrections], "errata-all")]


def _row(correction: dict) -> tuple[list[str], list[list[nodes.Node]]]:
    texts = [correction[field] for field in ("slide", "printed", "right", "evidence")]
    return ["correction"], [[paragraph(text)] for text in texts] + [[link_to_page(correction["page"])]]
