r"""Recover the metric of a black hole from labelled boundary data: an ensemble of bulk networks, trained as one batch.

The objective of one member is (our reading of arXiv:1802.08313)

.. math::

    E = \Big(\frac1D\sum_i |t(F_i) - y_i|\Big)^2 + c_{reg} \sum_n \eta_n^{p}\,(h_{n+1} - h_n)^2, \qquad p = 4,

with the window t of `nnqg.emergent_spacetime.window`. Members do not interact: the sum of their objectives is minimised,
full batch, by Adam. Three things make it fast: the window is wide open at first and narrows, so that every point has a gradient;
later only points near its edges are followed backwards, in compiled code; and the weights are the *round* coordinates
:math:`u = (h_1,\ \eta_n^{p/2}(h_{n+1} - h_n))`, in which the second term is a sphere.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from nnqg import checks
from nnqg.emergent_spacetime.black_hole import _window_kernels
from nnqg.emergent_spacetime.black_hole.labels import CONDITIONS, LabelledPoints, _horizon_value
from nnqg.emergent_spacetime.bulk_network import BulkNetwork, RadialGrid
from nnqg.emergent_spacetime.window import window
from nnqg.errors import InvalidArgument

__all__ = ["Ensemble", "Objective", "random_start", "train_ensemble"]


@dataclass(frozen=True)
class Objective:
    r"""What is minimised, and with which network.

    Parameters
    ----------
    grid : RadialGrid
        The layers.
    m2, lam : float
        The potential, held fixed.
    order : int
        Order of the integrator, 1 (published) or 2.
    condition : {"momentum", "equation"}
        Which F the network puts out.
    penalty : float
        :math:`c_{reg}`, at least 0.
    power : float
        p, the power of the depth in the second term.
    half_width, steepness : float
        :math:`\epsilon` and :math:`\sigma` of the window.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

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

    def network(self, h: Float[Tensor, "*seed layer"]) -> BulkNetwork:
        """Return the network with these weights.

        Parameters
        ----------
        h : torch.Tensor, shape (..., layer)
            The metric.

        Returns
        -------
        BulkNetwork
            Of this objective's grid, potential and order.
        """
        return BulkNetwork(h, self.grid, self.m2, self.lam, self.order)

    def value(self, h: Float[Tensor, "*seed layer"], points: LabelledPoints) -> Float[Tensor, "..."]:
        """Return F at the horizon end.

        Parameters
        ----------
        h : torch.Tensor, shape (..., layer)
            The metric.
        points : LabelledPoints
            Boundary values.

        Returns
        -------
        torch.Tensor, shape (..., data)
            F of the chosen condition; NaN or infinity where the field overflows.
        """
        network = self.network(h)
        return _horizon_value(network, *network.propagate(points.phi, points.pi_), self.condition)

    def output(self, h: Float[Tensor, "*seed layer"], points: LabelledPoints, opening: float = 0.0) -> Float[Tensor, "..."]:
        r"""Return :math:`t(F)`, or :math:`F^2/(F^2 + w^2)` for a window that is still open to half-width w.

        Parameters
        ----------
        h : torch.Tensor, shape (..., layer)
            The metric.
        points : LabelledPoints
            Boundary values.
        opening : float
            w; 0 for the final window.

        Returns
        -------
        torch.Tensor, shape (..., data)
            Between 0 and 1.
        """
        return window(self.value(h, points), self.half_width, self.steepness, opening)

    def accuracy(self, h: Float[Tensor, "*seed layer"], points: LabelledPoints) -> Float[Tensor, "..."]:
        """Return the fraction of points that the network labels as the data do; a field that overflows counts as rejected.

        Parameters
        ----------
        h : torch.Tensor, shape (..., layer)
            The metric.
        points : LabelledPoints
            Boundary values and labels.

        Returns
        -------
        torch.Tensor, shape (...)
            One number for each metric.
        """
        with torch.no_grad():
            outside = ~(self.value(h, points).abs() <= self.half_width)
            return (outside == (points.label > 0.5)).to(h.dtype).mean(-1)

    def roughness(self, h: Float[Tensor, "*seed layer"]) -> Float[Tensor, "..."]:
        r"""Return :math:`\sum_n \eta_n^p (h_{n+1} - h_n)^2`, without :math:`c_{reg}`.

        Parameters
        ----------
        h : torch.Tensor, shape (..., layer)
            The metric.

        Returns
        -------
        torch.Tensor, shape (...)
            One number for each metric.
        """
        return ((h[..., 1:] - h[..., :-1]) ** 2 * torch.from_numpy(self.depths[:-1] ** self.power)).sum(-1)


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
    total : numpy.ndarray, shape (seed,)
        The objective at the end.
    accuracy : numpy.ndarray, shape (seed,)
        Fraction of the points that the network labels as the data do.
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
        """Which members count as a success.

        Parameters
        ----------
        accuracy, total : float
            At least this accuracy, at most this objective.

        Returns
        -------
        numpy.ndarray of bool, shape (seed,)
            True for a success.
        """
        return (self.accuracy >= accuracy) & (self.total <= total)


def random_start(rng: np.random.Generator, depths: Float[np.ndarray, " layer"], seeds: int) -> Float[Tensor, "seed layer"]:
    r"""Draw start metrics :math:`h_n \sim N(1/\eta_n, 1)`, as arXiv:1802.08313 does.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    depths : numpy.ndarray, shape (layer,)
        Positive depths.
    seeds : int
        How many, at least 1.

    Returns
    -------
    torch.Tensor, shape (seed, layer)
        The start.

    Raises
    ------
    InvalidArgument
        If a depth is negative or there is no seed.

    Examples
    --------
    >>> random_start(np.random.default_rng(0), np.array([1.0, 0.5]), seeds=3).shape
    torch.Size([3, 2])
    """
    checks.array("depths", depths, shape=("layer",), minimum=1e-12)
    checks.count("seeds", seeds)
    return torch.from_numpy(1 / depths + rng.normal(size=(seeds, len(depths))))


def train_ensemble(
    start: Float[Tensor, "seed layer"],
    points: LabelledPoints,
    objective: Objective,
    *,
    steps: tuple[int, int] = (150, 900),
    rates: tuple[float, float] = (0.1, 0.05),
) -> Ensemble:
    r"""Train every member from its own start.

    Parameters
    ----------
    start : torch.Tensor, shape (seed, layer)
        Metrics to start from.
    points : LabelledPoints
        Of shape (data,), shared by all, or (seed, data), one data set for each.
    objective : Objective
        What to minimise.
    steps : tuple of int
        Steps with the narrowing window, and with the final one.
    rates : tuple of float
        Adam's learning rate in the two stages; in the second it falls to a fiftieth.

    Returns
    -------
    Ensemble
        Metrics and records; look at `Ensemble.solved` before using them.

    Raises
    ------
    InvalidArgument
        If shapes do not fit or a number is out of range.
    Diverged
        If the objective of a member becomes infinite or NaN.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.black_hole.labels import labelled_points
    >>> objective = Objective(RadialGrid(1.0, 0.1, 4))
    >>> truth = objective.network(torch.full((4,), 3.0, dtype=torch.float64))
    >>> points = labelled_points(np.random.default_rng(0), truth, "momentum", accepted=50, rejected=50)
    >>> trained = train_ensemble(random_start(np.random.default_rng(1), objective.depths, 2), points, objective, steps=(50, 50))
    >>> trained.h.shape
    (2, 4)
    """
    checks.tensor("start", start, shape=("seed", len(objective.depths)))
    shape = (len(start), "data") if points.label.ndim > 1 else ("data",)
    checks.tensor("points.label", points.label, shape=shape)
    for name, pair in (("steps", steps), ("rates", rates)):
        if not isinstance(pair, Sequence) or len(pair) != 2:
            raise InvalidArgument(name, "two numbers", pair, "give one for the narrowing window and one for the final one")
    steps = tuple(checks.count("steps", number) for number in steps)
    rates = tuple(checks.number("rates", rate, above=0) for rate in rates)
    scale = torch.from_numpy(np.append(1.0, objective.depths[:-1] ** (-objective.power / 2)))
    began = time.perf_counter()
    weights = (torch.diff(start.detach(), dim=1, prepend=torch.zeros(len(start), 1, dtype=start.dtype)) / scale).requires_grad_()
    optimiser = torch.optim.Adam([weights], betas=(0.9, 0.99))
    points = _each(points, lambda values: values.expand(len(start), -1).contiguous())
    record, thinned = [], _each(points, lambda values: values[:, ::4].contiguous())  # a quarter is enough for the first steps
    for k in range(sum(steps)):
        opening, optimiser.param_groups[0]["lr"] = _schedule(k, steps, rates, objective.half_width)
        h = torch.cumsum(weights * scale, dim=1)
        checks.finite_result("training", h, where=f"step {k}", remedy="lower the rates, or start closer to 1/eta")
        members = _member_objective(objective, h, thinned if opening else points, opening)
        optimiser.zero_grad()
        members.sum().backward()
        optimiser.step()
        record.append(members.detach())
    h = torch.cumsum(weights * scale, dim=1).detach()
    total = _member_objective(objective, h, points)
    accuracy = objective.accuracy(h, points)
    history = torch.stack(record, dim=1)
    seconds = time.perf_counter() - began
    return Ensemble(h.numpy(), objective.depths, history.numpy(), total.numpy(), accuracy.numpy(), seconds)


def _schedule(k: int, steps: tuple[int, ...], rates: tuple[float, ...], half_width: float) -> tuple[float, float]:
    """Half-width of the open window (0: the final one) and learning rate at step k."""
    if k < steps[0]:
        return max(half_width, (1 - k / steps[0]) ** 2), rates[0]
    return 0.0, rates[1] * 0.02 ** ((k - steps[0]) / steps[1])


def _each(points: LabelledPoints, change: Callable[[Tensor], Tensor]) -> LabelledPoints:
    return LabelledPoints(change(points.phi), change(points.pi_), change(points.label))


def _member_objective(objective: Objective, h: Tensor, points: LabelledPoints, opening: float = 0.0) -> Tensor:
    """E of each member; h of shape (seed, layer), points of shape (seed, data)."""
    return _Misfit.apply(h, objective, points, opening) ** 2 + objective.penalty * objective.roughness(h)


class _Misfit(torch.autograd.Function):
    """The mean of abs(t - y) over the points, with the compiled gradient by h: what autograd would give, without its overhead."""

    @staticmethod
    def forward(ctx, h: Tensor, objective: Objective, points: LabelledPoints, opening: float) -> Tensor:
        layer = objective.grid.step, float(objective.m2), float(objective.lam), objective.order == 2
        condition = (1.0, 0.0) if objective.condition == "momentum" else (2 / objective.grid.eta_fin, 1.0)
        shape = float(objective.half_width), float(objective.steepness), float(opening)
        fields = [values.numpy() for values in (points.phi, points.pi_, points.label)]
        total, gradient = _window_kernels.misfit(h.detach().numpy(), *fields, layer, condition, shape)
        size = points.phi.shape[1]
        ctx.save_for_backward(torch.from_numpy(gradient / size))
        return torch.from_numpy(total / size)

    @staticmethod
    def backward(ctx, upstream: Tensor) -> tuple[Tensor, None, None, None]:
        return upstream[:, None] * ctx.saved_tensors[0], None, None, None
