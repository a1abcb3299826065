r"""What lattice physicists read off a static potential: tension, Coulomb coefficient, Sommer's scale.

A holographic string gives :math:`2\pi\alpha'V/L^2`. The number :math:`k = L^2/\alpha'` is not known to classical gravity, so one measured
number sets it: here the tension, :math:`\sigma = \frac{k}{2\pi}\,e^{2A_s(z_*)}`. Then

.. math:: V \to -\frac{\kappa}{r}, \quad \kappa = \frac{k}{2\pi}\,\frac{8\pi^3}{\Gamma(1/4)^4}, \qquad r_0^2\,V'(r_0) = 1.65

(arXiv:hep-lat/9310022), with lengths and energies in the same natural unit.
"""

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from nnqg import checks
from nnqg.emergent_spacetime.quark_potential.wilson_loop import ADS_ENERGY, Strings
from nnqg.errors import InvalidArgument

__all__ = ["SOMMER", "coulomb_coefficient", "coupling_from_tension", "fit_cornell", "sommer_length"]

SOMMER = 1.65


def coupling_from_tension(warp: float, tension: float) -> float:
    r"""The number :math:`L^2/\alpha'` that gives a measured tension.

    Parameters
    ----------
    warp : float
        :math:`e^{2A_s(z_*)}`, in units of 1/length^2, positive.
    tension : float
        :math:`\sigma`, in the same unit, positive.

    Returns
    -------
    float
        :math:`2\pi\sigma e^{-2A_s(z_*)}`.

    Raises
    ------
    InvalidArgument
        If an argument is not positive.

    Examples
    --------
    >>> round(coupling_from_tension(2 * np.pi, 0.18), 6)
    0.18
    """
    return 2 * np.pi * checks.number("tension", tension, above=0) / checks.number("warp", warp, above=0)


def coulomb_coefficient(coupling: float) -> float:
    r"""Coefficient :math:`\kappa` of :math:`V = -\kappa/r` at short distance.

    Parameters
    ----------
    coupling : float
        :math:`L^2/\alpha'`, positive.

    Returns
    -------
    float
        :math:`4\pi^2\Gamma(1/4)^{-4}` times the coupling.

    Raises
    ------
    InvalidArgument
        If the coupling is not positive.

    Examples
    --------
    >>> round(coulomb_coefficient(1.0), 6)
    0.228473
    """
    return -checks.number("coupling", coupling, above=0) * ADS_ENERGY / (2 * np.pi)


def sommer_length(strings: Strings, coupling: float, target: float = SOMMER) -> float:
    r"""Distance at which :math:`r^2 V'(r)` has the value 1.65.

    Parameters
    ----------
    strings : Strings
        Hanging strings whose length grows as the turning point approaches a wall.
    coupling : float
        :math:`L^2/\alpha'`, positive.
    target : float
        Another value than 1.65, positive.

    Returns
    -------
    float
        :math:`r_0`, in the unit of length of the strings.

    Raises
    ------
    InvalidArgument
        If the strings do not cover that distance, or a number is not positive.

    Examples
    --------
    >>> d = np.array([3.0, 2.0, 1.0, 0.5])  # a force of 2 pi everywhere
    >>> round(sommer_length(Strings(d, d, d, np.full(4, 2 * np.pi)), 1.0, 2.25), 9)
    1.5
    """
    coupling, target = checks.number("coupling", coupling, above=0), checks.number("target", target, above=0)
    order = np.argsort(strings.length)
    x = np.log(strings.length[order])
    excess = 2 * x + np.log(strings.force[order] * coupling / (2 * np.pi * target))
    turns = np.flatnonzero((excess[:-1] < 0) & (excess[1:] >= 0))
    if len(turns) != 1:
        reached = np.exp(excess[[0, -1]]) * target
        raise InvalidArgument("strings", f"strings with r^2 V' on both sides of {target}", reached, "add turning points")
    return float(np.exp(brentq(CubicSpline(x, excess), x[turns[0]], x[turns[0] + 1], xtol=1e-14)))


def fit_cornell(length: Float[np.ndarray, " d"], energy: Float[np.ndarray, " d"]) -> tuple[float, float, float]:
    r"""Least-squares fit of :math:`V = -\kappa/r + \sigma r + V_0`, as if this were data.

    Parameters
    ----------
    length : numpy.ndarray, shape (d,)
        Distances r, positive; at least three.
    energy : numpy.ndarray, shape (d,)
        V.

    Returns
    -------
    tuple of float
        :math:`\kappa`, :math:`\sigma` and :math:`V_0`.

    Raises
    ------
    InvalidArgument
        If the arrays do not fit together or a distance is not positive.

    Examples
    --------
    >>> r = np.array([0.5, 1.0, 2.0, 4.0])
    >>> kappa, sigma, constant = fit_cornell(r, -0.3 / r + 0.2 * r + 1.0)
    >>> round(kappa, 9), round(sigma, 9), round(constant, 9)
    (0.3, 0.2, 1.0)
    """
    checks.array("length", length, shape=("d",), minimum=np.finfo(float).tiny)
    checks.array("energy", energy, shape=length.shape)
    if len(length) < 3:
        raise InvalidArgument("length", "at least three distances", len(length), "a fit has three parameters")
    rows = np.stack([-1 / length, length, np.ones_like(length)], axis=1)
    kappa, sigma, constant = np.linalg.lstsq(rows, energy, rcond=None)[0]
    return float(kappa), float(sigma), float(constant)
