r"""Slices of largest volume between the two boundaries: Einstein-Rosen bridges.

A slice has the volume :math:`\int r^{d-1} ds` per unit of boundary volume, with its proper length s measured from the throat. The symmetry
in t gives a conserved E, and extremal slices obey :math:`(dr/ds)^2 = f + E^2 r^{2-2d}`. For the planar brane that is solved by

.. math:: r(s)^d = \tfrac12 + \delta \cosh(d\,s), \qquad \delta = \sqrt{\tfrac14 - E^2}, \qquad 0 \le E < \tfrac12 .

Both ends are anchored at the boundary time :math:`t_L = t_R = t(E)`, which runs upwards on both sides. The throat shrinks from the horizon,
r = 1, to :math:`r^d = \frac12`. The volume obeys :math:`dV/dt = 2E`. Derived on the page ``networks-as-spacetime/similarity-of-diagrams``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.integrate import quad
from scipy.special import roots_legendre

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.wormhole.kruskal import kruskal_ingoing
from nnqg.networks_as_spacetime.wormhole.tortoise import tortoise

__all__ = ["Slice", "boundary_time", "maximal_slice", "slice_volume"]

LARGEST_DIMENSION = 17  # the integrals over y need cosh(40 d), which overflows beyond


@checked
@dataclass(frozen=True)
class Slice:
    """One bridge, from the left boundary through the throat to the right boundary.

    ``s`` is the proper length from the throat, negative on the left; r the radius, U and V the Kruskal coordinates.
    """

    s: Float[np.ndarray, " point"]
    r: Float[np.ndarray, " point"]
    U: Float[np.ndarray, " point"]
    V: Float[np.ndarray, " point"]


@checked
def boundary_time(energy: float, d: int) -> float:
    r"""Time t at both boundaries, with :math:`x = \frac12 + \delta\cosh y` and y = d s:

    .. math:: t = r_*(\text{throat}) + \frac1d \int_0^\infty \frac{x^{1 - 1/d}\,dy}{\delta \sinh y + E} .

    E runs from 0 to below 1/2, d from 2 to 17.

    Examples
    --------
    >>> boundary_time(0.0, d=4)
    0.0
    """
    delta, d = _delta(energy), checks.count("d", d, minimum=2, maximum=LARGEST_DIMENSION)
    if energy == 0:
        return 0.0
    start = float(tortoise(np.array([(0.5 + delta) ** (1 / d)]), d)[0])
    return start + _integral(lambda y: _ingoing_rate(y, energy, delta, d), delta, energy, d) / d


@checked
def slice_volume(energy: float, d: int) -> float:
    r"""Volume of the slice minus that of empty space, :math:`2\Lambda^{d-1}/(d-1)` up to the radius :math:`\Lambda \to \infty`:

    .. math:: V = \frac2d \int_0^\infty x^{-1/d} (\tfrac12 + \delta e^{-y})\,dy - \frac{2}{d-1} (\tfrac12 + \delta)^{1 - 1/d} .

    E runs from 0 to below 1/2, d from 2 to 17.

    Examples
    --------
    >>> abs(slice_volume(0.0, d=2)) < 1e-9
    True
    """
    delta, d = _delta(energy), checks.count("d", d, minimum=2, maximum=LARGEST_DIMENSION)
    volume = _integral(lambda y: (0.5 + delta * math.cosh(y)) ** (-1 / d) * (0.5 + delta * math.exp(-y)), delta, energy, d)
    return 2 / d * volume - 2 / (d - 1) * (0.5 + delta) ** (1 - 1 / d)


@checked
def maximal_slice(energy: float, d: int, length: float, points: int = 200) -> Slice:
    """Points of a slice with their places in the Kruskal plane.

    E is above 0 and below 1/2; the slice at t = 0 is the line U = -V. ``length`` is the proper length from the throat to the last point
    on each side, ``points`` the number of steps there.

    Examples
    --------
    >>> bridge = maximal_slice(0.3, d=4, length=2.0, points=5)
    >>> bool(np.allclose(bridge.U, bridge.V[::-1]))
    True
    """
    delta, d = _delta(energy), checks.count("d", d, minimum=2)
    if energy == 0:
        raise InvalidArgument("energy", "a number above 0", energy, "draw the slice t = 0 as U = -V")
    s = np.linspace(0, checks.number("length", length, above=0), checks.count("points", points, maximum=10 * checks.MOST_STEPS) + 1)
    r = (0.5 + delta * np.cosh(d * s)) ** (1 / d)
    nodes, weights = roots_legendre(12)
    step = d * s[1] / 2
    places = d * s[:-1, None] + step * (1 + nodes)
    rates = np.array([[_ingoing_rate(y, energy, delta, d) for y in row] for row in places])  # [step, node]
    v = tortoise(r[:1], d) + np.append(0.0, np.cumsum(rates @ weights * step)) / d
    U, V = kruskal_ingoing(v, r, d)
    return Slice(np.append(-s[:0:-1], s), np.append(r[:0:-1], r), np.append(V[:0:-1], U), np.append(U[:0:-1], V))


def _delta(energy: float) -> float:
    energy = checks.number("energy", energy, minimum=0, below=0.5)
    return math.sqrt((0.5 - energy) * (0.5 + energy))


def _ingoing_rate(y: float, energy: float, delta: float, d: int) -> float:
    """Return d dv/dy, where y is d times the proper length."""
    return (0.5 + delta * math.cosh(y)) ** (1 - 1 / d) / (delta * math.sinh(y) + energy)


def _integral(integrand: Callable[[float], float], delta: float, energy: float, d: int) -> float:
    """Integrate over y from 0: the integrand changes near y = energy/delta and y = log(1/delta), and dies like exp(-y/d)."""
    marks = [0.0, *sorted({math.asinh(energy / delta), math.log(2 / delta), math.log(2 / delta) + 5}), 40.0 * d]
    pairs = zip(marks[:-1], marks[1:], strict=True)
    return sum(quad(integrand, a, b, epsabs=1e-13, epsrel=1e-12, limit=200)[0] for a, b in pairs)
