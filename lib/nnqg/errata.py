"""Corrections to the talk: what a slide prints, what is right, and the number that shows it.

A page calls `correct` in its section "Corrections to the talk"; ``reference/errata`` gathers them from the executed notebooks.
"""

from dataclasses import asdict, dataclass
from html import escape

from nnqg import checks
from nnqg._display import escape_keeping_math, format_number, show
from nnqg.errors import InvalidArgument

__all__ = ["MIME_TYPE", "Correction", "correct"]

MIME_TYPE = "application/vnd.nnqg.errata+json"


@dataclass(frozen=True)
class Correction:
    r"""One slip in a source.

    Parameters
    ----------
    identifier : str
        ``<page>/<short-name>``, unique in the book.
    slide : str
        Where it stands: the slide, or paper and equation.
    printed : str
        What is printed; may hold LaTeX between ``\(`` and ``\)``.
    right : str
        What it should be.
    shown_by : str
        What the number measures.
    number : float
        Computed on the page.
    unit : str
        Its unit, if it has one.

    Raises
    ------
    InvalidArgument
        If a text is missing or the number not finite.

    Examples
    --------
    >>> Correction("circle/pi", "slide 1", "pi = 3.2", "pi = 3.1416", "difference of the two", 0.0584).number
    0.0584
    """

    identifier: str
    slide: str
    printed: str
    right: str
    shown_by: str
    number: float
    unit: str = ""

    def __post_init__(self) -> None:
        for name in ("identifier", "slide", "printed", "right", "shown_by"):
            text = getattr(self, name)
            if not isinstance(text, str) or not text.strip():
                raise InvalidArgument(name, "a text", repr(text), f"say it: every correction has its {name}")
        if [bool(part.strip()) for part in self.identifier.split("/")] != [True, True]:
            raise InvalidArgument("identifier", "'<page>/<short-name>'", repr(self.identifier), "name the page first")
        object.__setattr__(self, "number", checks.number("number", self.number))

    @property
    def evidence(self) -> str:
        """The sentence that the number completes."""
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.shown_by}: {format_number(self.number)}{unit}"


def correct(*corrections: Correction) -> None:
    """Show the corrections of a page.

    Parameters
    ----------
    *corrections : Correction
        All corrections of the page.

    Raises
    ------
    InvalidArgument
        If there is none, or two have the same identifier.

    Examples
    --------
    >>> correct(Correction("circle/pi", "Slide 1", "pi = 3.2", "pi = 3.1416", "difference of the two", 0.0584))
    Slide 1 | printed: pi = 3.2 | right: pi = 3.1416 | difference of the two: 0.0584
    """
    identifiers = [correction.identifier for correction in corrections]
    if not corrections or len(set(identifiers)) != len(identifiers):
        raise InvalidArgument("corrections", "at least one, each with its own identifier", identifiers, "rename or add one")
    show(
        text="\n".join(f"{c.slide} | printed: {c.printed} | right: {c.right} | {c.evidence}" for c in corrections),
        html='<div class="errata tex2jax_process mathjax_process">' + "".join(map(_html, corrections)) + "</div>",
        records=[{**asdict(correction), "evidence": correction.evidence} for correction in corrections],
        mime_type=MIME_TYPE,
    )


def _html(correction: Correction) -> str:
    rows = (("Printed", correction.printed), ("Right", correction.right), ("Shown by", correction.evidence))
    body = "".join(f"<dt>{title}</dt><dd>{escape_keeping_math(text)}</dd>" for title, text in rows)
    return f'<div class="admonition attention erratum"><p class="admonition-title">{escape(correction.slide)}</p><dl>{body}</dl></div>'
