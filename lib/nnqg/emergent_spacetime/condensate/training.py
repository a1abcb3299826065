r"""Training of the published condensate objective from a random start: search, cull, restart, settle.

The official schedule is Adam at a constant rate of 1e-3 with minibatches of 100 for 10^6 steps. Two observations make it short.
A start that will fail is dead early: it calls every point false (L grows) or every point true (L shrinks), no point is near the
window's edge any more, and the gradient is gone. And a start that will succeed is waiting for the last layers, whose h must travel
from 4 to about 47 at one learning rate a step. So: a larger rate, larger still near the horizon, until the window loss falls; dead
starts are culled by step count; then the rate decays.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.condensate import _kernels as kernels
from nnqg.emergent_spacetime.condensate.adjoint import Evaluation, constants, evaluate, workspace
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, PUBLISHED_TOTAL, LabelledData, Objective
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["Schedule", "TrainedModel", "random_start", "train_ensemble", "wander"]


@checked
@dataclass(frozen=True)
class Schedule:
    """When to search, cull, restart and settle. Everything is counted in steps, nothing in seconds.

    Attributes
    ----------
    batch : int
        Points a step.
    search_rate : float
        Learning rate until the window loss, averaged over ``chunk`` steps, is below ``found``.
    horizon_boost : float
        The rate of h_n is multiplied by 1 + horizon_boost (n / (N - 1))^4.
    found : float
        Window loss that ends the search.
    chunk : int
        Steps between two looks at the run.
    cull_after, alive
        A run is culled when after so many steps fewer than a share ``alive`` of the points has a gradient.
    search_steps : int
        Steps after which a search is given up.
    settle_rates, final_rate, settle_steps
        Each settling round begins at its own rate, which decays to the final one over so many steps.
    target : float
        Total over all points at which a model is solved; a model that misses it after all rounds is restarted.
    starts : int
        Random starts after which training fails.
    """

    batch: int = 100
    search_rate: float = 3e-3
    horizon_boost: float = 4.0
    found: float = 0.05
    chunk: int = 2000
    cull_after: int = 8_000
    alive: float = 0.006
    search_steps: int = 120_000
    settle_rates: tuple[float, ...] = (3e-3, 1e-3)
    final_rate: float = 3e-4
    settle_steps: int = 60_000
    target: float = PUBLISHED_TOTAL
    starts: int = 40

    def __post_init__(self) -> None:
        for name in ("batch", "chunk", "cull_after", "search_steps", "settle_steps", "starts"):
            checks.count(name, getattr(self, name))
        for name in ("search_rate", "found", "final_rate", "target"):
            checks.number(name, getattr(self, name), above=0)
        checks.number("horizon_boost", self.horizon_boost, minimum=0)
        checks.number("alive", self.alive, minimum=0, maximum=1)
        if not isinstance(self.settle_rates, tuple) or not self.settle_rates:
            raise InvalidArgument("settle_rates", "a tuple of at least one rate", self.settle_rates, "give one rate a settling round")
        for rate in self.settle_rates:
            checks.number("settle_rates", rate, above=0)


@checked
@dataclass(frozen=True)
class TrainedModel:
    """A solved model and what it took.

    ``starts`` and ``steps`` count random starts and minibatch steps, failures included.
    """

    weights: Float[np.ndarray, " weight"]
    window_loss: float
    penalty: float
    starts: int
    steps: int

    @property
    def total(self) -> float:
        """What was minimised."""
        return self.window_loss + self.penalty


@checked
def random_start(rng: np.random.Generator, objective: Objective = PUBLISHED) -> Float[np.ndarray, " weight"]:
    """The published random start: h_n from N(4, 3), lambda = 0.2, L = 0.8/GeV.

    Examples
    --------
    >>> random_start(np.random.default_rng(1))[-2:]
    array([0.2, 0.8])
    """
    return np.concatenate([rng.normal(objective.dimension, 3.0, objective.layers), [0.2, 0.8]])


class _Run:
    """Weights, optimiser and shuffled data of one start."""

    def __init__(self, weights: np.ndarray, data: LabelledData, rng: np.random.Generator, batch: int, objective: Objective) -> None:
        if data.label.size < batch:
            raise InvalidArgument(
                "batch", f"at most {data.label.size} points, the size of the data", batch, "use smaller batches or more data"
            )
        self.weights, self.moments, self.steps = weights, np.zeros((2, weights.size)), 0
        self.data = np.column_stack([data.mass, data.condensate, data.label])
        self.order, self.bits = np.arange(data.label.size), np.array([rng.integers(1, 2**63)], dtype=np.uint64)
        self.fixed, self.space = constants(objective), workspace(objective.layers, batch)
        self.batch, self.mean, self.factors = np.empty((3, batch)), np.empty(weights.size), np.ones(weights.size)

    def advance(self, steps: int, rates: tuple[float, float]) -> tuple[float, float]:
        shuffled = (self.data, self.order, self.bits)
        compiled = (self.factors, self.fixed, self.space, self.batch, self.mean)
        result = kernels.train(self.weights, self.moments, self.steps, *shuffled, steps, rates, *compiled)
        self.steps += steps
        return result


def _train(data: LabelledData, rng: np.random.Generator, schedule: Schedule, objective: Objective) -> TrainedModel:
    """Train one model from random starts until one is solved."""
    steps = 0
    for start in range(1, schedule.starts + 1):
        run = _Run(random_start(rng, objective), data, rng, schedule.batch, objective)
        depth = np.linspace(0.0, 1.0, objective.layers)
        run.factors[: objective.layers] += schedule.horizon_boost * depth**4
        evaluation = _settle(run, data, schedule, objective) if _search(run, schedule) else None
        steps += run.steps
        if evaluation is not None:
            return TrainedModel(run.weights, evaluation.window_loss, evaluation.penalty, start, steps)
    raise NotConverged(
        "condensate training", f"{schedule.starts} starts, none below {schedule.target}", "raise target, starts or search_steps"
    )


def _search(run: _Run, schedule: Schedule) -> bool:
    while run.steps < schedule.search_steps:
        window_loss, active = run.advance(schedule.chunk, (schedule.search_rate, schedule.search_rate))
        if window_loss < schedule.found:
            return True
        if run.steps >= schedule.cull_after and not active >= schedule.alive:
            return False
    return False


def _settle(run: _Run, data: LabelledData, schedule: Schedule, objective: Objective) -> Evaluation | None:
    for rate in schedule.settle_rates:
        run.advance(schedule.settle_steps, (rate, schedule.final_rate))
        evaluation = evaluate(run.weights, data, objective) if np.isfinite(run.weights).all() else None
        if evaluation is not None and evaluation.total <= schedule.target:
            return evaluation
    return None


@checked
def train_ensemble(
    data: LabelledData,
    rngs: Sequence[np.random.Generator],
    schedule: Schedule = Schedule(),
    objective: Objective = PUBLISHED,
    workers: int = 2,
) -> list[TrainedModel]:
    """Train one model per generator from random starts until one is solved, several models at a time.

    A model depends on its generator, which draws starts and minibatches, and not on the number of workers (threads: the loops release
    Python's lock).

    Raises
    ------
    NotConverged
        If no start of a model reaches the schedule's target.

    Examples
    --------
    >>> points = LabelledData(np.full(8, 0.01), np.full(8, 0.05), np.ones(8))
    >>> quick = Schedule(batch=4, chunk=1, settle_steps=1, found=2.0, target=99.0)
    >>> len(train_ensemble(points, [np.random.default_rng(seed) for seed in range(3)], quick))
    3
    """
    checks.count("number of rngs", len(rngs))
    with ThreadPoolExecutor(checks.count("workers", workers)) as pool:
        return list(pool.map(lambda rng: _train(data, rng, schedule, objective), rngs))


@checked
def wander(
    weights: Float[np.ndarray, " weight"],
    data: LabelledData,
    rng: np.random.Generator,
    *,
    rate: float,
    batch: int,
    chunks: int = 50,
    chunk: int = 2000,
    objective: Objective = PUBLISHED,
) -> Float[np.ndarray, "chunk weight"]:
    """Where Adam at a constant rate stays: mean weights over successive chunks of a long run.

    Returns the mean weights of each of ``chunks`` times ``chunk`` steps; the start is not changed.

    Examples
    --------
    >>> points = LabelledData(np.full(8, 0.01), np.full(8, 0.05), np.ones(8))
    >>> wander(np.full(17, 4.0), points, np.random.default_rng(1), rate=1e-3, batch=4, chunks=2, chunk=1).shape
    (2, 17)
    """
    checks.array("weights", weights, shape=(objective.layers + 2,))
    rate = checks.number("rate", rate, above=0)
    schedule = replace(Schedule(), batch=batch, chunk=chunk)
    run = _Run(weights.copy(), data, rng, schedule.batch, objective)
    checks.count(
        "chunks times chunk", checks.count("chunks", chunks, maximum=checks.MOST_STEPS) * schedule.chunk, maximum=200 * checks.MOST_STEPS
    )
    trace = np.empty((chunks, weights.size))
    for row in trace:
        run.advance(schedule.chunk, (rate, rate))
        row[:] = run.mean
    return checks.finite_result("training", trace, where="a constant rate", remedy="lower the rate")
