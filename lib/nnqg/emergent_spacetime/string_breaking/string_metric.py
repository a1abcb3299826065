r"""The metric that a string feels above a black brane.

The equations of gravity are simple in the Einstein frame. A string couples to :math:`ds_s^2 = e^{4\Phi/3}ds^2` (five dimensions). With the
proper distance :math:`d\sigma = e^{2\Phi/3}d\eta` of that frame as depth, the metric has the form that
`nnqg.emergent_spacetime.quark_potential.wilson_loop` expects: :math:`-f_s\,dt^2 + d\sigma^2 + g_s\,dx^2`. Page
``emergent-spacetime/string-breaking``.
"""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import ThermalSolution
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import Metric

__all__ = ["StringMetric"]


@checked
@dataclass(frozen=True)
class StringMetric:
    r"""Metric :math:`e^{4\Phi/3}ds^2` of a black brane: call it at proper distances above the horizon at 0; lengths in units of 1/T.

    Behind `end`, the depth of the last point, the metric goes on as that of AdS-Schwarzschild.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.quark_potential.string_branches import find_branches
    >>> from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
    >>> found = find_branches(StringMetric(solve_thermal(lambda x: 0 * x)))
    >>> round(found.breaking_length, 4), round(found.longest, 4)
    (0.24, 0.2766)
    """

    solution: ThermalSolution
    end: float = field(init=False)
    _warps: CubicSpline = field(init=False, repr=False)  # log f - 2 log depth, which is smooth at the horizon, and log g

    def __post_init__(self) -> None:
        x, conformal = self.solution.x, 4 / 3 * self.solution.dilaton
        depth = CubicSpline(x, np.exp(conformal / 2) * self.solution.stretch).antiderivative()(x)
        warps = np.stack([self.solution.log_f + conformal, self.solution.log_g + conformal], axis=1)
        warps[0, 0] = 2 * np.log(2 * np.pi)  # the temperature is the same in both frames
        warps[1:, 0] -= 2 * np.log(depth[1:])
        object.__setattr__(self, "end", float(depth[-1]))
        object.__setattr__(self, "_warps", CubicSpline(depth, warps))

    def __call__(self, depth: Float[np.ndarray, " depth"]) -> Metric:
        """Return the metric at depths above the horizon."""
        checks.array("depth", depth, shape=("depth",))
        if depth.min() <= 0:
            raise InvalidArgument("depth", "depths above the horizon at 0", float(depth.min()), "stop the grid before the horizon")
        inside, box = np.minimum(depth, self.end), self.solution.x[-1]
        x = box + 4 * (depth - inside)
        rise = (np.log(np.sinh(x)) - np.log(np.sinh(box))) / 2
        bend = (np.log(np.tanh(x / 2)) - np.log(np.tanh(box / 2))) / 2
        log_f, log_g = self._warps(inside).T
        slope_f, slope_g = self._warps(inside, 1).T
        f = np.exp(log_f + 2 * np.log(inside) + rise + 3 * bend)
        h = slope_f / 2 + 1 / inside + 1.5 * slope_g
        return Metric(depth, f, np.exp(log_g + rise - bend), np.where(depth > self.end, 4 / np.tanh(x), h))
