r"""Autoencoders: networks that are trained to return what they are given, through a layer that is narrower than their input.

The widths run wide - narrow - wide, :math:`n = n_0 > n_1 > \dots > \chi < \dots > n_1 > n_0`. All layers are affine; the ones between the
entrance, the bottleneck and the exit are followed by tanh. Without any inner layer the network is linear, and its best error is known:
it is that of the first :math:`\chi` principal components (Eckart and Young 1936; Baldi and Hornik 1989). The derivative of the output by
the input has a rank of at most :math:`\chi`. Several networks that differ in their bottleneck are trained side by side: all have the
widest bottleneck, and a mask of ones and zeros shuts units. Derived on the page ``networks-as-spacetime/similarity-of-diagrams``.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.adam import Adam, cosine_rate, gather, views
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["Autoencoders", "train_autoencoders"]


@checked
@dataclass
class Autoencoders:
    """Networks of equal inner layers and different bottlenecks, a member for each bottleneck.

    Parameters
    ----------
    widths : tuple of int
        Numbers of units from the entrance to the last layer before the bottleneck; the exit repeats them backwards.
    bottlenecks : tuple of int
        Width of the bottleneck of each member.
    generator : torch.Generator
        Draws the weights, with variance 1/(incoming units); the biases begin at 0.

    Examples
    --------
    >>> pair = Autoencoders((8, 4), (1, 2), torch.Generator().manual_seed(0))
    >>> pair(torch.ones(5, 8, dtype=torch.float64)).shape
    torch.Size([2, 5, 8])
    """

    widths: tuple[int, ...]
    bottlenecks: tuple[int, ...]
    generator: torch.Generator

    def __post_init__(self) -> None:
        """Draw the weights."""
        for name, numbers in (("widths", self.widths), ("bottlenecks", self.bottlenecks)):
            checks.count(f"number of {name}", len(numbers))
            for number in numbers:
                checks.count(name, number, maximum=checks.MOST_STEPS)
        broad, members = max(self.bottlenecks), len(self.bottlenecks)
        sizes = (*self.widths, broad, *self.widths[::-1])
        self.mask = (torch.arange(broad) < torch.tensor(self.bottlenecks)[:, None]).to(torch.float64)[:, None, :]  # [member, 1, unit]
        self.weights = [
            torch.randn(members, a, b, generator=self.generator, dtype=torch.float64) / a**0.5
            for a, b in zip(sizes[:-1], sizes[1:], strict=True)
        ]
        self.biases = [torch.zeros(members, 1, b, dtype=torch.float64) for b in sizes[1:]]

    def __call__(self, inputs: Float[torch.Tensor, "point component"]) -> Float[torch.Tensor, "member point component"]:
        """Return what every member makes of the inputs."""
        checks.tensor("inputs", inputs, shape=("point", self.widths[0]))
        return self.states(inputs)[-1]

    def states(self, inputs: Float[torch.Tensor, "point component"]) -> list[Float[torch.Tensor, "member point _"]]:
        """States of all layers of units, the inputs first and the outputs last."""
        middle, states = len(self.widths), [inputs.expand(len(self.bottlenecks), *inputs.shape)]
        for n, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True), start=1):
            state = torch.baddbmm(bias, states[-1], weight)
            if n == middle:
                state.mul_(self.mask)
            elif n < len(self.weights):
                state.tanh_()
            states.append(state)
        return states

    def pull_back(self, layer: int, state: torch.Tensor, back: torch.Tensor) -> torch.Tensor:
        """Gradient before the function of a layer of units, from the gradient after it and the state there."""
        if layer == len(self.widths):
            return back * self.mask
        return back if layer == len(self.weights) else torch.addcmul(back, back * state, state, value=-1)  # tanh' = 1 - tanh^2

    def derivative(self, point: Float[torch.Tensor, " component"], member: int) -> Float[np.ndarray, "component component"]:
        """Jacobian of one member's output (first axis) by its input (second axis)."""
        checks.tensor("point", point, shape=(self.widths[0],))
        checks.count("member", member, minimum=0, maximum=len(self.bottlenecks) - 1)
        states, one = self.states(point[None]), torch.eye(self.widths[0], dtype=torch.float64)
        back = one.expand(len(self.bottlenecks), -1, -1)  # [member, output, unit]
        for n in range(len(self.weights), 0, -1):
            back = self.pull_back(n, states[n], back) @ self.weights[n - 1].transpose(1, 2)
        return back[member].numpy(force=True)


@checked
def train_autoencoders(
    networks: Autoencoders, inputs: Float[torch.Tensor, "point component"], rate: float, steps: int
) -> Float[np.ndarray, "step member"]:
    """Train all members in place, with Adam and a learning rate that falls to zero along a cosine.

    Each step takes all points. The mean square error in units of the variance of the data, before each step and at the end, is returned.

    Raises
    ------
    Diverged
        If a loss is no longer finite.

    Examples
    --------
    >>> line = torch.linspace(-1, 1, 9, dtype=torch.float64)[:, None] * torch.tensor([[1.0, 2.0]], dtype=torch.float64)
    >>> networks = Autoencoders((2,), (1,), torch.Generator().manual_seed(0))
    >>> bool(train_autoencoders(networks, line, rate=0.05, steps=300)[-1, 0] < 1e-6)
    True
    """
    inputs = checks.tensor("inputs", inputs, shape=("point", networks.widths[0])).detach()
    spread = float(((inputs - inputs.mean(0)) ** 2).mean())
    if spread == 0:
        raise InvalidArgument("inputs", "points that differ", "a single point", "draw more data")
    checks.number("rate", rate, above=0)
    parameters, layers = [*networks.weights, *networks.biases], len(networks.weights)
    flat = gather(parameters)
    gradient = torch.empty_like(flat)
    moving, slopes, adam = views(flat, parameters), views(gradient, parameters), Adam(flat)
    networks.weights, networks.biases = moving[:layers], moving[layers:]
    history = []
    for step in range(checks.count("steps", steps, maximum=10 * checks.MOST_STEPS) + 1):
        states = networks.states(inputs)
        miss = states[-1] - inputs
        history.append((miss**2).mean(dim=(1, 2)) / spread)
        if step < steps:
            _backward(networks, states, 2 * miss / (inputs.numel() * spread), slopes)
            adam.step(gradient, cosine_rate(step, steps, rate))
    return checks.finite_result("training", torch.stack(history).numpy(), where="some step", remedy="lower the rate")


def _backward(networks: Autoencoders, states: list[torch.Tensor], back: torch.Tensor, slopes: list[torch.Tensor]) -> None:
    """Fill in the gradients by weights and biases; ``back`` is the one by the outputs."""
    layers = len(networks.weights)
    for n in range(layers, 0, -1):
        back = networks.pull_back(n, states[n], back)
        torch.bmm(states[n - 1].transpose(1, 2), back, out=slopes[n - 1])
        torch.sum(back, 1, keepdim=True, out=slopes[layers + n - 1])
        if n > 1:
            back = back @ networks.weights[n - 1].transpose(1, 2)
