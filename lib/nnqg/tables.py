"""Tables of numbers: for readers an HTML table with units in its head, for comparison the same as aligned text."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from nnqg import _display, checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["show"]


@checked
def show(columns: Mapping[str, Any]) -> None:
    r"""Show columns side by side.

    Parameters
    ----------
    columns : mapping from heading to column
        A heading names its unit in brackets and may hold LaTeX between ``\(`` and ``\)``. A column is a sequence of numbers or texts
        of one length, or a pair of it and a format specification of its numbers, by default ``.4g``.

    Examples
    --------
    >>> show({"layer": [0, 1], "h": (np.array([4.0, 3.25]), ".2f")})
    layer     h
        0  4.00
        1  3.25
    """
    cells = {heading: _cells(heading, column) for heading, column in columns.items()}
    lengths = {heading: len(column) for heading, column in cells.items()}
    if len(set(lengths.values())) != 1 or 0 in lengths.values():
        raise InvalidArgument("columns", "columns of one length", lengths, "give every row all of its entries")
    _display.show(_text(cells), _html(cells))


def _cells(heading: str, column: Any) -> list[str]:
    """Return the texts of one column."""
    values, specification = column if _has_format(column) else (column, ".4g")
    if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray):
        raise InvalidArgument(heading, "a sequence of numbers or texts", checks.shown(values), "one entry a row")
    try:
        return [_cell(value, specification) for value in values]
    except (TypeError, ValueError) as error:
        expected = f"numbers that {specification!r} can write, or texts"
        raise InvalidArgument(heading, expected, f"a column of which it cannot ({error})", "name another format, or pass texts") from error


def _has_format(column: Any) -> bool:
    return isinstance(column, tuple) and len(column) == 2 and isinstance(column[1], str) and not isinstance(column[0], str)


def _cell(value: Any, specification: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | np.integer) and specification == ".4g":
        return str(value)
    return format(value, specification)


def _text(cells: Mapping[str, list[str]]) -> str:
    widths = {heading: max(map(len, [heading, *column])) for heading, column in cells.items()}
    lines = [list(cells), *zip(*cells.values(), strict=True)]
    return "\n".join("  ".join(entry.rjust(width) for entry, width in zip(line, widths.values(), strict=True)) for line in lines)


def _html(cells: Mapping[str, list[str]]) -> str:
    head = "".join(f'<th scope="col">{_display.escape_keeping_math(heading)}</th>' for heading in cells)
    rows = zip(*cells.values(), strict=True)
    body = "".join("<tr>" + "".join(f"<td>{escape(entry)}</td>" for entry in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="numbers tex2jax_process mathjax_process" tabindex="0">{table}</div>'
