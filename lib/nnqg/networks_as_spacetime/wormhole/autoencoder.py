r"""Autoencoders: networks that are trained to return what they are given, through a layer that is narrower than their input.

The widths run wide - narrow - wide, :math:`n = n_0 > n_1 > \dots > \chi < \dots > n_1 > n_0`. All layers are affine; the ones between the
entrance, the bottleneck and the exit are followed by tanh. Without any inner layer the network is linear, and its best error is known:
it is that of the first :math:`\chi` principal components (Eckart and Young 1936; Baldi and Hornik 1989). The derivative of the output by
the input has a rank of at most :math:`\chi`. Several networks that differ in their bottleneck are trained side by side.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import InvalidArgument

__all__ = ["Autoencoders", "principal_component_errors", "train_autoencoders"]


@dataclass
class Autoencoders:
    """Networks of equal inner layers and different bottlenecks.

    Parameters
    ----------
    widths : tuple of int
        Numbers of units from the entrance to the last layer before the bottleneck; the exit repeats them backwards.
    bottlenecks : tuple of int
        Width of the bottleneck of each member.
    generator : torch.Generator
        Draws the weights.

    Raises
    ------
    InvalidArgument
        If a width is no positive integer or a list empty.

    Examples
    --------
    >>> pair = Autoencoders((8, 4), (1, 2), torch.Generator().manual_seed(0))
    >>> pair.layer_widths(0), pair(torch.ones(5, 8, dtype=torch.float64)).shape
    ((8, 4, 1, 4, 8), torch.Size([2, 5, 8]))

    Notes
    -----
    Used on the page ``networks-as-spacetime/similarity-of-diagrams``.
    """

    widths: tuple[int, ...]
    bottlenecks: tuple[int, ...]
    generator: torch.Generator

    def __post_init__(self) -> None:
        """Draw the weights with variance 1/(incoming units)."""
        for name, numbers in (("widths", self.widths), ("bottlenecks", self.bottlenecks)):
            checks.count(f"number of {name}", len(numbers))
            for number in numbers:
                checks.count(name, number)
        broad = max(self.bottlenecks)
        sizes = (*self.widths, broad, *self.widths[::-1])
        members = len(self.bottlenecks)
        self.mask = (torch.arange(broad) < torch.tensor(self.bottlenecks)[:, None]).to(torch.float64)[:, None, :]  # [member, 1, unit]
        self.weights = [
            torch.randn(members, a, b, generator=self.generator, dtype=torch.float64) / a**0.5
            for a, b in zip(sizes[:-1], sizes[1:], strict=True)
        ]
        self.biases = [torch.zeros(members, 1, b, dtype=torch.float64) for b in sizes[1:]]

    def layer_widths(self, member: int) -> tuple[int, ...]:
        """Widths of all layers of one member, entrance and exit included.

        Parameters
        ----------
        member : int
            Which one.

        Returns
        -------
        tuple of int
            Numbers of units.
        """
        return (*self.widths, self.bottlenecks[member], *self.widths[::-1])

    def __call__(self, inputs: Float[torch.Tensor, "point component"]) -> Float[torch.Tensor, "member point component"]:
        """Return what every member makes of the inputs.

        Parameters
        ----------
        inputs : torch.Tensor, shape (point, component)
            As many components as the entrance has units.

        Returns
        -------
        torch.Tensor, shape (member, point, component)
            The outputs.

        Raises
        ------
        InvalidArgument
            If the inputs are no finite tensor of that shape.
        """
        checks.tensor("inputs", inputs, shape=("point", self.widths[0]))
        middle = len(self.widths) - 1
        state = inputs.expand(len(self.bottlenecks), *inputs.shape)
        for n, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            state = state @ weight + bias
            if n == middle:
                state = state * self.mask
            elif n < len(self.weights) - 1:
                state = torch.tanh(state)
        return state

    def derivative(self, point: Float[torch.Tensor, " component"], member: int) -> Float[np.ndarray, "component component"]:
        """Jacobian of one member's output by its input.

        Parameters
        ----------
        point : torch.Tensor, shape (component,)
            Where.
        member : int
            Which network.

        Returns
        -------
        numpy.ndarray, shape (component, component)
            First axis the output, second the input.

        Raises
        ------
        InvalidArgument
            If the point is no finite tensor of that shape.
        """
        checks.tensor("point", point, shape=(self.widths[0],))
        return torch.autograd.functional.jacobian(lambda x: self(x[None])[member, 0], point).numpy()


def train_autoencoders(
    networks: Autoencoders, inputs: Float[torch.Tensor, "point component"], rate: float, steps: int
) -> Float[np.ndarray, "step member"]:
    """Train all members in place, with Adam and a learning rate that falls to zero along a cosine.

    Parameters
    ----------
    networks : Autoencoders
        Their weights and biases change.
    inputs : torch.Tensor, shape (point, component)
        What goes in and should come out.
    rate : float
        Learning rate at the start.
    steps : int
        Number of steps, each with all points.

    Returns
    -------
    numpy.ndarray, shape (steps + 1, member)
        Mean square error divided by the variance of the data, before each step and at the end.

    Raises
    ------
    InvalidArgument
        If shapes do not fit, a number is not positive, or the data do not vary.
    Diverged
        If a loss is no longer finite.
    """
    checks.tensor("inputs", inputs, shape=("point", networks.widths[0]))
    spread = float(((inputs - inputs.mean(0)) ** 2).mean())
    if spread == 0:
        raise InvalidArgument("inputs", "points that differ", "a single point", "draw more data")
    parameters = [p.requires_grad_() for p in (*networks.weights, *networks.biases)]
    optimiser = torch.optim.Adam(parameters, lr=checks.number("rate", rate, above=0))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, checks.count("steps", steps))
    history = []
    for _ in range(steps):
        optimiser.zero_grad()
        loss = ((networks(inputs) - inputs) ** 2).mean(dim=(1, 2)) / spread
        loss.sum().backward()
        optimiser.step()
        schedule.step()
        history.append(loss.detach())
    for parameter in parameters:
        parameter.requires_grad_(False)
    history.append(((networks(inputs) - inputs) ** 2).mean(dim=(1, 2)) / spread)
    return checks.finite_result("training", torch.stack(history).numpy(), where="some step", remedy="lower the rate")


def principal_component_errors(data: Float[np.ndarray, "point component"]) -> Float[np.ndarray, " rank"]:
    r"""Best error of any linear autoencoder: the tail of the squared singular values of the centred data,

    .. math:: \epsilon_\chi = \sum_{k > \chi} s_k^2 \Big/ \sum_k s_k^2 , \qquad \chi = 0, 1, 2, \dots

    (Eckart and Young 1936).

    Parameters
    ----------
    data : numpy.ndarray, shape (point, component)
        Points that differ.

    Returns
    -------
    numpy.ndarray, shape (min(point, component) + 1,)
        Relative error for each width, 1 at width 0 and 0 at the end.

    Raises
    ------
    InvalidArgument
        If the data are no finite matrix or do not vary.

    Examples
    --------
    >>> principal_component_errors(np.array([[2.0, 1.0], [-2.0, 1.0], [0.0, 3.0], [0.0, -1.0]]))
    array([1. , 0.5, 0. ])
    """
    checks.array("data", data, shape=("point", "component"))
    weights = np.linalg.svd(data - data.mean(0), compute_uv=False) ** 2
    if weights[0] == 0:
        raise InvalidArgument("data", "points that differ", "a single point", "draw more data")
    return np.append(np.cumsum(weights[::-1])[::-1], 0.0) / weights.sum()
