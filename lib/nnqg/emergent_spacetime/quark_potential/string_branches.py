r"""All strings that hang in a metric: where a wall holds them up, and where the connected pair stops paying.

A minimum of :math:`fg` on the way in is a *wall*: a long string lies along it, and the force tends to :math:`\sqrt{fg}` at the wall, so the
potential becomes linear (confinement). Without a wall the distance has a maximum and no connected string is longer.
For one distance there may be several strings; they come in *branches*, intervals of turning points.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.quark_potential.wilson_loop import MetricFunction, Strings, can_hang, hanging_strings
from nnqg.errors import InvalidArgument

__all__ = ["Branches", "find_branches"]

SHALLOWEST = 4.0
CLOSEST = 1e-4  # to the wall; nearer, the rise of fg drowns in rounding


@checked(infinite=("longest",))
@dataclass(frozen=True)
class Branches:
    r"""Strings in a metric with a horizon at 0.

    Attributes
    ----------
    strings : list of Strings
        One entry a branch, from the horizon outwards; the last one reaches the boundary.
    wall : float
        Depth of the outermost minimum of :math:`fg`, or 0 (the horizon) if there is none.
    tension : float
        :math:`\sqrt{fg}` at the wall, the force on a long string; 0 without a wall.
    zeros : Strings
        The strings with V = 0, from the horizon outwards.
    breaking_length : float
        The largest d with V = 0: beyond it two straight strings have the lower energy.
    longest : float
        The largest d of any connected string; infinite with a wall.
    """

    strings: list[Strings]
    wall: float
    tension: float
    zeros: Strings
    breaking_length: float
    longest: float


@checked
def find_branches(metric: MetricFunction, deepest: float = 0.003, number: int = 400) -> Branches:
    r"""Scan the turning points between the horizon and the boundary.

    The metric has a horizon at 0. The scan takes ``number`` points on a logarithmic scale from ``deepest``, and as many again close to a
    wall.

    Examples
    --------
    >>> from nnqg.quantum_gravity.dictionary.metrics import ads_schwarzschild, hawking_temperature
    >>> found = find_branches(lambda eta: ads_schwarzschild(eta, d=4))
    >>> round(found.breaking_length * hawking_temperature(4), 4), round(found.longest * hawking_temperature(4), 4)
    (0.24, 0.2766)
    """
    if not callable(metric):
        raise InvalidArgument("metric", "a function from depths to a Metric", type(metric).__name__, "pass e.g. a BlackBrane")
    deepest = checks.number("deepest", deepest, above=0, below=1)
    depths = np.geomspace(deepest, SHALLOWEST, checks.count("number", number, minimum=20))
    wall, tension = _wall(metric, depths)
    if wall > 0:
        depths = np.sort(np.append(depths, wall + np.geomspace(CLOSEST, SHALLOWEST - wall, number)))
    allowed = can_hang(metric, depths)
    runs = np.split(depths, np.flatnonzero(np.diff(allowed.astype(int))) + 1)
    runs = runs[0 if allowed[0] else 1 :: 2]
    strings = [hanging_strings(metric, run) for run in runs]
    roots = [root for branch in strings for root in _zeros(metric, branch)]
    zeros = hanging_strings(metric, np.array(roots)) if roots else Strings(*(np.empty(0) for _ in range(4)))
    breaking = float(zeros.length.max()) if roots else 0.0
    longest = float("inf") if wall > 0 else max(_longest(metric, branch) for branch in strings)
    return Branches(strings, wall, tension, zeros, breaking, longest)


def _wall(metric: MetricFunction, depths: np.ndarray) -> tuple[float, float]:
    """Outermost local minimum of fg and the root of fg there, or zeros."""

    def product(eta: float) -> float:
        here = metric(np.array([eta]))
        return float(np.log(here.f[0]) + np.log(here.g[0]))

    found = metric(depths)
    values = np.log(found.f) + np.log(found.g)
    lows = np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])) + 1
    if len(lows) == 0:
        return 0.0, 0.0
    low = lows[-1]
    best = minimize_scalar(product, bounds=(depths[low - 1], depths[low + 1]), method="bounded", options={"xatol": 1e-12})
    return float(best.x), float(np.exp(best.fun / 2))


def _zeros(metric: MetricFunction, branch: Strings) -> list[float]:
    """Turning points with V = 0 inside a branch."""
    ends = np.flatnonzero(np.diff(np.sign(branch.energy)))
    points = branch.turning_points
    return [brentq(lambda eta: float(hanging_strings(metric, np.array([eta])).energy[0]), points[i], points[i + 1]) for i in ends]


def _longest(metric: MetricFunction, branch: Strings) -> float:
    """Largest d of a branch, refined beyond the scan."""
    top = int(branch.length.argmax())
    if top in (0, len(branch.length) - 1):
        return float(branch.length[top])
    bounds = branch.turning_points[top - 1], branch.turning_points[top + 1]
    best = minimize_scalar(lambda eta: -float(hanging_strings(metric, np.array([eta])).length[0]), bounds=bounds, method="bounded")
    return -float(best.fun)
