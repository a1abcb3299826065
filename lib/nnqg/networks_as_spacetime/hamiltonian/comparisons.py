"""What a Hamiltonian network is compared with: a plain residual network, and a neural ODE.

`FreeField` is the vector field of both: one hidden layer from (q, p) to two numbers, with nothing that makes it Hamiltonian. Every class
holds an ensemble of independent networks, one per seed, in the first axis of its weights.
"""

from itertools import count
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float
from scipy.integrate import solve_ivp

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument, NotConverged
from nnqg.networks_as_spacetime.hamiltonian._trajectories import LONGEST_PATH, FieldFlow, hold_state

__all__ = ["FreeField", "HiddenLayer", "NeuralODE", "ResidualNetwork"]


@runtime_checkable
class HiddenLayer(Protocol):
    """A field with one hidden layer, x -> tanh(x A + b) C + c for each seed."""

    def matrices(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """A (seed, 2, unit), b (seed, 1, unit), C (seed, unit, 2), c (seed, 1, 2)."""


@checked
class FreeField(torch.nn.Module):
    """Ensemble of fields from (q, p) to two numbers, with 5 ``units`` + 2 weights a seed; the generator draws the first ones.

    Examples
    --------
    >>> field = FreeField(2, 3, torch.Generator().manual_seed(0))
    >>> field(torch.zeros(2, 5, 2, dtype=torch.float64)).shape
    torch.Size([2, 5, 2])
    """

    def __init__(self, seeds: int, units: int, generator: torch.Generator) -> None:
        super().__init__()
        checks.count("seeds", seeds, maximum=checks.MOST_STEPS)
        checks.count("units", units, maximum=checks.MOST_STEPS)
        draw = torch.randn(seeds, 5, units, generator=generator, dtype=torch.float64)
        self.first = torch.nn.Parameter(draw[:, :2].clone())  # seed, (q, p), unit
        self.bias = torch.nn.Parameter(draw[:, 2:3].clone())  # seed, 1, unit
        self.second = torch.nn.Parameter(draw[:, 3:].transpose(1, 2).clone() / units**0.5)  # seed, unit, (q, p)
        self.offset = torch.nn.Parameter(torch.zeros(seeds, 1, 2, dtype=torch.float64))

    def forward(self, state: Float[torch.Tensor, "seed point 2"]) -> Float[torch.Tensor, "seed point 2"]:
        """The two numbers at each point. NaN passes through here, and is reported by `training.fit` and `training.predict`."""
        hold_state("state", state, self.first)
        return torch.baddbmm(self.offset, torch.tanh(torch.baddbmm(self.bias, state, self.first)), self.second)

    def matrices(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """A, b, C, c of a `HiddenLayer`."""
        return self.first, self.bias, self.second, self.offset


@checked
class ResidualNetwork(torch.nn.Module):
    """Plain residual network: from each observation to the next, the state moves by the value of a field.

    The time step is inside the learned weights.

    Examples
    --------
    >>> network = ResidualNetwork(FreeField(1, 3, torch.Generator().manual_seed(0)))
    >>> network(torch.zeros(1, 5, 2, dtype=torch.float64), 4).shape
    torch.Size([5, 1, 5, 2])
    """

    def __init__(self, field: HiddenLayer) -> None:
        super().__init__()
        self.field = _checked(field)

    def forward(self, starts: Float[torch.Tensor, "seed point 2"], intervals: int) -> Float[torch.Tensor, "time seed point 2"]:
        """States at the start and after each interval."""
        matrices = _matching(self.field, starts, intervals)
        return FieldFlow.apply(starts, *matrices, 1.0, intervals, "euler")


@checked
class NeuralODE(torch.nn.Module):
    """Ordinary differential equation with a learned right-hand side.

    Parameters
    ----------
    field : HiddenLayer
        The rates of (q, p): a `FreeField` or a `GeneralHamiltonian`.
    interval : float
        Time between observations.
    method : {"rk4", "adaptive"}
        One step an interval of the 3/8 rule, with gradients (torchdiffeq's "rk4", in a few calls), or scipy's DOP853 with relative
        tolerance 1e-6 and absolute 1e-8, without.

    Examples
    --------
    >>> network = NeuralODE(FreeField(1, 3, torch.Generator().manual_seed(0)), interval=0.2)
    >>> network(torch.zeros(1, 5, 2, dtype=torch.float64), 4).shape
    torch.Size([5, 1, 5, 2])
    """

    def __init__(self, field: HiddenLayer, interval: float, method: str = "rk4") -> None:
        super().__init__()
        self.field = _checked(field)
        self.interval = checks.number("interval", interval, above=0)
        self.method = checks.option("method", method, ("rk4", "adaptive"))

    def forward(self, starts: Float[torch.Tensor, "seed point 2"], intervals: int) -> Float[torch.Tensor, "time seed point 2"]:
        """States at the start and after each interval.

        Raises
        ------
        Diverged
            If the adaptive method finds no step that is short enough, or a rate that is not finite.
        NotConverged
            If it needs more than 200 000 evaluations.
        """
        matrices = _matching(self.field, starts, intervals)
        if self.method == "rk4":
            return FieldFlow.apply(starts, *matrices, self.interval, intervals, "rk4")
        A, b, C, c = (matrix.numpy(force=True) for matrix in matrices)
        evaluations = count()

        def rates(time: float, flat: np.ndarray) -> np.ndarray:
            if next(evaluations) >= LONGEST_PATH:
                raise NotConverged("neural ODE", f"time {time:.6g} after {LONGEST_PATH} evaluations", "integrate over a shorter time")
            rate = (np.tanh(flat.reshape(starts.shape) @ A + b) @ C + c).ravel()
            return checks.finite_result("neural ODE", rate, where=f"time {time:.6g}", remedy="check the field")

        times = self.interval * np.arange(intervals + 1)
        path = solve_ivp(rates, (0.0, times[-1]), starts.numpy(force=True).ravel(), "DOP853", t_eval=times, rtol=1e-6, atol=1e-8)
        if not path.success:
            raise Diverged("neural ODE", path.message, "check the field, or integrate over fewer intervals")
        return torch.from_numpy(np.ascontiguousarray(path.y.T)).reshape(-1, *starts.shape)


def _checked(field: HiddenLayer) -> HiddenLayer:
    if not callable(getattr(field, "matrices", None)):
        raise InvalidArgument("field", "a field with one hidden layer", type(field).__name__, "pass a FreeField or a GeneralHamiltonian")
    return field


def _matching(field: HiddenLayer, starts: torch.Tensor, intervals: int) -> tuple[torch.Tensor, ...]:
    """The matrices of a field, if they are some, and the starts and the number of intervals fit them."""
    matrices = field.matrices()
    seeds, units = len(matrices[0]), matrices[0].shape[-1]
    shapes = [(seeds, 2, units), (seeds, 1, units), (seeds, units, 2), (seeds, 1, 2)]
    came = [(tuple(matrix.shape), matrix.dtype) for matrix in matrices]
    if came != [(shape, torch.float64) for shape in shapes]:
        raise InvalidArgument("field", f"four matrices of float64, of shapes {shapes}", came, "return A, b, C and c")
    checks.tensor("starts", starts, shape=(seeds, "point", 2))
    checks.count("intervals", intervals, maximum=LONGEST_PATH)
    return matrices
