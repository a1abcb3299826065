"""Physical baselines without a bulk: odd polynomials for M(H), and the field H(M) of a Landau free energy.

Both are linear least squares, so that leaving out one point at a time needs no refit.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["OddPolynomial", "fit_odd"]


@checked
@dataclass(frozen=True)
class OddPolynomial:
    """y = c_0 x + c_1 x^3 + c_2 x^5 + ...

    Attributes
    ----------
    coefficients : numpy.ndarray, shape (k,)
        Lowest power first.
    residuals : numpy.ndarray, shape (data,)
        y minus the polynomial at the points of the fit.
    left_out : numpy.ndarray, shape (data,)
        The same for a fit that has not seen that point.
    """

    coefficients: Float[np.ndarray, " k"]
    residuals: Float[np.ndarray, " data"]
    left_out: Float[np.ndarray, " data"]

    def __call__(self, x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """y at any x."""
        return x * np.polynomial.polynomial.polyval(x * x, self.coefficients)


@checked
def fit_odd(x: Float[np.ndarray, " data"], y: Float[np.ndarray, " data"], terms: int) -> OddPolynomial:
    r"""Least-squares fit of :math:`y = \sum_{j<k} c_j x^{2j+1}`; with x = M and y = H the field of a Landau free energy.

    Parameters
    ----------
    x, y : numpy.ndarray, shape (data,)
        The points.
    terms : int
        k, at most the number of points.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> fit_odd(x, 2 * x - x**3, 2).coefficients.round(9)
    array([ 2., -1.])
    """
    checks.array("x", x, shape=("data",))
    checks.array("y", y, shape=x.shape)
    checks.count("terms", terms, maximum=len(x))
    scale = np.abs(x).max()
    powers = (x[:, None] / scale) ** (2 * np.arange(terms) + 1)  # [data, k]
    basis, triangle = np.linalg.qr(powers)
    coefficients = np.linalg.solve(triangle, basis.T @ y)
    residuals = y - powers @ coefficients
    leverage = np.minimum((basis**2).sum(axis=1), 1.0 - 1e-12)
    return OddPolynomial(coefficients / scale ** (2 * np.arange(terms) + 1), residuals, residuals / (1.0 - leverage))
