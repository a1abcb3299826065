r"""The metric that a string feels: Einstein frame against string frame.

The equations of gravity are simple in the Einstein frame. A string couples to :math:`ds_s^2 = e^{4\Phi/3}ds^2` (five dimensions). With the
proper distance :math:`d\sigma = e^{2\Phi/3}d\eta` of that frame as depth, the metric has the form that
`nnqg.emergent_spacetime.quark_potential.wilson_loop` expects: :math:`-f_s\,dt^2 + d\sigma^2 + g_s\,dx^2`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline

from nnqg import checks
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import ThermalSolution
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import Metric

__all__ = ["FrameMetric", "frame_metric"]


@dataclass(frozen=True)
class FrameMetric:
    """A black brane in one frame: call it at depths above the horizon at 0 to get a `Metric`, with T = 1.

    Attributes
    ----------
    log_f_over_depth2, log_g : callable
        Splines in the depth; the first is smooth at the horizon.
    end : float
        Depth of the last point; behind it the metric goes on as that of AdS-Schwarzschild.
    box : float
        x of the last point.
    """

    log_f_over_depth2: Callable[[np.ndarray], np.ndarray]
    log_g: Callable[[np.ndarray], np.ndarray]
    end: float
    box: float

    def __call__(self, depth: Float[np.ndarray, " depth"]) -> Metric:
        """Return the metric at depths above the horizon.

        Parameters
        ----------
        depth : numpy.ndarray, shape (depth,)
            Proper distances, positive.

        Returns
        -------
        Metric
            Of shape (depth,).

        Raises
        ------
        InvalidArgument
            If a depth is not positive and finite.
        """
        checks.array("depth", depth, shape=("depth",))
        if depth.min() <= 0:
            raise InvalidArgument("depth", "depths above the horizon at 0", float(depth.min()), "stop the grid before the horizon")
        inside = np.minimum(depth, self.end)
        x = self.box + 4 * (depth - inside)
        rise = (np.log(np.sinh(x)) - np.log(np.sinh(self.box))) / 2
        bend = (np.log(np.tanh(x / 2)) - np.log(np.tanh(self.box / 2))) / 2
        log_f = self.log_f_over_depth2(inside) + 2 * np.log(inside) + rise + 3 * bend
        log_g = self.log_g(inside) + rise - bend
        h = self.log_f_over_depth2(inside, 1) / 2 + 1 / inside + 1.5 * self.log_g(inside, 1)
        return Metric(depth, np.exp(log_f), np.exp(log_g), np.where(depth > self.end, 4 / np.tanh(x), h))


def frame_metric(solution: ThermalSolution, frame: Literal["einstein", "string"]) -> FrameMetric:
    r"""Metric of a black brane in a frame.

    Parameters
    ----------
    solution : ThermalSolution
        In the Einstein frame.
    frame : {"einstein", "string"}
        Which metric.

    Returns
    -------
    FrameMetric
        A function of the proper distance from the horizon in that frame; lengths along the boundary in units of 1/T.

    Raises
    ------
    InvalidArgument
        If the frame is unknown.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
    >>> from nnqg.emergent_spacetime.quark_potential.string_branches import find_branches
    >>> found = find_branches(frame_metric(solve_thermal(lambda x: 0 * x), "string"))
    >>> round(found.breaking_length, 4), round(found.longest, 4)
    (0.24, 0.2766)

    Notes
    -----
    Derived in the page ``emergent-spacetime/string-breaking``.
    """
    checks.option("frame", frame, ("einstein", "string"))
    dilaton = solution.dilaton if frame == "string" else np.zeros_like(solution.x)
    conformal = 4 / 3 * dilaton
    depth = CubicSpline(solution.x, np.exp(conformal / 2) * solution.stretch).antiderivative()(solution.x)
    ratio = np.empty_like(depth)
    ratio[1:] = solution.log_f[1:] + conformal[1:] - 2 * np.log(depth[1:])
    ratio[0] = 2 * np.log(2 * np.pi)  # the temperature is the same in both frames
    return FrameMetric(CubicSpline(depth, ratio), CubicSpline(depth, solution.log_g + conformal), float(depth[-1]), float(solution.x[-1]))
