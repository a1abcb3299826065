r"""The ends of the published condensate network in readable torch (arXiv:1809.10536 and its public code).

A point :math:`(m_q, \langle\bar q q\rangle)` is turned into boundary values of the bulk field; what arrives at the horizon is the
momentum F, zero for a point on the lattice curve. Masses are in GeV, condensates in GeV^3, and all lengths in units of the AdS
radius L, except L itself, in 1/GeV.
"""

import math

import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime import window as last_layer
from nnqg.emergent_spacetime.condensate.data import LATTICE, PUBLISHED, SOURCE_SCALE, VEV_SCALE, Objective

__all__ = ["boundary_map", "window"]


@checked(quantities=LATTICE | {"radius": "a length in the bulk"})
def boundary_map(
    mass: Float[torch.Tensor, " point"],
    condensate: Float[torch.Tensor, " point"],
    lam: Float[torch.Tensor, ""],
    radius: Float[torch.Tensor, ""],
) -> tuple[Float[torch.Tensor, " point"], Float[torch.Tensor, " point"]]:
    r"""Field and momentum at :math:`\eta = 1` from the source and the expectation value.

    .. math::
        \alpha = \tfrac{\sqrt3}{2\pi} m_q L, \quad \beta = \tfrac{\pi}{\sqrt3} \langle\bar q q\rangle L^3, \quad
        \phi = \alpha e^{-\eta} + \bigl(\beta - \tfrac12\lambda\alpha^3\eta\bigr) e^{-3\eta}, \quad \pi = \partial_\eta\phi.

    Examples
    --------
    >>> one = torch.tensor(1.0, dtype=torch.float64)
    >>> phi, pi_ = boundary_map(torch.zeros(1, dtype=torch.float64), one.reshape(1), one, one)
    >>> round(float(pi_ / phi), 12)
    -3.0
    """
    checks.tensor("mass", mass, shape=("point",))
    checks.tensor("condensate", condensate, shape=tuple(mass.shape))
    checks.tensor("lam", lam, shape=())
    checks.tensor("radius", radius, shape=())
    alpha = SOURCE_SCALE * radius * mass
    beta = VEV_SCALE * radius**3 * condensate
    eta = 1.0
    source, response = math.exp(-eta), math.exp(-3 * eta)
    cubic = lam * alpha**3
    phi = alpha * source + (beta - 0.5 * cubic * eta) * response
    pi_ = -alpha * source - 3 * (beta - 0.5 * cubic * eta) * response - 0.5 * cubic * response
    return phi, pi_


@checked(infinite=("outcome",))
def window(outcome: Float[torch.Tensor, " point"], objective: Objective = PUBLISHED) -> Float[torch.Tensor, " point"]:
    r"""The network's last layer :math:`t(F)`: 0 inside :math:`|F| < \epsilon`, 1 outside.

    Examples
    --------
    >>> window(torch.tensor([0.0, 0.1, float("inf")]).double()).round(decimals=3)
    tensor([0.0000, 0.5000, 1.0000], dtype=torch.float64)
    """
    return last_layer.window(outcome, objective.half_width, 1.0 / objective.edge)
