r"""Training of the neural ODE with the window objective and balanced minibatches.

The public code of arXiv:2006.00712 holds the network, the boundary map and the drawing of batches, half of them true and half false; its
training loop is not public. The start is the code's: coefficients uniform between 0 and 2, lam = 0.005, L = 0.78/GeV. Optimiser,
rates and length are our choice.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, LabelledData, Objective
from nnqg.emergent_spacetime.neural_ode import _kernels as kernels
from nnqg.emergent_spacetime.neural_ode.inwards import STEPS, constants, powers

__all__ = ["Trained", "random_start", "train"]


@checked
class Trained(NamedTuple):
    """A trained network: its weights, and the mean of abs(t(F) - label) over the batches between two records."""

    weights: Float[np.ndarray, " weight"]
    history: Float[np.ndarray, " record"]


@checked
def random_start(rng: np.random.Generator, degree: int = 8) -> Float[np.ndarray, " weight"]:
    """The start of the public code: coefficients of h from U(0, 2), lam = 0.005, L = 0.78/GeV.

    Examples
    --------
    >>> random_start(np.random.default_rng(1))[-2:]
    array([0.005, 0.78 ])
    """
    return np.concatenate([rng.uniform(0.0, 2.0, checks.count("degree", degree, minimum=0) + 1), [0.005, 0.78]])


@checked
def train(
    start: Float[np.ndarray, " weight"],
    data: LabelledData,
    rng: np.random.Generator,
    *,
    iterations: int = 12_000,
    rates: tuple[float, float] = (3e-3, 3e-4),
    batch: int = 100,
    steps: int = STEPS,
    records: int = 60,
    objective: Objective = PUBLISHED,
) -> Trained:
    """Adam with balanced minibatches: the first rate for half of the time, then a geometric decay to the second.

    Half of a batch has either label. The start is not changed.

    Raises
    ------
    Diverged
        If a weight is not finite at the end.

    Examples
    --------
    >>> points = LabelledData(np.array([0.01, 0.01]), np.array([0.05, 0.1]), np.array([0.0, 1.0]))
    >>> train(random_start(np.random.default_rng(1)), points, np.random.default_rng(2), iterations=4, records=2, batch=2).history.shape
    (2,)
    """
    weights = checks.array("start", start, shape=("weight",)).copy()
    checks.count("iterations", iterations, minimum=checks.count("records", records), maximum=20 * checks.MOST_STEPS)
    half = checks.count("batch", batch, minimum=2) // 2
    first, last = (checks.number("rates", rate, above=0) for rate in rates)
    kinds = [np.flatnonzero(data.label == label) for label in (0.0, 1.0)]
    checks.count("points of the rarer label", min(len(kind) for kind in kinds))
    chosen = np.array([[kind[rng.integers(0, len(kind), half)] for kind in kinds] for _ in range(iterations)]).reshape(iterations, -1)
    decay = np.maximum(0.0, 2 * np.arange(1, iterations + 1) / iterations - 1)
    missed = np.empty(iterations)
    points, at = np.stack([data.mass, data.condensate, data.label]), powers(weights.size - 2, checks.count("steps", steps))
    kernels.train(weights, points, chosen, at, constants(objective), first * (last / first) ** decay, missed)
    checks.finite_result("training", weights, where="the last update", remedy="lower the rates")
    return Trained(weights, np.array([part.mean() for part in np.array_split(missed, records)]))
