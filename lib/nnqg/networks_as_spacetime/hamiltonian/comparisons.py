"""What a Hamiltonian network is compared with: a plain residual network, and a neural ODE integrated by torchdiffeq.

`FreeField` is the vector field of both: one hidden layer from (q, p) to two numbers, with nothing that makes it Hamiltonian. Every class
holds an ensemble of independent networks, one per seed, in the first axis of its weights.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torchdiffeq import odeint

from nnqg import checks
from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.hamiltonian.hamiltonian_network import _check_shape

__all__ = ["FreeField", "NeuralODE", "ResidualNetwork"]


class FreeField(torch.nn.Module):
    """Ensemble of networks with one hidden layer of tanh units, from (q, p) to two numbers.

    Parameters
    ----------
    seeds : int
        Number of independent networks.
    units : int
        Hidden units; 5 ``units`` + 2 weights a seed.
    generator : torch.Generator
        Draws the initial weights.

    Examples
    --------
    >>> field = FreeField(2, 3, torch.Generator().manual_seed(0))
    >>> field(torch.zeros(2, 5, 2, dtype=torch.float64)).shape
    torch.Size([2, 5, 2])
    """

    def __init__(self, seeds: int, units: int, generator: torch.Generator) -> None:
        super().__init__()
        checks.count("seeds", seeds)
        checks.count("units", units)
        draw = torch.randn(seeds, 5, units, generator=generator, dtype=torch.float64)
        self.first = torch.nn.Parameter(draw[:, :2].clone())  # seed, (q, p), unit
        self.bias = torch.nn.Parameter(draw[:, 2:3].clone())  # seed, 1, unit
        self.second = torch.nn.Parameter(draw[:, 3:].transpose(1, 2).clone() / units**0.5)  # seed, unit, (q, p)
        self.offset = torch.nn.Parameter(torch.zeros(seeds, 1, 2, dtype=torch.float64))

    def forward(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point 2"]:
        """Value of the network.

        Parameters
        ----------
        state : torch.Tensor, shape (seed, point, 2)
            q and p.

        Returns
        -------
        torch.Tensor, shape (seed, point, 2)
            The two numbers.

        Raises
        ------
        InvalidArgument
            If the shape does not fit the ensemble. (NaN passes through here, and is reported by `training.fit` and `training.predict`.)
        """
        _check_shape("state", state, len(self.first), 2)
        return torch.baddbmm(self.offset, torch.tanh(torch.baddbmm(self.bias, state, self.first)), self.second)


class ResidualNetwork(torch.nn.Module):
    """Plain residual network: from each observation to the next, the state moves by the value of a `FreeField`.

    Parameters
    ----------
    field : FreeField
        The displacement in one interval; the time step is inside the learned weights.

    Examples
    --------
    >>> network = ResidualNetwork(FreeField(1, 3, torch.Generator().manual_seed(0)))
    >>> network(torch.zeros(1, 5, 2, dtype=torch.float64), 4).shape
    torch.Size([5, 1, 5, 2])
    """

    def __init__(self, field: FreeField) -> None:
        super().__init__()
        self.field = field

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
            The states.

        Raises
        ------
        InvalidArgument
            If the starts are no finite tensor of that shape, or intervals is not positive.
        """
        checks.tensor("starts", starts, shape=("seed", "point", 2))
        states = [starts]
        for _ in range(checks.count("intervals", intervals)):
            states.append(states[-1] + self.field(states[-1]))
        return torch.stack(states)


class NeuralODE(torch.nn.Module):
    """Ordinary differential equation with a learned right-hand side, integrated and differentiated by torchdiffeq.

    Parameters
    ----------
    field : callable
        From states, shape (seed, point, 2), to their rates; a `FreeField`, or the ``field`` of a Hamiltonian.
    interval : float
        Time between observations, positive.
    method : str
        A method of torchdiffeq: "rk4" (one step an interval) or "dopri5" (adaptive, relative tolerance 1e-6, absolute 1e-8).

    Raises
    ------
    InvalidArgument
        If the field is no function, the method unknown or the interval not positive.

    Examples
    --------
    >>> network = NeuralODE(FreeField(1, 3, torch.Generator().manual_seed(0)), interval=0.2)
    >>> network(torch.zeros(1, 5, 2, dtype=torch.float64), 4).shape
    torch.Size([5, 1, 5, 2])
    """

    def __init__(self, field: Callable[[torch.Tensor], torch.Tensor], interval: float, method: str = "rk4") -> None:
        super().__init__()
        if not callable(field):
            raise InvalidArgument("field", "a function of the states", type(field).__name__, "pass a FreeField or another field")
        self.owner = getattr(field, "__self__", field)  # the module whose weights are learned
        self.field = field
        self.interval = checks.number("interval", interval, above=0)
        self.method = checks.option("method", method, ("rk4", "dopri5"))

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
            The states.

        Raises
        ------
        InvalidArgument
            If the starts are no finite tensor of that shape, or intervals is not positive.
        Diverged
            If the adaptive method finds no step that is short enough.
        """
        checks.tensor("starts", starts, shape=("seed", "point", 2))
        times = self.interval * torch.arange(checks.count("intervals", intervals) + 1, dtype=starts.dtype)
        try:
            return odeint(lambda _, state: self.field(state), starts, times, rtol=1e-6, atol=1e-8, method=self.method)
        except AssertionError as error:  # "underflow in dt": no step is short enough
            raise Diverged("neural ODE", str(error), "check the field, or integrate over fewer intervals") from error
