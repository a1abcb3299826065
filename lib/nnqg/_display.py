"""Show something on a page: as HTML for readers, as text for comparison, and as JSON what other pages gather."""

import sys
from collections.abc import Mapping
from html import escape
from typing import Any


def show(text: str, html: str, gathered: Mapping[str, Any] | None = None) -> None:
    """Display one output with its faces, `gathered` by their MIME type; outside a notebook, print the text."""
    interactive = sys.modules.get("IPython")
    if interactive is None or interactive.get_ipython() is None:
        print(text)
        return
    from IPython.display import display

    display({"text/plain": text, "text/html": html, **(gathered or {})}, raw=True)


def format_number(value: float, uncertainty: float | None = None) -> str:
    """Four significant digits; with an uncertainty, two digits of it and the value to the same place."""
    if not uncertainty:
        return f"{value:.4g}"
    place = max(0, 1 - _exponent(uncertainty))
    if _exponent(value) < -4 or _exponent(value) > 5:
        return f"{value:.4g} ± {uncertainty:.2g}"
    return f"{value:.{place}f} ± {uncertainty:.{place}f}"


def escape_keeping_math(text: str) -> str:
    r"""Escape HTML; LaTeX between ``\(`` and ``\)`` stays readable for MathJax because ``&lt;`` is decoded by the browser."""
    return escape(text, quote=False)


def _exponent(value: float) -> int:
    return int(f"{value:e}".split("e")[1])
