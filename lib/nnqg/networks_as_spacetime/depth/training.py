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
@np.errstate(over="ignore", invalid="ignore")  # reported at the end
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
    spread = float(((targets - targets.mean(0)) ** 2).mean())
    if spread == 0:
        raise InvalidArgument("targets", "points that differ", "a single point", "the loss is in units of their variance")
    layers = torch.cat([networks.weights, networks.biases], dim=2)  # layer member width+1 width
    parameters = (layers, readout)
    flat = gather(parameters)
    gradient, rate = torch.empty_like(flat), gather([rates[:, None, None].expand_as(p) for p in parameters])
    layers, readout = views(flat, parameters)
    networks.weights, networks.biases = layers.split([networks.width, 1], dim=2)
    adam, by_layers, by_readout = Adam(flat), *(slope.numpy() for slope in views(gradient, parameters))
    states = np.ones((networks.depth + 1, members, networks.width + 1, len(inputs)))  # columns x, and the 1 that multiplies b
    states[0, :, :-1], rises, history = (inputs @ lift).mT, np.empty_like(states[1:, :, :-1]), []
    for step in range(checks.count("steps", steps, maximum=checks.MOST_STEPS) + 1):
        _forward(networks, layers.mT.numpy(), states, rises)
        last = states[-1, :, :-1]
        miss = readout.mT.numpy() @ last - targets.T.numpy(force=True)  # member component point
        history.append((miss**2).mean((1, 2)) / spread)
        if step < steps:
            miss *= 2 / (targets.numel() * spread)
            by_readout[:] = last @ miss.swapaxes(1, 2)
            _backward(networks, layers[:, :, :-1].numpy(), states, rises, readout.numpy() @ miss, by_layers)
            adam.step(gradient, rate)
    loss = checks.finite_result("training", np.stack(history), where="some step", remedy="lower the rates")
    return Training(networks, lift, readout, loss)


def _forward(networks: DeepEnsemble, weights: np.ndarray, states: np.ndarray, rises: np.ndarray) -> None:
    """Fill in the states after every layer, and h = tanh(W x + b). Numpy's calls are the cheap ones for arrays this small."""
    x, skip, scale = states[:, :, :-1], networks.skip.numpy(), networks.scale.numpy()
    for n, h in enumerate(rises):
        np.tanh(np.matmul(weights[n], states[n], out=h), out=h)
        np.add(skip * x[n], scale * h, out=x[n + 1])


def _backward(
    networks: DeepEnsemble, weights: np.ndarray, states: np.ndarray, rises: np.ndarray, g: np.ndarray, slopes: np.ndarray
) -> None:
    """Fill in the gradients by weights and biases; g is the one by the last state."""
    skip, scale, tied = networks.skip.numpy(), networks.scale.numpy(), networks.tied.numpy()
    for n in range(networks.depth - 1, -1, -1):
        delta = scale * g
        delta -= delta * rises[n] ** 2  # tanh' = 1 - tanh^2
        np.matmul(states[n], delta.swapaxes(1, 2), out=slopes[n])
        g = skip * g + weights[n] @ delta
    slopes[:, tied] = slopes[:, tied].sum(0)  # one layer, used at every depth
