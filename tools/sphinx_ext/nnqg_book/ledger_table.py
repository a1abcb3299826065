"""The ledger of the whole book as one table, with a form that filters it by chapter and verdict."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from docutils import nodes

from nnqg._display import format_number

from .run_data import NOT_EXECUTED
from .tables import link_to_page, paragraph, placeholder, table

__all__ = ["filter_form", "ledger_table", "summary"]

TITLES = ("Claim", "Book", "Held against", "Verdict")


def slug(text: str) -> str:
    """Return a verdict or chapter as a class name.

    Examples
    --------
    >>> slug("not reproduced")
    'not-reproduced'
    """
    return text.replace(" ", "-")


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
    form = nodes.raw("", filter_form(claims), format="html")
    claims = sorted(claims, key=lambda claim: claim["check"])  # what is said about the talk and the papers comes first
    return [paragraph(summary(claims)), form, table(TITLES, [_row(claim) for claim in claims], "ledger", "ledger-all")]


def summary(claims: Sequence[dict]) -> str:
    """Return the number of claims by verdict in a sentence."""
    counts = Counter(claim["verdict"] for claim in claims)
    parts = [f"{count} {verdict}" for verdict, count in sorted(counts.items(), key=lambda item: -item[1])]
    return f"{len(claims)} claims: {', '.join(parts)}."


def filter_form(claims: Sequence[dict]) -> str:
    """Return the two selects; the page's script shows the form, without it the whole table is there."""
    chapters = _options("every chapter", [claim["chapter"] for claim in claims])
    verdicts = _options("every verdict", [claim["verdict"] for claim in claims])
    return (
        '<form class="ledger-filter" hidden>'
        f'<label>Chapter <select name="chapter">{chapters}</select></label> '
        f'<label>Verdict <select name="verdict">{verdicts}</select></label> '
        '<output aria-live="polite"></output></form>'
    )


def _options(everything: str, values: list[str]) -> str:
    options = [f'<option value="">{everything}</option>']
    options += [f'<option value="{escape(slug(value))}">{escape(value.replace("-", " "))}</option>' for value in dict.fromkeys(values)]
    return "".join(options)


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
    return ["claim", f"chapter-{slug(claim['chapter'])}", f"verdict-{slug(claim['verdict'])}"], cells
