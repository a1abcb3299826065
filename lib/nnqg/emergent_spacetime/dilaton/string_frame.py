r"""A string between two heavy quarks in a solution of `riccati`.

A string feels the string frame, :math:`ds^2 = e^{2A_s(z)}(dz^2 + dx^2)`. With the proper depth :math:`d\eta = -e^{A_s}dz` it has the form
that `nnqg.emergent_spacetime.quark_potential.wilson_loop` hangs strings in, with :math:`f = g = e^{2A_s}`. Where :math:`A_s' = 0`
is a wall: a long string lies along it, and the force tends to :math:`2\pi\alpha'\sigma = e^{2A_s(z_*)}`. The depth is counted from
the wall, so that straight strings end there: behind it, a straight string to infinity would have infinite energy, and there are no
free quarks.
"""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from nnqg import checks
from nnqg.emergent_spacetime.dilaton.riccati import Background
from nnqg.emergent_spacetime.quark_potential.wilson_loop import Strings, hanging_strings
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import Metric

__all__ = ["StringFrame", "find_wall", "static_potential"]

SHALLOWEST = 1e-4  # of the wall's depth: the grid has to begin closer to the boundary than this


def find_wall(background: Background) -> float:
    """Outermost minimum of the warp factor of the string frame.

    Parameters
    ----------
    background : Background
        A solution on a fine grid.

    Returns
    -------
    float
        :math:`z_*`, or infinity if there is no minimum on the grid.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.dilaton.riccati import solve_background
    >>> find_wall(solve_background(np.zeros_like, np.linspace(0.1, 5.0, 50)))  # anti-de Sitter space
    inf
    """
    x, scaled = np.log(background.z), background.z * background.string_slope
    turns = np.flatnonzero((scaled[:-1] < 0) & (scaled[1:] >= 0))
    if len(turns) == 0:
        return float("inf")
    spline = CubicSpline(x, scaled)
    return float(np.exp(brentq(spline, x[turns[0]], x[turns[0] + 1], xtol=1e-14)))


@dataclass(frozen=True)
class StringFrame:
    r"""Metric of the string frame as a function of the proper depth above the wall.

    Parameters
    ----------
    background : Background
        A solution with a wall, on a fine grid that begins at a ten-thousandth of the wall's depth or before.

    Attributes
    ----------
    wall : float
        :math:`z_*`.
    tension : float
        :math:`e^{2A_s(z_*)} = 2\pi\alpha'\sigma/L^2`, in units of 1/length^2.

    Raises
    ------
    InvalidArgument
        If there is no wall, or the grid begins too far from the boundary.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.dilaton.riccati import solve_background
    >>> frame = StringFrame(solve_background(lambda z: 2 * z, np.geomspace(1e-5, 3.0, 2000)))  # a soft wall
    >>> round(frame.wall, 3), round(frame.tension, 2)
    (0.822, 7.24)

    Notes
    -----
    Used on the page ``emergent-spacetime/dilaton-potential``.
    """

    background: Background
    wall: float = field(init=False)
    tension: float = field(init=False)
    _position: CubicSpline = field(init=False, repr=False)
    _warp: CubicSpline = field(init=False, repr=False)

    def __post_init__(self) -> None:
        z, wall = self.background.z, find_wall(self.background)
        if not np.isfinite(wall):
            raise InvalidArgument("background", "a string frame with a minimum", "none on its grid", "extend the grid, or take a rising b")
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
        """Conformal depth z at proper depths.

        Parameters
        ----------
        eta : numpy.ndarray, shape (depth,)
            Proper depths above the wall, at least 0.

        Returns
        -------
        numpy.ndarray, shape (depth,)
            z; beyond the grid, as in anti-de Sitter space.

        Raises
        ------
        InvalidArgument
            If a depth is negative or not finite.
        """
        checks.array("eta", eta, shape=("depth",), minimum=0.0)
        last = self._position.x[-1]
        return np.exp(self._position(np.minimum(eta, last)) - np.maximum(eta - last, 0.0))

    def __call__(self, eta: Float[np.ndarray, " depth"]) -> Metric:
        """Return the metric, f = g = exp(2 A_s), at proper depths above the wall."""
        z = self.positions(eta)
        x = np.maximum(np.log(z), self._warp.x[0])
        f = np.exp(2 * self._warp(x)) / z**2
        return Metric(eta, f, f.copy(), 4 * (1 - self._warp(x, 1)) / (z * np.sqrt(f)))


def static_potential(frame: StringFrame, number: int = 200, closest: float = 1e-4, shallowest: float = 4.0) -> Strings:
    """Strings of all lengths, from the longest to the shortest.

    Parameters
    ----------
    frame : StringFrame
        Where they hang.
    number : int
        How many, at least 2.
    closest, shallowest : float
        Proper depths of the first and the last turning point above the wall.

    Returns
    -------
    Strings
        Of shape (number,); energies relative to two straight strings that end at the wall.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.dilaton.riccati import solve_background
    >>> frame = StringFrame(solve_background(lambda z: 2 * z, np.geomspace(1e-5, 3.0, 2000)))
    >>> longest = static_potential(frame, 20)
    >>> bool(longest.length[0] > 7), round(float(longest.force[0]) / frame.tension, 4)
    (True, 1.0)
    """
    closest = checks.number("closest", closest, above=0)
    shallowest = checks.number("shallowest", shallowest, above=closest)
    return hanging_strings(frame, np.geomspace(closest, shallowest, checks.count("number", number, minimum=2)))
