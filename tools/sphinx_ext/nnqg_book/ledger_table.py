"""The ledger of the whole book as one table: what is not reproduced first, checks of the implementation last, and a filter."""

from collections import Counter
from collections.abc import Sequence

from docutils import nodes

from nnqg._display import format_number

from .run_data import NOT_EXECUTED
from .table_filter import filter_form, slug
from .tables import link_to_page, paragraph, placeholder, table

__all__ = ["ledger_table", "summary"]

TITLES = ("Claim", "Book", "Held against", "Verdict")
VERDICTS = ("not reproduced", "reproduced within stated limits", "reproduced")


def ledger_table(claims: list[dict] | None) -> list[nodes.Node]:
    """Return summary, filter and table of the claims, or a placeholder.

    Parameters
    ----------
    claims : list of dict or None
        Contents of ``ledger.json``.

    Returns
    -------
    list of docutils nodes
        What the directive puts on the page.
    """
    if not claims:
        return placeholder(f"The ledger is empty: the book was {NOT_EXECUTED}.")
    form = filter_form("claims", {"page": [claim["page"] for claim in claims], "verdict": list(VERDICTS)})
    rows = [_row(claim) for claim in sorted(claims, key=_place)]
    return [paragraph(summary(claims)), form, table(TITLES, rows, "ledger", "ledger-all", "filtered")]


def _place(claim: dict) -> tuple[bool, bool, int]:
    """Return what a claim is sorted by; claims alike keep the order of the book."""
    verdict = VERDICTS.index(claim["verdict"])
    return verdict > 0, claim["check"], verdict


def summary(claims: Sequence[dict]) -> str:
    """Return the number of claims by verdict in a sentence."""
    counts = Counter(claim["verdict"] for claim in claims)
    parts = [f"{counts[verdict]} {verdict}" for verdict in reversed(VERDICTS) if counts[verdict]]
    checks = sum(claim["check"] for claim in claims)
    return f"{len(claims)} claims: {', '.join(parts)}. Of them {checks} check the implementation; they stand last."


def _row(claim: dict) -> tuple[list[str], list[list[nodes.Node]]]:
    unit = f" {claim['unit']}" if claim.get("unit") else ""
    name = nodes.paragraph("", "", nodes.literal("", claim["identifier"]), classes=["identifier"])
    verdict = [nodes.paragraph("", "", nodes.strong("", claim["verdict"]))]
    remark = claim.get("explanation") or claim.get("limits")
    if remark:
        verdict.append(paragraph(remark, "remark"))
    if claim["check"]:
        verdict.append(paragraph("A check of the implementation.", "remark"))
    cells = [
        [paragraph(claim["quantity"]), name, link_to_page(claim["page"])],
        [paragraph(format_number(claim["value"], claim.get("uncertainty")) + unit, "number")],
        [paragraph(claim["criterion"], "number"), paragraph(f"{claim['source']}. Tolerance: {claim['reason']}.", "remark")],
        verdict,
    ]
    return ["claim", f"page-{slug(claim['chapter'])}", f"page-{slug(claim['page'])}", f"verdict-{slug(claim['verdict'])}"], cells
