r"""Gradients through the depth of random networks: what backpropagation multiplies from the exit to the entrance.

A layer pulls the gradient back by :math:`g^{(n)} = a\, g^{(n+1)} + N^{-\gamma} W^{(n)T} (f' \odot g^{(n+1)})`. For linear layers of width
m with independent weights of variance 1/m,

.. math:: \Big\langle \log \frac{|g^{(0)}|}{|g^{(N)}|} \Big\rangle_{a=0} = \frac N2 [\psi(m/2) - \log(m/2)], \qquad
          \Big\langle \frac{|g^{(0)}|^2}{|g^{(N)}|^2} \Big\rangle_{a=1} = (1 + N^{-2\gamma})^N .
"""

import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.networks_as_spacetime.depth.scaling import DeepEnsemble

__all__ = ["gradient_norms"]


def gradient_norms(
    networks: DeepEnsemble, entrance: Float[torch.Tensor, "member point width"], generator: torch.Generator
) -> Float[torch.Tensor, "state member point"]:
    r"""Norm of the gradient of :math:`u \cdot x^{(N)}` at every layer, for a random unit vector u a point; 1 at the exit.

    Parameters
    ----------
    networks : DeepEnsemble
        The networks.
    entrance : torch.Tensor, shape (member, point, width)
        What each network gets.
    generator : torch.Generator
        Draws u.

    Returns
    -------
    torch.Tensor, shape (depth + 1, member, point)
        :math:`|\partial (u \cdot x^{(N)})/\partial x^{(n)}|`, n = 0 first.

    Raises
    ------
    InvalidArgument
        If the entrance is no finite tensor of that shape.
    Diverged
        If a state or a gradient is no longer finite.

    Examples
    --------
    >>> generator = torch.Generator().manual_seed(0)
    >>> from nnqg.networks_as_spacetime.depth.scaling import ARCHITECTURES
    >>> networks = DeepEnsemble([ARCHITECTURES["1/N"]], 4, 3, generator)
    >>> gradient_norms(networks, torch.ones(1, 2, 3, dtype=torch.float64), generator).shape
    torch.Size([5, 1, 2])

    Notes
    -----
    Used on the page ``networks-as-spacetime/depth-as-time``.
    """
    states = networks.states(entrance).detach()
    backward = torch.randn(states.shape[1:], generator=generator, dtype=torch.float64)
    norms = [torch.ones(states.shape[1:3], dtype=torch.float64)]
    backward = backward / backward.norm(dim=-1, keepdim=True)
    for n in range(networks.depth - 1, -1, -1):
        drive = torch.baddbmm(networks.biases[n], states[n], networks.weights[n])
        _, pulled = torch.autograd.functional.vjp(networks.activation, drive, backward)
        backward = networks.skip * backward + networks.scale * pulled @ networks.weights[n].transpose(1, 2)
        norms.append(backward.norm(dim=-1))
    return checks.finite_result("backpropagation", torch.stack(norms[::-1]), where="some layer", remedy="use fewer layers")
