r"""Training of deep networks side by side: every member of a `DeepEnsemble` has its own weights and its own learning rate.

The networks read d numbers, lift them to their width with a fixed random matrix, and read out d numbers linearly. Adam moves the layers
and the readout of all members in one sweep. Backpropagation is written out: with the misfit L, :math:`h = f(W x + b)` and
:math:`g^{(n)} = \partial L/\partial x^{(n)}`,

.. math:: \delta^{(n)} = N^{-\gamma} f' \odot g^{(n+1)}, \qquad \frac{\partial L}{\partial W^{(n)}} = \delta^{(n)} x^{(n)T}, \qquad
          g^{(n)} = a\, g^{(n+1)} + W^{(n)T} \delta^{(n)} .

Members that share their weights over depth share the sum of the gradients too. Used on the page ``networks-as-spacetime/depth-as-time``.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.adam import Adam, gather, views
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.depth.scaling import DeepEnsemble

__all__ = ["Training", "train"]


@checked
@dataclass
class Training:
    """What training leaves behind: the networks, their fixed ``lift`` and trained ``readout``, and the loss.

    ``loss`` is the mean square misfit in units of the variance of the targets, before each step and after the last.
    """

    networks: DeepEnsemble
    lift: Float[torch.Tensor, "member component width"]
    readout: Float[torch.Tensor, "member width component"]
    loss: Float[np.ndarray, "step member"]

    def predict(self, inputs: Float[torch.Tensor, "point component"]) -> Float[torch.Tensor, "member point component"]:
        """What every network answers: lift, layers, readout."""
        checks.tensor("inputs", inputs, shape=("point", self.lift.shape[1]))
        return self.networks.states(inputs @ self.lift)[-1] @ self.readout


@checked
@torch.no_grad()
def train(
    networks: DeepEnsemble,
    inputs: Float[torch.Tensor, "point component"],
    targets: Float[torch.Tensor, "point component"],
    rates: Float[torch.Tensor, " member"],
    steps: int,
    generator: torch.Generator,
) -> Training:
    r"""Train all members on the same points, in place, with Adam and one learning rate a member. The activation is tanh.

    The generator draws the lift, of variance 1/component, and the readout, of variance 1/width.

    Raises
    ------
    Diverged
        If a loss is no longer finite.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.depth.scaling import ARCHITECTURES
    >>> generator, line = torch.Generator().manual_seed(0), torch.linspace(-1, 1, 9, dtype=torch.float64)[:, None]
    >>> networks = DeepEnsemble([ARCHITECTURES["1/N"]], 4, 8, generator)
    >>> done = train(networks, line, line**2, torch.tensor([0.02], dtype=torch.float64), 100, generator)
    >>> bool(done.loss[-1, 0] < 0.1 * done.loss[0, 0])
    True
    """
    checks.tensor("inputs", inputs, shape=("point", "component"))
    checks.tensor("targets", targets, shape=tuple(inputs.shape))
    members, components = len(networks.skip), inputs.shape[1]
    checks.tensor("rates", rates, shape=(members,), minimum=1e-12)
    lift = torch.randn(members, components, networks.width, generator=generator, dtype=torch.float64) / components**0.5
    readout = torch.randn(members, networks.width, components, generator=generator, dtype=torch.float64) / networks.width**0.5
    if networks.activation is not torch.tanh:
        raise InvalidArgument("networks", "the activation tanh", networks.activation, "its derivative is written out here")
    spread = ((targets - targets.mean(0)) ** 2).mean()
    if spread == 0:
        raise InvalidArgument("targets", "points that differ", "a single point", "the loss is in units of their variance")
    parameters = (networks.weights, networks.biases, readout)
    flat = gather(parameters)
    gradient, rate = torch.empty_like(flat), gather([rates[:, None, None].expand_as(p) for p in parameters])
    networks.weights, networks.biases, readout = views(flat, parameters)
    adam, slopes = Adam(flat), views(gradient, parameters)
    states = torch.empty(networks.depth + 1, members, len(inputs), networks.width, dtype=torch.float64)
    states[0], rises, history = inputs @ lift, torch.empty_like(states[1:]), []
    for step in range(checks.count("steps", steps) + 1):
        _forward(networks, states, rises)
        miss = states[-1] @ readout - targets
        history.append((miss**2).mean(dim=(1, 2)) / spread)
        if step < steps:
            _backward(networks, states, rises, 2 * miss / (targets.numel() * spread), readout, slopes)
            adam.step(gradient, rate)
    loss = checks.finite_result("training", torch.stack(history).numpy(), where="some step", remedy="lower the rates")
    return Training(networks, lift, readout, loss)


def _forward(networks: DeepEnsemble, states: torch.Tensor, rises: torch.Tensor) -> None:
    """Fill in the states after every layer, and h = tanh(W x + b)."""
    x, h = states.unbind(0), rises.unbind(0)
    for n, (weights, biases) in enumerate(zip(networks.weights, networks.biases, strict=True)):
        torch.baddbmm(biases, x[n], weights, out=h[n]).tanh_()
        torch.mul(x[n], networks.skip, out=x[n + 1]).addcmul_(networks.scale, h[n])


def _backward(
    networks: DeepEnsemble, states: torch.Tensor, rises: torch.Tensor, miss: torch.Tensor, readout: torch.Tensor, slopes: list[torch.Tensor]
) -> None:
    """Fill in the gradients by weights, biases and readout; ``miss`` is the one by the answers."""
    by_weights, by_biases, by_readout = slopes
    torch.bmm(states[-1].transpose(1, 2), miss, out=by_readout)
    g = miss @ readout.transpose(1, 2)  # member point width
    x, h, back = states.transpose(2, 3).unbind(0), rises.unbind(0), (networks.scale * networks.weights.transpose(2, 3)).unbind(0)
    delta = torch.empty_like(g)
    for n in range(networks.depth - 1, -1, -1):
        torch.addcmul(g, g * h[n], h[n], value=-1, out=delta)  # tanh' = 1 - tanh^2
        torch.bmm(x[n], delta, out=by_weights[n])
        torch.sum(delta, 1, keepdim=True, out=by_biases[n])
        g.mul_(networks.skip).baddbmm_(delta, back[n])
    tied = networks.tied.nonzero()[:, 0]
    for by_layers in (by_weights, by_biases):
        by_layers.mul_(networks.scale)
        by_layers[:, tied] = by_layers[:, tied].sum(0, keepdim=True)  # one layer, used at every depth
