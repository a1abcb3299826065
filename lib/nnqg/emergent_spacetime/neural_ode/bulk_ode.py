r"""The bulk field equation as a neural ordinary differential equation of torch, solved by torchdiffeq.

.. math::
    \frac{d\phi}{dt} = -\pi, \qquad \frac{d\pi}{dt} = h(t)\,\pi + 3\phi - \lambda\phi^3, \qquad t = 1 - \eta \in [0, 1].

Two ways to the gradient: through the solver's own operations (``direct``), or by solving the adjoint equation backwards (``adjoint``),
:math:`\dot a = -J^T a` (arXiv:1806.07366), which stores nothing but the end of the path.
"""

from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import nn
from torchdiffeq import odeint, odeint_adjoint

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.condensate.data import LATTICE, PUBLISHED, Objective
from nnqg.emergent_spacetime.condensate.objective import boundary_map, window
from nnqg.errors import Diverged

__all__ = ["BulkField", "horizon_momentum", "window_objective"]

Route = Literal["direct", "adjoint"]
ADAPTIVE = ("dopri5", "dopri8", "bosh3", "fehlberg2", "adaptive_heun")
FIXED = ("euler", "midpoint", "heun2", "heun3", "rk4", "explicit_adams", "implicit_adams", "fixed_adams")
"""The methods of torchdiffeq: those that choose their steps, and those that take the points of the grid that they are given."""
MOST_STEPS, LARGEST_FIELD = 1000, 1e8
RUNAWAY = "take weaker weights, or smaller steps"


@checked
class BulkField(nn.Module):
    """Right-hand side of the field equation.

    Parameters
    ----------
    weights : numpy.ndarray
        Coefficients of h in rising powers of t, then lam and L in 1/GeV.

    Attributes
    ----------
    coefficients, lam, radius : torch.nn.Parameter
        The same three.
    evaluations : int
        How often the right-hand side was computed.
    """

    def __init__(self, weights: Float[np.ndarray, " weight"]) -> None:
        super().__init__()
        checks.array("weights", weights, shape=("weight",))
        checks.count("number of weights", weights.size, minimum=3)
        self.coefficients = nn.Parameter(torch.tensor(weights[:-2].copy()))
        self.lam = nn.Parameter(torch.tensor(weights[-2]))
        self.radius = nn.Parameter(torch.tensor(weights[-1]))
        self.evaluations = 0

    def friction(self, t: Float[torch.Tensor, ""]) -> Float[torch.Tensor, ""]:
        """h(t) by Horner's rule."""
        h = torch.zeros_like(t)
        for coefficient in self.coefficients.flip(0):
            h = h * t + coefficient
        return h

    def forward(
        self,
        t: Float[torch.Tensor, ""],
        state: Float[torch.Tensor, "2 point"],
    ) -> Float[torch.Tensor, "2 point"]:
        """The derivative of (phi, pi) by t, in the form that torchdiffeq calls."""
        self.evaluations += 1
        if not float(state.detach().abs().max()) < LARGEST_FIELD:
            raise Diverged("the bulk field", f"t = {float(t):.3g}", RUNAWAY)
        phi, pi_ = state
        rate = self.friction(t) * pi_ + 3 * phi - self.lam * phi**3
        return torch.stack([-pi_, rate])

    def gradient(self) -> Float[np.ndarray, " weight"]:
        """What the last backward pass left, by the coefficients, lam and L."""
        parts = (self.coefficients, self.lam, self.radius)
        found = [torch.zeros_like(p) if p.grad is None else p.grad for p in parts]
        return np.concatenate([one.reshape(-1).numpy() for one in found])


@checked(quantities=LATTICE)
def horizon_momentum(
    field: BulkField,
    mass: Float[torch.Tensor, " point"],
    condensate: Float[torch.Tensor, " point"],
    *,
    route: Route = "direct",
    method: str = "dopri5",
    tolerance: float = 1e-9,
    steps: int = 40,
) -> Float[torch.Tensor, " point"]:
    r"""The network's output :math:`F = \pi(t = 1)`.

    Gradients are taken by either route; the tolerance, relative and absolute, is for torchdiffeq's methods that choose their steps, the
    number of steps for those on a grid.

    Raises
    ------
    Diverged
        If the field runs away, above 1e8, or a method does not arrive in 1000 steps.

    Examples
    --------
    >>> field = BulkField(np.array([4.0, 0.0, 1.0]))
    >>> float(horizon_momentum(field, torch.zeros(1).double(), torch.zeros(1).double()).detach()[0])
    0.0
    """
    solve = {"direct": odeint, "adjoint": odeint_adjoint}[checks.option("route", route, ("direct", "adjoint"))]
    start = torch.stack(boundary_map(mass, condensate, field.lam, field.radius))
    settings: dict[str, Any] = {}
    if checks.option("method", method, ADAPTIVE + FIXED) in FIXED:
        t = torch.linspace(0, 1, checks.count("steps", steps) + 1, dtype=torch.float64)
        if "adams" in method:  # with more past steps than four these are unstable
            settings = {"options": {"max_order": 4}}
    else:
        t, tolerance = torch.tensor([0.0, 1.0], dtype=torch.float64), checks.number("tolerance", tolerance, above=0)
        options = {"max_num_steps": MOST_STEPS, "step_t": t[1:]}  # no step goes beyond the horizon
        settings = {"rtol": tolerance, "atol": tolerance, "options": options}
    try:
        return solve(field, start, t, method=method, **settings)[-1, 1]
    except AssertionError as error:  # so torchdiffeq says that its step became too small, or that there were too many
        raise Diverged("the bulk field", f"a step between the boundary and the horizon ({error})", RUNAWAY) from error


@checked
def window_objective(
    momentum: Float[torch.Tensor, " point"], label: Float[torch.Tensor, " point"], field: BulkField, objective: Objective = PUBLISHED
) -> Float[torch.Tensor, ""]:
    r"""The objective :math:`\overline{|t(F) - y|}^2 + c_0 (4 - h(\eta = 1))^2`.

    Label 0 is on the curve, 1 off it.

    Examples
    --------
    >>> field = BulkField(np.array([4.0, 0.0, 1.0]))
    >>> float(window_objective(torch.zeros(2).double(), torch.tensor([0.0, 1.0]).double(), field).detach())
    0.25
    """
    checks.tensor("label", label, shape=tuple(momentum.shape), minimum=0.0, maximum=1.0)
    missed = (window(momentum, objective) - label).abs().mean()
    return missed**2 + objective.boundary_weight * (objective.dimension - field.coefficients[0]) ** 2
