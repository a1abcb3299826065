r"""A confining solution in closed form: :math:`A_E = -\log z - k z^2`.

Put it into the equations of `riccati` and everything is elementary (units k = 1):

.. math::

    \Phi'^2 = 9z^2 + \tfrac{27}2, \qquad b = 2z + \sqrt{z^2 + \tfrac32}, \qquad
    V = 6\,(6z^4 + 5z^2 + 2)\,e^{2z^2} .

The warp factor of the string frame has its minimum at :math:`z_* = 1/\sqrt{2k}` exactly.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks

__all__ = ["example_dilaton", "example_potential", "example_slope", "example_string_slope", "example_wall"]


def example_slope(z: Float[np.ndarray, " z"], k: float = 1.0) -> Float[np.ndarray, " z"]:
    r"""The meson's slope :math:`b = B' - 1/z`.

    Parameters
    ----------
    z : numpy.ndarray, shape (z,)
        Positions, at least 0.
    k : float
        Strength, in units of 1/length^2, positive.

    Returns
    -------
    numpy.ndarray, shape (z,)
        b in units of 1/length.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

    Examples
    --------
    >>> example_slope(np.array([0.5])).round(6)
    array([2.322876])
    """
    x, unit = _scaled(z, k)
    return unit * (2 * x + np.sqrt(x**2 + 1.5))


def example_dilaton(z: Float[np.ndarray, " z"], k: float = 1.0) -> Float[np.ndarray, " z"]:
    r"""The dilaton, :math:`\Phi = \frac32 z\sqrt{z^2 + \frac32} + \frac94\,\mathrm{arsinh}(z\sqrt{2/3})` for k = 1.

    Parameters
    ----------
    z, k : numpy.ndarray, float
        As in `example_slope`.

    Returns
    -------
    numpy.ndarray, shape (z,)
        Phi, which vanishes at the boundary.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

    Examples
    --------
    >>> example_dilaton(np.array([0.0, 1.0])).round(6)
    array([0.      , 4.049079])
    """
    x, _ = _scaled(z, k)
    return 1.5 * x * np.sqrt(x**2 + 1.5) + 2.25 * np.arcsinh(x * np.sqrt(2 / 3))


def example_potential(z: Float[np.ndarray, " z"], k: float = 1.0) -> Float[np.ndarray, " z"]:
    """The potential V at the dilaton's value at z.

    Parameters
    ----------
    z, k : numpy.ndarray, float
        As in `example_slope`.

    Returns
    -------
    numpy.ndarray, shape (z,)
        V in units of 1/L^2.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

    Examples
    --------
    >>> example_potential(np.array([0.0]))
    array([12.])
    """
    x, _ = _scaled(z, k)
    return 6 * (6 * x**4 + 5 * x**2 + 2) * np.exp(2 * x**2)


def example_string_slope(z: Float[np.ndarray, " z"], k: float = 1.0) -> Float[np.ndarray, " z"]:
    r"""Slope of the string frame, :math:`A_s' = -1/z - 2z + 2\sqrt{z^2 + 3/2}` for k = 1.

    Parameters
    ----------
    z, k : numpy.ndarray, float
        As in `example_slope`, z above 0.

    Returns
    -------
    numpy.ndarray, shape (z,)
        In units of 1/length.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

    Examples
    --------
    >>> abs(example_string_slope(np.array([example_wall()]))) < 1e-12
    array([ True])
    """
    checks.array("z", z, minimum=np.finfo(float).tiny)
    x, unit = _scaled(z, k)
    return unit * (-1 / x - 2 * x + 2 * np.sqrt(x**2 + 1.5))


def example_wall(k: float = 1.0) -> float:
    r"""Where the string frame has its minimum, :math:`z_* = 1/\sqrt{2k}`.

    Parameters
    ----------
    k : float
        As in `example_slope`.

    Returns
    -------
    float
        The depth.

    Raises
    ------
    InvalidArgument
        If k is not positive.

    Examples
    --------
    >>> example_wall(2.0)
    0.5

    Notes
    -----
    Derived on the page ``emergent-spacetime/dilaton-potential``.
    """
    return float(1 / np.sqrt(2 * checks.number("k", k, above=0)))


def _scaled(z: np.ndarray, k: float) -> tuple[np.ndarray, float]:
    """Positions in units of k^(-1/2), and the unit of 1/length."""
    unit = float(np.sqrt(checks.number("k", k, above=0)))
    return unit * checks.array("z", z, shape=("z",), minimum=0.0), unit
