r"""A string between two heavy quarks in a solution of `riccati`.

A string feels the string frame, :math:`ds^2 = e^{2A_s(z)}(dz^2 + dx^2)`. With the proper depth :math:`d\eta = -e^{A_s}dz` it has the form
that `nnqg.emergent_spacetime.quark_potential.wilson_loop` hangs strings in, with :math:`f = g = e^{2A_s}`. Where :math:`A_s' = 0`
is a wall: a long string lies along it, and the force tends to :math:`2\pi\alpha'\sigma = e^{2A_s(z_*)}`. The depth is counted from
the wall, so that straight strings end there: behind it, a straight string to infinity would have infinite energy, and there are no
free quarks. Page ``emergent-spacetime/dilaton-potential``.
"""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.dilaton._log_spline import upward_zeros
from nnqg.emergent_spacetime.dilaton.riccati import Background
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import Metric

__all__ = ["StringFrame"]

SHALLOWEST = 1e-4  # of the wall's depth: the grid has to begin closer to the boundary than this


@checked
@dataclass(frozen=True)
class StringFrame:
    r"""Metric of the string frame of a solution with a wall: call it at proper depths above the wall.

    The solution has a fine grid that begins at a ten-thousandth of the wall's depth or before.

    Attributes
    ----------
    wall : float
        :math:`z_*`, the outermost minimum of the warp factor.
    tension : float
        :math:`e^{2A_s(z_*)} = 2\pi\alpha'\sigma/L^2`, in units of 1/length^2.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.dilaton.riccati import solve_background
    >>> frame = StringFrame(solve_background(lambda z: 2 * z, np.geomspace(1e-5, 3.0, 2000)))  # a soft wall
    >>> round(frame.wall, 3), round(frame.tension, 2)
    (0.822, 7.24)
    """

    background: Background
    wall: float = field(init=False)
    tension: float = field(init=False)
    _position: CubicSpline = field(init=False, repr=False)
    _warp: CubicSpline = field(init=False, repr=False)

    def __post_init__(self) -> None:
        z = self.background.z
        walls = upward_zeros(z, z * self.background.string_slope)
        if len(walls) == 0:
            raise InvalidArgument("background", "a string frame with a minimum", "none on its grid", "extend the grid, or take a rising b")
        wall = float(walls[0])
        if z[0] > SHALLOWEST * wall:
            raise InvalidArgument("background", f"a grid that begins before {SHALLOWEST * wall:.2g}", float(z[0]), "use np.geomspace")
        x = np.log(z)
        warp = CubicSpline(x, self.background.string_warp)
        proper = CubicSpline(x, np.exp(warp(x))).antiderivative()  # d eta = -exp(A_s + log z) d log z
        eta = float(proper(np.log(wall))) - proper(x)
        settings = {"wall": wall, "tension": float(np.exp(2 * warp(np.log(wall))) / wall**2)}
        settings |= {"_position": CubicSpline(eta[::-1], x[::-1]), "_warp": warp}
        for name, value in settings.items():
            object.__setattr__(self, name, value)

    def positions(self, eta: Float[np.ndarray, " depth"]) -> Float[np.ndarray, " depth"]:
        """Conformal depth z at proper depths above the wall, at least 0; beyond the grid, as in anti-de Sitter space."""
        checks.array("eta", eta, shape=("depth",), minimum=0.0)
        last = self._position.x[-1]
        return np.exp(self._position(np.minimum(eta, last)) - np.maximum(eta - last, 0.0))

    def __call__(self, eta: Float[np.ndarray, " depth"]) -> Metric:
        """Return the metric, f = g = exp(2 A_s), at proper depths above the wall."""
        z = self.positions(eta)
        x = np.maximum(np.log(z), self._warp.x[0])
        f = np.exp(2 * self._warp(x)) / z**2
        return Metric(eta, f, f.copy(), 4 * (1 - self._warp(x, 1)) / (z * np.sqrt(f)))
