r"""The linear neural ODE, its layers, and the Wilson line that they multiply to (slides "Diffeos in neural ODEs" 3 and 4).

With column vectors, and w and b in one matrix,

.. math::

    \dot x = w(t)\,x + b(t) \quad\Longleftrightarrow\quad
    \frac{d}{dt}\begin{pmatrix} x \\ 1 \end{pmatrix} = A(t) \begin{pmatrix} x \\ 1 \end{pmatrix} ,
    \qquad A = \begin{pmatrix} w & b \\ 0 & 0 \end{pmatrix} .

Its solution is the path-ordered exponential, the Wilson line of A, with later times to the left,

.. math:: \begin{pmatrix} x(T) \\ 1 \end{pmatrix} = U(T) \begin{pmatrix} x(0) \\ 1 \end{pmatrix}, \qquad
    U(T) = \mathrm{P}\exp\int_0^T A\,dt = V_{N-1} \cdots V_1 V_0 = \begin{pmatrix} M & \beta \\ 0 & 1 \end{pmatrix} .

The links :math:`V_n` are the layers of a network: exact ones up to an order (Magnus), or those of a solver (Runge-Kutta). Everything
here holds for any square matrices A; those of a function A(t) come with one axis for the times, if it is given an array of them.
Derived on the page weights-as-gauge-fields.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.linalg import expm

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.runge_kutta import Tableau, advance

__all__ = ["affine", "exact_links", "solver_links", "wilson_line"]

Weights = Callable[[Any], np.ndarray]


@checked
def affine(w: Float[np.ndarray, "*time d d"], b: Float[np.ndarray, "*time d"]) -> Float[np.ndarray, "*time n n"]:
    """Return A = ((w, b), (0, 0)), so that dx/dt = w x + b is d(x, 1)/dt = A (x, 1).

    Examples
    --------
    >>> affine(np.array([[2.0]]), np.array([3.0]))
    array([[2., 3.],
           [0., 0.]])
    """
    checks.array("w", w)
    checks.array("b", b, shape=w.shape[:-1])
    A = np.zeros((*w.shape[:-2], w.shape[-1] + 1, w.shape[-1] + 1))
    A[..., :-1, :-1], A[..., :-1, -1] = w, b
    return A


@checked
def exact_links(A: Weights, T: float, steps: int, order: int = 4) -> Float[np.ndarray, "step n n"]:
    r"""Return the links of N equal time steps h, as exponentials: each is in the group, whatever h.

    Order 2 is the exponential midpoint rule, :math:`V_n = e^{hA(t_n + h/2)}`, exact for weights that are constant on each step. Order 4
    is that of Magnus with two Gauss points,
    :math:`\log V_n = \tfrac h2 (A_1 + A_2) + \tfrac{\sqrt3}{12} h^2 [A_2, A_1]` (Blanes et al., arXiv:0810.5488).

    Parameters
    ----------
    A : callable
        The weights A(t).
    T, steps, order : number, int, int
        From 0 to T > 0, N, and 2 or 4.

    Examples
    --------
    >>> V = exact_links(lambda t: np.multiply.outer(t, np.diag([1.0, 2.0])), T=1.0, steps=3)
    >>> wilson_line(V)[-1].diagonal().round(6)
    array([1.648721, 2.718282])
    """
    checks.option("order", order, (2, 4))
    h = checks.number("T", T, above=0) / checks.count("steps", steps, maximum=checks.MOST_STEPS)
    middle = (np.arange(steps) + 0.5) * h
    if order == 2:
        return expm(h * _values(A, middle))
    first, second = (_values(A, middle + sign * h * 3**0.5 / 6) for sign in (-1, 1))
    return expm(h / 2 * (first + second) + 3**0.5 / 12 * h**2 * (second @ first - first @ second))


@checked
def solver_links(A: Weights, T: float, steps: int, tableau: Tableau) -> Float[np.ndarray, "step n n"]:
    """Return the links of a Runge-Kutta solver: one step of it on the unit matrix. Euler's are the layers 1 + h A of a residual network.

    Examples
    --------
    >>> from nnqg.runge_kutta import TABLEAUX
    >>> solver_links(lambda t: np.array([[1.0]]), T=1.0, steps=2, tableau=TABLEAUX["euler"]).ravel()
    array([1.5, 1.5])
    """
    h = checks.number("T", T, above=0) / checks.count("steps", steps, maximum=checks.MOST_STEPS)
    unit = np.eye(_values(A, 0.0).shape[-1])
    return np.stack([advance(lambda t, X: _values(A, t) @ X, n * h, unit, h, tableau) for n in range(steps)])


@checked
def wilson_line(V: Float[np.ndarray, "step n n"]) -> Float[np.ndarray, "step+1 n n"]:
    """Return 1, V_0, V_1 V_0, ... : the Wilson lines from the first site to every site, later times to the left.

    Examples
    --------
    >>> wilson_line(np.array([[[1.0, 1.0], [0.0, 1.0]], [[2.0, 0.0], [0.0, 1.0]]]))[-1]
    array([[2., 2.],
           [0., 1.]])
    """
    checks.array("V", V, shape=("step", "n", "n"))
    U = [np.eye(V.shape[-1])]
    for link in V:
        U.append(link @ U[-1])
    return checks.finite_result("the Wilson line", np.stack(U), where=f"one of {len(V)} steps", remedy="take smaller weights or steps")


def _values(A: Weights, t: Any) -> np.ndarray:
    """A at one or at many times, checked."""
    came = A(t)
    checks.array("A(t)", came, shape=(*([None] * (np.ndim(came) - 2)), "n", "n"))
    if np.ndim(t) and came.shape[:-2] != np.shape(t):
        raise InvalidArgument("A(t)", f"a matrix for each of {len(t)} times", f"shape {came.shape}", "let A take arrays of times")
    return came
