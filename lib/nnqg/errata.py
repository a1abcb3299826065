"""Corrections to the talk: what a slide prints, what is right, and the number that shows it.

A page calls `correct` in its section "Corrections to the talk"; ``reference/errata`` gathers them from the executed notebooks,
apart by their kind. A matter of taste is no correction.
"""

import re
from dataclasses import asdict, dataclass
from html import escape
from typing import Literal

from nnqg import checks
from nnqg._display import escape_keeping_math, show
from nnqg.errors import InvalidArgument

__all__ = ["KINDS", "MIME_TYPE", "Correction", "correct"]

MIME_TYPE = "application/vnd.nnqg.errata+json"

KINDS = {
    "slip": ("Printed", "Right"),
    "contradiction": ("One place", "Another"),
    "remark": ("Printed", "Worth knowing"),
}
"""What is shown of each kind: a slip has its right formula, a contradiction both places of the source, a remark neither."""


@dataclass(frozen=True)
class Correction:
    r"""Something in a source that a reader should know before using it.

    Parameters
    ----------
    name : str
        Short name, unique on its page; the tools put the page's name in front.
    slide : str
        Where it stands: the slide, or paper and equation.
    printed : str
        What is printed; may hold LaTeX between ``\(`` and ``\)``.
    right : str
        The right formula of a slip, the other place of a contradiction, what is worth knowing of a remark.
    shown_by : str
        A sentence with the number, computed on the page, that shows it.
    kind : {"slip", "contradiction", "remark"}
        Whether it is wrong, contradicts another place of the same source, or is worth knowing.

    Examples
    --------
    >>> Correction("pi", "slide 1", "pi = 3.2", "pi = 3.1416", f"The two differ by {3.2 - 3.1416:.2g}.").shown_by
    'The two differ by 0.058.'
    """

    name: str
    slide: str
    printed: str
    right: str
    shown_by: str
    kind: Literal["slip", "contradiction", "remark"] = "slip"

    def __post_init__(self) -> None:
        checks.short_name(self.name)
        checks.texts(self, "slide", "printed", "right", "shown_by")
        checks.option("kind", self.kind, KINDS)
        if re.search(r"(?i)(?<![a-z])(nan|inf)(?![a-z])", self.shown_by):
            raise InvalidArgument("shown_by", "finite numbers", repr(self.shown_by), "look for the cell that computes nan or inf")
        if not re.search(r"\d", self.shown_by):
            remedy = "put the number that the page computes into it"
            raise InvalidArgument("shown_by", "a sentence with a number", repr(self.shown_by), remedy)


def correct(*corrections: Correction) -> None:
    """Show the corrections of a page.

    Examples
    --------
    >>> correct(Correction("pi", "Slide 1", "pi = 3.2", "pi = 3.1416", "The two differ by 0.058."))
    Slide 1 (slip) | printed: pi = 3.2 | right: pi = 3.1416 | The two differ by 0.058.
    """
    for correction in corrections:
        checks.instance("corrections", correction, Correction)
    checks.different_names("corrections", corrections)
    show(
        text="\n".join(map(_line, corrections)),
        html='<div class="errata tex2jax_process mathjax_process">' + "".join(map(_html, corrections)) + "</div>",
        gathered={MIME_TYPE: [asdict(correction) for correction in corrections]},
    )


def _line(correction: Correction) -> str:
    first, second = (title.lower() for title in KINDS[correction.kind])
    what = f"{first}: {correction.printed} | {second}: {correction.right}"
    return f"{correction.slide} ({correction.kind}) | {what} | {correction.shown_by}"


def _html(correction: Correction) -> str:
    first, second = KINDS[correction.kind]
    rows = ((first, correction.printed), (second, correction.right), ("Shown by", correction.shown_by))
    body = "".join(f"<dt>{title}</dt><dd>{escape_keeping_math(text)}</dd>" for title, text in rows)
    title = f"{escape(correction.slide)} ({correction.kind})"
    return f'<div class="admonition attention erratum {correction.kind}"><p class="admonition-title">{title}</p><dl>{body}</dl></div>'
