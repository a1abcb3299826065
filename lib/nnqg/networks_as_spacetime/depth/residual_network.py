r"""Residual networks whose blocks are time steps: Euler, Heun and Runge-Kutta blocks of any order up to 4.

A residual network of N equal blocks with the step :math:`\Delta t = T/N`,

.. math:: x^{(n+1)} = x^{(n)} + \Delta t \sum_i b_i k_i, \qquad k_i = f(t_n + c_i \Delta t,\ x^{(n)} + c_i \Delta t\, k_{i-1}),

is a numerical integrator of :math:`\dot x = f(t, x)`. One layer a block (:math:`b_1 = 1`) is the residual network of slide 3/5 of "When is
NN a spacetime?" with its step restored. More layers a block, each fed by the skip connection and by the layer before, raise the order.
The weights of the layers are inside f; if f does not depend on t, all blocks have the same weights.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks

__all__ = ["BLOCKS", "Block", "apply_block", "residual_network"]

Field = Callable[[float, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Block:
    """Coefficients of a block: every layer sees the entrance of the block and the layer before it.

    Parameters
    ----------
    order : int
        Order of the global error.
    chain : tuple of float
        How far along the layer before each layer looks, in steps: :math:`c_i`, 0 for the first.
    weights : tuple of float
        How much each layer counts at the exit, :math:`b_i`; their sum is 1.

    Examples
    --------
    >>> BLOCKS["heun"].order
    2
    """

    order: int
    chain: tuple[float, ...]
    weights: tuple[float, ...]


BLOCKS = {
    "euler": Block(1, (0.0,), (1.0,)),
    "heun": Block(2, (0.0, 1.0), (1 / 2, 1 / 2)),
    "rk4": Block(4, (0.0, 1 / 2, 1 / 2, 1.0), (1 / 6, 1 / 3, 1 / 3, 1 / 6)),
}


def apply_block(
    field: Field, state: Float[np.ndarray, "*batch component"], time: float, step: float, kind: str = "euler"
) -> Float[np.ndarray, "*batch component"]:
    """One residual block.

    Parameters
    ----------
    field : callable
        f(t, x): rates of the state, of the same shape as the state.
    state : numpy.ndarray, shape (..., component)
        x at the entrance.
    time : float
        t at the entrance.
    step : float
        Length of the step; negative ones run back.
    kind : str
        One of "euler", "heun", "rk4".

    Returns
    -------
    numpy.ndarray, shape (..., component)
        x at the exit.

    Raises
    ------
    InvalidArgument
        If the state is no finite array, a number not finite or the kind unknown.

    Examples
    --------
    >>> apply_block(lambda t, x: -x, np.array([1.0]), 0.0, 0.1, "heun")
    array([0.905])
    """
    checks.array("state", state)
    block = BLOCKS[checks.option("kind", kind, tuple(BLOCKS))]
    return _advance(field, state, checks.number("time", time), checks.number("step", step), block)


def residual_network(
    field: Field, state: Float[np.ndarray, "*batch component"], duration: float, blocks: int, kind: str = "euler", start: float = 0.0
) -> Float[np.ndarray, "layer *batch component"]:
    r"""States at the entrance and after each of N blocks of the step :math:`\Delta t` = duration / N.

    Parameters
    ----------
    field : callable
        f(t, x): rates of the state, of the same shape as the state.
    state : numpy.ndarray, shape (..., component)
        x at the entrance.
    duration : float
        Total time T. With T = N the step is 1: the formula as the slide prints it.
    blocks : int
        Number N of blocks.
    kind : str
        One of "euler", "heun", "rk4".
    start : float
        Time at the entrance.

    Returns
    -------
    numpy.ndarray, shape (blocks + 1, ..., component)
        The states.

    Raises
    ------
    InvalidArgument
        If the state is no finite array, a number not finite, the number of blocks not positive or the kind unknown.
    Diverged
        If a state is no longer finite.

    Examples
    --------
    >>> states = residual_network(lambda t, x: x, np.array([1.0]), 1.0, 1000)
    >>> bool(abs(states[-1, 0] - np.e) < 2e-3)
    True

    Notes
    -----
    Derived on the page ``networks-as-spacetime/depth-as-time``.
    """
    checks.array("state", state)
    step = checks.number("duration", duration) / checks.count("blocks", blocks)
    block, begin, states = BLOCKS[checks.option("kind", kind, tuple(BLOCKS))], checks.number("start", start), [state]
    with np.errstate(over="ignore", invalid="ignore"):
        for n in range(blocks):
            states.append(_advance(field, states[-1], begin + n * step, step, block))
    return checks.finite_result("residual network", np.stack(states), where="some block", remedy="take more blocks or a shorter duration")


def _advance(field: Field, state: np.ndarray, time: float, step: float, block: Block) -> np.ndarray:
    rate, change = np.zeros_like(state), np.zeros_like(state)
    for along, weight in zip(block.chain, block.weights, strict=True):
        rate = field(time + along * step, state + along * step * rate)
        change = change + weight * rate
    return state + step * change
