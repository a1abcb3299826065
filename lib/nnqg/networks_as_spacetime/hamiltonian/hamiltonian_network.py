r"""Networks whose layers are time steps of a Hamiltonian that is learned.

The talk's four units, widened: with many outer units the drift layer is :math:`q \to q + \Delta t\, T'(p)`,
:math:`T'(p) = \sum_k \lambda_k f(v_k p + b_k)`, and the kick layer :math:`p \to p - \Delta t\, V'(q)` likewise, so T and V are any smooth
functions. `SeparableHamiltonian` is their sum, `GeneralHamiltonian` one sum over units that see q and p together. Both hold an ensemble
of independent networks, one per seed, in the first axis of every weight. Layers (each one step of T + V): symplectic Euler, of order 1,
and leapfrog, of order 2, both of which conserve areas exactly.
"""

from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.hamiltonian._trajectories import LONGEST_PATH, KickDrift, hold_state

__all__ = ["GeneralHamiltonian", "HamiltonianNetwork", "SeparableHamiltonian"]


@runtime_checkable
class _Rates(Protocol):
    def velocity(self, p: torch.Tensor) -> torch.Tensor: ...

    def force(self, q: torch.Tensor) -> torch.Tensor: ...


def _log_cosh(x: torch.Tensor) -> torch.Tensor:
    return torch.logaddexp(x, -x) - 0.6931471805599453


class _OneVariable(torch.nn.Module):
    """Function sum_k (lambda_k / v_k) log cosh(v_k x + b_k) of one variable, per seed."""

    def __init__(self, seeds: int, units: int, generator: torch.Generator) -> None:
        super().__init__()
        first, bias, second = torch.randn(3, seeds, 1, units, generator=generator, dtype=torch.float64)
        self.v = torch.nn.Parameter(first)
        self.b = torch.nn.Parameter(bias)
        self.lambda_ = torch.nn.Parameter(second.transpose(1, 2).clone() / units**0.5)

    def value(self, x: torch.Tensor) -> torch.Tensor:
        return _log_cosh(torch.baddbmm(self.b, x, self.v)) @ (self.lambda_ / self.v.transpose(1, 2))

    def derivative(self, x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(torch.baddbmm(self.b, x, self.v)) @ self.lambda_


@checked
class SeparableHamiltonian(torch.nn.Module):
    r"""Ensemble of Hamiltonians :math:`T(p) + V(q)`, each a sum of ``units`` outer units of the talk's network with f = tanh.

    T has ``units`` of them and V as many, with 6 ``units`` weights a seed; the generator draws the first ones.

    Examples
    --------
    >>> model = SeparableHamiltonian(2, 3, torch.Generator().manual_seed(0))
    >>> model.energy(torch.zeros(2, 5, 2, dtype=torch.float64)).shape
    torch.Size([2, 5])
    """

    def __init__(self, seeds: int, units: int, generator: torch.Generator) -> None:
        super().__init__()
        checks.count("seeds", seeds, maximum=checks.MOST_STEPS)
        checks.count("units", units, maximum=checks.MOST_STEPS)
        self.kinetic = _OneVariable(seeds, units, generator)
        self.potential = _OneVariable(seeds, units, generator)

    def velocity(self, p: Float[torch.Tensor, "seed point 1"]) -> Float[torch.Tensor, "seed point 1"]:
        """Derivative T'(p), the rate of q. NaN passes through, and is reported by `training.fit` and `training.predict`."""
        hold_state("p", p, self.kinetic.v)
        return self.kinetic.derivative(p)

    def force(self, q: Float[torch.Tensor, "seed point 1"]) -> Float[torch.Tensor, "seed point 1"]:
        """Force -V'(q), the rate of p. NaN passes through, and is reported by `training.fit` and `training.predict`."""
        hold_state("q", q, self.potential.v)
        return -self.potential.derivative(q)

    def energy(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point"]:
        """Learned H(q, p); its constant means nothing."""
        hold_state("state", state, self.kinetic.v)
        return (self.kinetic.value(state[..., 1:]) + self.potential.value(state[..., :1]))[..., 0]


@checked
class GeneralHamiltonian(torch.nn.Module):
    r"""Ensemble of Hamiltonians :math:`H(q, p) = \sum_k a_k \log\cosh(v_k q + w_k p + b_k)`, not separable.

    It has 4 ``units`` weights a seed; the generator draws the first ones.

    Examples
    --------
    >>> model = GeneralHamiltonian(2, 3, torch.Generator().manual_seed(0))
    >>> model.field(torch.zeros(2, 5, 2, dtype=torch.float64)).shape
    torch.Size([2, 5, 2])
    """

    def __init__(self, seeds: int, units: int, generator: torch.Generator) -> None:
        super().__init__()
        checks.count("seeds", seeds, maximum=checks.MOST_STEPS)
        checks.count("units", units, maximum=checks.MOST_STEPS)
        draw = torch.randn(seeds, 4, units, generator=generator, dtype=torch.float64)
        self.first = torch.nn.Parameter(draw[:, :2].clone())  # seed, (q, p), unit
        self.bias = torch.nn.Parameter(draw[:, 2:3].clone())  # seed, 1, unit
        self.second = torch.nn.Parameter(draw[:, 3:].clone() / units**0.5)  # seed, 1, unit

    def energy(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point"]:
        """Learned H(q, p); its constant means nothing."""
        hold_state("state", state, self.first)
        return (self.second * _log_cosh(torch.baddbmm(self.bias, state, self.first))).sum(-1)

    def field(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point 2"]:
        """Hamilton's equations: (dH/dp, -dH/dq). NaN passes through, and is reported by `training.fit` and `training.predict`."""
        hold_state("state", state, self.first)
        A, b, C, _ = self.matrices()
        return torch.tanh(torch.baddbmm(b, state, A)) @ C

    def matrices(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """A, b, C, c of the field tanh(x A + b) C + c, a `HiddenLayer`."""
        rotation = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=self.first.dtype)  # (dH/dq, dH/dp) -> (dH/dp, -dH/dq)
        outgoing = (self.second * self.first).transpose(1, 2) @ rotation  # seed, unit, (q, p)
        return self.first, self.bias, outgoing, self.first.new_zeros(len(self.first), 1, 2)


@checked
class HamiltonianNetwork(torch.nn.Module):
    r"""Deep residual network: ``layers`` equal steps of one Hamiltonian from each observation to the next.

    Parameters
    ----------
    hamiltonian : object
        A `SeparableHamiltonian`, or any object that has ``velocity`` and ``force``.
    kind : {"symplectic euler", "leapfrog"}
        Drift, then kick; or half a kick, drift, half a kick.
    interval : float
        Time between observations; a step is ``interval / layers``.

    Examples
    --------
    >>> model = SeparableHamiltonian(1, 3, torch.Generator().manual_seed(0))
    >>> network = HamiltonianNetwork(model, "leapfrog", interval=0.2, layers=2)
    >>> network(torch.zeros(1, 7, 2, dtype=torch.float64), 4).shape
    torch.Size([5, 1, 7, 2])
    """

    def __init__(self, hamiltonian: _Rates, kind: str, interval: float, layers: int) -> None:
        super().__init__()
        checks.option("kind", kind, ("symplectic euler", "leapfrog"))
        if not all(callable(getattr(hamiltonian, name, None)) for name in ("velocity", "force")):
            remedy = "use a SeparableHamiltonian"
            raise InvalidArgument("hamiltonian", "an object with velocity and force", type(hamiltonian).__name__, remedy)
        self.hamiltonian = hamiltonian
        self.leapfrog = kind == "leapfrog"
        self.layers = checks.count("layers", layers, maximum=10_000)
        self.step = checks.number("interval", interval, above=0) / layers

    def advance(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point 2"]:
        """One observation interval: ``layers`` steps, of whatever Hamiltonian."""
        q, p = state[..., :1], state[..., 1:]
        if self.leapfrog:
            p = p + self.step / 2 * self.hamiltonian.force(q)
        for layer in range(self.layers):
            q = q + self.step * self.hamiltonian.velocity(p)
            last = self.leapfrog and layer == self.layers - 1  # two half kicks in a row are one kick, except at the end
            p = p + (self.step / 2 if last else self.step) * self.hamiltonian.force(q)
        moved = torch.cat([q, p], dim=-1)
        if moved.shape != state.shape or moved.dtype != state.dtype:
            came = f"{moved.dtype} of shape {tuple(moved.shape)}"
            raise InvalidArgument("hamiltonian", f"{state.dtype} of shape {tuple(state.shape)}", came, "return a rate for each point")
        return moved

    def forward(self, starts: Float[torch.Tensor, "seed point 2"], intervals: int) -> Float[torch.Tensor, "time seed point 2"]:
        """States at the start and after each interval; a `SeparableHamiltonian` runs with its backward pass written out."""
        checks.tensor("starts", starts, shape=("seed", "point", 2))
        checks.count("intervals", intervals, maximum=LONGEST_PATH // self.layers)
        if isinstance(self.hamiltonian, SeparableHamiltonian):
            T, V = self.hamiltonian.kinetic, self.hamiltonian.potential
            hold_state("starts", starts, T.v)
            return KickDrift.apply(starts, T.v, T.b, T.lambda_, V.v, V.b, V.lambda_, self.step, self.layers, intervals, self.leapfrog)
        states = [starts]
        for _ in range(intervals):
            states.append(self.advance(states[-1]))
        return torch.stack(states)
