"""The ledger: every claim of the book beside what it is held against, with a verdict that the numbers decide.

A page calls `record` once, in its section "Held against". The claims are shown as a table, travel with the executed notebook
to ``reference/ledger``, and stop the page when a number contradicts what the page says about it.
"""

from dataclasses import asdict, dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nnqg import checks
from nnqg._display import escape_keeping_math, format_number, show
from nnqg.errors import ClaimFailed, InvalidArgument

__all__ = ["MIME_TYPE", "Claim", "record"]

MIME_TYPE = "application/vnd.nnqg.claims+json"

REPRODUCED = "reproduced"
WITHIN_LIMITS = "reproduced within stated limits"
NOT_REPRODUCED = "not reproduced"

_KINDS = ("absolute", "relative", "at most", "at least")
_NUMBERS = {"value": None, "reference": None, "tolerance": 0, "uncertainty": 0, "reference_uncertainty": 0}
ROUNDING = 1e-6

if TYPE_CHECKING:
    Real = float  # what is kept
else:
    Real = float | np.generic | np.ndarray  # what comes


@dataclass(frozen=True)
class Claim:
    r"""A number of the book beside the number it is held against.

    With value v, reference r and tolerance t the claim *comes out* when

    - ``absolute``: :math:`|v - r| \le t`
    - ``relative``: :math:`|v - r| \le t |r|`
    - ``at most``: :math:`v \le r + t`
    - ``at least``: :math:`v \ge r - t`

    Parameters
    ----------
    name : str
        Short name, unique on its page; the tools put the page's name in front.
    quantity : str
        What it is, in words; may hold LaTeX between ``\(`` and ``\)``.
    value, reference : float
        The number computed on the page, and the one it is held against.
    tolerance : float
        Allowed difference, at least 0.
    source : str
        Where the reference comes from: an exact result, an independent method, a paper, a slide.
    reason : str
        Why this tolerance. Only one of at most 1e-6 needs no other reason than rounding.
    unit : str
        Unit of value and reference; empty if they have none.
    uncertainty, reference_uncertainty : float, optional
        Standard errors.
    kind : {"absolute", "relative", "at most", "at least"}
        How the two are compared.
    limits : str
        Under which conditions it holds, if not in general.
    explanation : str
        Why it does not come out. A claim with an explanation must fail; one without must hold.
    check : bool
        Whether it checks the implementation rather than the talk or a paper; shown folded, below the others.

    Examples
    --------
    >>> Claim("pi", "pi from a polygon", 3.1416, 3.14159265, 1e-4, reason="polygon of 1000 sides").verdict
    'reproduced'
    """

    name: str
    quantity: str
    value: Real
    reference: Real
    tolerance: float = 0.0
    source: str = "exact"
    reason: str = "rounding"
    unit: str = ""
    uncertainty: Real | None = None
    reference_uncertainty: Real | None = None
    kind: Literal["absolute", "relative", "at most", "at least"] = "absolute"
    limits: str = ""
    explanation: str = ""
    check: bool = False

    def __post_init__(self) -> None:
        for field, bound in _NUMBERS.items():
            value = getattr(self, field)
            if value is not None or field in ("value", "reference", "tolerance"):
                object.__setattr__(self, field, checks.number(field, _plain(value), minimum=bound))
        checks.option("kind", self.kind, _KINDS)
        checks.short_name(self.name)
        checks.texts(self, "quantity", "source", "reason")
        for field, kind in {"unit": str, "limits": str, "explanation": str, "check": bool}.items():
            checks.instance(field, getattr(self, field), kind)
        if self.reason == "rounding" and self.tolerance > ROUNDING:
            remedy = "give `reason`: why is this difference allowed?"
            raise InvalidArgument("tolerance", f"at most {ROUNDING:g} when the reason is rounding", self.tolerance, remedy)
        if self.limits and self.explanation:
            raise InvalidArgument("limits", "either limits or an explanation", "both", "state the limits in the explanation")

    @property
    def comes_out(self) -> bool:
        """Whether value and reference agree within the tolerance."""
        if self.kind == "at most":
            return self.value <= self.reference + self.tolerance
        if self.kind == "at least":
            return self.value >= self.reference - self.tolerance
        allowed = self.tolerance * (abs(self.reference) if self.kind == "relative" else 1.0)
        return abs(self.value - self.reference) <= allowed

    @property
    def verdict(self) -> str:
        """What the numbers say: reproduced, reproduced within stated limits, or not reproduced."""
        if not self.comes_out:
            return NOT_REPRODUCED
        return WITHIN_LIMITS if self.limits else REPRODUCED

    @property
    def criterion(self) -> str:
        """The comparison in words with its unit, e.g. ``at most 0.05 GeV`` or ``1720 ± 20 MeV within 10 %``."""
        unit = f" {self.unit}" if self.unit else ""
        reference = format_number(self.reference, self.reference_uncertainty) + unit
        tolerance = f"{self.tolerance:.2g}{unit}"
        if self.kind in ("at most", "at least"):
            sign = "+" if self.kind == "at most" else "-"
            if not (self.reference or self.reference_uncertainty) and self.tolerance:
                return f"{self.kind} {sign.strip('+')}{tolerance}"
            return f"{self.kind} {reference}" + (f" {sign} {tolerance}" if self.tolerance else "")
        if self.kind == "relative":
            return f"{reference} within {100 * self.tolerance:.2g} %"
        return f"{reference} within {tolerance}"


def record(*claims: Claim) -> None:
    """Show the claims of a page as a table and stop the page if one contradicts its text.

    Raises
    ------
    ClaimFailed
        If a claim fails without an explanation, or comes out although the page explains why it does not.

    Examples
    --------
    >>> record(Claim("pi", "pi from a polygon", 3.1416, 3.14159265, 1e-4, reason="polygon of 1000 sides"))
    pi from a polygon: 3.142 | held against 3.142 within 0.0001 (exact) | reproduced
    """
    for claim in claims:
        checks.instance("claims", claim, Claim)
    checks.different_names("claims", claims)
    ordered = sorted(claims, key=lambda claim: claim.check)
    show(
        text="\n".join(_text_row(claim) for claim in ordered),
        html=_html_table([claim for claim in ordered if not claim.check]) + _folded([claim for claim in ordered if claim.check]),
        gathered={MIME_TYPE: [{**asdict(claim), "verdict": claim.verdict, "criterion": claim.criterion} for claim in ordered]},
    )
    wrong = [_contradiction(claim) for claim in ordered if claim.comes_out == bool(claim.explanation)]
    if wrong:
        raise ClaimFailed("\n".join(wrong))


def _plain(value: Any) -> Any:
    """Return a numpy scalar, or a numpy array of no dimension, as the Python number that it is."""
    return value.item() if isinstance(value, np.generic | np.ndarray) and value.ndim == 0 else value


def _contradiction(claim: Claim) -> str:
    found = f"{claim.name}: {claim.value:.6g} against {claim.criterion}"
    if claim.comes_out:
        return f"{found} comes out, but the page explains why it does not. Remedy: drop the explanation."
    return f"{found} does not come out. Remedy: find the error, or explain it on the page."


def _text_row(claim: Claim) -> str:
    unit = f" {claim.unit}" if claim.unit else ""
    value = format_number(claim.value, claim.uncertainty)
    return f"{claim.quantity}: {value}{unit} | held against {claim.criterion} ({claim.source}) | {claim.verdict}"


def _html_table(claims: list[Claim]) -> str:
    if not claims:
        return ""
    head = "".join(f'<th scope="col">{title}</th>' for title in ("Quantity", "This page", "Held against", "Source", "Verdict"))
    body = "".join(_html_row(claim) for claim in claims)
    return f'<table class="ledger tex2jax_process mathjax_process"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _folded(claims: list[Claim]) -> str:
    """Return the checks of the implementation as a table that is folded away."""
    if not claims:
        return ""
    what = "One check" if len(claims) == 1 else f"{len(claims)} checks"
    return f'<details class="checks"><summary>{what} of the implementation</summary>{_html_table(claims)}</details>'


def _html_row(claim: Claim) -> str:
    unit = f" {escape(claim.unit)}" if claim.unit else ""
    remark = claim.explanation or claim.limits or claim.reason
    cells = (
        escape_keeping_math(claim.quantity),
        format_number(claim.value, claim.uncertainty) + unit,
        escape(claim.criterion),
        escape_keeping_math(claim.source),
        f"<strong>{claim.verdict}</strong><br><small>{escape_keeping_math(remark)}</small>",
    )
    verdict_class = claim.verdict.replace(" ", "-")
    return f'<tr class="{verdict_class}">' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
