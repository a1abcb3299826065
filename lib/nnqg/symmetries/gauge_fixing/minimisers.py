r"""The weights that a penalty chooses among all linear neural ODEs with one map (slide "Training and symmetry breaking").

All :math:`w(t), b(t)` with the same map :math:`x(T) = M x(0) + \beta` are one gauge orbit. The penalty
:math:`L_R = \int (\dot w + w^2)^2 + [(\partial_t + w) b]^2` vanishes on it where the Wilson line is a straight line,

.. math:: U(t) = 1 + \tfrac tT (M - 1), \qquad w = \frac{M - 1}{T}\,U^{-1}, \qquad b = \tfrac 1T (\beta - t\,w\,\beta) ,

if no eigenvalue of M is a real number :math:`\le 0`. The decay :math:`\int w^2 + b^2` is the squared speed, in the hyperbolic plane
:math:`(d\eta^2 + d\xi^2) / \eta^2`, of the point :math:`\eta = 1/U`, :math:`\xi = \beta_t/U` that belongs to the first part of the
network. It is least on a geodesic, which is half of a circle around a point of the line :math:`\eta = 0`,

.. math:: w = \dot s \tanh s, \qquad b = \dot s / \cosh s, \qquad s(t) = s_0 + \dot s\,t .

Derived on the page gauge-fixing.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["shortest_weights", "straight_weights"]


@checked
def straight_weights(
    M: Float[np.ndarray, "d d"], beta: Float[np.ndarray, " d"], t: Float[np.ndarray, " time"], T: float = 1.0
) -> tuple[Float[np.ndarray, "time d d"], Float[np.ndarray, "time d"]]:
    """Return w and b at the times t, along which every x(t) is a straight line.

    Examples
    --------
    >>> w, b = straight_weights(np.array([[2.0]]), np.array([3.0]), np.array([0.0, 1.0]))
    >>> w.ravel(), b.ravel()
    (array([1. , 0.5]), array([3. , 1.5]))
    """
    checks.array("M", M, shape=("d", "d"))
    checks.array("beta", beta, shape=(len(M),))
    checks.array("t", t, shape=("time",), minimum=0.0, maximum=checks.number("T", T, above=0))
    for value in np.linalg.eigvals(M):
        if abs(value.imag) <= 1e-12 * abs(value) and value.real <= 0:
            remedy = "no straight lines lead there without all meeting in between; compose two networks"
            raise InvalidArgument("M", "no real eigenvalue <= 0", f"{value.real:.3g}", remedy)
    rate = (M - np.eye(len(M))) / T
    w = rate @ np.linalg.inv(np.eye(len(M)) + t[:, None, None] * rate)
    return w, (beta - t[:, None] * (w @ beta)) / T


@checked
def shortest_weights(
    M: float, beta: float, t: Float[np.ndarray, " time"], T: float = 1.0
) -> tuple[Float[np.ndarray, " time"], Float[np.ndarray, " time"]]:
    r"""Return w and b of one neuron with the least :math:`\int w^2 + b^2`, at the times t.

    Examples
    --------
    >>> w, b = shortest_weights(2.0, 3.0, np.array([0.0, 1.0]))
    >>> (w**2 + b**2).round(4), round(float(np.arccosh(1 + (1 + 9) / 4) ** 2), 4)
    (array([3.705, 3.705]), 3.705)
    """
    M, beta = checks.number("M", M, above=0), checks.number("beta", beta)
    checks.array("t", t, shape=("time",), minimum=0.0, maximum=checks.number("T", T, above=0))
    eta, xi = 1 / M, beta / M
    if abs(xi) < 1e-9:  # a circle so large that it is a line
        return np.full_like(t, np.log(M) / T), np.full_like(t, beta * np.log(M) / (M - 1) / T if M != 1 else beta / T)
    middle = (xi**2 + eta**2 - 1) / (2 * xi)
    start, end = (np.arcsinh((x - middle) / y) for x, y in ((0.0, 1.0), (xi, eta)))
    rate = (end - start) / T
    s = start + rate * t
    return rate * np.tanh(s), rate / np.cosh(s)
