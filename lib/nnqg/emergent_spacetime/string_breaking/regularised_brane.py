r"""The plainest black brane with a given response: what a regulariser chooses where the data are silent.

The data fix one number of the geometry, b/a. Ten nodes of log q have nine left over, and a regulariser settles them: least
:math:`\sum q^2` (``size``) or least :math:`\sum(\Delta\log q)^2` (``slope``), subject to the response. The constraint is smooth across the
critical point, so the search starts at an exponential that meets it already (`tune`) and stays close to it. Page
``emergent-spacetime/string-breaking``.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.thermal_dilaton.condensate_probe import Frame, boundary_pair
from nnqg.emergent_spacetime.thermal_dilaton.critical_amplitude import tune
from nnqg.emergent_spacetime.thermal_dilaton.steepness import TAIL, nodal
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import ThermalSolution, solve_thermal
from nnqg.errors import NotConverged

__all__ = ["RegularisedBrane", "regularise"]

NODES, END = 10, 4.0
BOUND = 8.0  # on log q, either way
STIFFENING = 1e-4  # times the squared second differences of log q: settles what a regulariser leaves open


@checked
@dataclass(frozen=True)
class RegularisedBrane:
    """Log q at equidistant x from 0 to 4, the brane, and the value of the regulariser, with q in units of 10."""

    log_q: Float[np.ndarray, " node"]
    solution: ThermalSolution
    penalty: float


@checked(infinite=("tail",))
def regularise(
    frame: Frame, ratio: float, regulariser: Literal["size", "slope"], tail: float = TAIL, start_rate: float = 1.5
) -> RegularisedBrane:
    r"""Least value of a regulariser among the branes with :math:`b/a =` ratio, at least 0.001, in a string frame, in units of T^2.

    Behind the last node q falls with the rate `tail` of `nodal`; the search starts at an exponential with the rate `start_rate`.

    Raises
    ------
    NotConverged
        If the search does not end, or no start has the response.

    Examples
    --------
    >>> flat = regularise("S0", 1000.0, "slope")  # the flattest log q is constant
    >>> bool(np.ptp(flat.log_q) < 0.01)
    True
    """
    checks.option("frame", frame, ("S1", "S0"))
    checks.option("regulariser", regulariser, ("size", "slope"))
    checks.number("ratio", ratio, minimum=1e-3)  # below, the search drowns in rounding
    shape = -checks.number("start_rate", start_rate) * np.linspace(0.0, END, NODES)
    amplitude, start = tune(lambda a: nodal(np.log(a) + shape, END, tail), frame, ratio)
    box = float(start.x[-1])  # the same in all steps: a box that jumps would spoil the differences

    def lacking(log_q: np.ndarray) -> float:
        pair = boundary_pair(solve_thermal(nodal(log_q, END, tail), box), frame, np.ones(1))
        return float(pair.source[0] - pair.response[0] / ratio)

    def cost(log_q: np.ndarray) -> float:
        return _penalty(regulariser, log_q) + STIFFENING * float((np.diff(log_q, 2) ** 2).sum())

    found = minimize(
        cost,
        np.clip(np.log(amplitude) + shape, -BOUND, BOUND),
        constraints=[{"type": "eq", "fun": lacking}],
        bounds=[(-BOUND, BOUND)] * NODES,
        method="SLSQP",
        options={"maxiter": 200, "ftol": 1e-8},
    )
    if not found.success or abs(lacking(found.x)) > 1e-5:
        raise NotConverged("the search for the plainest brane", found.message, "try another start_rate")
    return RegularisedBrane(found.x, solve_thermal(nodal(found.x, END, tail)), _penalty(regulariser, found.x))


def _penalty(regulariser: str, log_q: np.ndarray) -> float:
    if regulariser == "slope":
        return float((np.diff(log_q) ** 2).sum())
    return float((np.exp(2 * log_q) / 100).sum())  # q/10 is near one, the scale of STIFFENING and of the tolerance
