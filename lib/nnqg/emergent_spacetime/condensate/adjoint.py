r"""The condensate objective and its gradient, written out by hand and compiled.

Forward, layer n of the Euler network with :math:`\Delta\eta < 0` (arXiv:1809.10536, section II):

.. math::
    \phi_{n+1} = \phi_n + \Delta\eta\,\pi_n, \qquad
    \pi_{n+1} = (1 - \Delta\eta\,h_n)\,\pi_n + \Delta\eta\,(m^2\phi_n + \lambda\phi_n^3).

Backward, from :math:`(u, v) = (\partial\pi_N/\partial\phi_N, \partial\pi_N/\partial\pi_N) = (0, 1)`:

.. math::
    \frac{\partial\pi_N}{\partial h_n} = -\Delta\eta\,\pi_n v, \qquad
    \frac{\partial\pi_N}{\partial\lambda} \mathrel{+}= \Delta\eta\,\phi_n^3 v, \qquad
    (u, v) \leftarrow \bigl(u + \Delta\eta\,(m^2 + 3\lambda\phi_n^2)\,v,\; (1 - \Delta\eta\,h_n)\,v + \Delta\eta\,u\bigr).

`nnqg.emergent_spacetime.condensate.objective` says the same in torch; the tests hold each against the other.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.emergent_spacetime.condensate import _kernels as kernels
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, LabelledData, Objective
from nnqg.errors import NotConverged

__all__ = ["Constants", "Evaluation", "Workspace", "constants", "evaluate", "model_condensate", "outcome_jacobian", "workspace"]


class Constants(NamedTuple):
    """The objective's fixed numbers, in the form that the compiled code takes.

    Attributes
    ----------
    step : float
        Layer thickness, negative.
    m2 : float
        Of the bulk field, in units of the AdS radius.
    half_width, edge : float
        Half width of the window and width of its edge.
    dimension : float
        The value that the penalty draws h_0 to.
    penalty : numpy.ndarray, shape (layer,)
        Weight of (d - h_0)^2, then of each (h_n - h_{n-1})^2.
    """

    step: float
    m2: float
    half_width: float
    edge: float
    dimension: float
    penalty: Float[np.ndarray, " layer"]


class Workspace(NamedTuple):
    """Arrays that the compiled code writes to.

    Attributes
    ----------
    phi, pi_ : numpy.ndarray, shape (layers + 1, point)
        The bulk field and its momentum at every layer.
    u, v : numpy.ndarray, shape (point,)
        The adjoint of phi and of pi.
    by_lambda : numpy.ndarray, shape (point,)
        Sum of phi^3 v over the layers.
    slope : numpy.ndarray, shape (point,)
        Signed slope of the window.
    """

    phi: Float[np.ndarray, "node point"]
    pi_: Float[np.ndarray, "node point"]
    u: Float[np.ndarray, " point"]
    v: Float[np.ndarray, " point"]
    by_lambda: Float[np.ndarray, " point"]
    slope: Float[np.ndarray, " point"]


class Evaluation(NamedTuple):
    """The objective at some weights, over all points.

    Attributes
    ----------
    window_loss, penalty : float
        The two parts.
    active : float
        Share of the points near enough to the window's edge to have a gradient; 0 in a dead run.
    gradient : numpy.ndarray, shape (layers + 2,)
        Of the sum, with respect to h, lambda and L.
    """

    window_loss: float
    penalty: float
    active: float
    gradient: Float[np.ndarray, " weight"]

    @property
    def total(self) -> float:
        """What is minimised."""
        return self.window_loss + self.penalty


def constants(objective: Objective) -> Constants:
    """Return an objective's numbers for the compiled code.

    Parameters
    ----------
    objective : Objective
        What is minimised.

    Returns
    -------
    Constants
        The same numbers.

    Examples
    --------
    >>> round(constants(Objective()).step, 4)
    -0.0622
    """
    o = objective
    penalty = np.concatenate(([o.boundary_weight], o.smoothness_weights))
    return Constants(o.step, o.m2, o.half_width, o.edge, float(o.dimension), penalty)


def workspace(layers: int, points: int) -> Workspace:
    """Return room for a batch.

    Parameters
    ----------
    layers : int
        Depth of the network.
    points : int
        Size of the batch.

    Returns
    -------
    Workspace
        Zeros.

    Raises
    ------
    InvalidArgument
        If a number is out of range.

    Examples
    --------
    >>> workspace(15, 100).phi.shape
    (16, 100)
    """
    layers, points = checks.count("layers", layers), checks.count("points", points)
    return Workspace(*(np.zeros((layers + 1, points)) for _ in range(2)), *(np.zeros(points) for _ in range(4)))


def evaluate(weights: Float[np.ndarray, " weight"], data: LabelledData, objective: Objective = PUBLISHED) -> Evaluation:
    r"""The objective and its gradient over all points of a data set.

    Parameters
    ----------
    weights : numpy.ndarray, shape (layers + 2,)
        h_0 ... h_{N-1}, then lambda, then L in 1/GeV.
    data : LabelledData
        Labelled points.
    objective : Objective
        What is minimised.

    Returns
    -------
    Evaluation
        Its parts and gradient.

    Raises
    ------
    InvalidArgument
        If weights has the wrong shape or is not finite.
    Diverged
        If the weights are so large that the numbers overflow.

    Examples
    --------
    >>> four = np.ones(4)
    >>> evaluate(np.full(17, 4.0), LabelledData(four, four, four)).total
    0.0
    """
    checks.array("weights", weights, shape=(objective.layers + 2,))
    room, gradient = workspace(objective.layers, data.label.size), np.zeros(weights.size)
    columns = (data.mass, data.condensate, data.label)
    parts = kernels.loss_and_gradient(weights, *columns, constants(objective), room, gradient)
    checks.finite_result("the objective", np.append(gradient, parts), where="these weights", remedy="take smaller weights")
    return Evaluation(*parts, gradient)


def outcome_jacobian(
    weights: Float[np.ndarray, " weight"],
    mass: Float[np.ndarray, " data"],
    condensate: Float[np.ndarray, " data"],
    objective: Objective = PUBLISHED,
) -> tuple[Float[np.ndarray, " data"], Float[np.ndarray, "data weight"]]:
    r"""Momentum at the horizon :math:`F_i` and :math:`\partial F_i / \partial w_j` by the adjoint.

    Parameters
    ----------
    weights : numpy.ndarray, shape (layers + 2,)
        h, lambda, L.
    mass, condensate : numpy.ndarray, shape (data,)
        In GeV and GeV^3.
    objective : Objective
        Grid and mass of the bulk field.

    Returns
    -------
    outcome : numpy.ndarray, shape (data,)
    jacobian : numpy.ndarray, shape (data, layers + 2)

    Raises
    ------
    InvalidArgument
        If shapes differ or an entry is not finite.
    Diverged
        If the weights are so large that the numbers overflow.

    Examples
    --------
    >>> value, jacobian = outcome_jacobian(np.full(17, 1.0), np.array([0.01]), np.array([0.05]))
    >>> jacobian.shape
    (1, 17)
    """
    checks.array("weights", weights, shape=(objective.layers + 2,))
    checks.array("mass", mass, shape=("data",))
    checks.array("condensate", condensate, shape=mass.shape)
    fixed, room = constants(objective), workspace(objective.layers, 1)
    values, rows = np.empty(mass.size), np.empty((mass.size, weights.size))
    for i, point in enumerate(zip(mass, condensate, strict=True)):
        one = [np.full(1, entry) for entry in point]
        room.slope[0] = 1.0
        kernels.forward(weights, *one, fixed, room)
        values[i] = room.pi_[-1, 0]
        kernels.backward(weights, *one, fixed, room, rows[i])
    checks.finite_result("the adjoint", np.column_stack([values, rows]), where="these weights", remedy="take smaller weights")
    return values, rows


def model_condensate(
    weights: Float[np.ndarray, " weight"],
    mass: Float[np.ndarray, " data"],
    guess: Float[np.ndarray, " data"],
    objective: Objective = PUBLISHED,
) -> Float[np.ndarray, " data"]:
    r"""The condensate that a model predicts: the root of :math:`F(m_q, \langle\bar q q\rangle) = 0` next to a guess.

    Parameters
    ----------
    weights : numpy.ndarray, shape (layers + 2,)
        h, lambda, L.
    mass : numpy.ndarray, shape (data,)
        Quark masses in GeV.
    guess : numpy.ndarray, shape (data,)
        Condensates in GeV^3, at least 0; of several roots the nearest one is returned.
    objective : Objective
        Grid and mass of the bulk field.

    Returns
    -------
    numpy.ndarray, shape (data,)
        In GeV^3, accurate to 1e-12.

    Raises
    ------
    InvalidArgument
        If shapes differ, an entry is not finite or a guess is negative.
    Diverged
        If the weights are so large that the numbers overflow.
    NotConverged
        If F does not change sign between minus half of the largest guess and three times the largest guess.

    Examples
    --------
    >>> flat = np.concatenate([np.full(15, 4.0), [0.0, 1.0]])
    >>> curve = model_condensate(flat, np.array([0.01, 0.02]), np.array([0.01, 0.01]))
    >>> round(float(curve[1] / curve[0]), 9)
    2.0
    """
    checks.array("weights", weights, shape=(objective.layers + 2,))
    checks.array("mass", mass, shape=("data",))
    checks.array("guess", guess, shape=mass.shape, minimum=0.0)
    grid = np.linspace(-0.5 * guess.max(), 3.0 * guess.max(), 1401)
    found = []
    for m, near in zip(mass, guess, strict=True):
        values = _outcomes(weights, m, grid, objective)
        changes = np.flatnonzero(np.sign(values[:-1]) != np.sign(values[1:]))
        if changes.size == 0:
            raise NotConverged("model curve", f"no root of F at mass {m:.4g} GeV", "check the weights: this model has no curve there")
        first = changes[np.abs(grid[changes] - near).argmin()]
        found.append(_bisect(weights, m, grid[first], grid[first + 1], objective))
    return np.array(found)


def _outcomes(weights: np.ndarray, mass: float, condensate: np.ndarray, objective: Objective) -> np.ndarray:
    room = workspace(objective.layers, condensate.size)
    kernels.forward(weights, np.full(condensate.size, mass), condensate, constants(objective), room)
    return checks.finite_result("F", room.pi_[-1], where="these weights", remedy="take smaller weights")


def _bisect(weights: np.ndarray, mass: float, low: float, high: float, objective: Objective) -> float:
    for _ in range(4):  # each pass narrows the bracket by 1000
        grid = np.linspace(low, high, 1001)
        values = _outcomes(weights, mass, grid, objective)
        first = int(np.argmax(np.sign(values[:-1]) != np.sign(values[1:])))
        low, high = grid[first], grid[first + 1]
    return 0.5 * (low + high)
