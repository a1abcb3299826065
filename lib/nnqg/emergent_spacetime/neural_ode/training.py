r"""Training of the neural ODE with the window objective and balanced minibatches.

The public code of arXiv:2006.00712 holds the network, the boundary map and the drawing of batches, half of them true and half false; its
training loop is not public. The start is the code's: coefficients uniform between 0 and 2, lambda = 0.005, L = 0.78/GeV. Optimiser,
rates and length are our choice.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, LabelledData, Objective
from nnqg.emergent_spacetime.neural_ode.inwards import STEPS, _window_loss

__all__ = ["Trained", "random_start", "train"]

FORGET_MEAN, FORGET_SQUARE, FLOOR = 0.9, 0.999, 1e-8  # Adam's defaults, arXiv:1412.6980


class Trained(NamedTuple):
    """A trained network.

    Attributes
    ----------
    weights : numpy.ndarray, shape (degree + 3,)
        Coefficients of h, lambda, L in 1/GeV.
    history : numpy.ndarray, shape (record,)
        Mean of abs(t(F) - label) over the batches between two records.
    """

    weights: Float[np.ndarray, " weight"]
    history: Float[np.ndarray, " record"]


def random_start(rng: np.random.Generator, degree: int = 8) -> Float[np.ndarray, " weight"]:
    """The start of the public code: coefficients from U(0, 2), lambda = 0.005, L = 0.78/GeV.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the coefficients.
    degree : int
        Of the polynomial h.

    Returns
    -------
    numpy.ndarray, shape (degree + 3,)

    Raises
    ------
    InvalidArgument
        If degree is negative.

    Examples
    --------
    >>> random_start(np.random.default_rng(1))[-2:]
    array([0.005, 0.78 ])
    """
    return np.concatenate([rng.uniform(0.0, 2.0, checks.count("degree", degree, minimum=0) + 1), [0.005, 0.78]])


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

    Parameters
    ----------
    start : numpy.ndarray, shape (degree + 3,)
        It is not changed.
    data : LabelledData
        With points of both labels.
    rng : numpy.random.Generator
        Source of the batches.
    iterations : int
        Updates, at least as many as records.
    rates : tuple of float
        First and last learning rate.
    batch : int
        Even; half of each label.
    steps : int
        Runge-Kutta steps.
    records : int
        Length of the history.
    objective : Objective
        Window and weights.

    Returns
    -------
    Trained

    Raises
    ------
    InvalidArgument
        If a number is out of range.
    Diverged
        If a weight is not finite at the end.

    Examples
    --------
    >>> points = LabelledData(np.array([0.01, 0.01]), np.array([0.05, 0.1]), np.array([0.0, 1.0]))
    >>> train(random_start(np.random.default_rng(1)), points, np.random.default_rng(2), iterations=4, records=2, batch=2).history.shape
    (2,)

    Notes
    -----
    Used in the page ``emergent-spacetime/neural-ode``.
    """
    weights = checks.array("start", start, shape=("weight",)).copy()
    iterations, half = (
        checks.count("iterations", iterations, minimum=checks.count("records", records)),
        checks.count("batch", batch, minimum=2) // 2,
    )
    first, last = (checks.number("rates", rate, above=0) for rate in rates)
    points = np.stack([data.mass, data.condensate, data.label])
    kinds = [np.flatnonzero(data.label == label) for label in (0.0, 1.0)]
    checks.count("points of the rarer label", min(len(kind) for kind in kinds))
    mean, square, missed = np.zeros_like(weights), np.zeros_like(weights), np.empty(iterations)
    for k in range(iterations):
        chosen = np.concatenate([kind[rng.integers(0, len(kind), half)] for kind in kinds])
        found = _window_loss(weights, np.take(points, chosen, axis=1), objective, steps)
        missed[k] = found.missed
        mean = FORGET_MEAN * mean + (1 - FORGET_MEAN) * found.gradient
        square = FORGET_SQUARE * square + (1 - FORGET_SQUARE) * found.gradient**2
        rate = first * (last / first) ** max(0.0, 2 * (k + 1) / iterations - 1)
        unbiased = np.sqrt(square / (1 - FORGET_SQUARE ** (k + 1))) + FLOOR
        weights -= rate * mean / (1 - FORGET_MEAN ** (k + 1)) / unbiased
    checks.finite_result("training", weights, where="the last update", remedy="lower the rates")
    return Trained(weights, np.array([part.mean() for part in np.array_split(missed, records)]))
