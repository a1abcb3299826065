r"""Gradients through the depth of random networks: what backpropagation multiplies from the exit to the entrance.

A layer pulls the gradient back by :math:`g^{(n)} = a\, g^{(n+1)} + N^{-\gamma} W^{(n)T} (f' \odot g^{(n+1)})`. For linear layers of width
m with independent weights of variance 1/m,

.. math:: \Big\langle \log \frac{|g^{(0)}|}{|g^{(N)}|} \Big\rangle_{a=0} = \frac N2 [\psi(m/2) - \log(m/2)], \qquad
          \Big\langle \frac{|g^{(0)}|^2}{|g^{(N)}|^2} \Big\rangle_{a=1} = (1 + N^{-2\gamma})^N .

Derived on the page ``networks-as-spacetime/depth-as-time``.
"""

import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.networks_as_spacetime.depth.scaling import DeepEnsemble

__all__ = ["gradient_norms"]


@checked
def gradient_norms(
    networks: DeepEnsemble, entrance: Float[torch.Tensor, "member point width"], generator: torch.Generator
) -> Float[torch.Tensor, "state member point"]:
    r"""Norms :math:`|\partial (u \cdot x^{(N)})/\partial x^{(n)}|`, n = 0 first, for a random unit vector u a point; 1 at the exit.

    Raises
    ------
    Diverged
        If a state or a gradient is no longer finite.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> from nnqg.networks_as_spacetime.depth.scaling import ARCHITECTURES
    >>> networks = DeepEnsemble([ARCHITECTURES["1/N"]], 4, 3, generator)
    >>> gradient_norms(networks, torch.ones(1, 2, 3, dtype=torch.float64), generator).shape
    torch.Size([5, 1, 2])
    """
    states = networks.states(entrance).detach()
    backward = torch.randn(states.shape[1:], generator=generator, dtype=torch.float64)
    gradients = torch.empty_like(states)
    gradients[-1] = backward / backward.norm(dim=-1, keepdim=True)
    slopes = networks.scale * _slopes(networks, states)
    for n in range(networks.depth - 1, -1, -1):
        pulled = torch.bmm(slopes[n] * gradients[n + 1], networks.weights[n].transpose(1, 2))
        torch.addcmul(pulled, networks.skip, gradients[n + 1], out=gradients[n])
    return checks.finite_result("backpropagation", gradients.norm(dim=-1), where="some layer", remedy="use fewer layers")


def _slopes(networks: DeepEnsemble, states: torch.Tensor) -> torch.Tensor:
    """Return f' of all layers at once."""
    drive = (states[:-1] @ networks.weights + networks.biases).requires_grad_()
    return torch.autograd.grad(networks.activation(drive).sum(), drive)[0]
