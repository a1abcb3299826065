r"""The condensate objective with its gradient, compiled.

The tests hold it against the same in torch, layer by layer (arXiv:1809.10536, section II). The gradient comes from one pass inwards
and one outwards through the layers, whose equations stand in `nnqg.emergent_spacetime._training_kernels`; the way back begins with
:math:`(u, v) = (0, \partial E/\partial F)` at the horizon.
Weights are :math:`h_0 \dots h_{N-1}`, then lambda, then L in 1/GeV. Weights so large that the numbers overflow raise Diverged.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime._training_kernels import RUNAWAY
from nnqg.emergent_spacetime.condensate import _kernels as kernels
from nnqg.emergent_spacetime.condensate.data import LATTICE, PUBLISHED, LabelledData, Objective
from nnqg.errors import Diverged, NotConverged

__all__ = ["Constants", "Evaluation", "Workspace", "constants", "evaluate", "gain", "model_condensate", "outcome_jacobian", "workspace"]

REMEDY = "take smaller weights"


@checked
class Constants(NamedTuple):
    """The objective's fixed numbers, in the form that the compiled code takes.

    Attributes
    ----------
    step : float
        Layer thickness, negative.
    m2, half_width, edge, dimension : float
        As in `Objective`.
    penalty : numpy.ndarray
        Weight of (d - h_0)^2, then of each (h_n - h_{n-1})^2.
    """

    step: float
    m2: float
    half_width: float
    edge: float
    dimension: float
    penalty: Float[np.ndarray, " layer"]


@checked
class Workspace(NamedTuple):
    """Arrays that the compiled code writes to.

    Attributes
    ----------
    history : numpy.ndarray
        phi and pi before every layer, the last layer first.
    phi, pi_ : numpy.ndarray
        Both behind the last layer.
    u, v : numpy.ndarray
        The adjoint of phi and of pi.
    by_m2, by_lam : numpy.ndarray
        The derivatives that the layers add up.
    """

    history: Float[np.ndarray, "2 layer point"]
    phi: Float[np.ndarray, " point"]
    pi_: Float[np.ndarray, " point"]
    u: Float[np.ndarray, " point"]
    v: Float[np.ndarray, " point"]
    by_m2: Float[np.ndarray, " point"]
    by_lam: Float[np.ndarray, " point"]


@checked
class Evaluation(NamedTuple):
    """The objective at some weights, over all points.

    Attributes
    ----------
    window_loss, penalty : float
        The two parts.
    active : float
        Share of the points near enough to the window's edge to have a gradient; 0 in a dead run.
    gradient : numpy.ndarray
        Of the sum, with respect to the weights.
    """

    window_loss: float
    penalty: float
    active: float
    gradient: Float[np.ndarray, " weight"]

    @property
    def total(self) -> float:
        """What is minimised."""
        return self.window_loss + self.penalty


@checked
def constants(objective: Objective) -> Constants:
    """Return an objective's numbers for the compiled code.

    Examples
    --------
    >>> round(constants(Objective()).step, 4)
    -0.0622
    """
    o = objective
    penalty = np.concatenate(([o.boundary_weight], o.smoothness_weights))
    return Constants(o.step, o.m2, o.half_width, o.edge, float(o.dimension), penalty)


@checked
def workspace(layers: int, points: int) -> Workspace:
    """Return the arrays for a batch.

    Examples
    --------
    >>> workspace(15, 100).history.shape
    (2, 15, 100)
    """
    layers, points = checks.count("layers", layers), checks.count("points", points)
    return Workspace(np.zeros((2, layers, points)), *(np.zeros(points) for _ in range(6)))


@checked
def evaluate(weights: Float[np.ndarray, " weight"], data: LabelledData, objective: Objective = PUBLISHED) -> Evaluation:
    r"""The objective and its gradient over all points of a data set.

    Examples
    --------
    >>> four = np.ones(4)
    >>> evaluate(np.full(17, 4.0), LabelledData(0.1 * four, four, four)).total
    0.0
    """
    checks.array("weights", weights, shape=(objective.layers + 2,))
    space, gradient = workspace(objective.layers, data.label.size), np.zeros(weights.size)
    columns = (data.mass, data.condensate, data.label)
    parts = kernels.loss_and_gradient(weights, *columns, constants(objective), space, gradient)
    checks.finite_result("the objective", np.append(gradient, parts), where="these weights", remedy=REMEDY)
    window_loss, penalty, active = parts
    return Evaluation(window_loss, penalty, active, gradient)


@checked(quantities=LATTICE)
def outcome_jacobian(
    weights: Float[np.ndarray, " weight"],
    mass: Float[np.ndarray, " data"],
    condensate: Float[np.ndarray, " data"],
    objective: Objective = PUBLISHED,
) -> tuple[Float[np.ndarray, " data"], Float[np.ndarray, "data weight"]]:
    r"""Momentum at the horizon :math:`F_i` and :math:`\partial F_i / \partial w_j`; mass in GeV, condensate in GeV^3.

    Examples
    --------
    >>> value, jacobian = outcome_jacobian(np.full(17, 1.0), np.array([0.01]), np.array([0.05]))
    >>> jacobian.shape
    (1, 17)
    """
    checks.array("weights", weights, shape=(objective.layers + 2,))
    checks.array("mass", mass, shape=("data",))
    checks.array("condensate", condensate, shape=mass.shape)
    fixed, space = constants(objective), workspace(objective.layers, 1)
    values, rows = np.empty(mass.size), np.empty((mass.size, weights.size))
    for i in range(mass.size):
        point = mass[i : i + 1], condensate[i : i + 1]
        kernels.forward(weights, *point, fixed, space)
        _refuse_runaways(space)
        values[i], space.v[0] = space.pi_[0], 1.0
        kernels.backward(weights, *point, fixed, space, rows[i])
    checks.finite_result("the adjoint", np.column_stack([values, rows]), where="these weights", remedy=REMEDY)
    return values, rows


@checked(quantities=LATTICE | {"shift": "a condensate"})
def gain(
    weights: Float[np.ndarray, " weight"],
    mass: Float[np.ndarray, " data"],
    condensate: Float[np.ndarray, " data"],
    objective: Objective = PUBLISHED,
    shift: float = 1e-6,
) -> Float[np.ndarray, " data"]:
    r"""The slope :math:`\partial F/\partial\langle\bar q q\rangle` in 1/GeV^3, by central differences; the shift is in GeV^3.

    Examples
    --------
    >>> flat = np.concatenate([np.full(15, 4.0), [0.0, 1.0]])  # a linear field: the same slope everywhere
    >>> slopes = gain(flat, np.array([0.01, 0.02]), np.array([0.01, 0.05]))
    >>> bool(abs(slopes[1] / slopes[0] - 1) < 1e-6)
    True
    """
    checks.number("shift", shift, above=0)
    up, down = (outcome_jacobian(weights, mass, condensate + s, objective)[0] for s in (shift, -shift))
    return (up - down) / (2 * shift)


@checked(quantities=LATTICE)
def model_condensate(
    weights: Float[np.ndarray, " weight"],
    mass: Float[np.ndarray, " data"],
    guess: Float[np.ndarray, " data"],
    objective: Objective = PUBLISHED,
) -> Float[np.ndarray, " data"]:
    r"""The condensate that a model predicts: the root of :math:`F(m_q, \langle\bar q q\rangle) = 0` next to a guess, to 1e-12 GeV^3.

    Parameters
    ----------
    weights, mass : numpy.ndarray
        The model, and quark masses in GeV.
    guess : numpy.ndarray
        Condensates in GeV^3, at least 0; of several roots the nearest one is returned.
    objective : Objective
        Grid and mass of the bulk field.

    Raises
    ------
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
    space = workspace(objective.layers, condensate.size)
    kernels.forward(weights, np.full(condensate.size, mass), condensate, constants(objective), space)
    _refuse_runaways(space)
    return space.pi_


def _refuse_runaways(space: Workspace) -> None:
    """A field that the compiled layers had to hold back has no F; in training it has a label all the same."""
    largest = max(np.abs(values).max() for values in (space.history, space.phi, space.pi_))
    if not largest < RUNAWAY:
        raise Diverged("F", "these weights", REMEDY)


def _bisect(weights: np.ndarray, mass: float, low: float, high: float, objective: Objective) -> float:
    for _ in range(4):  # each pass narrows the bracket by 1000
        grid = np.linspace(low, high, 1001)
        values = _outcomes(weights, mass, grid, objective)
        first = int(np.argmax(np.sign(values[:-1]) != np.sign(values[1:])))
        low, high = grid[first], grid[first + 1]
    return 0.5 * (low + high)
