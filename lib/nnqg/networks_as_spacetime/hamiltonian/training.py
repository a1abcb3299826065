r"""Learning a motion from noisy trajectories, the same way for every model.

A model maps starts, shape (seed, point, 2), and a number of intervals to states, shape (time, seed, point, 2). The observed trajectories
are cut into short segments. The fit minimises, for each seed by itself, the mean square of (predicted - observed). A segment's
true start is unknown too, so it is fitted together with the weights, beginning at the observed one: to start from the noisy point
itself would feed its error into every later prediction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from nnqg import checks, random_numbers
from nnqg.adam import Adam, cosine_rate, gather, views
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.hamiltonian.oscillators import Oscillator, flow

__all__ = ["Fit", "Observations", "fit", "observe", "predict"]

Model = Callable[[torch.Tensor, int], torch.Tensor]


@checked
@dataclass(frozen=True)
class Observations:
    """Noisy segments of trajectories, with independent noise for each seed.

    Attributes
    ----------
    segments : torch.Tensor
        Observed q and p, at two times or more.
    interval : float
        Time between observations.
    noise : float
        Standard deviation of the Gaussian noise on q and on p.
    """

    segments: Float[torch.Tensor, "time seed segment 2"]
    interval: float
    noise: float

    def __post_init__(self) -> None:
        checks.tensor("segments", self.segments, shape=("time", "seed", "segment", 2))
        if len(self.segments) < 2:
            raise InvalidArgument("segments", "at least two times", len(self.segments), "observe each segment longer")
        checks.number("interval", self.interval, above=0)
        checks.number("noise", self.noise, minimum=0)

    def floor(self) -> float:
        """1 - 1/time: mean square residual, in units of noise^2, that the exact motion leaves when only the starts are fitted."""
        return 1 - 1 / len(self.segments)


@checked
@dataclass(frozen=True)
class Fit:
    """Outcome of a fit.

    Attributes
    ----------
    loss : numpy.ndarray
        Mean square residual over the segments in units of noise^2, before each step of the second stage.
    """

    loss: Float[np.ndarray, "step seed"]


@checked
def observe(
    oscillator: Oscillator,
    starts: Float[np.ndarray, "particle 2"],
    *,
    interval: float,
    length: int,
    pieces: int,
    noise: float,
    seeds: int,
    rng: np.random.Generator,
) -> Observations:
    """Noisy observations of one set of trajectories, cut into segments that share their end points.

    Parameters
    ----------
    starts : numpy.ndarray
        True q and p at time 0.
    interval : float
        Time between observations.
    length, pieces : int
        Intervals in a segment, and segments in a trajectory.
    noise : float
        Standard deviation on q and p, drawn for each seed by itself.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.hamiltonian.oscillators import PENDULUM
    >>> rng = np.random.default_rng(0)
    >>> data = observe(PENDULUM, np.ones((3, 2)), interval=0.1, length=4, pieces=2, noise=0.1, seeds=5, rng=rng)
    >>> data.segments.shape
    torch.Size([5, 5, 6, 2])
    """
    checks.number("interval", interval, above=0)
    checks.number("noise", noise, minimum=0)
    for name, value in (("length", length), ("pieces", pieces), ("seeds", seeds)):
        checks.count(name, value)
    checks.count("numbers to observe", (length * pieces + 1) * starts.size * seeds)
    exact = flow(oscillator, starts, interval * np.arange(length * pieces + 1))
    seen = exact[:, None] + noise * rng.normal(size=(len(exact), seeds, *exact.shape[1:]))
    segments = [seen[piece * length : (piece + 1) * length + 1] for piece in range(pieces)]
    return Observations(torch.tensor(np.concatenate(segments, axis=2)), interval, noise)


@checked
def fit(model: Model, data: Observations, *, warm_up: int, steps: int, rng: np.random.Generator) -> Fit:
    """Fit every network of an ensemble to its own noise, with Adam, in two stages.

    First on pairs of successive observations, in minibatches (quick, but biased: the earlier point of a pair is noisy); then on whole
    segments together with their starts. The learning rate falls along a cosine in each stage.

    Parameters
    ----------
    model : callable
        From (starts, intervals) to states; its ``parameters()`` are fitted, if it has any, and changed in place.
    warm_up, steps : int
        Steps of the first stage (0 to leave it out) and of the second.

    Raises
    ------
    Diverged
        If the loss stops being finite.
    """
    checks.tensor("segments", data.segments, shape=("time", "seed", "segment", 2))
    checks.number("noise", data.noise, above=0)
    checks.count("warm_up", warm_up, minimum=0, maximum=checks.MOST_STEPS)
    checks.count("steps", steps, maximum=checks.MOST_STEPS)
    weights = list(model.parameters()) if isinstance(model, torch.nn.Module) else []
    if weights and warm_up:
        generator, residuals = random_numbers.torch_generator(rng), _pairs(model, data)
        _minimise(lambda: residuals(generator), weights, [0.06] * len(weights), warm_up)
    starts = torch.nn.Parameter(data.segments[0].clone())
    weight = 1 / (data.segments[:, 0].numel() * data.noise**2)

    def segments() -> tuple[torch.Tensor, float]:
        return _states(model, starts, len(data.segments) - 1) - data.segments, weight

    return Fit(_minimise(segments, [starts, *weights], [0.005] + [0.01] * len(weights), steps))


def _pairs(model: Model, data: Observations, batch: int = 128) -> Callable[[torch.Generator], tuple[torch.Tensor, float]]:
    """Residuals, and the weight of their squares, of a drawn batch of successive observations; those of the earlier ones are zero."""
    time, seeds, segment, _ = data.segments.shape
    observed = data.segments.transpose(0, 1).reshape(seeds, time * segment, 2)
    pairs = torch.stack([observed[:, :-segment], observed[:, segment:]])

    def residuals(generator: torch.Generator) -> tuple[torch.Tensor, float]:
        pick = torch.randint(segment * (time - 1), (batch,), generator=generator)
        drawn = pairs.index_select(2, pick)
        return _states(model, drawn[0], 1) - drawn, 1 / (2 * batch * data.noise**2)

    return residuals


def _states(model: Model, starts: torch.Tensor, intervals: int) -> torch.Tensor:
    states, shape = model(starts, intervals), (intervals + 1, *starts.shape)
    if not isinstance(states, torch.Tensor) or states.shape != shape or states.dtype != starts.dtype:
        came = f"shape {tuple(states.shape)} of {states.dtype}" if isinstance(states, torch.Tensor) else type(states).__name__
        raise InvalidArgument("model", f"states of shape {shape}", came, "return the start and one state for each interval")
    return states


def _minimise(
    residuals: Callable[[], tuple[torch.Tensor, float]], parameters: Sequence[torch.Tensor], rates: list[float], steps: int
) -> np.ndarray:
    """Adam on the weighted sum of squares, over all seeds: its update is elementwise, so the seeds do not feel each other."""
    vector = gather(parameters)
    for parameter, view in zip(parameters, views(vector, parameters), strict=True):
        parameter.data = view  # from now on a step on the vector moves them all
    rate = gather([torch.full_like(parameter, first) for parameter, first in zip(parameters, rates, strict=True)])
    adam, history = Adam(vector), []
    for step in range(steps):
        missed, weight = residuals()
        plain = missed.detach()
        value = plain.square().sum((2, 3)).sum(0) * weight
        checks.finite_result("training", value, where=f"step {step}", remedy="lower the learning rate or shorten the segments")
        gradient = gather(torch.autograd.grad((missed * (2 * weight * plain)).sum(), parameters))
        adam.step(gradient, cosine_rate(step, steps, rate, last=1e-4))
        history.append(value)
    return torch.stack(history).numpy()


@checked
def predict(model: Model, starts: Float[np.ndarray, "particle 2"], intervals: int, seeds: int) -> Float[np.ndarray, "time seed particle 2"]:
    """Trajectories of every network of an ensemble from the same q and p at time 0, without gradients.

    Raises
    ------
    Diverged
        If a state is no longer finite.
    """
    checks.array("starts", starts, shape=("particle", 2))
    checks.count("seeds", seeds)
    with torch.no_grad():
        states = _states(model, torch.tensor(starts).expand(seeds, -1, -1), checks.count("intervals", intervals)).numpy(force=True)
    return checks.finite_result("prediction", states, where="some interval", remedy="predict fewer intervals or use smaller steps")
