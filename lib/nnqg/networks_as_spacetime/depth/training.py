"""Training of deep networks side by side: every member of a `DeepEnsemble` has its own weights and its own learning rate.

The networks read d numbers, lift them to their width with a fixed random matrix, and read out d numbers linearly. Adam moves the layers
and the readout of all members in one sweep; members that share their weights over depth share the gradient too.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.depth.scaling import DeepEnsemble

__all__ = ["Training", "train"]

DECAY, DECAY_SQUARE, SMALL = 0.9, 0.999, 1e-10


@dataclass
class Training:
    """What training leaves behind.

    Parameters
    ----------
    networks : DeepEnsemble
        The trained networks.
    lift : torch.Tensor, shape (member, component, width)
        The fixed entrance.
    readout : torch.Tensor, shape (member, width, component)
        The trained exit.
    loss : numpy.ndarray, shape (steps + 1, member)
        Mean square misfit divided by the mean square of the targets about their mean, before each step and after the last.
    """

    networks: DeepEnsemble
    lift: Float[torch.Tensor, "member component width"]
    readout: Float[torch.Tensor, "member width component"]
    loss: Float[np.ndarray, "step member"]

    def predict(self, inputs: Float[torch.Tensor, "point component"]) -> Float[torch.Tensor, "member point component"]:
        """What every network answers.

        Parameters
        ----------
        inputs : torch.Tensor, shape (point, component)
            Points.

        Returns
        -------
        torch.Tensor, shape (member, point, component)
            Answers.

        Raises
        ------
        InvalidArgument
            If the inputs are no finite tensor of that shape.
        """
        checks.tensor("inputs", inputs, shape=("point", self.lift.shape[1]))
        return self.networks.states(inputs @ self.lift)[-1] @ self.readout


def train(
    networks: DeepEnsemble,
    inputs: Float[torch.Tensor, "point component"],
    targets: Float[torch.Tensor, "point component"],
    rates: Float[torch.Tensor, " member"],
    steps: int,
    generator: torch.Generator,
) -> Training:
    r"""Train all members on the same points, in place, with Adam.

    Parameters
    ----------
    networks : DeepEnsemble
        The networks; their weights and biases change.
    inputs, targets : torch.Tensor, shape (point, component)
        What goes in and what should come out.
    rates : torch.Tensor, shape (member,)
        Learning rate of each member.
    steps : int
        Number of steps.
    generator : torch.Generator
        Draws the lift, of variance 1/component, and the readout, of variance 1/width.

    Returns
    -------
    Training
        Trained networks and the loss on the way.

    Raises
    ------
    InvalidArgument
        If shapes do not fit, a rate is not positive, a number not finite, or the targets do not vary.
    Diverged
        If a loss is no longer finite.

    Notes
    -----
    Used on the page ``networks-as-spacetime/depth-as-time``.
    """
    checks.tensor("inputs", inputs, shape=("point", "component"))
    checks.tensor("targets", targets, shape=tuple(inputs.shape))
    members, component = len(networks.skip), inputs.shape[1]
    checks.tensor("rates", rates, shape=(members,), minimum=1e-12)
    lift = torch.randn(members, component, networks.width, generator=generator, dtype=torch.float64) / component**0.5
    readout = torch.randn(members, networks.width, component, generator=generator, dtype=torch.float64) / networks.width**0.5
    moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in (networks.weights, networks.biases, readout)]
    result, history = Training(networks, lift, readout, np.zeros((1, members))), []
    spread = ((targets - targets.mean(0)) ** 2).mean()
    if spread == 0:
        raise InvalidArgument("targets", "points that differ", "a single point", "the loss is in units of their variance")
    for step in range(1, checks.count("steps", steps) + 1):
        parameters = [p.requires_grad_() for p in (networks.weights, networks.biases, result.readout)]
        loss = ((result.predict(inputs) - targets) ** 2).mean(dim=(1, 2)) / spread
        history.append(loss.detach())
        gradients = torch.autograd.grad(loss.sum(), parameters)
        moved = _adam(parameters, _share(gradients, networks.tied), moments, rates, step)
        networks.weights, networks.biases, result.readout = moved
    with torch.no_grad():
        history.append(((result.predict(inputs) - targets) ** 2).mean(dim=(1, 2)) / spread)
    result.loss = checks.finite_result("training", torch.stack(history).numpy(), where="some step", remedy="lower the rates")
    return result


def _share(gradients: tuple[torch.Tensor, ...], tied: torch.Tensor) -> list[torch.Tensor]:
    """Give every layer of a tied member the sum of the gradients of all its layers."""
    *layers, readout = gradients
    return [torch.where(tied[:, None, None], g.sum(0, keepdim=True).expand_as(g), g) for g in layers] + [readout]


def _adam(
    parameters: list[torch.Tensor],
    gradients: list[torch.Tensor],
    moments: list[tuple[torch.Tensor, torch.Tensor]],
    rates: torch.Tensor,
    step: int,
) -> list[torch.Tensor]:
    """Return the parameters after one step of Adam; the moments change in place."""
    moved = []
    for parameter, gradient, (mean, square) in zip(parameters, gradients, moments, strict=True):
        mean.lerp_(gradient, 1 - DECAY)
        square.lerp_(gradient**2, 1 - DECAY_SQUARE)
        size = (square / (1 - DECAY_SQUARE**step)).sqrt() + SMALL
        moved.append(parameter.detach() - rates[:, None, None] * mean / (1 - DECAY**step) / size)
    return moved
