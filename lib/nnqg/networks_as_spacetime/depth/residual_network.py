r"""Residual networks whose blocks are time steps: Euler, midpoint, Heun and Runge-Kutta blocks.

A residual network of N equal blocks with the step :math:`\Delta t = T/N`,

.. math:: x^{(n+1)} = x^{(n)} + \Delta t \sum_i b_i k_i, \qquad k_i = f(t_n + c_i \Delta t,\ x^{(n)} + c_i \Delta t\, k_{i-1}),

is a numerical integrator of :math:`\dot x = f(t, x)`. One layer a block (:math:`b_1 = 1`) is the residual network of slide 3/5 of "When is
NN a spacetime?" with its step restored. More layers a block, each fed by the skip connection and by the layer before, raise the order
(`nnqg.runge_kutta` has the coefficients). The weights of the layers are inside f; if f does not depend on t, all blocks have the same
weights. Derived on the page ``networks-as-spacetime/depth-as-time``.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged
from nnqg.runge_kutta import TABLEAUX, advance

__all__ = ["residual_network"]


@checked
def residual_network(
    field: Callable[[float, np.ndarray], np.ndarray],
    state: Float[np.ndarray, "*batch component"],
    duration: float,
    blocks: int,
    kind: str = "euler",
) -> Float[np.ndarray, "layer *batch component"]:
    r"""States at the entrance and after each of N blocks of the step :math:`\Delta t` = duration / N.

    Parameters
    ----------
    field : callable
        f(t, x): rates of the state, of the same shape as the state.
    duration : float
        Total time T. With T = N the step is 1: the formula as the slide prints it. A negative one runs back.
    kind : str
        One of "euler", "midpoint", "heun", "rk4".

    Raises
    ------
    Diverged
        If a state is no longer finite.

    Examples
    --------
    >>> states = residual_network(lambda t, x: x, np.array([1.0]), 1.0, 1000)
    >>> bool(abs(states[-1, 0] - np.e) < 2e-3)
    True
    """
    checks.array("state", state)
    step = checks.number("duration", duration) / checks.count("blocks", blocks, maximum=10 * checks.MOST_STEPS)
    tableau, states = TABLEAUX[checks.option("kind", kind, tuple(TABLEAUX))], [state]
    for n in range(blocks):
        try:
            states.append(advance(field, n * step, states[-1], step, tableau))
        except ArithmeticError as error:
            raise Diverged("residual network", f"block {n}", "take more blocks or a shorter duration") from error
    return np.stack(states, dtype=float)  # a complex field is refused
