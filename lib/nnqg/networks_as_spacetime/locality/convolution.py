r"""A convolutional layer and the differential operator that it is.

On a ring of sites :math:`x_i = i\,\Delta x` a layer with 2h + 1 shared weights is

.. math:: (w * \phi)_i = \sum_{k=-h}^{h} w_k\, \phi_{i+k} = \sum_{m \ge 0} c_m\, \partial_x^m \phi(x_i), \qquad
          c_m = \frac{\Delta x^m}{m!} \sum_k k^m w_k .

The first 2h + 1 coefficients fix the weights, and the weights fix all the others. For h = 1 and (a, b, c) the first three coefficients,
:math:`w_\pm = c/\Delta x^2 \pm b/2\Delta x` and :math:`w_0 = a - 2c/\Delta x^2` (slide 2/5 of "When is NN a spacetime?").
Weights are ordered :math:`w_{-h}, \dots, w_h`.
"""

import math

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import InvalidArgument

__all__ = ["circulant", "coefficients", "convolve", "operator_weights"]


def convolve(field: Float[np.ndarray, "*batch site"], weights: Float[np.ndarray, " offset"]) -> Float[np.ndarray, "*batch site"]:
    r"""One convolutional layer on a ring, :math:`\sum_k w_k \phi_{i+k}`.

    Parameters
    ----------
    field : numpy.ndarray, shape (..., site)
        Entrance.
    weights : numpy.ndarray, shape (2h + 1,)
        Shared weights, the one of the left neighbour before that of the right.

    Returns
    -------
    numpy.ndarray, shape (..., site)
        Exit.

    Raises
    ------
    InvalidArgument
        If the number of weights is even or exceeds the number of sites.

    Examples
    --------
    >>> convolve(np.array([0.0, 1.0, 0.0, 0.0]), np.array([1.0, 2.0, 3.0]))
    array([3., 2., 1., 0.])
    """
    checks.array("field", field)
    h = _half_width(weights, field.shape[-1])
    return sum(weight * np.roll(field, -k, axis=-1) for k, weight in zip(range(-h, h + 1), weights, strict=True))


def circulant(weights: Float[np.ndarray, " offset"], sites: int) -> Float[np.ndarray, "site site"]:
    """The same layer written as a fully connected one.

    Parameters
    ----------
    weights : numpy.ndarray, shape (2h + 1,)
        Shared weights.
    sites : int
        Number of sites of the ring.

    Returns
    -------
    numpy.ndarray, shape (site, site)
        Matrix with a band along the diagonal, closed round the ring.

    Raises
    ------
    InvalidArgument
        If the number of weights is even or exceeds the number of sites.

    Examples
    --------
    >>> circulant(np.array([1.0, 2.0, 3.0]), 4)[0]
    array([2., 3., 0., 1.])
    """
    return convolve(np.eye(checks.count("sites", sites)), weights).T


def coefficients(weights: Float[np.ndarray, " offset"], spacing: float) -> Float[np.ndarray, " offset"]:
    r"""Coefficients of :math:`\phi, \phi', \phi'', \dots` of a convolutional layer: :math:`\frac{\Delta x^m}{m!} \sum_k k^m w_k`.

    Parameters
    ----------
    weights : numpy.ndarray, shape (2h + 1,)
        Shared weights.
    spacing : float
        Distance of neighbours.

    Returns
    -------
    numpy.ndarray, shape (2h + 1,)
        The coefficients, as many as there are weights; a, b, c for three weights.

    Raises
    ------
    InvalidArgument
        If the number of weights is even or the spacing not positive.

    Examples
    --------
    >>> coefficients(np.array([1.0, -2.0, 1.0]), 0.5)
    array([0.  , 0.  , 0.25])

    Notes
    -----
    Derived on the page ``networks-as-spacetime/when-is-a-network-a-space``.
    """
    positions = checks.number("spacing", spacing, above=0) * np.arange(-(h := _half_width(weights)), h + 1)
    return np.array([(weights * positions**m).sum() / math.factorial(m) for m in range(len(weights))])


def operator_weights(wanted: Float[np.ndarray, " offset"], spacing: float) -> Float[np.ndarray, " offset"]:
    r"""Weights of the convolutional layer whose first coefficients are given; the inverse of `coefficients`.

    Parameters
    ----------
    wanted : numpy.ndarray, shape (2h + 1,)
        Coefficients of :math:`\phi, \phi', \phi'', \dots`.
    spacing : float
        Distance of neighbours.

    Returns
    -------
    numpy.ndarray, shape (2h + 1,)
        The weights.

    Raises
    ------
    InvalidArgument
        If their number is even or the spacing not positive.

    Examples
    --------
    >>> operator_weights(np.array([0.0, 0.0, 1.0]), 0.5)
    array([ 4., -8.,  4.])
    """
    h = _half_width(wanted, name="wanted")
    powers = np.arange(2 * h + 1)
    moments = wanted * np.array([math.factorial(m) for m in powers]) / checks.number("spacing", spacing, above=0) ** powers
    return np.linalg.solve(np.arange(-h, h + 1.0) ** powers[:, None], moments)  # order offset


def _half_width(weights: np.ndarray, sites: int | None = None, name: str = "weights") -> int:
    checks.array(name, weights, shape=("offset",))
    if len(weights) % 2 == 0 or (sites is not None and len(weights) > sites):
        limit = "" if sites is None else f", at most {sites}"
        raise InvalidArgument(name, "an odd number of entries" + limit, len(weights), "give as many neighbours on the left as on the right")
    return len(weights) // 2
