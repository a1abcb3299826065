r"""The bulk field equation as a network without layers, integrated by Runge-Kutta steps with their exact gradient.

From the boundary inwards, with :math:`t = 1 - \eta` (arXiv:2006.00712):

.. math::
    \frac{d\phi}{dt} = -\pi, \qquad \frac{d\pi}{dt} = h(t)\,\pi + 3\phi - \lambda\phi^3, \qquad h(t) = \sum_k c_k t^k .

The gradient is that of the computed number, not of the exact solution: each step is differentiated by the chain rule (discrete adjoint),
so it is right to rounding at every number of steps. `nnqg.emergent_spacetime.neural_ode.bulk_ode` says the same in torch.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, SOURCE_SCALE, VEV_SCALE, LabelledData, Objective
from nnqg.emergent_spacetime.neural_ode import _kernels as kernels

__all__ = ["STEPS", "WindowLoss", "friction_nodes", "horizon_momentum", "momentum_jacobian", "window_loss"]

STEPS = 40
DECAY_1, DECAY_3 = math.exp(-1.0), math.exp(-3.0)  # e^-eta and e^-3eta at eta = 1


class WindowLoss(NamedTuple):
    """The classification objective of one batch.

    Attributes
    ----------
    missed : float
        Mean of abs(t(F) - label): 0 is perfect, 0.5 is what a constant answer gives.
    penalty : float
        Weight of the boundary value times (4 - h(eta = 1))^2.
    gradient : numpy.ndarray, shape (weight,)
        Of missed^2 + penalty.
    """

    missed: float
    penalty: float
    gradient: Float[np.ndarray, " weight"]


def friction_nodes(weights: Float[np.ndarray, " weight"], steps: int = STEPS) -> Float[np.ndarray, " node"]:
    """Values of the polynomial h at the 2 steps + 1 nodes t = 0 ... 1 of a Runge-Kutta solver.

    Parameters
    ----------
    weights : numpy.ndarray, shape (degree + 3,)
        Coefficients of h in rising powers of t, then lambda and L in 1/GeV.
    steps : int
        Runge-Kutta steps.

    Returns
    -------
    numpy.ndarray, shape (2 steps + 1,)

    Raises
    ------
    InvalidArgument
        If weights is too short or not finite.

    Examples
    --------
    >>> friction_nodes(np.array([4.0, 2.0, 0.0, 1.0]), 1)
    array([4., 5., 6.])
    """
    checks.array("weights", weights, shape=("weight",))
    checks.count("number of weights", weights.size, minimum=3)
    return _powers(2 * checks.count("steps", steps) + 1, weights.size - 2) @ weights[:-2]


def horizon_momentum(
    weights: Float[np.ndarray, " weight"],
    mass: Float[np.ndarray, " data"],
    condensate: Float[np.ndarray, " data"],
    steps: int = STEPS,
) -> Float[np.ndarray, " data"]:
    r"""The network's output :math:`F = \pi(t = 1)`.

    Parameters
    ----------
    weights : numpy.ndarray, shape (degree + 3,)
        Coefficients of h, lambda, L.
    mass, condensate : numpy.ndarray, shape (data,)
        In GeV and GeV^3.
    steps : int
        Runge-Kutta steps.

    Returns
    -------
    numpy.ndarray, shape (data,)
        A point that runs away is held at 1e8.

    Raises
    ------
    InvalidArgument
        If an argument has the wrong shape or is not finite.

    Examples
    --------
    >>> empty = np.array([0.0, 0.0, 1.0])  # no friction, no coupling
    >>> bool(horizon_momentum(empty, np.array([0.0]), np.array([0.0]))[0] == 0.0)
    True

    Notes
    -----
    Used in the page ``emergent-spacetime/neural-ode``.
    """
    return _integrate(weights, mass, condensate, steps).pi_[-1]


def momentum_jacobian(
    weights: Float[np.ndarray, " weight"],
    mass: Float[np.ndarray, " data"],
    condensate: Float[np.ndarray, " data"],
    steps: int = STEPS,
) -> tuple[Float[np.ndarray, " data"], Float[np.ndarray, "data weight"], Float[np.ndarray, " data"]]:
    r"""F, :math:`\partial F_i/\partial w_j` and :math:`\partial F_i/\partial\langle\bar q q\rangle_i`.

    Parameters
    ----------
    weights : numpy.ndarray, shape (degree + 3,)
        Coefficients of h, lambda, L.
    mass, condensate : numpy.ndarray, shape (data,)
        In GeV and GeV^3.
    steps : int
        Runge-Kutta steps.

    Returns
    -------
    momentum : numpy.ndarray, shape (data,)
    jacobian : numpy.ndarray, shape (data, weight)
    slope : numpy.ndarray, shape (data,)
        Per GeV^3.

    Raises
    ------
    InvalidArgument
        If an argument has the wrong shape or is not finite.

    Examples
    --------
    >>> momentum_jacobian(np.array([4.0, 0.0, 1.0]), np.array([0.01]), np.array([0.05]))[1].shape
    (1, 3)
    """
    found = [_pull_back(_integrate(weights, m, q, steps), np.ones(1)) for m, q in zip(mass[:, None], condensate[:, None], strict=True)]
    momentum = horizon_momentum(weights, mass, condensate, steps)
    return momentum, np.array([row for row, _ in found]), np.array([slope[0] for _, slope in found])


def window_loss(
    weights: Float[np.ndarray, " weight"], data: LabelledData, objective: Objective = PUBLISHED, steps: int = STEPS
) -> WindowLoss:
    r"""Window objective :math:`\overline{|t(F) - y|}^2 + c_0 (4 - h(\eta = 1))^2` and its gradient.

    Parameters
    ----------
    weights : numpy.ndarray, shape (degree + 3,)
        Coefficients of h, lambda, L.
    data : LabelledData
        A batch of labelled points.
    objective : Objective
        Window, edge, boundary weight and dimension are used; the layers are not.
    steps : int
        Runge-Kutta steps.

    Returns
    -------
    WindowLoss

    Raises
    ------
    InvalidArgument
        If an argument has the wrong shape or is not finite.

    Examples
    --------
    >>> one = np.ones(1)
    >>> window_loss(np.array([4.0, 0.0, 1.0]), LabelledData(one, one, one)).missed  # far off the curve, and labelled so
    0.0
    """
    return _window_loss(weights, np.stack([data.mass, data.condensate, data.label]), objective, steps)


def _window_loss(weights: np.ndarray, points: np.ndarray, objective: Objective, steps: int) -> WindowLoss:
    """The same for rows mass, condensate and label that are known to be good."""
    path = _integrate(weights, points[0], points[1], steps)
    momentum, label = path.pi_[-1], points[2]
    upper, lower = (np.tanh((momentum + sign * objective.half_width) / objective.edge) for sign in (-1, 1))
    miss = 1 + 0.5 * (upper - lower) - label
    missed = float(np.abs(miss).mean())
    slope = 0.5 * np.sign(miss) * (lower**2 - upper**2) / objective.edge / miss.size
    gradient, _ = _pull_back(path, 2 * missed * slope)
    away = weights[0] - objective.dimension
    gradient[0] += 2 * objective.boundary_weight * away
    return WindowLoss(missed, float(objective.boundary_weight * away**2), gradient)


class _Path(NamedTuple):
    weights: np.ndarray
    h: np.ndarray
    source: np.ndarray
    response: np.ndarray
    phi: np.ndarray  # [step, point]
    pi_: np.ndarray


def _integrate(weights: np.ndarray, mass: np.ndarray, condensate: np.ndarray, steps: int) -> _Path:
    h = friction_nodes(weights, steps)
    checks.array("mass", mass, shape=("data",))
    checks.array("condensate", condensate, shape=mass.shape)
    lambda_, radius = weights[-2:]
    source, response = SOURCE_SCALE * radius * mass, VEV_SCALE * radius**3 * condensate
    phi, pi_ = np.empty((2, steps + 1, mass.size))
    cubic = lambda_ * source**3
    phi[0] = source * DECAY_1 + (response - 0.5 * cubic) * DECAY_3
    pi_[0] = -source * DECAY_1 + (cubic - 3 * response) * DECAY_3
    kernels.forward(h, lambda_, 1.0 / steps, phi, pi_)
    return _Path(weights, h, source, response, phi, pi_)


def _pull_back(path: _Path, slope: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of sum_k slope_k F_k by the weights, and slope_k dF_k by the condensate of each point."""
    steps, (lambda_, radius) = len(path.phi) - 1, path.weights[-2:]
    u, v, by_h, by_lambda = np.zeros_like(slope), slope.copy(), np.zeros_like(path.h), np.empty_like(slope)
    kernels.backward(path.h, lambda_, 1.0 / steps, path.phi, path.pi_, u, v, by_h, by_lambda)
    square = lambda_ * path.source**2
    by_source = u * (DECAY_1 - 1.5 * square * DECAY_3) + v * (3 * square * DECAY_3 - DECAY_1)
    by_response = (u - 3 * v) * DECAY_3
    through_boundary = DECAY_3 * ((v - 0.5 * u) * path.source**3).sum()
    by_radius = (by_source * path.source + 3 * by_response * path.response).sum() / radius
    gradient = np.concatenate([by_h @ _powers(path.h.size, path.weights.size - 2), [by_lambda.sum() + through_boundary, by_radius]])
    return gradient, by_response * VEV_SCALE * radius**3


@lru_cache(maxsize=64)
def _powers(nodes: int, number: int) -> np.ndarray:
    return np.vander(np.linspace(0.0, 1.0, nodes), number, increasing=True)
