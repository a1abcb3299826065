r"""A scalar field in a curved bulk as a feed-forward network (arXiv:1802.08313; slides "Spacetime emergent from data" 1/7 and 2/7).

The field equation in the metric of `nnqg.quantum_gravity.dictionary.metrics`, with :math:`V = \frac12 m^2\phi^2 + \frac\lambda4\phi^4`, is

.. math:: \phi' = \pi, \qquad \pi' = -h(\eta)\,\pi + m^2\phi + \lambda\phi^3 .

A layer is one step :math:`\Delta\eta` of it, from the boundary (large :math:`\eta`) towards the horizon, so :math:`\Delta\eta < 0`.
The weights of a layer are the values of h at the depths that its integrator asks for:

====== ========================== ============================ ==================
order  layer                      depths of h                  how many
====== ========================== ============================ ==================
1      explicit Euler (published) start of each layer          layers
2      leapfrog, exact friction   middle of each layer         layers
4      Runge-Kutta                start, middle, end of each   2 layers + 1
====== ========================== ============================ ==================

Derived in the page ``emergent-spacetime/the-bulk-is-a-network``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from nnqg import checks, runge_kutta
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["BulkNetwork", "RadialGrid"]

State = tuple[Tensor, Tensor]
_SMALLER = "use more layers, an integrator of higher order, or a smaller field"


@checked
@dataclass(frozen=True)
class RadialGrid:
    r"""Equidistant layers between the boundary and the horizon.

    Parameters
    ----------
    eta_ini : float
        Depth of the input, near the boundary.
    eta_fin : float
        Depth of the output, near the horizon. Larger than ``eta_ini`` means integrating outwards.
    layers : int
        Number of layers, at least 1.

    Examples
    --------
    >>> grid = RadialGrid(1.0, 0.1, 10)
    >>> grid.step
    -0.09
    >>> grid.metric_depths(order=1)[:2]
    array([1.  , 0.91])
    """

    eta_ini: float
    eta_fin: float
    layers: int

    def __post_init__(self) -> None:
        checks.number("eta_ini", self.eta_ini)
        checks.number("eta_fin", self.eta_fin)
        checks.count("layers", self.layers)
        if self.eta_ini == self.eta_fin:
            raise InvalidArgument("eta_fin", "a depth different from eta_ini", self.eta_fin, "choose two depths")

    @property
    def step(self) -> float:
        r"""The step :math:`\Delta\eta` of a layer, negative towards the horizon."""
        return (self.eta_fin - self.eta_ini) / self.layers

    @property
    def edges(self) -> Float[np.ndarray, " edge"]:
        """Depths between the layers, from ``eta_ini`` to ``eta_fin``: layers + 1 of them."""
        return np.linspace(self.eta_ini, self.eta_fin, self.layers + 1)

    def metric_depths(self, order: int) -> Float[np.ndarray, " stage"]:
        """Return the depths at which a network of this order (1, 2 or 4) holds the metric h."""
        checks.option("order", order, (1, 2, 4))
        halves = np.linspace(self.eta_ini, self.eta_fin, 2 * self.layers + 1)
        return {1: halves[:-1:2], 2: halves[1::2], 4: halves}[order]


@checked(nan=("return",))
@dataclass(frozen=True)
class BulkNetwork:
    r"""The network: boundary values :math:`(\phi, \pi)` in, horizon values out, weights h.

    Several metrics run as a batch: h has a leading axis for them, and the fields have one too, or none.

    Parameters
    ----------
    h : torch.Tensor, shape (..., stage)
        The metric at ``grid.metric_depths(order)``, in units of 1/L.
    grid : RadialGrid
        The layers.
    m2 : float or torch.Tensor
        Mass squared, in units of 1/L^2; a tensor has shape () or, one for each metric, (..., 1), and lets gradients through.
    lam : float or torch.Tensor
        Quartic coupling :math:`\lambda`; likewise.
    order : int
        Order of the integrator: 1, 2 or 4.

    Examples
    --------
    >>> grid = RadialGrid(1.0, 0.1, 10)
    >>> network = BulkNetwork(torch.full((10,), 3.0, dtype=torch.float64), grid, m2=-2.0, lam=0.0, order=2)
    >>> phi, pi_ = network(torch.ones(1, dtype=torch.float64), -torch.ones(1, dtype=torch.float64))
    >>> bool((phi / np.exp(0.9) - 1).abs() < 0.01)  # the exact field is exp(-eta)
    True
    """

    h: Tensor
    grid: RadialGrid
    m2: float | Tensor
    lam: float | Tensor
    order: int = 1

    def __post_init__(self) -> None:
        stages = len(self.grid.metric_depths(self.order))
        checks.tensor("h", self.h)
        if self.h.ndim == 0 or self.h.shape[-1] != stages:
            expected = f"{stages} entries on its last axis (order {self.order}, {self.grid.layers} layers)"
            raise InvalidArgument("h", expected, f"shape {tuple(self.h.shape)}", "evaluate h at grid.metric_depths(order)")
        for name, value in (("m2", self.m2), ("lam", self.lam)):
            each = self.h.shape[:-1] + (1,) if isinstance(value, Tensor) and value.ndim else ()
            checks.tensor(name, value, shape=tuple(each)) if isinstance(value, Tensor) else checks.number(name, value)

    def __call__(self, phi: Float[Tensor, "..."], pi_: Float[Tensor, "..."]) -> State:
        r"""Propagate :math:`\phi` and :math:`\pi = \phi'`, shape (data,) or (..., data), from ``eta_ini`` to ``eta_fin``.

        Raises
        ------
        Diverged
            If a field overflows on the way.
        """
        self._check_fields(phi, pi_)
        state = self.propagate(phi, pi_)
        for value in state:
            checks.finite_result("the field", value, where=f"eta = {self.grid.eta_fin:g} or before", remedy=_SMALLER)
        return state

    def propagate(self, phi: Float[Tensor, "..."], pi_: Float[Tensor, "..."]) -> State:
        """Do the same without checks, for inner loops: an overflow comes back as NaN or infinity."""
        weights = self._weights()
        for n in range(self.grid.layers):
            phi, pi_ = self._layer(weights, n, phi, pi_)
        return phi, pi_

    def trajectory(self, phi: Float[Tensor, "..."], pi_: Float[Tensor, "..."]) -> State:
        """Return the fields at all ``grid.edges``, input and output included, shape (layers + 1, ..., data).

        Raises
        ------
        Diverged
            If a field overflows; the message names the layer.
        """
        self._check_fields(phi, pi_)
        shape = torch.broadcast_shapes(self.h.shape[:-1] + (1,), phi.shape)
        states, weights = [(phi.expand(shape), pi_.expand(shape))], self._weights()
        for n in range(self.grid.layers):
            states.append(self._layer(weights, n, *states[-1]))
            for value in states[-1]:
                checks.finite_result("the field", value, where=f"layer {n + 1}", remedy=_SMALLER)
        return torch.stack([state[0] for state in states]), torch.stack([state[1] for state in states])

    def _check_fields(self, phi: Tensor, pi_: Tensor) -> None:
        checks.tensor("phi", phi)
        checks.tensor("pi_", pi_, shape=tuple(phi.shape))
        try:
            torch.broadcast_shapes(self.h.shape[:-1] + (1,), phi.shape)
        except RuntimeError:
            expected = f"shape (data,) or one that fits the leading axes {tuple(self.h.shape[:-1])} of h"
            raise InvalidArgument(
                "phi", expected, f"shape {tuple(phi.shape)}", "give each metric its own fields, or all the same"
            ) from None

    def _weights(self) -> tuple[Tensor, ...]:
        """The columns of h, each with an axis for the data: unbinding once keeps the way back cheap."""
        return self.h.unsqueeze(-1).unbind(-2)

    def _layer(self, weights: tuple[Tensor, ...], n: int, phi: Tensor, pi_: Tensor) -> State:
        step, force = self.grid.step, self._force
        if self.order == 1:
            return _euler(phi, pi_, weights[n], step, self._stiffness)
        if self.order == 2:
            return _leapfrog(phi, pi_, weights[n], step, force)
        return _runge_kutta(phi, pi_, weights[2 * n : 2 * n + 3], step, force)

    def _stiffness(self, phi: Tensor) -> Tensor:
        return self.lam * phi * phi + self.m2  # (dV/dphi) / phi

    def _force(self, phi: Tensor) -> Tensor:
        return phi * self._stiffness(phi)  # dV/dphi


def _euler(phi: Tensor, pi_: Tensor, h: Tensor, step: float, stiffness: Callable[[Tensor], Tensor]) -> State:
    """phi + step pi, pi + step (phi stiffness - h pi), in few operations: this is the inner loop of training."""
    return torch.add(phi, pi_, alpha=step), torch.addcmul((1 - step * h) * pi_, phi, stiffness(phi), value=step)


def _leapfrog(phi: Tensor, pi_: Tensor, h: Tensor, step: float, force: Callable[[Tensor], Tensor]) -> State:
    """Drift, kick, friction, kick, drift: symmetric, and areas in the (phi, pi) plane shrink by exp(-h step) exactly."""
    phi = phi + 0.5 * step * pi_
    kick = 0.5 * step * force(phi)
    pi_ = torch.exp(-step * h) * (pi_ + kick) + kick
    return phi + 0.5 * step * pi_, pi_


def _runge_kutta(phi: Tensor, pi_: Tensor, h: tuple[Tensor, ...], step: float, force: Callable[[Tensor], Tensor]) -> State:
    """The classical rule of order 4; h is listed at the beginning, the middle and the end of the step."""

    def slope(moved: float, state: Tensor) -> Tensor:
        phi, pi_ = state
        return torch.stack([pi_, force(phi) - h[round(2 * moved / step)] * pi_])

    begin = torch.stack(torch.broadcast_tensors(phi, pi_, h[0])[:2])
    phi, pi_ = runge_kutta.advance(slope, 0.0, begin, step, runge_kutta.TABLEAUX["rk4"])
    return phi, pi_
