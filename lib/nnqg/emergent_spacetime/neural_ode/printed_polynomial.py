r"""The polynomial on the slide, and every polynomial that is one slip of the pen away from it.

The slide *Neural ODE: free from discretization* prints :math:`h = \sum_{k=0}^8 c_k\tilde\eta^k` with :math:`\tilde\eta = 1 - \eta`
(arXiv:2006.00712). Here :math:`t = \tilde\eta`.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize_scalar

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["PRINTED", "Slip", "lowest", "slips"]

PRINTED = (3.7719, -2.22235, 55.5384, -130.8117, 150.8853, 6.9468, 7.6071, 8.0108, 8.2351)
"""Coefficients as printed, in rising powers of 1 - eta."""


@checked
class Slip(NamedTuple):
    """Another number that could have been meant for the coefficient of a power.

    Its kind is what happened in print: point moved, sign turned, digit replaced, digit lost, digit added or digits swapped.
    """

    kind: str
    power: int
    value: float


@checked
def slips(coefficients: Float[np.ndarray, " power"]) -> list[Slip]:
    """Every other polynomial that one slip in one coefficient turns into the given one.

    What is misspelt is the shortest decimal form. A number that two slips give is listed once.

    Examples
    --------
    >>> [slip.value for slip in slips(np.array([-2.5])) if slip.kind in ("point moved", "digits swapped")]
    [-25.0, -0.25, -5.2]
    """
    checks.array("coefficients", coefficients, shape=("power",))
    found = []
    for power, number in enumerate(coefficients.tolist()):
        values: dict[float, str] = {}
        for kind, text in _misspelt(np.format_float_positional(abs(number), trim="0")):
            values.setdefault(float(np.copysign(1.0, number)) * float(text), kind)
        values.pop(number, None)
        found += [Slip(kind, power, value) for value, kind in values.items()]
    return found


def _misspelt(text: str) -> Iterator[tuple[str, str]]:
    """Decimal forms that one slip turns into this one."""
    point = text.index(".")
    digits = text.replace(".", "")
    for places in (1, -1):
        yield "point moved", f"{digits}e{point - len(digits) + places}"
    yield "sign turned", "-" + text
    for k in range(len(digits) - 1):
        swapped = digits[:k] + digits[k + 1] + digits[k] + digits[k + 2 :]
        yield "digits swapped", swapped[:point] + "." + swapped[point:]
    for k, old in enumerate(text):
        if old != ".":
            yield "digit added", text[:k] + text[k + 1 :]
            yield from (("digit replaced", text[:k] + new + text[k + 1 :]) for new in "0123456789")
    for k in range(len(text) + 1):
        yield from (("digit lost", text[:k] + new + text[k:]) for new in "0123456789")


@checked
def lowest(coefficients: Float[np.ndarray, " power"]) -> tuple[float, float]:
    r"""Depth :math:`\eta` and value of the smallest h between horizon and boundary; a grid of 2000 points picks the basin.

    Examples
    --------
    >>> eta, h = lowest(np.array([1.0, -1.0, 1.0]))  # 1 - t + t^2
    >>> round(eta, 6), round(h, 6)
    (0.5, 0.75)
    """
    checks.array("coefficients", coefficients, shape=("power",))
    grid = np.linspace(0.0, 1.0, 2001)

    def h(t: float | np.ndarray) -> float | np.ndarray:
        return np.polynomial.polynomial.polyval(t, coefficients)

    first = int(np.argmin(h(grid)))
    bounds = grid[max(first - 1, 0)], grid[min(first + 1, 2000)]
    best = minimize_scalar(h, bounds=bounds, method="bounded", options={"xatol": 1e-10})
    inside = float(best.fun) < float(h(grid[first]))
    return 1.0 - float(best.x if inside else grid[first]), float(min(best.fun, h(grid[first])))
