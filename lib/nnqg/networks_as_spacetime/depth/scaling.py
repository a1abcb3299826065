r"""What depth does to a random network and to its training: plain layers against residual layers with four scalings.

All networks of an ensemble have the same number N of layers and the form

.. math:: x^{(n+1)} = a\, x^{(n)} + N^{-\gamma} f(W^{(n)} x^{(n)} + b^{(n)}), \qquad W_{ij} \sim N(0, 1/\text{width}),

and differ in the skip connection a (0 or 1), in the power :math:`\gamma` and in whether all layers share their weights. Slide 3/5 of "When
is NN a spacetime?" prints :math:`a = 1, \gamma = 0`; Euler's method in a fixed time is :math:`\gamma = 1`. Members of the
ensemble run side by side: the first axis of a state is the member, the first axis of the weights the layer. Used on the page
``networks-as-spacetime/depth-as-time``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["ARCHITECTURES", "Architecture", "DeepEnsemble"]


@checked
@dataclass(frozen=True)
class Architecture:
    """What one member of an ensemble does with depth.

    ``skip`` is a, 1 with a skip connection and 0 without; the layers are multiplied by depth^-``power``; ``tied`` says whether all layers
    have the same weights.

    Examples
    --------
    >>> ARCHITECTURES["1/N"].power
    1.0
    """

    skip: float
    power: float
    tied: bool = False


ARCHITECTURES = {
    "plain": Architecture(0.0, 0.0),
    "as printed": Architecture(1.0, 0.0),
    "1/sqrt N": Architecture(1.0, 0.5),
    "1/N": Architecture(1.0, 1.0),
    "1/N, tied": Architecture(1.0, 1.0, tied=True),
}


@checked
class DeepEnsemble:
    """Random networks of one depth and width, one for each architecture in a list.

    Parameters
    ----------
    members : sequence of Architecture
        One entry a network; the same architecture may stand there many times, each with its own weights.
    generator : torch.Generator
        Draws the weights; the biases begin at 0.
    activation : callable
        f, applied elementwise.

    Examples
    --------
    >>> networks = DeepEnsemble([ARCHITECTURES["plain"]] * 2, 5, 3, torch.Generator().manual_seed(0))
    >>> networks.states(torch.ones(2, 7, 3, dtype=torch.float64)).shape
    torch.Size([6, 2, 7, 3])
    """

    def __init__(
        self,
        members: Sequence[Architecture],
        depth: int,
        width: int,
        generator: torch.Generator,
        activation: Callable[[torch.Tensor], torch.Tensor] = torch.tanh,
    ) -> None:
        if not len(members):
            raise InvalidArgument("members", "at least one architecture", members, "pass [ARCHITECTURES['1/N']]")
        self.depth, self.width = checks.count("depth", depth, maximum=checks.MOST_STEPS), checks.count("width", width)
        self.activation = activation
        self.skip = torch.tensor([[[member.skip]] for member in members], dtype=torch.float64)
        self.scale = torch.tensor([[[depth**-member.power]] for member in members], dtype=torch.float64)
        self.tied = torch.tensor([member.tied for member in members])
        self.weights = torch.randn(depth, len(members), width, width, generator=generator, dtype=torch.float64) / width**0.5
        self.weights[:, self.tied] = self.weights[0, self.tied]
        self.biases = torch.zeros(depth, len(members), 1, width, dtype=torch.float64)

    def states(self, entrance: Float[torch.Tensor, "member point width"]) -> Float[torch.Tensor, "state member point width"]:
        """States at the entrance and after every layer.

        Raises
        ------
        Diverged
            If a state is no longer finite.
        """
        checks.tensor("entrance", entrance, shape=(len(self.skip), "point", self.width))
        states = [entrance]
        for weights, biases in zip(self.weights, self.biases, strict=True):
            rate = self.activation(torch.baddbmm(biases, states[-1], weights))  # member, point, width
            if rate.shape != entrance.shape or rate.dtype != entrance.dtype:
                came = f"{rate.dtype} of shape {tuple(rate.shape)}"
                raise InvalidArgument("activation", f"{entrance.dtype} of shape {tuple(entrance.shape)}", came, "apply it elementwise")
            states.append(torch.addcmul(self.skip * states[-1], self.scale, rate))
        return checks.finite_result("deep network", torch.stack(states), where="some layer", remedy="use fewer layers or a larger power")
