r"""The bulk field equation as a network without layers, integrated by Runge-Kutta steps with their exact gradient.

From the boundary inwards, with :math:`t = 1 - \eta` (arXiv:2006.00712):

.. math::
    \frac{d\phi}{dt} = -\pi, \qquad \frac{d\pi}{dt} = h(t)\,\pi + 3\phi - \lambda\phi^3, \qquad h(t) = \sum_k c_k t^k .

The weights of all functions are the coefficients of h in rising powers of t, then lam and L in 1/GeV; masses are in GeV, condensates in
GeV^3. The gradient is that of the computed number, not of the exact solution: each step is differentiated by the chain rule (discrete
adjoint), so it is right to rounding at every number of steps. `nnqg.emergent_spacetime.neural_ode.bulk_ode` says the same in torch.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.condensate.data import LATTICE, PUBLISHED, LabelledData, Objective
from nnqg.emergent_spacetime.neural_ode import _kernels as kernels

__all__ = ["STEPS", "WindowLoss", "friction_nodes", "horizon_momentum", "momentum_jacobian", "powers", "window_loss"]

STEPS = 40


@checked
class WindowLoss(NamedTuple):
    """The classification objective of one batch.

    Attributes
    ----------
    missed : float
        Mean of abs(t(F) - label): 0 is perfect, 0.5 is what a constant answer gives.
    penalty : float
        Weight of the boundary value times (4 - h(eta = 1))^2.
    gradient : numpy.ndarray
        Of missed^2 + penalty, by all weights.
    """

    missed: float
    penalty: float
    gradient: Float[np.ndarray, " weight"]


@checked
def friction_nodes(weights: Float[np.ndarray, " weight"], steps: int = STEPS) -> Float[np.ndarray, " node"]:
    """Values of the polynomial h at the 2 steps + 1 nodes t = 0 ... 1 of a Runge-Kutta solver.

    Examples
    --------
    >>> friction_nodes(np.array([4.0, 2.0, 0.0, 1.0]), 1)
    array([4., 5., 6.])
    """
    checks.array("weights", weights, shape=("weight",))
    checks.count("number of weights", weights.size, minimum=3)
    return weights[:-2] @ powers(weights.size - 2, checks.count("steps", steps))


@checked
@lru_cache(maxsize=64)
def powers(number: int, steps: int) -> Float[np.ndarray, "power node"]:
    """Powers of t at the nodes of a number of Runge-Kutta steps, one row each; do not change it.

    Examples
    --------
    >>> powers(2, 1)
    array([[1. , 1. , 1. ],
           [0. , 0.5, 1. ]])
    """
    nodes = np.linspace(0.0, 1.0, 2 * checks.count("steps", steps) + 1)
    return np.ascontiguousarray(np.vander(nodes, checks.count("number", number), increasing=True).T)


@checked(quantities=LATTICE)
def horizon_momentum(
    weights: Float[np.ndarray, " weight"],
    mass: Float[np.ndarray, " data"],
    condensate: Float[np.ndarray, " data"],
    steps: int = STEPS,
) -> Float[np.ndarray, " data"]:
    r"""The network's output :math:`F = \pi(t = 1)`; a point that runs away is held at 1e8.

    Examples
    --------
    >>> empty = np.array([0.0, 0.0, 1.0])  # no friction, no coupling
    >>> bool(horizon_momentum(empty, np.array([0.0]), np.array([0.0]))[0] == 0.0)
    True
    """
    return _arrive(weights, mass, condensate, steps)[1][1]


@checked(quantities=LATTICE)
def momentum_jacobian(
    weights: Float[np.ndarray, " weight"],
    mass: Float[np.ndarray, " data"],
    condensate: Float[np.ndarray, " data"],
    steps: int = STEPS,
) -> tuple[Float[np.ndarray, " data"], Float[np.ndarray, "data weight"], Float[np.ndarray, " data"]]:
    r"""F, :math:`\partial F_i/\partial w_j` and, per GeV^3, :math:`\partial F_i/\partial\langle\bar q q\rangle_i`.

    Examples
    --------
    >>> momentum_jacobian(np.array([4.0, 0.0, 1.0]), np.array([0.01]), np.array([0.05]))[1].shape
    (1, 3)
    """
    rows, slopes = np.empty((mass.size, weights.size)), np.empty(mass.size)
    for k in range(mass.size):
        one = mass[k : k + 1], condensate[k : k + 1]
        nodes, state, past = _arrive(weights, *one, steps)
        state[2], state[3] = 0.0, 1.0
        kernels.pull_back(nodes, weights[-2], state, past)
        kernels.leave(weights, *one, powers(weights.size - 2, steps), nodes, state, rows[k])
        slopes[k] = state[4, 0]
    return horizon_momentum(weights, mass, condensate, steps), rows, slopes


@checked
def window_loss(
    weights: Float[np.ndarray, " weight"], data: LabelledData, objective: Objective = PUBLISHED, steps: int = STEPS
) -> WindowLoss:
    r"""Window objective :math:`\overline{|t(F) - y|}^2 + c_0 (4 - h(\eta = 1))^2` and its gradient.

    Of the objective the window, its edge, the boundary weight and the dimension are used; the layers are not.

    Examples
    --------
    >>> data = LabelledData(np.array([0.1]), np.ones(1), np.ones(1))
    >>> window_loss(np.array([4.0, 0.0, 1.0]), data).missed  # far off the curve, and labelled so
    0.0
    """
    nodes, state, past = _workspace(weights, data.mass, data.condensate, steps)
    points, gradient = np.stack([data.mass, data.condensate, data.label]), np.empty(weights.size)
    missed = kernels.loss(weights, points, powers(weights.size - 2, steps), constants(objective), gradient, nodes, state, past)
    return WindowLoss(missed, float(objective.boundary_weight * (weights[0] - objective.dimension) ** 2), gradient)


def constants(objective: Objective) -> Float[np.ndarray, "4"]:
    """Half width and edge of the window, weight and value of h at the boundary, as the compiled loops take them.

    Examples
    --------
    >>> constants(PUBLISHED).round(3)
    array([0.1 , 0.01, 0.01, 4.  ])
    """
    return np.array([objective.half_width, objective.edge, objective.boundary_weight, float(objective.dimension)])


def _workspace(weights: np.ndarray, mass: np.ndarray, condensate: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return nodes (h filled in), state and past of the compiled loops."""
    h = friction_nodes(weights, steps)
    checks.array("mass", mass, shape=("data",))
    checks.array("condensate", condensate, shape=mass.shape)
    return np.stack([h, np.zeros_like(h)]), np.empty((8, mass.size)), np.empty((2, steps, mass.size))


def _arrive(weights: np.ndarray, mass: np.ndarray, condensate: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same after the way from the boundary to the horizon."""
    nodes, state, past = _workspace(weights, mass, condensate, steps)
    kernels.enter(weights, mass, condensate, state)
    kernels.march(nodes[0], weights[-2], state, past)
    return nodes, state, past
