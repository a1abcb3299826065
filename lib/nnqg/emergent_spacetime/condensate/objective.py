r"""The published condensate objective, parameter for parameter, as readable torch (arXiv:1809.10536 and its public code).

A point :math:`(m_q, \langle\bar q q\rangle)` is turned into boundary values of the bulk field, the Euler network carries them to
the horizon, and the outcome is the momentum there: zero for a point on the lattice curve. Weights are :math:`h_0 \dots h_{N-1}`, lambda
and L; masses are in GeV, condensates in GeV^3, and all lengths in units of the AdS radius L, except L itself, in 1/GeV.
"""

import math

import torch
from jaxtyping import Float

from nnqg import checks
from nnqg.emergent_spacetime import window as last_layer
from nnqg.emergent_spacetime._training_kernels import RUNAWAY
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, SOURCE_SCALE, VEV_SCALE, Objective

__all__ = ["boundary_map", "loss", "outcome", "penalty", "window"]


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


def outcome(
    weights: Float[torch.Tensor, " weight"],
    mass: Float[torch.Tensor, " point"],
    condensate: Float[torch.Tensor, " point"],
    objective: Objective = PUBLISHED,
) -> Float[torch.Tensor, " point"]:
    r"""Momentum :math:`F = \pi(\eta_N)` that the Euler network finds at the horizon: zero on the model's curve.

    A point that runs away is held at RUNAWAY, as in the compiled code; with absurd weights F may be infinite.

    Examples
    --------
    >>> weights = torch.cat([torch.full((15,), 4.0), torch.tensor([0.0, 1.0])]).double()
    >>> bool(outcome(weights, torch.zeros(1).double(), torch.zeros(1).double())[0] == 0.0)
    True
    """
    checks.tensor("weights", weights, shape=(objective.layers + 2,))
    h, lam, radius = weights[:-2], weights[-2], weights[-1]
    phi, pi_ = boundary_map(mass, condensate, lam, radius)
    for h_n in h:
        next_pi = pi_ - objective.step * (h_n * pi_ - objective.m2 * phi - lam * phi**3)
        phi, pi_ = (phi + objective.step * pi_).clamp(-RUNAWAY, RUNAWAY), next_pi.clamp(-RUNAWAY, RUNAWAY)
    return pi_.nan_to_num(nan=math.inf)


def window(outcome: Float[torch.Tensor, " point"], objective: Objective = PUBLISHED) -> Float[torch.Tensor, " point"]:
    r"""The network's last layer :math:`t(F)`: 0 inside :math:`|F| < \epsilon`, 1 outside.

    Examples
    --------
    >>> window(torch.tensor([0.0, 0.1, float("inf")]).double()).round(decimals=3)
    tensor([0.0000, 0.5000, 1.0000], dtype=torch.float64)
    """
    return last_layer.window(outcome, objective.half_width, 1.0 / objective.edge)


def penalty(weights: Float[torch.Tensor, " weight"], objective: Objective = PUBLISHED) -> Float[torch.Tensor, ""]:
    r"""The regulariser :math:`c_0 (d - h_0)^2 + c \sum_n \eta_{n-1}^4 (h_n - h_{n-1})^2`.

    Examples
    --------
    >>> float(penalty(torch.full((17,), 4.0).double()))
    0.0
    """
    checks.tensor("weights", weights, shape=(objective.layers + 2,))
    h = weights[:-2]
    smoothness = torch.as_tensor(objective.smoothness_weights, dtype=h.dtype)
    return objective.boundary_weight * (objective.dimension - h[0]) ** 2 + (smoothness * torch.diff(h) ** 2).sum()


def loss(
    weights: Float[torch.Tensor, " weight"],
    mass: Float[torch.Tensor, " point"],
    condensate: Float[torch.Tensor, " point"],
    label: Float[torch.Tensor, " point"],
    objective: Objective = PUBLISHED,
) -> tuple[Float[torch.Tensor, ""], Float[torch.Tensor, ""]]:
    r"""The two parts of the objective, :math:`(\overline{|t(F) - y|})^2` with the window t, and the penalty; labels y are 0 (true) or 1.

    Examples
    --------
    >>> weights, one = torch.full((17,), 4.0).double(), torch.ones(1).double()
    >>> [float(part) for part in loss(weights, one, one, one)]
    [0.0, 0.0]
    """
    checks.tensor("label", label, shape=tuple(mass.shape), minimum=0.0, maximum=1.0)
    missed = (window(outcome(weights, mass, condensate, objective), objective) - label).abs().mean()
    return missed**2, penalty(weights, objective)
