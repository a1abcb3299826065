r"""The unknown of the meson problem: what anti-de Sitter space leaves open in the slope of the exponent B.

.. math:: B(z) = (2S - 1)\log z + \int_0^z b\,dz', \qquad b(z) = \sum_j \Delta_j\, r_j(z),

with ramps :math:`r_j` that rise from 0 to 1 on interval j and stay there; the last one never stops rising. So b is piecewise
linear with b(0) = 0, :math:`\Delta_j` is what it gains on interval j, and :math:`\Delta \ge 0` makes b rise: no second well,
and a wall that confines. In metric and dilaton, :math:`b = \Phi' - (2S - 1)(A' + 1/z)`.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["DilatonProfile", "ramp_integrals"]


@checked
@dataclass(frozen=True)
class DilatonProfile:
    r"""The exponent B of mesons of spin S (1 for the rho, 2 for the a_2), from the gains :math:`\Delta_j` in units of 1/length.

    Examples
    --------
    >>> soft = DilatonProfile(np.full(16, 0.5), interval=0.5)  # b = z
    >>> soft.slope(np.array([1.0, 20.0])), soft.exponent(np.array([1.0, 20.0])) - np.log([1.0, 20.0])
    (array([ 1., 20.]), array([  0.5, 200. ]))
    """

    gains: Float[np.ndarray, " interval"]
    interval: float = 0.5
    spin: int = 1

    def __post_init__(self) -> None:
        checks.array("gains", self.gains, shape=("interval",))
        checks.number("interval", self.interval, above=0)
        checks.count("spin", self.spin)

    @property
    def knots(self) -> Float[np.ndarray, " knot"]:
        """Ends of the intervals, one more than intervals."""
        return self.interval * np.arange(len(self.gains) + 1)

    def slope(self, z: Float[np.ndarray, " z"]) -> Float[np.ndarray, " z"]:
        """Slope b, by linear interpolation, and behind the last knot by extrapolation."""
        run, last = _run(z, len(self.gains), self.interval), len(self.gains) - 1
        return np.where(np.arange(last + 1) < last, np.minimum(run, 1.0), run) @ self.gains

    def exponent(self, z: Float[np.ndarray, " z"]) -> Float[np.ndarray, " z"]:
        """Exponent B at positions above 0, exactly."""
        checks.array("z", z, minimum=np.finfo(float).tiny)
        return (2 * self.spin - 1) * np.log(z) + ramp_integrals(z, len(self.gains), self.interval) @ self.gains


@checked
def ramp_integrals(z: Float[np.ndarray, " z"], intervals: int, interval: float) -> Float[np.ndarray, "z interval"]:
    """Integrals of the ramps from 0 to z.

    Examples
    --------
    >>> ramp_integrals(np.array([1.0, 2.0]), 1, 1.0)
    array([[0.5],
           [2. ]])
    """
    run = _run(z, intervals, interval)
    full = np.where((run > 1) & (np.arange(intervals) < intervals - 1), run - 0.5, run**2 / 2)
    return interval * full


def _run(z: np.ndarray, intervals: int, interval: float) -> np.ndarray:
    """Distance from the beginning of each interval, in intervals; 0 before it [z, interval]."""
    checks.array("z", z, shape=("z",), minimum=0.0)
    intervals, interval = checks.count("intervals", intervals), checks.number("interval", interval, above=0)
    return np.maximum(z[:, None] / interval - np.arange(intervals), 0.0)
