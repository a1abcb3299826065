r"""Infer h(t) from particles that stop by the method of Levenberg and Marquardt, many fits at once.

.. math:: \min_c \sum_i r_i(c)^2, \qquad h(t) = \sum_k c_k B_k(t),

with the splines of `friction_spline`, the residuals of `friction_residual` and their exact derivatives.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from nnqg import checks
from nnqg.networks_as_spacetime.friction import FrictionNetwork
from nnqg.networks_as_spacetime.friction_adjoint import pull_back
from nnqg.networks_as_spacetime.friction_flow import final_state, propagate
from nnqg.networks_as_spacetime.friction_residual import TANGENTS, normalise
from nnqg.networks_as_spacetime.friction_spline import spline_basis

__all__ = ["Inference", "infer"]


@dataclass(frozen=True)
class Inference:
    """What came out of a batch of fits.

    Attributes
    ----------
    values : numpy.ndarray, shape (fit, knot)
        h at the knots.
    friction : numpy.ndarray, shape (fit, time)
        h at the network's times.
    misfit : numpy.ndarray, shape (fit,)
        Root mean square of the residuals.
    jacobian : numpy.ndarray, shape (fit, data, knot)
        Derivative of the residuals with respect to the values.
    converged : numpy.ndarray of bool, shape (fit,)
        Whether the last step gained less than the requested fraction.
    """

    values: Float[np.ndarray, "fit knot"]
    friction: Float[np.ndarray, "fit time"]
    misfit: Float[np.ndarray, " fit"]
    jacobian: Float[np.ndarray, "fit data knot"]
    converged: Bool[np.ndarray, " fit"]


def infer(
    network: FrictionNetwork,
    start: Float[np.ndarray, "fit knot"],
    initial: Float[np.ndarray, "#fit data 2"],
    *,
    normalisation: str = "distance",
    max_steps: int = 40,
    gain: float = 1e-6,
) -> Inference:
    """Fit h to particles that stop, from many starts or on many data sets at once.

    Parameters
    ----------
    network : FrictionNetwork
        The layers.
    start : numpy.ndarray, shape (fit, knot)
        First guess of h at equidistant knots.
    initial : numpy.ndarray, shape (fit, data, 2) or (1, data, 2)
        Initial data of particles that stop, for each fit or for all.
    normalisation : {"none", "newton", "distance"}
        Which residual, see `friction_residual`.
    max_steps : int
        Give up after so many tried steps; ``converged`` then says so.
    gain : float
        A fit is finished when a step lowers the sum of squares by less than this fraction.

    Returns
    -------
    Inference
        The fits, converged or not.

    Raises
    ------
    InvalidArgument
        If an argument does not fit.
    Diverged
        If a trajectory overflows at the start. Steps that make one overflow are refused.

    Examples
    --------
    >>> from nnqg.networks_as_spacetime.friction import Particle
    >>> from nnqg.networks_as_spacetime.friction_data import stop_points
    >>> network = FrictionNetwork(Particle((0.0, 0.0, -0.5, 0.0, -0.125)))
    >>> points = stop_points(network, np.full(321, -0.1), (3.0, 3.0), 40, np.random.default_rng(0))
    >>> infer(network, np.full((1, 3), -0.12), points[None]).values.round(4)
    array([[-0.1, -0.1, -0.1]])

    Notes
    -----
    Derived on the page ``networks-as-spacetime/friction``. The damping of a fit falls by 5 when a step is taken, and rises by 4 when not.
    """
    checks.array("start", start, shape=("fit", "knot"))
    checks.option("normalisation", normalisation, TANGENTS)
    checks.count("max_steps", max_steps)
    checks.number("gain", gain, above=0)
    problem = _Problem(network, spline_basis(network, start.shape[1]), initial, normalisation)
    values, damping = start.copy(), np.full(len(start), 1e-2)
    residual, jacobian = problem.linearise(values, np.arange(len(values)))
    cost, converged = (residual**2).sum(-1), np.zeros(len(start), bool)
    for _ in range(max_steps):
        active = np.flatnonzero(~converged & (damping < 1e10))
        if not len(active):
            break
        tried = values[active] + _damped_step(residual[active], jacobian[active], damping[active])
        new_cost = problem.cost(tried, active)
        better = new_cost < cost[active]
        damping[active] *= np.where(better, 0.2, 4.0)
        taken = active[better]
        if len(taken):
            converged[taken] = cost[taken] - new_cost[better] <= gain * cost[taken]
            values[taken], cost[taken] = tried[better], new_cost[better]
            residual[taken], jacobian[taken] = problem.linearise(values[taken], taken)
    return Inference(values, values @ problem.basis.T, np.sqrt(cost / residual.shape[1]), jacobian, converged)


@dataclass(frozen=True)
class _Problem:
    network: FrictionNetwork
    basis: np.ndarray
    initial: np.ndarray
    normalisation: str

    def _data(self, fits: np.ndarray) -> np.ndarray:
        return self.initial if len(self.initial) == 1 else self.initial[fits]

    def cost(self, values: np.ndarray, fits: np.ndarray) -> np.ndarray:
        """Sum of squares [fit]; infinite where a trajectory overflows."""
        tangents = TANGENTS[self.normalisation]
        final = final_state(self.network, values @ self.basis.T, self._data(fits), tangents=tangents, allow_divergence=True)
        with np.errstate(all="ignore"):
            return np.nan_to_num((normalise(final, self.normalisation)[0] ** 2).sum(-1), nan=np.inf)

    def linearise(self, values: np.ndarray, fits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Residuals [fit, data] and their derivative with respect to the values [fit, data, knot]."""
        friction = values @ self.basis.T
        states = propagate(self.network, friction, self._data(fits), tangents=TANGENTS[self.normalisation])
        residual, cotangent = normalise(states[-1], self.normalisation)
        return residual, pull_back(self.network, friction, states, cotangent) @ self.basis


def _damped_step(residual: np.ndarray, jacobian: np.ndarray, damping: np.ndarray) -> np.ndarray:
    """Levenberg-Marquardt step [fit, knot]; the damping acts on the diagonal of the normal matrix."""
    normal = np.swapaxes(jacobian, 1, 2) @ jacobian
    gradient = np.einsum("fdk,fd->fk", jacobian, residual)
    diagonal = np.einsum("fkk->fk", normal)
    floor = 1e-14 * diagonal.max(axis=1, keepdims=True) + np.finfo(float).tiny
    damped = normal + (damping[:, None] * (diagonal + floor))[:, :, None] * np.eye(normal.shape[1])
    return -np.linalg.solve(damped, gradient[..., None])[..., 0]
