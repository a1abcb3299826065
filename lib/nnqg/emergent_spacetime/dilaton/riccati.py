r"""The inverse Einstein-dilaton problem at zero temperature: one Riccati equation.

Action :math:`\int\sqrt{-g}\,[R - \frac43(\partial\Phi)^2 + V(\Phi)]`, Einstein-frame metric :math:`e^{2A_E}(dz^2 + dx^2)`, string frame
:math:`A_s = A_E + \frac23\Phi` (arXiv:0707.1324). The exponent of the rho meson is :math:`B = \Phi - A_s`. With :math:`a = A_E'`,
Einstein's equations then say

.. math:: \Phi' = 3(B' + a), \qquad a' = a^2 - 4(B' + a)^2, \qquad V = 12\,e^{-2A_E}\big(a^2 - (B' + a)^2\big).

Write :math:`B' = 1/z + b` and :math:`a = -1/z + e`. The poles cancel, and what is integrated is regular:

.. math:: e' = -\frac{2e}{z} + e^2 - 4(e + b)^2 .

Disturbances die as :math:`z^{-2}` away from the boundary: anti-de Sitter space there, e(0) = 0, leaves one solution. L = 1. Page
``emergent-spacetime/dilaton-potential``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.integrate import solve_ivp

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument

__all__ = ["Background", "solve_background"]

RUN_UP = 14.0  # start so many e-folds before the first position: e(0) = 0 is then exact to 1e-12
RTOL, ATOL = 1e-10, 1e-13


@checked
@dataclass(frozen=True)
class Background:
    r"""A solution on a grid of conformal depths z, the boundary at 0, lengths in any unit, and :math:`\Phi(0) = 0`.

    Attributes
    ----------
    slope, departure : numpy.ndarray
        :math:`b = B' - 1/z`, what went in, and :math:`e = A_E' + 1/z`.
    warp, dilaton : numpy.ndarray
        :math:`A_E + \log z` and :math:`\Phi`.
    """

    z: Float[np.ndarray, " z"]
    slope: Float[np.ndarray, " z"]
    departure: Float[np.ndarray, " z"]
    warp: Float[np.ndarray, " z"]
    dilaton: Float[np.ndarray, " z"]

    @property
    def dilaton_slope(self) -> Float[np.ndarray, " z"]:
        r""":math:`\Phi' = 3(b + e)`."""
        return 3 * (self.slope + self.departure)

    @property
    def string_warp(self) -> Float[np.ndarray, " z"]:
        r""":math:`A_s + \log z`."""
        return self.warp + 2 / 3 * self.dilaton

    @property
    def string_slope(self) -> Float[np.ndarray, " z"]:
        r""":math:`A_s' = -1/z + 3e + 2b`."""
        return -1 / self.z + 3 * self.departure + 2 * self.slope

    @property
    def potential(self) -> Float[np.ndarray, " z"]:
        """V at the dilaton's value at z: 12 in anti-de Sitter space."""
        e, p, z = self.departure, self.dilaton_slope / 3, self.z
        return 12 * np.exp(-2 * self.warp) * ((z * e - 1) ** 2 - (z * p) ** 2)


@checked
def solve_background(slope: Callable[[np.ndarray], np.ndarray], z: Float[np.ndarray, " z"]) -> Background:
    """Metric and dilaton that belong to the exponent B of the rho, at positive and ascending z, at least two.

    The slope is b = B' - 1/z at an array of positions, finite at z = 0, in units of 1/length.

    Raises
    ------
    Diverged
        If the solution runs away before the last position.

    Examples
    --------
    >>> found = solve_background(lambda z: np.zeros_like(z), np.array([0.5, 1.0]))  # no dilaton: anti-de Sitter space
    >>> found.potential, found.string_slope
    (array([12., 12.]), array([-2., -1.]))
    """
    if not callable(slope):
        raise InvalidArgument("slope", "a function of z", type(slope).__name__, "pass a function that takes an array")
    checks.array("z", z, shape=("z",), minimum=np.finfo(float).tiny)
    if len(z) < 2 or not (np.diff(z) > 0).all():
        raise InvalidArgument("z", "at least two ascending positions", z, "sort them")
    b = checks.array("slope(z)", slope(z), shape=z.shape)

    def flow(t: float, state: np.ndarray) -> list[float]:
        """d/d log z of e, of the integral of e and of that of b."""
        here = np.exp(t)
        e, b_here = state[0], float(slope(np.array([here]))[0])
        return [-2 * e + here * (e**2 - 4 * (e + b_here) ** 2), here * e, here * b_here]

    t = np.log(z)
    start = np.array([0.0, 0.0, float(slope(z[:1] * np.exp(-RUN_UP))[0]) * z[0] * np.exp(-RUN_UP)])
    with np.errstate(over="ignore", invalid="ignore"):  # a runaway is reported below
        found = solve_ivp(flow, (t[0] - RUN_UP, t[-1]), start, method="DOP853", t_eval=t, rtol=RTOL, atol=ATOL)
    if not found.success or found.y.shape[1] != len(z):
        where = f"z = {np.exp(found.t[-1] if len(found.t) else t[0]):.3g}"
        raise Diverged("the background", where, "end the grid earlier, or check that b does not fall steeply")
    e, warp, integral = found.y
    return Background(z, b, e, warp, 3 * (warp + integral))
