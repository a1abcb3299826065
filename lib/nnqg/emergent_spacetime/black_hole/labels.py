r"""Labelled boundary data of a black hole: which pairs :math:`(\phi, \pi)` reach the horizon regularly (arXiv:1802.08313, section III).

At a horizon :math:`h \to 1/\eta`, and a field that stays finite there obeys :math:`\phi' = \frac\eta2\,\partial V/\partial\phi`.
So the output of the bulk network is classified by one of two numbers F,

- ``"equation"``: :math:`F = \frac{2}{\eta}\pi - m^2\phi - \lambda\phi^3` at ``eta_fin``,
- ``"momentum"``: :math:`F = \pi`, its limit at the horizon,

and a pair is accepted (label 0) when :math:`|F| < \epsilon`, else rejected (label 1). Used in the pages
``emergent-spacetime/the-bulk-is-a-network`` and ``emergent-spacetime/recovering-a-black-hole``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.black_hole import _window_kernels
from nnqg.emergent_spacetime.bulk_network import BulkNetwork
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["CONDITIONS", "LabelledPoints", "critical_curve", "horizon_value", "labelled_points", "stack"]

HOPELESS = 400_000

CONDITIONS = ("equation", "momentum")
"""The two numbers F."""


@checked
@dataclass(frozen=True)
class LabelledPoints:
    """Boundary values with labels.

    Attributes
    ----------
    phi, pi_ : torch.Tensor, shape (data,) or (seed, data)
        The field and its derivative at the boundary.
    label : torch.Tensor, shape (data,) or (seed, data)
        0.0 for accepted, 1.0 for rejected.
    """

    phi: Float[Tensor, "*seed data"]
    pi_: Float[Tensor, "*seed data"]
    label: Float[Tensor, "*seed data"]

    def __post_init__(self) -> None:
        checks.tensor("phi", self.phi)
        checks.tensor("pi_", self.pi_, shape=tuple(self.phi.shape))
        checks.tensor("label", self.label, shape=tuple(self.phi.shape))
        if not bool(((self.label == 0) | (self.label == 1)).all()):
            raise InvalidArgument("label", "entries 0.0 (accepted) or 1.0 (rejected)", "others", "label each point 0.0 or 1.0")


@checked(nan=("phi", "pi_", "return"))
def horizon_value(network: BulkNetwork, phi: Float[Tensor, "..."], pi_: Float[Tensor, "..."], condition: str) -> Float[Tensor, "..."]:
    r"""F, 0 for a field regular at the horizon, from the *output* of a network; NaN or infinity where that overflows.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.bulk_network import RadialGrid
    >>> flat = BulkNetwork(torch.zeros(1).double(), RadialGrid(1.0, 0.1, 1), m2=-1.0, lam=0.0)
    >>> horizon_value(flat, torch.ones(1).double(), torch.ones(1).double(), "equation")
    tensor([21.], dtype=torch.float64)
    """
    checks.option("condition", condition, CONDITIONS)
    if phi.shape != pi_.shape:
        raise InvalidArgument("pi_", f"shape {tuple(phi.shape)}, that of phi", tuple(pi_.shape), "give the two outputs of the network")
    if condition == "momentum":
        return pi_
    if network.grid.eta_fin == 0:
        raise InvalidArgument("condition", "'momentum' at eta_fin = 0", repr(condition), "end the grid before the horizon")
    return 2 / network.grid.eta_fin * pi_ - phi * (network.m2 + network.lam * phi * phi)


@checked
def labelled_points(
    rng: np.random.Generator,
    network: BulkNetwork,
    condition: str = "equation",
    *,
    accepted: int = 1000,
    rejected: int = 1000,
    half_width: float = 0.1,
    phi_range: tuple[float, float] = (0.0, 1.5),
    pi_range: tuple[float, float] = (-0.2, 0.2),
    max_draws: int = 20_000_000,
) -> LabelledPoints:
    r"""Draw boundary points uniformly in a rectangle and let a known metric label them.

    Exactly as many of each label as asked; a point beyond the quota of its own label is dropped, so that none with
    :math:`|F| < \epsilon` carries label 1.

    Parameters
    ----------
    network : BulkNetwork
        The metric that labels, with h of shape (stage,).
    condition : {"equation", "momentum"}
        Which F decides.
    accepted, rejected : int
        How many of each label; the accepted ones come first.
    half_width : float
        :math:`\epsilon`.
    phi_range, pi_range : tuple of float
        The rectangle.
    max_draws : int
        When to give up.

    Raises
    ------
    Diverged
        If a field overflows on its way to the horizon.
    NotConverged
        If a quota is not full after max_draws, or empty after 400 000.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.bulk_network import RadialGrid
    >>> flat = BulkNetwork(torch.zeros(3).double(), RadialGrid(1.0, 0.1, 3), m2=-1.0, lam=0.0)
    >>> points = labelled_points(np.random.default_rng(0), flat, accepted=5, rejected=7, half_width=1.0)
    >>> points.label.sum()
    tensor(7., dtype=torch.float64)
    """
    checks.tensor("network.h", network.h, shape=("stage",))
    checks.option("condition", condition, CONDITIONS)
    quotas = {0.0: checks.count("accepted", accepted), 1.0: checks.count("rejected", rejected)}
    checks.number("half_width", half_width, above=0)
    ranges = [_checked_range("phi_range", phi_range), _checked_range("pi_range", pi_range)]
    kept: dict[float, list[Tensor]] = {0.0: [], 1.0: []}
    counts = {0.0: 0, 1.0: 0}
    drawn, chunk = 0, 20_000
    while any(counts[label] < quota for label, quota in quotas.items()):
        hopeless = drawn >= HOPELESS and not all(counts.values())
        if drawn >= checks.count("max_draws", max_draws, maximum=10**9) or hopeless:
            reached = f"{counts[0.0]} of {accepted} accepted and {counts[1.0]} of {rejected} rejected after {drawn} draws"
            raise NotConverged("drawing labelled points", reached, "widen the window, or move the rectangle to the critical curve")
        points = torch.from_numpy(np.stack([rng.uniform(*limits, size=chunk) for limits in ranges]))
        value = _outcome(network, points[0], points[1], condition)
        inside = checks.finite_result("the field", value, where="the horizon end", remedy="use more layers").abs() < half_width
        for label, chosen in ((0.0, inside), (1.0, ~inside)):
            if counts[label] < quotas[label]:
                kept[label].append(points[:, chosen])
                counts[label] += int(chosen.sum())
        drawn += chunk
    parts = {label: torch.cat(kept[label], dim=1)[:, :quota] for label, quota in quotas.items()}
    phi, pi_ = torch.cat([parts[0.0], parts[1.0]], dim=1)
    return LabelledPoints(phi, pi_, torch.cat([torch.full((quota,), value, dtype=torch.float64) for value, quota in quotas.items()]))


@checked
def stack(points: Sequence[LabelledPoints]) -> LabelledPoints:
    """Put data sets of equal size side by side, one for each member of an ensemble.

    Examples
    --------
    >>> one = LabelledPoints(*torch.zeros(3, 3).double())
    >>> stack([one, one]).phi.shape
    torch.Size([2, 3])
    """
    sizes = {tuple(one.phi.shape) for one in points}
    if len(sizes) != 1:
        raise InvalidArgument("points", "data sets of one size, at least one", sizes or "none", "draw the same number for each member")
    return LabelledPoints(*(torch.stack([getattr(one, name) for one in points]) for name in ("phi", "pi_", "label")))


@checked
def critical_curve(
    network: BulkNetwork,
    phi: Float[Tensor, " data"],
    condition: str = "equation",
    bracket: tuple[float, float] = (-1.0, 1.0),
) -> Float[Tensor, " data"]:
    r"""The momentum :math:`\pi_0(\phi_0)` at the boundary from which the field arrives with F = 0, by bisection.

    Parameters
    ----------
    network : BulkNetwork
        With h of shape (stage,).
    phi : torch.Tensor, shape (data,)
        :math:`\phi_0` at the boundary.
    condition : {"equation", "momentum"}
        Which F.
    bracket : tuple of float
        Between these momenta F changes sign for every phi.

    Raises
    ------
    Diverged
        If F overflows where the search ends: the bracket was so wide that runaways of either sign fill it.
    NotConverged
        If F does not change sign in the bracket.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.bulk_network import RadialGrid
    >>> flat = BulkNetwork(torch.zeros(1, dtype=torch.float64), RadialGrid(1.0, 0.1, 1), m2=-1.0, lam=0.0)
    >>> critical_curve(flat, torch.ones(1, dtype=torch.float64), "momentum")
    tensor([-0.9000], dtype=torch.float64)
    """
    checks.tensor("network.h", network.h, shape=("stage",))
    checks.tensor("phi", phi, shape=("data",))
    checks.option("condition", condition, CONDITIONS)
    low, high = (torch.full_like(phi, edge) for edge in _checked_range("bracket", bracket))

    def value(pi_: Tensor) -> Tensor:
        return _outcome(network, phi, pi_, condition)

    below, sign = value(low) > 0, value(high) > 0  # a field that runs off to infinity still has its sign
    if bool((sign == below).any()):
        reached = f"F keeps its sign in {bracket} for {int((sign == below).sum())} of {len(phi)} values of phi"
        raise NotConverged("the critical curve", reached, "widen the bracket, or leave out large phi")
    for _ in range(52):  # 2^-52 of the bracket: rounding
        middle = 0.5 * (low + high)
        right = (value(middle) > 0) == sign
        low, high = torch.where(right, low, middle), torch.where(right, middle, high)
    checks.finite_result("F", value(0.5 * (low + high)), where="the end of the search", remedy="narrow the bracket")
    return 0.5 * (low + high)


def _outcome(network: BulkNetwork, phi: Tensor, pi_: Tensor, condition: str) -> Tensor:
    """F of many boundary values for one metric, compiled, without gradients; NaN or infinity where it overflows."""
    fields = [value.detach().to(torch.float64).clone().numpy() for value in (phi, pi_)]
    h = network.h.detach().to(torch.float64).numpy()
    _window_kernels.propagate(h, *fields, network.grid.step, float(network.m2), float(network.lam), network.order)
    return horizon_value(network, torch.from_numpy(fields[0]), torch.from_numpy(fields[1]), condition)


def _checked_range(name: str, limits: tuple[float, float]) -> tuple[float, float]:
    low, high = (checks.number(name, edge) for edge in limits)
    if not low < high:
        raise InvalidArgument(name, "(low, high) with low < high", limits, "swap the two")
    return low, high
