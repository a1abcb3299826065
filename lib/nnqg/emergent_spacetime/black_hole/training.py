r"""Recover the metric of a black hole from labelled boundary data: an ensemble of bulk networks, trained as one batch.

The objective of one member is (our reading of arXiv:1802.08313)

.. math::

    E = \Big(\frac1D\sum_i |t(F_i) - y_i|\Big)^2 + c_{reg} \sum_n \eta_n^{p}\,(h_{n+1} - h_n)^2, \qquad p = 4,

with the window t of `nnqg.emergent_spacetime.window`. Members do not interact: each minimises its own objective, full batch, by Adam. Three
things make it fast: the window is wide open at first and narrows, so that every point has a gradient; later only points near its edges are
followed backwards, in compiled code; and the weights are the *round* coordinates :math:`u = (h_1,\ \eta_n^{p/2}(h_{n+1} - h_n))`, in which
the second term is a sphere. Derived in the page ``emergent-spacetime/recovering-a-black-hole``.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.adam import Adam
from nnqg.boundary import checked
from nnqg.emergent_spacetime.black_hole import _window_kernels
from nnqg.emergent_spacetime.black_hole.labels import CONDITIONS, LabelledPoints, horizon_value
from nnqg.emergent_spacetime.bulk_network import BulkNetwork, RadialGrid
from nnqg.errors import InvalidArgument

__all__ = ["Ensemble", "Objective", "random_start", "train_ensemble"]


@checked
@dataclass(frozen=True)
class Objective:
    r"""What is minimised, and with which network; the defaults are those of arXiv:1802.08313.

    Parameters
    ----------
    grid : RadialGrid
        The layers, all in front of the horizon.
    m2, lam : float
        The potential, held fixed.
    order : int
        Order of the integrator, 1 (published) or 2.
    condition : {"momentum", "equation"}
        Which F the network puts out.
    penalty, power : float
        :math:`c_{reg}` and p of the second term, at least 0.
    half_width, steepness : float
        :math:`\epsilon` and :math:`\sigma` of the window.

    Examples
    --------
    >>> Objective(RadialGrid(1.0, 0.1, 10)).depths[:2]
    array([1.  , 0.91])
    """

    grid: RadialGrid
    m2: float = -1.0
    lam: float = 1.0
    order: int = 1
    condition: str = "momentum"
    penalty: float = 3e-3
    power: float = 4.0
    half_width: float = 0.1
    steepness: float = 100.0

    def __post_init__(self) -> None:
        checks.number("m2", self.m2)
        checks.number("lam", self.lam)
        checks.option("order", self.order, (1, 2))
        checks.option("condition", self.condition, CONDITIONS)
        checks.number("penalty", self.penalty, minimum=0)
        checks.number("power", self.power, minimum=0)
        checks.number("half_width", self.half_width, above=0)
        checks.number("steepness", self.steepness, above=0)
        checks.number("grid.eta_fin", self.grid.eta_fin, above=0)
        checks.number("grid.eta_ini", self.grid.eta_ini, above=0)

    @property
    def depths(self) -> Float[np.ndarray, " layer"]:
        """Depths of the weights h."""
        return self.grid.metric_depths(self.order)

    def network(self, h: Float[np.ndarray, "*seed layer"]) -> BulkNetwork:
        """The torch network with these weights."""
        return BulkNetwork(torch.from_numpy(np.ascontiguousarray(h)), self.grid, self.m2, self.lam, self.order)

    def accuracy(self, h: Float[np.ndarray, "*seed layer"], points: LabelledPoints) -> Float[np.ndarray, "*seed"]:
        """Fraction of points that each network labels as the data do; a field that overflows counts as rejected."""
        network = self.network(h)
        value = horizon_value(network, *network.propagate(points.phi, points.pi_), self.condition)
        outside = ~(value.abs() <= self.half_width)
        return (outside == (points.label > 0.5)).double().mean(-1).numpy()

    def evaluate(
        self, h: Float[np.ndarray, "seed layer"], points: LabelledPoints, opening: float = 0.0
    ) -> tuple[Float[np.ndarray, " seed"], Float[np.ndarray, "seed layer"]]:
        r"""E of each member and its gradient by h, compiled.

        Parameters
        ----------
        h : numpy.ndarray, shape (seed, layer)
            The metrics.
        points : LabelledPoints
            Of shape (data,), shared by all, or (seed, data), one data set for each.
        opening : float
            Half-width of a window that is still open; 0 for the final one.

        Examples
        --------
        >>> objective = Objective(RadialGrid(1.0, 0.1, 10))
        >>> nothing = LabelledPoints(*torch.tensor([[0.0, 0.0], [0.0, 0.0], [0.0, 1.0]], dtype=torch.float64))
        >>> objective.evaluate(np.full((1, 10), 3.0), nothing)[0]  # the same answer for both
        array([0.25])
        """
        checks.array("h", h, shape=("seed", len(self.depths)))
        shape = (len(h), "data") if points.label.ndim > 1 else ("data",)
        checks.tensor("points.label", points.label, shape=shape)
        checks.number("opening", opening, minimum=0)
        return self._evaluate(h, _copies(points, len(h)), opening)

    def _evaluate(self, h: np.ndarray, fields: list[np.ndarray], opening: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        layer = self.grid.step, float(self.m2), float(self.lam), self.order == 2
        condition = (1.0, 0.0) if self.condition == "momentum" else (2 / self.grid.eta_fin, 1.0)
        shape = float(self.half_width), float(self.steepness), float(opening)
        missed, slope = _window_kernels.misfit(h, *fields, layer, condition, shape)
        rise, smooth = np.diff(h), self.penalty * self.depths[:-1] ** self.power
        gradient = 2 * missed[:, None] * slope
        gradient[:, 1:] += 2 * smooth * rise
        gradient[:, :-1] -= 2 * smooth * rise
        return missed**2 + rise**2 @ smooth, gradient


def _copies(points: LabelledPoints, seeds: int) -> list[np.ndarray]:
    """The fields (phi, pi, label) of each member, shape (seed, data), contiguous for the compiled loops."""
    return [values.expand(seeds, -1).contiguous().numpy() for values in (points.phi, points.pi_, points.label)]


@checked
@dataclass(frozen=True)
class Ensemble:
    """What training left.

    Attributes
    ----------
    h : numpy.ndarray, shape (seed, layer)
        The metrics.
    depths : numpy.ndarray, shape (layer,)
        Where they hold.
    objective : numpy.ndarray, shape (seed, step)
        The objective during training; in the first steps with the open window.
    total, accuracy : numpy.ndarray, shape (seed,)
        The objective, and the fraction of points with the right label, at the end.
    seconds : float
        Wall time of the training of all members.
    """

    h: Float[np.ndarray, "seed layer"]
    depths: Float[np.ndarray, " layer"]
    objective: Float[np.ndarray, "seed step"]
    total: Float[np.ndarray, " seed"]
    accuracy: Float[np.ndarray, " seed"]
    seconds: float

    def solved(self, accuracy: float = 0.98, total: float = 1e-3) -> np.ndarray:
        """Which members have at least this accuracy and at most this objective, shape (seed,)."""
        return (self.accuracy >= accuracy) & (self.total <= total)


@checked
def random_start(rng: np.random.Generator, depths: Float[np.ndarray, " layer"], seeds: int) -> Float[np.ndarray, "seed layer"]:
    r"""Draw start metrics :math:`h_n \sim N(1/\eta_n, 1)`, as arXiv:1802.08313 does.

    Examples
    --------
    >>> random_start(np.random.default_rng(0), np.array([1.0, 0.5]), seeds=3).shape
    (3, 2)
    """
    checks.array("depths", depths, shape=("layer",), minimum=1e-12)
    checks.count("seeds", seeds)
    return 1 / depths + rng.normal(size=(seeds, len(depths)))


@checked
def train_ensemble(
    start: Float[np.ndarray, "seed layer"],
    points: LabelledPoints,
    objective: Objective,
    *,
    steps: tuple[int, int] = (150, 900),
    rates: tuple[float, float] = (0.1, 0.05),
) -> Ensemble:
    r"""Train every member from its own start; look at `Ensemble.solved` before using the result.

    Parameters
    ----------
    start : numpy.ndarray, shape (seed, layer)
        Metrics to start from.
    points : LabelledPoints
        Of shape (data,), shared by all, or (seed, data), one data set for each.
    objective : Objective
        What to minimise.
    steps : tuple of int
        Steps with the narrowing window, and with the final one.
    rates : tuple of float
        Adam's learning rate in the two stages; in the second it falls to a fiftieth.

    Raises
    ------
    Diverged
        If the objective of a member becomes infinite or NaN.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.black_hole.labels import labelled_points
    >>> objective = Objective(RadialGrid(1.0, 0.1, 4))
    >>> points = labelled_points(np.random.default_rng(0), objective.network(np.full(4, 3.0)), "momentum", accepted=50, rejected=50)
    >>> trained = train_ensemble(random_start(np.random.default_rng(1), objective.depths, 2), points, objective, steps=(50, 50))
    >>> trained.h.shape
    (2, 4)
    """
    for name, pair in (("steps", steps), ("rates", rates)):
        if not isinstance(pair, Sequence) or len(pair) != 2:
            raise InvalidArgument(name, "two numbers", pair, "give one for the narrowing window and one for the final one")
    steps = checks.count("steps", steps[0], maximum=checks.MOST_STEPS), checks.count("steps", steps[1], maximum=checks.MOST_STEPS)
    rates = checks.number("rates", rates[0], above=0), checks.number("rates", rates[1], above=0)
    objective.evaluate(start, points)  # refuses what does not fit
    began = time.perf_counter()
    scale = np.append(1.0, objective.depths[:-1] ** (-objective.power / 2))
    weights = np.diff(start, prepend=0.0) / scale  # u
    adam = Adam(weights.reshape(-1), decay_square=0.99)
    fields = _copies(points, len(start))
    thinned = [np.ascontiguousarray(values[:, ::4]) for values in fields]  # a quarter is enough for the first steps
    history = np.empty((len(start), sum(steps)))
    for k in range(sum(steps)):
        opening, rate = _schedule(k, steps, rates, objective.half_width)
        h = np.cumsum(weights * scale, axis=1)
        checks.finite_result("training", h, where=f"step {k}", remedy="lower the rates, or start closer to 1/eta")
        history[:, k], gradient = objective._evaluate(h, thinned if opening else fields, opening)  # noqa: SLF001 (its arrays are ready)
        adam.step((scale * np.cumsum(gradient[:, ::-1], axis=1)[:, ::-1]).reshape(-1), rate)
    h = np.cumsum(weights * scale, axis=1)
    total, _ = objective._evaluate(h, fields)  # noqa: SLF001
    return Ensemble(h, objective.depths, history, total, objective.accuracy(h, points), time.perf_counter() - began)


def _schedule(k: int, steps: tuple[int, ...], rates: tuple[float, ...], half_width: float) -> tuple[float, float]:
    """Half-width of the open window (0: the final one) and learning rate at step k."""
    if k < steps[0]:
        return max(half_width, (1 - k / steps[0]) ** 2), rates[0]
    return 0.0, rates[1] * 0.02 ** ((k - steps[0]) / steps[1])
