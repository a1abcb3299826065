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
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from scipy.optimize import least_squares

from nnqg import checks
from nnqg.emergent_spacetime.condensate import _shooting_kernels as kernels
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, SOURCE_SCALE, VEV_SCALE, Objective
from nnqg.emergent_spacetime.condensate.training import random_start
from nnqg.errors import NotConverged

__all__ = ["ShootingFit", "ShootingProblem", "fit", "shoot_outwards"]

SUBSTEPS = 4
MASS_TOLERANCE = 1e-3  # relative: the masses are the shooting target and have no error of their own
RUNAWAY = 1e6  # residual given to a trajectory that runs away, and the bound on all residuals


def shoot_outwards(
    h: Float[np.ndarray, " layer"],
    lambda_: float,
    horizon_value: float,
    objective: Objective = PUBLISHED,
    substeps: int = SUBSTEPS,
) -> tuple[float, float]:
    r"""Field and momentum at the boundary layer of the solution that is regular at the horizon.

    Parameters
    ----------
    h : numpy.ndarray, shape (layers,)
        From the boundary inwards, constant on each layer.
    lambda_ : float
        Quartic coupling.
    horizon_value : float
        phi at the horizon.
    objective : Objective
        Grid and mass of the bulk field.
    substeps : int
        Runge-Kutta steps a layer; the error falls with their fourth power.

    Returns
    -------
    phi, pi_ : float
        At eta_ini.

    Raises
    ------
    InvalidArgument
        If h has the wrong shape or a number is not finite.
    Diverged
        If the field runs away.

    Examples
    --------
    >>> phi, pi_ = shoot_outwards(np.full(15, 4.0), 0.0, 1.0)  # anti-de Sitter space: phi = (3 exp(-s) - exp(-3 s)) / 2
    >>> abs(phi - (3 * math.exp(-14 / 15) - math.exp(-14 / 5)) / 2) < 1e-6
    True
    """
    checks.array("h", h, shape=(objective.layers,))
    lambda_, horizon_value = checks.number("lambda_", lambda_), checks.number("horizon_value", horizon_value)
    checks.count("substeps", substeps)
    state = kernels.shoot(h, lambda_, horizon_value, objective.m2, -objective.step, substeps)
    checks.finite_result("shooting", state[:, 0], where="the way outwards", remedy="lower lambda_ or horizon_value")
    return float(state[0, 0]), float(state[1, 0])


@dataclass(frozen=True)
class ShootingProblem:
    """Data to hit and the penalty on h.

    Attributes
    ----------
    mass : numpy.ndarray, shape (data,)
        Positive quark masses in GeV.
    condensate : numpy.ndarray, shape (data,)
        In GeV^3.
    error : numpy.ndarray, shape (data,)
        Of the condensate, in GeV^3.
    penalty_weight : float
        Multiplies the objective's penalty before it is added to chi squared.
    objective : Objective
        Grid, mass of the bulk field, penalty.
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

    def residuals(self, unknowns: Float[np.ndarray, " unknown"]) -> Float[np.ndarray, " residual"]:
        """Mass and condensate of each shot in units of their errors, then the roots of the penalty's terms.

        Parameters
        ----------
        unknowns : numpy.ndarray, shape (layers + 2 + data,)
            h, lambda, log L, log phi_h.

        Returns
        -------
        numpy.ndarray, shape (2 data + layers,)
            Residuals.

        Raises
        ------
        InvalidArgument
            If unknowns has the wrong shape or is not finite.
        """
        self._check(unknowns)
        values = np.concatenate([self._shots(unknowns)[0].ravel(), self._roots(unknowns)[0]])
        return np.clip(np.nan_to_num(values, nan=RUNAWAY), -RUNAWAY, RUNAWAY)

    def jacobian(self, unknowns: Float[np.ndarray, " unknown"]) -> Float[np.ndarray, "residual unknown"]:
        """Derivative of the residuals.

        Parameters
        ----------
        unknowns : numpy.ndarray, shape (layers + 2 + data,)
            h, lambda, log L, log phi_h.

        Returns
        -------
        numpy.ndarray, shape (2 data + layers, layers + 2 + data)
            Zero for a shot that ran away.

        Raises
        ------
        InvalidArgument
            If unknowns has the wrong shape or is not finite.
        """
        self._check(unknowns)
        rows = np.concatenate([self._shots(unknowns)[1].reshape(-1, unknowns.size), self._roots(unknowns)[1]])
        return np.nan_to_num(rows, posinf=0.0, neginf=0.0)

    def _check(self, unknowns: np.ndarray) -> None:
        checks.array("unknowns", unknowns, shape=(self.objective.layers + 2 + self.mass.size,))

    def _shots(self, unknowns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        layers = self.objective.layers
        h, lambda_, radius = unknowns[:layers], unknowns[layers], math.exp(min(unknowns[layers + 1], 50.0))
        values, slopes = np.empty((self.mass.size, 2)), np.zeros((self.mass.size, 2, unknowns.size))
        horizon = np.exp(np.minimum(unknowns[layers + 2 :], 50.0))
        for i, phi_h in enumerate(horizon):
            state = kernels.shoot(h, lambda_, phi_h, self.objective.m2, -self.objective.step, SUBSTEPS)
            values[i], by_weight, by_horizon = self._shot(state, i, lambda_, radius)
            slopes[i, :, : layers + 2] = by_weight
            with np.errstate(over="ignore", invalid="ignore"):
                slopes[i, :, layers + 2 + i] = by_horizon * phi_h
        return values, slopes

    def _shot(self, state: np.ndarray, i: int, lambda_: float, radius: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Both residuals of one shot, and their derivatives with respect to (h, lambda, log L) and to phi_h."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a shot that ran away
            decay_1, decay_3 = math.exp(-1.0), math.exp(-3.0)
            alpha = SOURCE_SCALE * radius * self.mass[i]
            cubic = lambda_ * alpha**3 * decay_3
            wanted, scale = 2.0 * alpha * decay_1 - 0.5 * cubic, 2.0 * alpha * decay_1 * MASS_TOLERANCE
            source, response = 3.0 * state[0] + state[1], -0.5 * (state[0] + state[1])  # with tangents
            unit = VEV_SCALE * radius**3 * decay_3 * self.error[i]
            beta = (response[0] + 0.25 * cubic) / unit
            values = np.array([(source[0] - wanted) / scale, beta - self.condensate[i] / self.error[i]])
            by_lambda = [(source[2] + 0.5 * alpha**3 * decay_3) / scale, (response[2] + 0.25 * alpha**3 * decay_3) / unit]
            by_radius = [(cubic - source[0]) / scale, 0.75 * cubic / unit - 3.0 * beta]
            by_h = np.stack([source[3:] / scale, response[3:] / unit])
            by_weight = np.column_stack([by_h, by_lambda, by_radius])
            return values, by_weight, np.array([source[1] / scale, response[1] / unit])

    def _roots(self, unknowns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        layers, o = self.objective.layers, self.objective
        roots = np.sqrt(self.penalty_weight * np.concatenate([[o.boundary_weight], o.smoothness_weights]))
        rows = np.zeros((layers, unknowns.size))
        rows[:, :layers] = roots[:, None] * (np.eye(layers) - np.eye(layers, k=-1))
        return rows @ unknowns - roots * np.eye(layers)[0] * o.dimension, rows


@dataclass(frozen=True)
class ShootingFit:
    """A fitted model.

    Attributes
    ----------
    weights : numpy.ndarray, shape (layers + 2,)
        h, lambda, L in 1/GeV.
    condensate : numpy.ndarray, shape (data,)
        What the shots hit, in GeV^3.
    chi_squared : float
        Sum over the data of (miss / error)^2.
    penalty : float
        The objective's penalty, without penalty_weight.
    horizon_values : numpy.ndarray, shape (data,)
        phi_h of each shot.
    """

    weights: Float[np.ndarray, " weight"]
    condensate: Float[np.ndarray, " data"]
    chi_squared: float
    penalty: float
    horizon_values: Float[np.ndarray, " data"]


def fit(problem: ShootingProblem, rng: np.random.Generator, evaluations: int = 400) -> ShootingFit:
    """Fit h, lambda, L and the horizon values from the published random start.

    Parameters
    ----------
    problem : ShootingProblem
        Data and penalty.
    rng : numpy.random.Generator
        Draws the start, see `random_start`.
    evaluations : int
        Trust-region steps at most.

    Returns
    -------
    ShootingFit
        The best point found. It need not be the only one, and the search goes on to move along a flat valley when it has more evaluations.

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
    *h, lambda_, radius = random_start(rng, o)
    unit = kernels.shoot(np.array(h), 0.0, 1.0, o.m2, -o.step, SUBSTEPS)[:, 0]  # the linear problem gives phi_h to start from
    horizon = np.log(2.0 * SOURCE_SCALE * radius * problem.mass * math.exp(-1.0) / abs(3.0 * unit[0] + unit[1]))
    start = np.concatenate([h, [lambda_, math.log(radius)], horizon])
    steps = checks.count("evaluations", evaluations)
    best = least_squares(problem.residuals, start, jac=problem.jacobian, x_scale="jac", max_nfev=steps)
    shots = best.fun[: 2 * data].reshape(data, 2)
    if np.abs(shots[:, 0]).max() * MASS_TOLERANCE > 0.01:
        missed = f"a mass is missed by {np.abs(shots[:, 0]).max() * MASS_TOLERANCE:.1e}"
        raise NotConverged("shooting", missed, "start from other weights or allow more evaluations")
    weights = np.concatenate([best.x[: o.layers + 1], [math.exp(best.x[o.layers + 1])]])
    penalty = float((replace(problem, penalty_weight=1.0)._roots(best.x)[0] ** 2).sum())
    hit, chi_squared = problem.condensate + shots[:, 1] * problem.error, float((shots[:, 1] ** 2).sum())
    return ShootingFit(weights, hit, chi_squared, penalty, np.exp(best.x[o.layers + 2 :]))
