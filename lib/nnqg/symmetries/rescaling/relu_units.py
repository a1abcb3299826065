r"""Networks of one hidden layer of rectified linear units, up to the rescaling of each unit (arXiv:1506.02617; slide Candidates 2).

A network is an array with a row for each hidden unit j: what comes in, the weights and the bias, then what goes out,

.. math::

    u_j = (\tilde w_{j1}, \dots, \tilde w_{jn}, \tilde b_j, w_j), \qquad
    f(x) = \sum_j w_j \operatorname{ReLU}(\tilde w_j \cdot x + \tilde b_j) .

There is one output, without a bias of its own. For any :math:`\alpha_j > 0` the function is the same for :math:`(\tilde w_j, \tilde b_j) /
\alpha_j` and :math:`\alpha_j w_j`. A unit is *balanced* when both sides have the same length,
:math:`|\tilde w_j|^2 + \tilde b_j^2 = w_j^2`; this is the smallest sum of squares that the function allows, and the gradient flow of
any loss conserves the difference of the two sides. Page: rescaling-and-attention.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from nnqg import checks
from nnqg.adam import Adam
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["Descent", "balance", "descend", "rescale"]

FAR = 1e6
"""A loss above this is a descent that diverged."""

TOGETHER = 4
"""Runs whose arrays stay in the cache at once."""


@checked
def rescale(units: Float[np.ndarray, "*run hidden number"], alpha: Float[np.ndarray, " hidden"]) -> Float[np.ndarray, "*run hidden number"]:
    r"""Divide what comes into unit j by :math:`\alpha_j > 0` and multiply what goes out.

    Examples
    --------
    >>> rescale(np.array([[6.0, 2.0, 1.0]]), np.array([2.0]))
    array([[3., 1., 2.]])
    """
    _units(units)
    checks.array("alpha", alpha, shape=(units.shape[-2],))
    if alpha.min() <= 0:
        raise InvalidArgument("alpha", "factors above 0", alpha.min(), "a ReLU lets a positive factor through, and no other")
    return np.concatenate([units[..., :-1] / alpha[:, None], units[..., -1:] * alpha[:, None]], axis=-1)


@checked
def balance(units: Float[np.ndarray, "*run hidden number"]) -> Float[np.ndarray, "*run hidden number"]:
    r"""Rescale each unit until both sides have the same length: :math:`\alpha_j^2 = \sqrt{|\tilde w_j|^2 + \tilde b_j^2} / |w_j|`.

    A unit with a side of zero has no balanced form other than zero, and is refused.

    Examples
    --------
    >>> balance(np.array([[4.0, 0.0, 1.0]]))
    array([[2., 0., 2.]])
    """
    _units(units)
    sides = np.stack([np.linalg.norm(units[..., :-1], axis=-1), np.abs(units[..., -1])])
    checks.array("sides of the units", sides)
    if sides.min() == 0:
        raise InvalidArgument("units", "units with both sides above 0", "a side of length 0", "leave that unit out, its output is 0")
    alpha = np.sqrt(sides[0] / sides[1])[..., None]
    return np.concatenate([units[..., :-1] / alpha, units[..., -1:] * alpha], axis=-1)


@checked(infinite=("steps",), nan=("units", "return"))
class Descent(NamedTuple):
    """What became of some runs: steps until the loss was reached (infinite if it was not), which diverged, and the last networks."""

    steps: Float[np.ndarray, " run"]
    diverged: Bool[np.ndarray, " run"]
    units: Float[np.ndarray, "run hidden number"]


@checked(nan=("return",))
def descend(
    x: Float[np.ndarray, "data n"],
    y: Float[np.ndarray, " data"],
    starts: Float[np.ndarray, "run hidden number"],
    rates: Float[np.ndarray, " run"],
    *,
    level: float,
    steps: int,
    rule: str = "gradient",
) -> Descent:
    r"""Follow the loss :math:`\frac12 \langle (f(x) - y)^2 \rangle` down from many networks at once, each with its own rate.

    A run ends when its loss is at most ``level``, when it diverges (loss above 1e6), or after ``steps``.

    Parameters
    ----------
    rule : {"gradient", "balanced", "adam"}
        Gradient descent, gradient descent that balances all units after every step, or the book's Adam.

    Examples
    --------
    >>> x = np.array([[-1.0], [1.0]])
    >>> descend(x, np.array([0.0, 1.0]), np.array([[[1.0, 0.0, 0.5]]]), np.array([0.5]), level=1e-3, steps=50).steps
    array([3.])
    """
    checks.array("starts", starts, shape=("run", "hidden", "number"))
    _units(starts)
    checks.array("x", x, shape=("data", starts.shape[-1] - 2))
    checks.array("y", y, shape=(len(x),))
    checks.array("rates", rates, shape=(len(starts),), minimum=0.0)
    checks.number("level", level, above=0)
    checks.option("rule", rule, ("gradient", "balanced", "adam"))
    runs, inputs = np.arange(len(starts)), np.column_stack([x, np.ones(len(x))])
    reached, diverged, last = np.full(len(starts), np.inf), np.zeros(len(starts), dtype=bool), starts.copy()
    units, adam = starts.copy(), Adam(starts.ravel().copy())
    for step in range(checks.count("steps", steps, maximum=10 * checks.MOST_STEPS) + 1):
        parts = [_loss_and_gradient(inputs, y, units[n : n + TOGETHER]) for n in range(0, len(units), TOGETHER)]
        loss, gradient = (np.concatenate(part) for part in zip(*parts, strict=True))
        reached[runs[loss <= level]] = step
        diverged[runs[~(loss < FAR)]] = True
        last[runs] = units
        on = (loss > level) & (loss < FAR)
        if not on.any():
            break
        if not on.all():
            runs, rates, units, gradient = runs[on], rates[on], units[on], gradient[on]
            for name in ("vector", "mean", "square"):
                setattr(adam, name, getattr(adam, name).reshape(len(on), -1)[on].ravel())
        if rule == "adam":
            adam.step(gradient.ravel(), np.repeat(rates, units[0].size))
            units = adam.vector.reshape(units.shape).copy()
        else:
            units = units - rates[:, None, None] * gradient
            units = balance(units) if rule == "balanced" else units
    return Descent(reached, diverged, last)


def _loss_and_gradient(
    inputs: Float[np.ndarray, "data n1"], y: Float[np.ndarray, " data"], units: Float[np.ndarray, "run hidden number"]
) -> tuple[Float[np.ndarray, " run"], Float[np.ndarray, "run hidden number"]]:
    """Loss and gradient of each run."""
    outgoing = units[..., -1:]
    before = units[..., :-1] @ inputs.T  # run, hidden, data
    active = np.maximum(before, 0)
    error = (outgoing.mT @ active)[:, 0] - y  # run, data
    switched = (before > 0) * error[:, None]
    gradient = np.concatenate([outgoing * (switched @ inputs), active @ error[..., None]], axis=-1) / len(y)
    return (error**2).mean(axis=1) / 2, gradient


def _units(units: Float[np.ndarray, "*run hidden number"]) -> None:
    """Refuse what is no array with a row for each hidden unit: at least one weight, a bias, and what goes out."""
    checks.array("units", units)
    if units.ndim < 2 or units.shape[-1] < 3:
        came = f"shape {units.shape}"
        raise InvalidArgument("units", "rows of at least one weight, a bias, and what goes out", came, "give each hidden unit its row")
