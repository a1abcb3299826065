r"""Meson spectra that are known exactly: hard wall, soft wall, and a family of different bulks with one and the same spectrum.

In anti-de Sitter space, :math:`A = -\log z`, a meson of spin S has :math:`B = \Phi + (2S - 1)\log z` in the chain of
`sturm_liouville` (arXiv:hep-ph/0602229: S = 1 for the rho, 2 for the a_2). z in any unit of length.
"""

import numpy as np
from jaxtyping import Float
from scipy.special import jn_zeros

from nnqg import checks
from nnqg.errors import InvalidArgument

__all__ = ["hard_wall_masses", "isospectral_exponent", "soft_wall_exponent", "soft_wall_masses2"]


def hard_wall_masses(count: int, wall: float = 1.0) -> Float[np.ndarray, " mode"]:
    r"""Masses with :math:`\Phi = 0` and a wall at :math:`z_w` where v' = 0: :math:`m_n = j_{0,n} / z_w` for S = 1.

    The mode is :math:`v = z J_1(m z)`, and :math:`v' = m z J_0(m z)`.

    Parameters
    ----------
    count : int
        How many.
    wall : float
        Position of the wall, positive.

    Returns
    -------
    numpy.ndarray, shape (mode,)
        Masses in units of 1/length.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

    Examples
    --------
    >>> hard_wall_masses(2).round(4)
    array([2.4048, 5.5201])
    """
    return jn_zeros(0, checks.count("count", count)) / checks.number("wall", wall, above=0)


def soft_wall_exponent(z: Float[np.ndarray, " z"], c: float = 1.0, spin: int = 1) -> Float[np.ndarray, " z"]:
    r"""The soft wall, :math:`\Phi = c z^2`: :math:`B = c z^2 + (2S - 1)\log z`.

    Parameters
    ----------
    z : numpy.ndarray, shape (z,)
        Positions, positive.
    c : float
        Strength of the dilaton in units of 1/length^2, positive.
    spin : int
        S, at least 1.

    Returns
    -------
    numpy.ndarray, shape (z,)
        B.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

    Examples
    --------
    >>> soft_wall_exponent(np.array([1.0]), c=0.5)
    array([0.5])
    """
    _check_positions(z)
    return checks.number("c", c, above=0) * z**2 + (2 * checks.count("spin", spin) - 1) * np.log(z)


def soft_wall_masses2(count: int, c: float = 1.0, spin: int = 1) -> Float[np.ndarray, " mode"]:
    r"""Masses squared of the soft wall: :math:`m_n^2 = 4c(n + S)`, n = 0, 1, ...

    Parameters
    ----------
    count : int
        How many.
    c : float
        As in `soft_wall_exponent`.
    spin : int
        S, at least 1.

    Returns
    -------
    numpy.ndarray, shape (mode,)
        :math:`m_n^2` in units of 1/length^2.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.

    Examples
    --------
    >>> soft_wall_masses2(4)
    array([ 4.,  8., 12., 16.])
    """
    return 4 * checks.number("c", c, above=0) * (np.arange(checks.count("count", count)) + checks.count("spin", spin))


def isospectral_exponent(z: Float[np.ndarray, " z"], g: float, c: float = 1.0) -> Float[np.ndarray, " z"]:
    r"""Bulks for S = 1 with the spectrum of the soft wall to the last mass, one for each g > -1.

    .. math:: e^{-B_g/2} = e^{-B/2} \Big[1 + g\,\frac{e^{-B} v_0 v_0'}{m_0^2\,(1 + g\int_0^z e^{-B} v_0^2)}\Big]
              = e^{-B/2}\,\frac{1 + g - g\,e^{-x}}{1 + g - g\,(1 + x)\,e^{-x}}, \qquad x = c z^2 .

    Parameters
    ----------
    z : numpy.ndarray, shape (z,)
        Positions, positive.
    g : float
        Which member of the family; above -1. The soft wall is g = 0.
    c : float
        As in `soft_wall_exponent`.

    Returns
    -------
    numpy.ndarray, shape (z,)
        :math:`B_g`. It agrees with B at z = 0 and for :math:`z \to \infty`.

    Raises
    ------
    InvalidArgument
        If an argument is out of range.
    Diverged
        If z is so large that B overflows.

    Examples
    --------
    >>> z = np.array([0.001, 1.0, 6.0])
    >>> (isospectral_exponent(z, g=3.0) - soft_wall_exponent(z)).round(4)
    array([-0.    , -0.9594, -0.    ])

    Notes
    -----
    The ground state's amplitude at the boundary, :math:`\lim \psi_0^2 / z^3`, is (1 + g) times that of the soft wall: the decay
    constants tell the members apart. Derived on the page ``emergent-spacetime/meson-spectrum``.
    """
    g = checks.number("g", g, above=-1)
    c, z = checks.number("c", c, above=0), _check_positions(z)
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow is reported below
        x = c * z**2
        factor = (1 + g - g * np.exp(-x)) / (1 + g - g * (1 + x) * np.exp(-x))
        exponent = soft_wall_exponent(z, c) - 2 * np.log(factor)
    return checks.finite_result("the exponent", exponent, where="large z", remedy="stop the grid earlier")


def _check_positions(z: np.ndarray) -> np.ndarray:
    checks.array("z", z, shape=("z",))
    if z.min() <= 0:
        raise InvalidArgument("z", "positions behind the boundary at 0", float(z.min()), "start the grid above 0")
    return z
