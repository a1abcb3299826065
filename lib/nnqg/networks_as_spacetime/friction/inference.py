r"""Infer h(t) from particles that stop by the method of Levenberg and Marquardt, many fits at once.

.. math:: \min_c \sum_i r_i(c)^2, \qquad h(t) = \sum_k c_k B_k(t),

with the splines of `spline`, the residuals of `residual` and their exact derivatives.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.networks_as_spacetime.friction.adjoint import pull_back
from nnqg.networks_as_spacetime.friction.flow import propagate
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork
from nnqg.networks_as_spacetime.friction.residual import TANGENTS, normalise
from nnqg.networks_as_spacetime.friction.spline import spline_basis

__all__ = ["Inference", "infer"]

_SMALLEST_STEP = 1e-10  # a fit is finished when a step would change h by less than this at every knot


@checked
@dataclass(frozen=True)
class Inference:
    """What came out of a batch of fits.

    Attributes
    ----------
    values, friction : numpy.ndarray
        h at the knots, and at the network's times.
    misfit : numpy.ndarray
        Root mean square of the residuals.
    jacobian : numpy.ndarray
        Derivative of the residuals with respect to the values.
    converged : numpy.ndarray of bool
        Whether the fit ended because a step gained less than the requested fraction, or changed h by less than 1e-10 at every knot.
    """

    values: Float[np.ndarray, "fit knot"]
    friction: Float[np.ndarray, "fit time"]
    misfit: Float[np.ndarray, " fit"]
    jacobian: Float[np.ndarray, "fit data knot"]
    converged: Bool[np.ndarray, " fit"]


@checked
def infer(
    network: FrictionNetwork,
    start: Float[np.ndarray, "fit knot"],
    initial: Float[np.ndarray, "#fit data 2"],
    *,
    normalisation: str = "distance",
    weights: Float[np.ndarray, "#fit data"] | None = None,
    max_steps: int = 40,
    gain: float = 1e-6,
) -> Inference:
    """Fit h to particles that stop, from many starts or on many data sets at once.

    The damping of a fit falls by 5 when a step is taken, and rises by 4 when not.

    Parameters
    ----------
    start : numpy.ndarray
        First guess of h at equidistant knots.
    normalisation : {"none", "newton", "distance"}
        Which residual, see `residual`.
    weights : numpy.ndarray, optional
        Residuals and Jacobian are multiplied by these; 1 / (standard error of a residual) makes the sum of squares a chi squared.
    max_steps : int
        Give up after so many tried steps; ``converged`` then says so.
    gain : float
        A fit is finished when a step lowers the sum of squares by less than this fraction.

    Raises
    ------
    Diverged
        If a trajectory, the sum of squares or that of the Jacobian overflows at the start. Steps that make one overflow are refused.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction.network import Particle
    >>> from nnqg.networks_as_spacetime.friction.data import stop_points
    >>> network = FrictionNetwork(Particle((0.0, 0.0, -0.5, 0.0, -0.125)))
    >>> points = stop_points(network, np.full(321, -0.1), (3.0, 3.0), 40, np.random.default_rng(0))
    >>> infer(network, np.full((1, 3), -0.12), points[None]).values.round(4)
    array([[-0.1, -0.1, -0.1]])
    """
    checks.array("start", start, shape=("fit", "knot"))
    checks.array("initial", initial, shape=(len(start) if len(initial) > 1 else 1, None, 2))
    checks.option("normalisation", normalisation, TANGENTS)
    weights = np.ones(initial.shape[:2]) if weights is None else checks.array("weights", weights, shape=initial.shape[:2], minimum=0.0)
    checks.count("max_steps", max_steps, maximum=checks.MOST_STEPS)
    checks.number("gain", gain, above=0)
    problem = _Problem(network, spline_basis(network, start.shape[1]), initial, normalisation, weights)
    values, damping, converged = start.copy(), np.full(len(start), 1e-2), np.zeros(len(start), bool)
    trial = problem.try_values(values, np.arange(len(values)), allow_divergence=False)
    residual, cost, jacobian = trial.residual, trial.cost, problem.jacobian(trial, np.ones(len(values), bool))
    with np.errstate(over="ignore", invalid="ignore"):
        squares = np.stack([cost, np.einsum("fdk,fdk->f", jacobian, jacobian)])
    checks.finite_result("sum of squares", squares, where="the start", remedy="start from weaker friction or choose other data")
    for _ in range(max_steps):
        active = np.flatnonzero(~converged)
        if not len(active):
            break
        step = _damped_step(residual[active], jacobian[active], damping[active])
        tried = values[active] + step
        trial = problem.try_values(tried, active)
        converged[active] = np.abs(step).max(axis=1) < _SMALLEST_STEP
        better = trial.cost < cost[active]
        damping[active] *= np.where(better, 0.2, 4.0)
        taken = active[better]
        if len(taken):
            converged[taken] |= cost[taken] - trial.cost[better] <= gain * cost[taken]
            values[taken], cost[taken], residual[taken] = tried[better], trial.cost[better], trial.residual[better]
            jacobian[taken] = problem.jacobian(trial, better)
    return Inference(values, values @ problem.basis.T, np.sqrt(cost / residual.shape[1]), jacobian, converged)


@dataclass(frozen=True)
class _Trial:
    friction: np.ndarray  # [fit, time]
    states: np.ndarray  # [state, pair, 2, fit, data]
    residual: np.ndarray  # [fit, data]
    cotangent: np.ndarray  # [pair, 2, fit, data]
    cost: np.ndarray  # [fit]; infinite where a trajectory overflows


@dataclass(frozen=True)
class _Problem:
    network: FrictionNetwork
    basis: np.ndarray
    initial: np.ndarray
    normalisation: str
    weights: np.ndarray

    def try_values(self, values: np.ndarray, fits: np.ndarray, allow_divergence: bool = True) -> _Trial:
        """Forward pass of some of the fits."""
        friction, tangents = values @ self.basis.T, TANGENTS[self.normalisation]
        data, weights = (self.initial, self.weights) if len(self.initial) == 1 else (self.initial[fits], self.weights[fits])
        states = propagate(self.network, friction, data, tangents=tangents, allow_divergence=allow_divergence)
        residual, cotangent = normalise(states[-1], self.normalisation)
        with np.errstate(all="ignore"):
            residual, cotangent = weights * residual, weights * cotangent
            cost = np.nan_to_num((residual**2).sum(-1), nan=np.inf)
        return _Trial(friction, states, residual, cotangent, cost)

    def jacobian(self, trial: _Trial, chosen: np.ndarray) -> np.ndarray:
        """Backward pass: derivative of the residuals with respect to the values [fit, data, knot]."""
        states, cotangent = trial.states[..., chosen, :], trial.cotangent[..., chosen, :]
        return pull_back(self.network, trial.friction[chosen], states, cotangent) @ self.basis


def _damped_step(residual: np.ndarray, jacobian: np.ndarray, damping: np.ndarray) -> np.ndarray:
    """Levenberg-Marquardt step [fit, knot]; the damping acts on the diagonal of the normal matrix."""
    normal = np.swapaxes(jacobian, 1, 2) @ jacobian
    gradient = np.einsum("fdk,fd->fk", jacobian, residual)
    diagonal = np.einsum("fkk->fk", normal)
    floor = 1e-14 * diagonal.max(axis=1, keepdims=True) + np.finfo(float).tiny
    damped = normal + (damping[:, None] * (diagonal + floor))[:, :, None] * np.eye(normal.shape[1])
    return -np.linalg.solve(damped, gradient[..., None])[..., 0]
