r"""Explicit Runge-Kutta steps in which each stage needs only the slope of the stage before.

.. math:: x_{n+1} = x_n + \Delta t \sum_i b_i k_i, \qquad k_i = f(t_n + c_i \Delta t,\ x_n + c_i \Delta t\, k_{i-1}).

Euler's, Heun's and the midpoint rule and the classical rule of order 4 are of this kind, which is why two rows of numbers, the nodes
:math:`c_i` and the weights :math:`b_i`, are all that a residual block, a friction layer or a neural ODE has to know of its solver.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from nnqg.boundary import checked

__all__ = ["TABLEAUX", "Tableau", "advance"]

State = TypeVar("State", bound=Any)


@checked
class Tableau(NamedTuple):
    """Order of the global error, nodes c_i (the first is 0) and weights b_i (their sum is 1).

    Examples
    --------
    >>> TABLEAUX["heun"]
    Tableau(order=2, nodes=(0.0, 1.0), weights=(0.5, 0.5))
    """

    order: int
    nodes: tuple[float, ...]
    weights: tuple[float, ...]


TABLEAUX = {
    "euler": Tableau(1, (0.0,), (1.0,)),
    "midpoint": Tableau(2, (0.0, 1 / 2), (0.0, 1.0)),
    "heun": Tableau(2, (0.0, 1.0), (1 / 2, 1 / 2)),
    "rk4": Tableau(4, (0.0, 1 / 2, 1 / 2, 1.0), (1 / 6, 1 / 3, 1 / 3, 1 / 6)),
}


@checked
def advance(field: Callable[[float, State], State], time: float, state: State, step: float, tableau: Tableau) -> State:
    """One step of dx/dt = field(t, x). The state is anything that is added and multiplied by numbers; a negative step runs back.

    Examples
    --------
    >>> round(advance(lambda t, x: -x, 0.0, 1.0, 0.1, TABLEAUX["heun"]), 12)
    0.905
    """
    slope: Any = None
    total: Any = 0.0
    for node, weight in zip(tableau.nodes, tableau.weights, strict=True):
        at = state if slope is None else state + (node * step) * slope
        slope = field(time + node * step, at)
        total = total + weight * slope
    return state + step * total
