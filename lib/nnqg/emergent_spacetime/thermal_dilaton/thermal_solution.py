r"""Every Einstein-dilaton black brane from one decreasing function.

The action :math:`\int\sqrt{-g}\,[R - \frac43(\partial\Phi)^2 + V(\Phi)]` with :math:`ds^2 = -f\,dt^2 + d\eta^2 + g\,dx^2` gives, for
:math:`w = \frac12\frac{d}{d\eta}\log\frac fg` and :math:`h = \frac{d}{d\eta}\log\sqrt{fg^3}`,

.. math:: w' = -hw, \qquad \Phi'^2 = -\tfrac{9}{16}(h' + w^2), \qquad V = \tfrac34(h' + h^2) .

With :math:`u = 1/w` as coordinate and :math:`E = h^2 - w^2` they are solved by *any* decreasing E(u) with :math:`E(\infty) = 16`:

.. math:: d\eta = \frac{du}{\sqrt{1 + E u^2}}, \qquad h = \sqrt{u^{-2} + E}, \qquad \tfrac{16}{9}\Phi'^2 = -\tfrac u2\frac{dE}{du},
    \qquad V = \tfrac34\Big(E + \tfrac u2\frac{dE}{du}\Big) .

The AdS-Schwarzschild brane is E = 16. The grid is :math:`u = \frac14\sinh x`, which for that brane is :math:`x = 4\eta`. Units: L = 1 in
the bulk, and the temperature T = 1 along the boundary.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline

from nnqg import checks
from nnqg.errors import InvalidArgument

__all__ = ["ThermalSolution", "solve_thermal"]

Steepness = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class ThermalSolution:
    r"""A black brane on a grid in x, with T = 1.

    Attributes
    ----------
    x : numpy.ndarray, shape (point,)
        Equidistant from 0, the horizon.
    eta : numpy.ndarray, shape (point,)
        Proper distance from the horizon, in units of L.
    stretch : numpy.ndarray, shape (point,)
        :math:`d\eta/dx`.
    steepness : numpy.ndarray, shape (point,)
        :math:`-dE/dx`.
    invariant : numpy.ndarray, shape (point,)
        :math:`E = h^2 - w^2`, in units of :math:`1/L^2`.
    dilaton : numpy.ndarray, shape (point,)
        :math:`\Phi`, zero at the boundary and growing inwards.
    log_f, log_g : numpy.ndarray, shape (point,)
        Logarithms of the warp factors, with :math:`f \to (2\pi\eta)^2` and :math:`f/g \to 1`; log_f is minus infinity at the horizon.
    boundary_warp : float
        A, with :math:`f, g \to A e^{2\eta}` at the boundary.

    Notes
    -----
    Used on the pages ``emergent-spacetime/dilaton-at-finite-temperature`` and ``emergent-spacetime/string-breaking``.
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
        r""":math:`V(\Phi)` along the brane, in units of :math:`1/L^2`; 12 at the boundary."""
        return 0.75 * (self.invariant - np.tanh(self.x) * self.steepness / 2)


def solve_thermal(steepness: Steepness, box: float = 10.0, number: int = 1000) -> ThermalSolution:
    r"""Black brane of a given :math:`-dE/dx`.

    Parameters
    ----------
    steepness : callable
        :math:`-dE/dx \ge 0` at an array of x from 0 to the box. It must vanish at the horizon, as x, and be negligible at the box.
    box : float
        Largest x, at least 4; the boundary is behind it, as in AdS-Schwarzschild.
    number : int
        Even number of intervals, at least 100.

    Returns
    -------
    ThermalSolution
        At number + 1 points.

    Raises
    ------
    InvalidArgument
        If the steepness is negative somewhere (an imaginary dilaton), not finite, or has not vanished at the box.

    Examples
    --------
    >>> brane = solve_thermal(lambda x: 0 * x)
    >>> bool(np.allclose(brane.eta, brane.x / 4)), round(brane.boundary_warp / np.pi**2, 6)
    (True, 0.5)

    Notes
    -----
    Derived on the page ``emergent-spacetime/dilaton-at-finite-temperature``.
    """
    box, number = checks.number("box", box, minimum=4.0), checks.count("number", number, minimum=100)
    if number % 2:
        raise InvalidArgument("number", "an even number", number, "add one")
    x = np.linspace(0.0, box, number + 1)
    slope = _sample(steepness, x)
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
    slope = np.asarray(steepness(x), dtype=float)
    checks.array("steepness(x)", slope, shape=(len(x),), minimum=0.0)
    if slope[0] > 1e-12:
        raise InvalidArgument("steepness", "0 at the horizon", slope[0], "write it as x times a finite function")
    if slope[-1] > 1e-3 * max(slope.max(), 1.0):
        raise InvalidArgument("steepness", "next to nothing at the box", slope[-1], "let it fall faster, or take a larger box")
    return slope


def _integral(x: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Integral from 0 up to each point, of order 4."""
    return CubicSpline(x, values).antiderivative()(x)
