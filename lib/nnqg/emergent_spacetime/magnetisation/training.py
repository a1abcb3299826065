r"""Train bulk networks on a magnetisation curve, from random starts.

Adam on minibatches, compiled. The window is wide open at first, :math:`t = F^2/(F^2 + w^2)` with w shrinking to the final half-width, so
that every point pulls; then it is the published one. Training either runs for a number of steps, or stops as soon as the objective over
all points is below a target, as the paper's does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime._labelled_band import checked_points
from nnqg.emergent_spacetime.magnetisation import _kernels
from nnqg.emergent_spacetime.magnetisation.objective import FALLOFFS, Evaluation, Objective, evaluate
from nnqg.errors import InvalidArgument

__all__ = ["Schedule", "TrainedModel", "random_start", "train"]


@checked
@dataclass(frozen=True)
class Schedule:
    """How long, how fast.

    Attributes
    ----------
    steps : int
        Minibatch steps, at most.
    rates : tuple of float
        Learning rate at the beginning and at the end, geometric in between.
    open_steps : int
        Steps with the open window.
    opening : float
        Its half-width at the beginning.
    batch : int
        Points a step, drawn with replacement.
    target : float
        Stop when the objective over all points is below; 0 for never.
    chunk : int
        Steps between two looks at it.
    """

    steps: int = 12_000
    rates: tuple[float, float] = (1e-2, 1e-3)
    open_steps: int = 3_000
    opening: float = 2.0
    batch: int = 200
    target: float = 0.0
    chunk: int = 500

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "chunk"):
            checks.count(name, getattr(self, name))
        checks.count("open_steps", self.open_steps, minimum=0)
        checks.number("opening", self.opening, above=0)
        checks.number("target", self.target, minimum=0)
        if not isinstance(self.rates, Sequence) or len(self.rates) != 2:
            raise InvalidArgument("rates", "two learning rates", self.rates, "give the first and the last")
        for rate in self.rates:
            checks.number("rates", rate, above=0)


@checked
@dataclass(frozen=True)
class TrainedModel:
    """One network after training.

    Attributes
    ----------
    weights, start : numpy.ndarray, shape (weight,)
        After and before.
    evaluation : Evaluation
        The objective over all points at the end.
    steps : int
        Minibatch steps taken.
    """

    weights: Float[np.ndarray, " weight"]
    start: Float[np.ndarray, " weight"]
    evaluation: Evaluation
    steps: int


@checked
def random_start(
    rng: np.random.Generator,
    objective: Objective = FALLOFFS,
    m2_range: tuple[float, float] = (0.0, 8.0),
    lam_range: tuple[float, float] = (0.0, 1.0),
    h_mean: float | None = None,
) -> Float[np.ndarray, " weight"]:
    r"""Draw weights: :math:`h_n \sim N(1/\eta_n, 1)`, as for a horizon, or around a constant, as in AdS; the rest uniform or normal.

    Parameters
    ----------
    m2_range, lam_range : tuple of float
        Where :math:`m^2` and :math:`\lambda` start.
    h_mean : float, optional
        The constant, in units of 1/L.

    Examples
    --------
    >>> random_start(np.random.default_rng(1), m2_range=(2.0, 3.0)).shape
    (14,)
    """
    for name, (low, high) in {"m2_range": m2_range, "lam_range": lam_range}.items():
        checks.number(name + " (upper end)", high, above=checks.number(name + " (lower end)", low))
    checks.number("m2_range (lower end)", m2_range[0], minimum=objective.lowest_m2)
    middle = 1.0 / objective.depths if h_mean is None else np.full(objective.layers, checks.number("h_mean", h_mean))
    h = rng.normal(middle, 1.0)
    mass_and_coupling = [rng.uniform(*m2_range), rng.uniform(*lam_range)]
    extra = rng.uniform(0.1, [0.5, 1.0]) if objective.boundary == "falloffs" else rng.normal(0.0, 0.5, 4)
    return np.concatenate([h, mass_and_coupling, extra])


@checked
def train(
    start: Float[np.ndarray, " weight"],
    points: Float[np.ndarray, "3 point"],
    rng: np.random.Generator,
    objective: Objective = FALLOFFS,
    schedule: Schedule = Schedule(),
    fixed: Sequence[int] = (),
) -> TrainedModel:
    """Train one network; the falloffs' m2 is held at ``objective.lowest_m2`` or above.

    Parameters
    ----------
    start : numpy.ndarray, shape (weight,)
        Where to start; it is not changed.
    points : numpy.ndarray, shape (3, point)
        Rows H, M, label.
    rng : numpy.random.Generator
        Seeds the minibatches.
    fixed : sequence of int
        Numbers of weights that stay where they start; ``objective.layers`` is m2.

    Raises
    ------
    Diverged
        If a weight becomes infinite or NaN.

    Examples
    --------
    >>> points = np.array([[1.0, 1.0], [0.2, 1.5], [0.0, 1.0]])
    >>> train(random_start(np.random.default_rng(1)), points, np.random.default_rng(2), schedule=Schedule(steps=10)).steps
    10
    """
    weights = objective.checked(start).copy()
    checked_points(points)
    scale = np.ones(objective.size)
    scale[[checks.count("fixed", number, minimum=0, maximum=objective.size - 1) for number in fixed]] = 0.0
    moments, space = np.zeros((2, objective.size)), _kernels.workspace(objective.layers, schedule.batch)
    bits, done = np.array([rng.integers(1, 2**63)], dtype=np.uint64), 0
    window = (float(objective.half_width), float(objective.steepness), float(schedule.opening))
    first, ratio = schedule.rates[0], schedule.rates[1] / schedule.rates[0]
    while done < schedule.steps:
        size = min(schedule.chunk if schedule.target else schedule.steps, schedule.steps - done)
        ends = [first * ratio ** (taken / schedule.steps) for taken in (done, done + size)]
        counts = (size, schedule.open_steps, schedule.batch, done)
        compiled = (np.concatenate([ends, scale]), *objective.compiled(), points, window, objective.smooth)
        _kernels.train(weights, *compiled, moments, counts, bits, space)
        done += size
        checks.finite_result("training", weights, where=f"step {done}", remedy="lower the rates")
        if done >= schedule.open_steps and evaluate(weights, points, objective).total < schedule.target:
            break
    return TrainedModel(weights, start.copy(), evaluate(weights, points, objective), done)
