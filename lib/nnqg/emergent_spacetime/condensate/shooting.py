r"""Direct shooting on the data: from the horizon outwards, no labels, no window (the alternative to arXiv:1809.10536).

For each quark mass the field starts at the horizon with an unknown value :math:`\phi_h` and, by regularity, :math:`\pi = 0`, and
runs outwards through

.. math::
    \phi' = \pi, \qquad \pi' = -h\,\pi + m^2\phi + \lambda\phi^3,

with h constant on each of the network's layers and Runge-Kutta steps of order 4 inside them. At :math:`\eta = 1` the boundary map
is inverted:

.. math::
    3\phi + \pi = 2\alpha e^{-1} - \tfrac12\lambda\alpha^3 e^{-3}, \qquad
    \phi + \pi = -2\beta e^{-3} + \tfrac12\lambda\alpha^3 e^{-3}.

The first says which mass was shot at, the second which condensate was hit. Weights and all :math:`\phi_h` are fitted together by
least squares with the exact Jacobian, carried along as tangents.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float
from scipy.optimize import least_squares

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.condensate import _shooting_kernels as kernels
from nnqg.emergent_spacetime.condensate._shooting_kernels import MASS_TOLERANCE
from nnqg.emergent_spacetime.condensate.adjoint import constants
from nnqg.emergent_spacetime.condensate.data import LATTICE, PUBLISHED, SOURCE_SCALE, Objective
from nnqg.emergent_spacetime.condensate.training import random_start
from nnqg.errors import NotConverged

__all__ = ["ShootingFit", "ShootingProblem", "fit"]

SUBSTEPS = 4
RUNAWAY = 1e6  # residual given to a trajectory that runs away, and the bound on all residuals


@checked(quantities=LATTICE)
@dataclass(frozen=True)
class ShootingProblem:
    """Data to hit and the penalty on h.

    Attributes
    ----------
    mass, condensate, error : numpy.ndarray
        Positive quark masses in GeV; condensates and their errors in GeV^3.
    penalty_weight : float
        Multiplies the objective's penalty before it is added to chi squared.
    """

    mass: Float[np.ndarray, " data"]
    condensate: Float[np.ndarray, " data"]
    error: Float[np.ndarray, " data"]
    penalty_weight: float = 1.0
    objective: Objective = PUBLISHED

    def __post_init__(self) -> None:
        checks.array("mass", self.mass, shape=("data",), minimum=1e-12)
        checks.array("condensate", self.condensate, shape=self.mass.shape)
        checks.array("error", self.error, shape=self.mass.shape, minimum=1e-12)
        checks.number("penalty_weight", self.penalty_weight, minimum=0)

    def residuals_and_jacobian(
        self, unknowns: Float[np.ndarray, " unknown"]
    ) -> tuple[Float[np.ndarray, " residual"], Float[np.ndarray, "residual unknown"]]:
        """Mass and condensate of each shot in units of their errors, then the roots of the penalty's terms.

        The unknowns are h, lambda, log L and log phi_h. A shot that runs away has the residual 1e6 and no slope.
        """
        checks.array("unknowns", unknowns, shape=(self.objective.layers + 2 + self.mass.size,))
        data, o = self.mass.size, self.objective
        values, slopes = np.empty((data, 2)), np.zeros((data, 2, unknowns.size))
        kernels.shots(unknowns, self.mass, self.condensate, self.error, o.m2, -o.step, SUBSTEPS, values, slopes)
        rows, wanted = self._penalty_rows
        residuals = np.concatenate([values.ravel(), rows @ unknowns - wanted])
        jacobian = np.concatenate([slopes.reshape(2 * data, -1), rows])
        residuals = np.clip(np.nan_to_num(residuals, nan=RUNAWAY), -RUNAWAY, RUNAWAY)
        return residuals, np.nan_to_num(jacobian, posinf=0.0, neginf=0.0)

    @cached_property
    def _penalty_rows(self) -> tuple[np.ndarray, np.ndarray]:
        """Matrix and right-hand side of the penalty's terms, each one the square of a linear function of h."""
        layers, o = self.objective.layers, self.objective
        roots = np.sqrt(self.penalty_weight * np.concatenate([[o.boundary_weight], o.smoothness_weights]))
        rows = np.zeros((layers, layers + 2 + self.mass.size))
        rows[:, :layers] = roots[:, None] * (np.eye(layers) - np.eye(layers, k=-1))
        return rows, roots * np.eye(layers)[0] * o.dimension


@checked
@dataclass(frozen=True)
class ShootingFit:
    """A fitted model.

    Attributes
    ----------
    condensate : numpy.ndarray
        What the shots hit, in GeV^3.
    chi_squared : float
        Sum over the data of (miss / error)^2.
    penalty : float
        The objective's penalty, without penalty_weight.
    horizon_values : numpy.ndarray
        phi_h of each shot.
    """

    weights: Float[np.ndarray, " weight"]
    condensate: Float[np.ndarray, " data"]
    chi_squared: float
    penalty: float
    horizon_values: Float[np.ndarray, " data"]


@checked
def fit(problem: ShootingProblem, rng: np.random.Generator, evaluations: int = 400) -> ShootingFit:
    """Fit h, lambda, L and the horizon values from the published random start with at most so many trust-region steps.

    What comes is the best point found. It need not be the only one, and more evaluations move on along a flat valley.

    Raises
    ------
    NotConverged
        If a shot does not arrive at its mass within a percent.

    Examples
    --------
    >>> line = ShootingProblem(np.array([0.01]), np.array([0.05]), np.array([0.004]))
    >>> fit(line, np.random.default_rng(1)).chi_squared < 1.0
    True
    """
    o, data = problem.objective, problem.mass.size
    *h, lam, radius = random_start(rng, o)
    unit = _linear_shot(np.array(h), o)  # the linear problem gives phi_h to start from
    horizon = np.log(2.0 * SOURCE_SCALE * radius * problem.mass * math.exp(-1.0) / abs(3.0 * unit[0] + unit[1]))
    start = np.concatenate([h, [lam, math.log(radius)], horizon])
    residuals, jacobian = _one_evaluation_a_point(problem)
    steps = checks.count("evaluations", evaluations)
    best = least_squares(residuals, start, jac=jacobian, x_scale="jac", max_nfev=steps)
    shots = best.fun[: 2 * data].reshape(data, 2)
    if np.abs(shots[:, 0]).max() * MASS_TOLERANCE > 0.01:
        missed = f"a mass is missed by {np.abs(shots[:, 0]).max() * MASS_TOLERANCE:.1e}"
        raise NotConverged("shooting", missed, "start from other weights or allow more evaluations")
    weights = np.concatenate([best.x[: o.layers + 1], [math.exp(best.x[o.layers + 1])]])
    penalty = float(constants(o).penalty @ np.diff(weights[: o.layers], prepend=o.dimension) ** 2)
    hit, chi_squared = problem.condensate + shots[:, 1] * problem.error, float((shots[:, 1] ** 2).sum())
    return ShootingFit(weights, hit, chi_squared, penalty, np.exp(best.x[o.layers + 2 :]))


def _one_evaluation_a_point(problem: ShootingProblem) -> tuple[Callable, Callable]:
    """Residuals and Jacobian as two functions; the search asks for both at the same point, and they are computed together."""
    latest: list = [np.empty(0), None]

    def both(unknowns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not np.array_equal(latest[0], unknowns):
            latest[:] = unknowns.copy(), problem.residuals_and_jacobian(unknowns)
        return latest[1]

    return lambda unknowns: both(unknowns)[0], lambda unknowns: both(unknowns)[1]


def _linear_shot(h: np.ndarray, objective: Objective) -> np.ndarray:
    """Field and momentum at the boundary layer for lambda = 0 and phi_h = 1."""
    state, *work = (np.empty((2, 3 + objective.layers)) for _ in range(4))
    kernels.shoot(h, 0.0, 1.0, objective.m2, -objective.step, SUBSTEPS, state, *work)
    return state[:, 0]
