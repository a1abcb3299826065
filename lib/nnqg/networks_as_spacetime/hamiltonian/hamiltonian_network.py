r"""Networks whose layers are time steps of a Hamiltonian that is learned.

The talk's four units, widened: with many outer units the drift layer is :math:`q \to q + \Delta t\, T'(p)`,
:math:`T'(p) = \sum_k \lambda_k f(v_k p + b_k)`, and the kick layer :math:`p \to p - \Delta t\, V'(q)` likewise, so T and V are any smooth
functions. `SeparableHamiltonian` is their sum, `GeneralHamiltonian` one sum over units that see q and p together. Both hold an ensemble
of independent networks, one per seed, in the first axis of every weight. Layers (each one step of H): explicit Euler, of order 1, for
any H; symplectic Euler, of order 1, and leapfrog, of order 2, for T + V, both of which conserve areas exactly.
"""

from typing import Any

import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import InvalidArgument

__all__ = ["LAYERS", "GeneralHamiltonian", "HamiltonianNetwork", "SeparableHamiltonian"]

LAYERS = ("euler", "symplectic euler", "leapfrog")


def _log_cosh(x: torch.Tensor) -> torch.Tensor:
    return torch.logaddexp(x, -x) - 0.6931471805599453


def _check_shape(name: str, value: Any, seeds: int, width: int) -> None:
    """Check what costs nothing: the rates are evaluated too often to look at every number."""
    if not isinstance(value, torch.Tensor) or value.dtype != torch.float64:
        came = value.dtype if isinstance(value, torch.Tensor) else type(value).__name__
        raise InvalidArgument(name, "a torch tensor of dtype float64", came, f"convert with torch.as_tensor({name}, dtype=torch.float64)")
    if value.ndim != 3 or value.shape[0] != seeds or value.shape[2] != width:
        expected = f"shape ({seeds}, any, {width}), one copy for each of the {seeds} networks"
        raise InvalidArgument(name, expected, f"shape {tuple(value.shape)}", f"use {name}.expand({seeds}, -1, -1)")


class _OneVariable(torch.nn.Module):
    """Function sum_k (lambda_k / v_k) log cosh(v_k x + b_k) of one variable, per seed; written with a_k = lambda_k / v_k."""

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


class SeparableHamiltonian(torch.nn.Module):
    r"""Ensemble of Hamiltonians :math:`T(p) + V(q)`, each a sum of ``units`` outer units of the talk's network with f = tanh.

    Parameters
    ----------
    seeds : int
        Number of independent networks.
    units : int
        Units in T and as many in V; 6 ``units`` weights a seed.
    generator : torch.Generator
        Draws the initial weights.

    Examples
    --------
    >>> model = SeparableHamiltonian(2, 3, torch.Generator().manual_seed(0))
    >>> model.energy(torch.zeros(2, 5, 2, dtype=torch.float64)).shape
    torch.Size([2, 5])
    """

    def __init__(self, seeds: int, units: int, generator: torch.Generator) -> None:
        super().__init__()
        checks.count("seeds", seeds)
        checks.count("units", units)
        self.kinetic = _OneVariable(seeds, units, generator)
        self.potential = _OneVariable(seeds, units, generator)

    def velocity(self, p: Float[torch.Tensor, "seed point 1"]) -> Float[torch.Tensor, "seed point 1"]:
        """Derivative T'(p), the rate of q.

        Parameters
        ----------
        p : torch.Tensor, shape (seed, point, 1)
            Momentum.

        Returns
        -------
        torch.Tensor, shape (seed, point, 1)
            T'(p).

        Raises
        ------
        InvalidArgument
            If the shape does not fit the ensemble. (NaN passes through here, and is reported by `training.fit` and `training.predict`.)
        """
        _check_shape("p", p, len(self.kinetic.v), 1)
        return self.kinetic.derivative(p)

    def force(self, q: Float[torch.Tensor, "seed point 1"]) -> Float[torch.Tensor, "seed point 1"]:
        """Force -V'(q), the rate of p.

        Parameters
        ----------
        q : torch.Tensor, shape (seed, point, 1)
            Position.

        Returns
        -------
        torch.Tensor, shape (seed, point, 1)
            -V'(q).

        Raises
        ------
        InvalidArgument
            If the shape does not fit the ensemble. (NaN passes through here, and is reported by `training.fit` and `training.predict`.)
        """
        _check_shape("q", q, len(self.potential.v), 1)
        return -self.potential.derivative(q)

    def energy(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point"]:
        """Learned H(q, p); its constant means nothing.

        Parameters
        ----------
        state : torch.Tensor, shape (seed, point, 2)
            q and p.

        Returns
        -------
        torch.Tensor, shape (seed, point)
            H.

        Raises
        ------
        InvalidArgument
            If the state is not finite or its shape does not fit the ensemble.
        """
        checks.tensor("state", state, shape=(len(self.kinetic.v), "point", 2))
        return (self.kinetic.value(state[..., 1:]) + self.potential.value(state[..., :1]))[..., 0]

    def field(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point 2"]:
        """Hamilton's equations: (dH/dp, -dH/dq).

        Parameters
        ----------
        state : torch.Tensor, shape (seed, point, 2)
            q and p.

        Returns
        -------
        torch.Tensor, shape (seed, point, 2)
            Rates of q and p.

        Raises
        ------
        InvalidArgument
            If the shape does not fit the ensemble. (NaN passes through here, and is reported by `training.fit` and `training.predict`.)
        """
        _check_shape("state", state, len(self.kinetic.v), 2)
        return torch.cat([self.velocity(state[..., 1:]), self.force(state[..., :1])], dim=-1)


class GeneralHamiltonian(torch.nn.Module):
    r"""Ensemble of Hamiltonians :math:`H(q, p) = \sum_k a_k \log\cosh(v_k q + w_k p + b_k)`, not separable.

    Parameters
    ----------
    seeds : int
        Number of independent networks.
    units : int
        Number of units; 4 ``units`` weights a seed.
    generator : torch.Generator
        Draws the initial weights.

    Examples
    --------
    >>> model = GeneralHamiltonian(2, 3, torch.Generator().manual_seed(0))
    >>> model.field(torch.zeros(2, 5, 2, dtype=torch.float64)).shape
    torch.Size([2, 5, 2])
    """

    def __init__(self, seeds: int, units: int, generator: torch.Generator) -> None:
        super().__init__()
        checks.count("seeds", seeds)
        checks.count("units", units)
        draw = torch.randn(seeds, 4, units, generator=generator, dtype=torch.float64)
        self.first = torch.nn.Parameter(draw[:, :2].clone())  # seed, (q, p), unit
        self.bias = torch.nn.Parameter(draw[:, 2:3].clone())  # seed, 1, unit
        self.second = torch.nn.Parameter(draw[:, 3:].clone() / units**0.5)  # seed, 1, unit

    def energy(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point"]:
        """Learned H(q, p); its constant means nothing.

        Parameters
        ----------
        state : torch.Tensor, shape (seed, point, 2)
            q and p.

        Returns
        -------
        torch.Tensor, shape (seed, point)
            H.

        Raises
        ------
        InvalidArgument
            If the state is not finite or its shape does not fit the ensemble.
        """
        checks.tensor("state", state, shape=(len(self.first), "point", 2))
        return (self.second * _log_cosh(torch.baddbmm(self.bias, state, self.first))).sum(-1)

    def field(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point 2"]:
        """Hamilton's equations: (dH/dp, -dH/dq).

        Parameters
        ----------
        state : torch.Tensor, shape (seed, point, 2)
            q and p.

        Returns
        -------
        torch.Tensor, shape (seed, point, 2)
            Rates of q and p.

        Raises
        ------
        InvalidArgument
            If the shape does not fit the ensemble. (NaN passes through here, and is reported by `training.fit` and `training.predict`.)
        """
        _check_shape("state", state, len(self.first), 2)
        rotation = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=state.dtype)  # (dH/dq, dH/dp) -> (dH/dp, -dH/dq)
        outgoing = (self.second * self.first).transpose(1, 2) @ rotation  # seed, unit, (q, p)
        return torch.tanh(torch.baddbmm(self.bias, state, self.first)) @ outgoing


class HamiltonianNetwork(torch.nn.Module):
    r"""Deep residual network: ``layers`` equal steps of one Hamiltonian from each observation to the next.

    Parameters
    ----------
    hamiltonian : object
        A Hamiltonian of this module, or any object that has ``field`` (for "euler") or ``velocity`` and ``force`` (for the others).
    kind : str
        One of "euler", "symplectic euler" (drift, then kick), "leapfrog" (half a kick, drift, half a kick).
    interval : float
        Time between observations, positive.
    layers : int
        Steps in that time; a step is ``interval / layers``.

    Raises
    ------
    InvalidArgument
        If an option is unknown or does not fit the Hamiltonian.

    Examples
    --------
    >>> model = SeparableHamiltonian(1, 3, torch.Generator().manual_seed(0))
    >>> network = HamiltonianNetwork(model, "leapfrog", interval=0.2, layers=2)
    >>> network(torch.zeros(1, 7, 2, dtype=torch.float64), 4).shape
    torch.Size([5, 1, 7, 2])
    """

    def __init__(self, hamiltonian: Any, kind: str, interval: float, layers: int) -> None:
        super().__init__()
        checks.option("kind", kind, LAYERS)
        needed = ("field",) if kind == "euler" else ("velocity", "force")
        if not all(callable(getattr(hamiltonian, name, None)) for name in needed):
            remedy = "use a Hamiltonian of this module" if kind == "euler" else "use a SeparableHamiltonian or kind='euler'"
            raise InvalidArgument("hamiltonian", f"an object with {' and '.join(needed)}", type(hamiltonian).__name__, remedy)
        self.hamiltonian = hamiltonian
        self.kind = kind
        self.layers = checks.count("layers", layers)
        self.step = checks.number("interval", interval, above=0) / layers

    def advance(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point 2"]:
        """One observation interval: ``layers`` steps.

        Parameters
        ----------
        state : torch.Tensor, shape (seed, point, 2)
            q and p.

        Returns
        -------
        torch.Tensor, shape (seed, point, 2)
            q and p one interval later.
        """
        if self.kind == "euler":
            for _ in range(self.layers):
                state = state + self.step * self.hamiltonian.field(state)
            return state
        q, p = state[..., :1], state[..., 1:]
        half = self.step / 2 if self.kind == "leapfrog" else 0.0
        if half:
            p = p + half * self.hamiltonian.force(q)
        for layer in range(self.layers):
            q = q + self.step * self.hamiltonian.velocity(p)
            last = half and layer == self.layers - 1  # two half kicks in a row are one kick, except at the end
            p = p + (half if last else self.step) * self.hamiltonian.force(q)
        return torch.cat([q, p], dim=-1)

    def forward(self, starts: Float[torch.Tensor, "seed point 2"], intervals: int) -> Float[torch.Tensor, "time seed point 2"]:
        """States at the start and after each interval.

        Parameters
        ----------
        starts : torch.Tensor, shape (seed, point, 2)
            q and p at time 0.
        intervals : int
            How many observation intervals to go.

        Returns
        -------
        torch.Tensor, shape (intervals + 1, seed, point, 2)
            The states; `nnqg.networks_as_spacetime.hamiltonian.training.predict` checks that they are finite.

        Raises
        ------
        InvalidArgument
            If the starts are no finite tensor of that shape, or intervals is not positive.
        """
        checks.tensor("starts", starts, shape=("seed", "point", 2))
        states = [starts]
        for _ in range(checks.count("intervals", intervals)):
            states.append(self.advance(states[-1]))
        return torch.stack(states)
