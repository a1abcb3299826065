r"""The valley of the condensate objective: its minimum at fixed AdS radius L, over h and lambda.

The objective is stiff. A change of the weights that moves the model's curve costs a lot, one that leaves the curve alone costs
only the penalty, and the contrast grows with L. So each descent first measures the curvature,

.. math::
    M = \kappa\,\overline{\nabla F\,\nabla F^T} + \nabla\nabla P,

with the mean over true points, and runs L-BFGS in the coordinates in which M is the unit matrix. Every value found is an upper bound.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.condensate import _kernels as kernels
from nnqg.emergent_spacetime.condensate.adjoint import constants, evaluate, outcome_jacobian, workspace
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, LabelledData, Objective

__all__ = ["ValleyPoint", "descend", "follow"]

CURVATURE = 10.0  # kappa: what a shift of all outcomes by one window costs, divided by the window squared
FALLEN, BISECTIONS = 1.3, 4  # a step that raises the total by this factor left the valley, and is halved up to so often
PROBES = 40  # true points from which the curvature is measured


@checked
@dataclass(frozen=True)
class ValleyPoint:
    """Where a descent at fixed L ended.

    ``total`` is the objective over the points it was minimised on, an upper bound of the minimum.
    """

    weights: Float[np.ndarray, " weight"]
    total: float
    evaluations: int


@checked
def descend(
    weights: Float[np.ndarray, " weight"],
    data: LabelledData,
    objective: Objective = PUBLISHED,
    *,
    lift: float = 0.0,
    rounds: int = 15,
    iterations: int = 40,
) -> ValleyPoint:
    """Minimise the objective over h and lambda at the L of the start, which is the last weight.

    Parameters
    ----------
    lift : float
        Weight of sum_n min(h_n, 0)^2, which is added to the objective; raise it from 0.01 to 100 in steps of 10 to arrive at h >= 0.
    rounds, iterations : int
        L-BFGS runs, each with its own curvature, and iterations in each.

    Examples
    --------
    >>> points = LabelledData(np.full(8, 0.01), np.full(8, 0.05), np.ones(8))
    >>> descend(np.full(17, 4.0), points).total
    0.0
    """
    checks.array("weights", weights, shape=(objective.layers + 2,))
    checks.number("weights[-1], the radius L", weights[-1], above=0)
    lift = checks.number("lift", lift, minimum=0)
    used, best = 0, weights.copy()
    for _ in range(checks.count("rounds", rounds, maximum=checks.MOST_STEPS)):
        best, evaluations = _round(best, data, objective, lift, checks.count("iterations", iterations))
        used += evaluations
    return ValleyPoint(best, evaluate(best, data, objective).total, used)


@checked
def follow(
    weights: Float[np.ndarray, " weight"],
    radii: Iterable[float],
    data: LabelledData,
    objective: Objective = PUBLISHED,
    *,
    lift: float = 0.0,
) -> list[ValleyPoint]:
    """Walk along the valley: descend at each L, starting from the end of the one before with lambda L^9 kept; halve a step that leaves it.

    The start lies in the valley; radii are in 1/GeV, and steps of 20 percent or less are rarely halved. The lift is that of `descend`.

    Examples
    --------
    >>> points = LabelledData(np.full(8, 0.01), np.full(8, 0.05), np.ones(8))
    >>> [float(point.weights[-1]) for point in follow(np.full(17, 4.0), [4.0, 4.5], points)]
    [4.0, 4.5]
    """
    checks.array("weights", weights, shape=(objective.layers + 2,))
    checks.number("weights[-1], the radius L", weights[-1], above=0)
    lift, path, here = checks.number("lift", lift, minimum=0), [], weights
    for radius in radii:
        path.append(
            _walk(here, checks.number("radius", radius, above=0, quantity="a length in the bulk"), data, objective, lift, BISECTIONS)
        )
        here = path[-1].weights
    return path


def _walk(weights: np.ndarray, radius: float, data: LabelledData, objective: Objective, lift: float, bisections: int) -> ValleyPoint:
    """Go to a radius in one step, or in two halves if one throws the curve out of the window."""
    ratio = weights[-1] / radius
    point = descend(np.concatenate([weights[:-2], [weights[-2] * ratio**9, radius]]), data, objective, lift=lift)
    if bisections == 0 or point.total < FALLEN * evaluate(weights, data, objective).total:
        return point
    halfway = _walk(weights, radius * ratio**0.5, data, objective, lift, bisections - 1)
    return _walk(halfway.weights, radius, data, objective, lift, bisections - 1)


def _round(weights: np.ndarray, data: LabelledData, objective: Objective, lift: float, iterations: int) -> tuple[np.ndarray, int]:
    """One L-BFGS run in the coordinates in which the measured curvature is the unit matrix."""
    layers, columns = objective.layers, (data.mass, data.condensate, data.label)
    fixed, space, gradient = constants(objective), workspace(layers, data.label.size), np.empty(weights.size)
    axes = np.linalg.inv(np.linalg.cholesky(_curvature(weights, data, objective, lift))).T

    def at(coordinates: np.ndarray) -> np.ndarray:
        return np.append(weights[:-1] + axes @ coordinates, weights[-1])

    def total(coordinates: np.ndarray) -> tuple[float, np.ndarray]:
        here = at(coordinates)
        window_loss, penalty, _ = kernels.loss_and_gradient(here, *columns, fixed, space, gradient)
        below = np.minimum(here[:layers], 0.0)
        gradient[:layers] += 2.0 * lift * below
        return window_loss + penalty + lift * below @ below, axes.T @ gradient[:-1]

    options = {"maxiter": iterations, "maxfun": 2 * iterations, "maxcor": 20}
    found = minimize(total, np.zeros(weights.size - 1), jac=True, method="L-BFGS-B", options=options)
    return at(found.x), int(found.nfev)


def _curvature(weights: np.ndarray, data: LabelledData, objective: Objective, lift: float) -> np.ndarray:
    layers, true = objective.layers, np.flatnonzero(data.label == 0.0)
    probes = true[:: max(1, true.size // PROBES)] if true.size else np.arange(min(PROBES, data.label.size))
    slopes = outcome_jacobian(weights, data.mass[probes], data.condensate[probes], objective)[1][:, :-1]
    matrix = CURVATURE * slopes.T @ slopes / probes.size
    roots = np.sqrt(constants(objective).penalty)[:, None] * (np.eye(layers) - np.eye(layers, k=-1))
    matrix[:layers, :layers] += 2.0 * roots.T @ roots + np.diag(np.where(weights[:layers] < 0.0, 2.0 * lift, 0.0) + 1e-4)
    matrix[layers, layers] += 1e-4 / max(weights[layers] ** 2, 1e-24)  # lambda may change by its own size
    return matrix
