r"""Every Einstein-dilaton black brane from one decreasing function.

The action :math:`\int\sqrt{-g}\,[R - \frac43(\partial\Phi)^2 + V(\Phi)]` with :math:`ds^2 = -f\,dt^2 + d\eta^2 + g\,dx^2` gives, for
:math:`w = \frac12\frac{d}{d\eta}\log\frac fg` and :math:`h = \frac{d}{d\eta}\log\sqrt{fg^3}`,

.. math:: w' = -hw, \qquad \Phi'^2 = -\tfrac{9}{16}(h' + w^2), \qquad V = \tfrac34(h' + h^2) .

With :math:`u = 1/w` as coordinate and :math:`E = h^2 - w^2` they are solved by *any* decreasing E(u) with :math:`E(\infty) = 16`:

.. math:: d\eta = \frac{du}{\sqrt{1 + E u^2}}, \qquad h = \sqrt{u^{-2} + E}, \qquad \tfrac{16}{9}\Phi'^2 = -\tfrac u2\frac{dE}{du},
    \qquad V = \tfrac34\Big(E + \tfrac u2\frac{dE}{du}\Big) .

The AdS-Schwarzschild brane is E = 16. The grid is :math:`u = \frac14\sinh x`, which for that brane is :math:`x = 4\eta`. Units: L = 1 in
the bulk, and the temperature T = 1 along the boundary. Page ``emergent-spacetime/dilaton-at-finite-temperature``.

The grid ends at a box, and behind it the dilaton is left out. Near the critical point of a probe a shift of the dilaton by 1e-4 moves
the response by per cents, so the box follows the tail: it ends where less than `OUTSIDE` of the dilaton is left.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["OUTSIDE", "ThermalSolution", "solve_thermal"]

Steepness = Callable[[np.ndarray], np.ndarray]

OUTSIDE = 1e-8
"""Rise of the dilaton between the end of the box and the boundary that may be left out."""

BOXES = np.arange(14.0, 41.0)  # a strong probe needs the first, to become small; beyond the last, a weak one drowns in rounding


@checked(infinite=("log_f",))
@dataclass(frozen=True)
class ThermalSolution:
    r"""A black brane with T = 1 on a grid in x, equidistant from the horizon x = 0.

    Attributes
    ----------
    x, eta, stretch : numpy.ndarray
        Grid, proper distance from the horizon (L = 1), and :math:`d\eta/dx`.
    steepness, invariant : numpy.ndarray
        :math:`-dE/dx` and :math:`E = h^2 - w^2`.
    dilaton : numpy.ndarray
        :math:`\Phi`, zero at the boundary and growing inwards.
    log_f, log_g : numpy.ndarray
        Logarithms of the warp factors, with :math:`f \to (2\pi\eta)^2` and :math:`f/g \to 1`; log_f is minus infinity at the horizon.
    boundary_warp : float
        A, with :math:`f, g \to A e^{2\eta}` at the boundary.
    """

    x: Float[np.ndarray, " point"]
    eta: Float[np.ndarray, " point"]
    stretch: Float[np.ndarray, " point"]
    steepness: Float[np.ndarray, " point"]
    invariant: Float[np.ndarray, " point"]
    dilaton: Float[np.ndarray, " point"]
    log_f: Float[np.ndarray, " point"]
    log_g: Float[np.ndarray, " point"]
    boundary_warp: float

    @property
    def h(self) -> Float[np.ndarray, " inside"]:
        """Friction h at all points but the horizon, where it is infinite."""
        return np.sqrt(self.w**2 + self.invariant[1:])

    @property
    def w(self) -> Float[np.ndarray, " inside"]:
        """Half the slope of log f/g at all points but the horizon."""
        return 4 / np.sinh(self.x[1:])

    @property
    def dilaton_slope(self) -> Float[np.ndarray, " point"]:
        r""":math:`d\Phi/d\eta`, not positive."""
        return -0.75 * np.sqrt(np.tanh(self.x) * self.steepness / 2)

    @property
    def potential(self) -> Float[np.ndarray, " point"]:
        r""":math:`V(\Phi)` along the brane; 12 at the boundary."""
        return 0.75 * (self.invariant - np.tanh(self.x) * self.steepness / 2)


@checked
def solve_thermal(steepness: Steepness, box: float | None = None, step: float = 0.01) -> ThermalSolution:
    r"""Black brane of a given :math:`-dE/dx \ge 0`, which must vanish at the horizon, as x.

    The box, at least 4, is the largest x; without one it follows the tail of the dilaton. An even number of steps fills it.

    Examples
    --------
    >>> brane = solve_thermal(lambda x: 0 * x)
    >>> bool(np.allclose(brane.eta, brane.x / 4)), round(brane.boundary_warp / np.pi**2, 6)
    (True, 0.5)
    >>> [float(solve_thermal(lambda x, s=s: 100 * x * np.exp(-s * x)).x[-1]) for s in (1.5, 2.0, 4.0)]
    [29.0, 21.0, 14.0]
    """
    end = _follow_tail(steepness) if box is None else checks.number("box", box, minimum=4.0)
    x = np.linspace(0.0, end, 2 * round(end / checks.number("step", step, above=0, maximum=0.1) / 2) + 1)
    slope = _sample(steepness, x)
    if slope[0] > 1e-12:
        raise InvalidArgument("steepness", "0 at the horizon", slope[0], "write it as x times a finite function")
    gained = _integral(x, slope)
    invariant = 16.0 + gained[-1] - gained
    stretch = np.cosh(x) / 4 / np.sqrt(1 + invariant * np.sinh(x) ** 2 / 16)
    eta = _integral(x, stretch)
    climb = _integral(x, 0.75 * np.sqrt(np.tanh(x) * slope / 2) * stretch)
    excess = np.zeros_like(x)  # (4 eta_x - 1) / sinh x, which vanishes at the horizon
    excess[1:] = (4 * stretch[1:] - 1) / np.sinh(x[1:])
    bend = _integral(x, excess)
    with np.errstate(divide="ignore"):
        log_sinh, log_tanh = np.log(np.sinh(x)), np.log(np.tanh(x / 2))
    scale = 2 * np.log(2 * np.pi) + 1.5 * np.log(2.0) - 2 * np.log(4.0)
    log_f = scale + log_sinh / 2 + 1.5 * (log_tanh + bend)
    log_g = np.full_like(x, 2 * bend[-1] + scale - bend[0] / 2 + np.log(2.0) / 2)
    log_g[1:] = 2 * bend[-1] + scale + (log_sinh[1:] - log_tanh[1:] - bend[1:]) / 2
    warp = float(np.exp((log_f[-1] + 3 * log_g[-1]) / 4 - 2 * eta[-1]))  # the combination with the smallest correction
    return ThermalSolution(x, eta, stretch, slope, invariant, climb[-1] - climb, log_f, log_g, warp)


def _sample(steepness: Steepness, x: np.ndarray) -> np.ndarray:
    if not callable(steepness):
        raise InvalidArgument("steepness", "a function of x", type(steepness).__name__, "pass a function such as exponential(30.0, 2.0)")
    return checks.array("steepness(x)", np.asarray(steepness(x), dtype=float), shape=(len(x),), minimum=0.0)


def _follow_tail(steepness: Steepness) -> float:
    """First end of the box outside of which the dilaton rises by less than OUTSIDE, by an upper sum of dPhi/dx."""
    rises = 3 / 16 * np.sqrt(_sample(steepness, BOXES) / 2)
    enough = BOXES[np.cumsum(rises[::-1])[::-1] < OUTSIDE]
    if len(enough) == 0:
        raise InvalidArgument("steepness", f"a dilaton that has vanished at x = {BOXES[-1]:g}", rises[-1], "let it fall faster")
    return float(enough[0])


def _integral(x: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Integral from 0 up to each point: on each interval that of the cubic through the four nearest points, of order 4."""
    parts = np.zeros_like(x)
    parts[2:-1] = 13 * (values[1:-2] + values[2:-1]) - values[:-3] - values[3:]
    parts[1] = 9 * values[0] + 19 * values[1] - 5 * values[2] + values[3]
    parts[-1] = 9 * values[-1] + 19 * values[-2] - 5 * values[-3] + values[-4]
    return np.cumsum(parts) * (x[1] / 24)
