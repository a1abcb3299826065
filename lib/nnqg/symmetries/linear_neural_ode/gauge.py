r"""What leaves the Wilson line of a linear neural ODE alone: gauge transformations and reparametrisations of time.

In new variables :math:`x' = G(t)\,x` the weights A of `lines` are a connection and the layers V links,

.. math::

    A' = G A G^{-1} + \dot G G^{-1}, \qquad V_n' = G_{n+1} V_n G_n^{-1}, \qquad U'(t) = G(t)\,U(t)\,G(0)^{-1} .

For one neuron, :math:`G = e^{g(t)}` gives :math:`w' = w + \dot g` (slide "Linear neural ODE can be solved"). With the matrices
:math:`A = ((w, b), (0, 0))` a :math:`G = ((G_w, 0), (0, 1))` gives :math:`w' = G_w w G_w^{-1} + \dot G_w G_w^{-1}` and
:math:`b' = G_w b`; a column in place of the zero shifts x by a function of time. In a new time :math:`t' = t + f(t)`,
:math:`A'(t') = A(t) / (1 + \dot f(t))`. Derived on the page weights-as-gauge-fields.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["reparametrise", "transform_links", "transform_weights"]


@checked
def transform_weights(
    A: Float[np.ndarray, "*time n n"], G: Float[np.ndarray, "*time n n"], G_dot: Float[np.ndarray, "*time n n"]
) -> Float[np.ndarray, "*time n n"]:
    r"""Return :math:`A' = (G A + \dot G)\,G^{-1}`, at one time or at many.

    Examples
    --------
    >>> transform_weights(np.array([[1.0]]), np.array([[2.0]]), np.array([[6.0]]))
    array([[4.]])
    """
    for name, value in (("A", A), ("G_dot", G_dot)):
        checks.array(name, value, shape=G.shape)
    return (G @ A + G_dot) @ _inverse(G)


@checked
def transform_links(V: Float[np.ndarray, "step n n"], G: Float[np.ndarray, "step+1 n n"]) -> Float[np.ndarray, "step n n"]:
    r"""Return :math:`V_n' = G_{n+1} V_n G_n^{-1}`, the exact symmetry of a network of linear layers.

    Examples
    --------
    >>> transform_links(np.array([[[1.0]], [[1.0]]]), np.array([[[1.0]], [[3.0]], [[1.0]]])).ravel().round(4)
    array([3.    , 0.3333])
    """
    checks.array("V", V, shape=("step", "n", "n"))
    checks.array("G", G, shape=(len(V) + 1, *V.shape[1:]))
    return G[1:] @ V @ _inverse(G[:-1])


@checked
def reparametrise(A: Callable[[Any], np.ndarray], f: Callable[[Any], Any], f_dot: Callable[[Any], Any], T: float) -> Callable[[Any], Any]:
    r"""Return the weights :math:`A'(t + f(t)) = A(t) / (1 + \dot f(t))` in a new time, as a function of it.

    Parameters
    ----------
    A, f, f_dot : callable
        Functions of one or many times; f(0) = f(T) = 0, and the new time runs forward.

    Examples
    --------
    >>> new = reparametrise(lambda t: 1 + 0 * t, lambda t: t * (1 - t) / 2, lambda t: 0.5 - t, T=1.0)
    >>> new(np.array([0.0, 1.0])).round(4)
    array([0.6667, 2.    ])
    """
    T = checks.number("T", T, above=0)
    times = np.linspace(0.0, T, 1001)
    ends = np.abs(f(times[[0, -1]])).max()
    if not ends <= 1e-12 * T:
        raise InvalidArgument("f", "a function that vanishes at 0 and T", f"{ends:.3g} at an end", "keep the first and the last moment")
    slowest = 1 + np.min(f_dot(times))
    if not slowest > 0:
        raise InvalidArgument("f", "1 + df/dt above 0", f"{slowest:.3g}", "take a smaller f, the new time must not run back")

    def new(s: Any) -> Any:
        s = checks.array("time", np.asarray(s, dtype=float), minimum=0.0, maximum=T)
        low, high = np.zeros_like(s), np.full_like(s, T)
        for _ in range(60):  # t + f(t) grows, so halving finds the old time
            t = (low + high) / 2
            early = t + f(t) < s
            low, high = np.where(early, t, low), np.where(early, high, t)
        values, rate = A(high), 1 + f_dot(high)
        return values / np.reshape(rate, np.shape(rate) + (1,) * (np.ndim(values) - np.ndim(rate)))

    return new


def _inverse(G: np.ndarray) -> np.ndarray:
    """The inverse of each matrix, unless one of them has none."""
    worst = float(np.max(np.linalg.cond(checks.array("G", G))))
    if not worst < 1e12:
        remedy = "choose G with an inverse at all times"
        raise InvalidArgument("G", "invertible matrices", f"a condition number of {worst:.2g}", remedy)
    return np.linalg.inv(G)
