r"""Two-point functions and quasinormal modes of a hot boundary theory: a field on the black brane.

The brane is :math:`ds^2 = z^{-2}(f\,d\tau^2 + dx^2 + dz^2/f)`, :math:`f = 1 - z^d`, with its horizon at z = 1, the temperature
:math:`T = d/4\pi` and the frequencies :math:`\omega_n = 2\pi nT = nd/2`. For d = 2 it is the black hole of Banados, Teitelboim and
Zanelli. A field :math:`\phi\,e^{i\omega\tau + ikx}` that is smooth at the horizon is :math:`\phi = f^{|\omega|/d}q` with

.. math::

    f q'' + \Big[\big(\tfrac{2|\omega|}d + 1\big)f' - \tfrac{d - 1}zf\Big]q'
    - \Big[\omega^2\frac{1 - z^{2d-2}}{1 - z^d} + k^2 + \frac{m^2}{z^2}\Big]q = 0 ,

and :math:`\phi = A\,z^{d/2-\nu} + B\,z^{d/2+\nu} + \dots` at the boundary; :math:`2\nu B/A` is the two-point function. Derived in the page
``quantum-gravity/thermal-correlators``.
"""

import numpy as np
from jaxtyping import Complex, Float
from scipy.linalg import eig

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_gravity.dictionary.radial_equation import fractional, index

__all__ = ["brane_response", "quasinormal_modes"]

_MATCH, _TERMS = 0.5, 80


def _chebyshev(order: int, begin: float, end: float) -> tuple[Float[np.ndarray, " node"], Float[np.ndarray, "node node"]]:
    """Return Chebyshev's nodes, from ``end`` to ``begin``, and the matrix that differentiates values at them."""
    j = np.arange(order + 1)
    x = np.cos(np.pi * j / order)
    c = np.where((j == 0) | (j == order), 2.0, 1.0) * (-1.0) ** j
    D = np.outer(c, 1 / c) / (x[:, None] - x + np.eye(order + 1))
    D -= np.diag(D.sum(axis=1))
    half = (end - begin) / 2
    return begin + half * (1 + x), D / half


def _boundary_series(omega: float, k: float, nu: float, d: int) -> Float[np.ndarray, "2 2"]:
    """Return values and slopes (rows) at the matching point of the series of source and response (columns)."""
    m2, columns = nu**2 - d**2 / 4, []
    for sign in (-1, 1):
        alpha, c = d / 2 + sign * nu, np.zeros(_TERMS)
        c[0] = 1.0
        for j in range(2, _TERMS):
            t, right = alpha + j - d, (omega**2 + k**2) * c[j - 2]
            right += (2 * t**2 - d * t - m2) * c[j - d] if j >= d else 0.0
            right -= (t - d) ** 2 * c[j - 2 * d] if j >= 2 * d else 0.0
            right -= k**2 * c[j - 2 - d] if j >= 2 + d else 0.0
            if right != 0 and j + 2 * sign * nu == 0:
                raise InvalidArgument("nu", f"an index whose double is not {j}", nu, "a logarithm appears: choose an index nearby")
            c[j] = right / (j * (j + 2 * sign * nu)) if right != 0 else 0.0
        powers = alpha + np.arange(_TERMS)
        columns.append([(c * _MATCH**powers).sum(), (c * powers * _MATCH ** (powers - 1)).sum()])
    return np.array(columns).T


@checked
def brane_response(omega: float, k: float, nu: float, d: int, order: int = 40) -> float:
    r"""Return B/A of the smooth field: Chebyshev collocation from the horizon to z = 1/2, two power series from there.

    Parameters
    ----------
    omega, k
        Euclidean frequency, any real number, and wave number, in units in which the horizon is at 1.
    nu
        The index, no integer.
    d
        Dimension of the boundary, at least 2.
    order
        Number of Chebyshev polynomials.

    Examples
    --------
    >>> round(brane_response(0.0, 1.0, 0.5, 4), 7)
    -1.0063829
    """
    nu, d = fractional(nu), checks.count("d", d, minimum=2)
    s, k = abs(checks.number("omega", omega)) / d, checks.number("k", k)
    z, D = _chebyshev(checks.count("order", order, minimum=2), _MATCH, 1.0)
    f, slope = 1 - z**d, -d * z ** (d - 1)
    regular = np.append((2 * d - 2) / d, (1 - z[1:] ** (2 * d - 2)) / f[1:])
    L = f[:, None] * (D @ D) + ((2 * s + 1) * slope - (d - 1) * f / z)[:, None] * D
    L -= np.diag(omega**2 * regular + k**2 + (nu**2 - d**2 / 4) / z**2)
    L[-1] = np.eye(order + 1)[0]  # instead of the equation at the matching point: q = 1 at the horizon
    q = np.linalg.solve(L, np.eye(order + 1)[-1])
    ends = f[-1] ** s * np.array([q[-1], D[-1] @ q + s * slope[-1] / f[-1] * q[-1]])
    A, B = np.linalg.solve(_boundary_series(omega, k, nu, d), ends)
    return float(B / A)


@checked
def quasinormal_modes(d: int, m2: float, k: float = 0.0, order: int = 32, tolerance: float = 1e-4) -> Complex[np.ndarray, " mode"]:
    r"""Return the frequencies of fields without a source that fall into the horizon, slowest decay first.

    With :math:`\phi = e^{-i\omega v}z^\Delta\chi(z)` in ingoing coordinates the equation is linear in :math:`\omega`,

    .. math:: zf\chi'' + [(2\Delta - d + 1)f + zf']\chi' - z(\Delta^2z^{d-2} + k^2)\chi = -i\omega\,[2z\chi' + (2\Delta - d + 1)\chi] .

    Of the eigenvalues only those are kept that an order higher by 4 finds again, up to the relative ``tolerance``: the higher modes
    suffer from rounding, for which a larger order is no cure.

    Raises
    ------
    NotConverged
        If no mode is kept.

    Examples
    --------
    >>> modes = quasinormal_modes(2, -0.75, k=0.7)  # +-k - 2i (n + Delta/2)
    >>> float(modes[0].imag.round(6))
    -1.5
    """
    nu, k, found = index(m2, checks.count("d", d, minimum=2)), checks.number("k", k), []
    Delta = d / 2 + nu
    tolerance = checks.number("tolerance", tolerance, above=0)
    for N in (checks.count("order", order, minimum=8), order + 4):
        z, D = _chebyshev(N, 0.0, 1.0)
        f, g = 1 - z**d, 2 * Delta - d + 1
        left = (z * f)[:, None] * (D @ D) + (g * f - d * z**d)[:, None] * D - np.diag(z * (Delta**2 * z ** (d - 2) + k**2))
        values = 1j * eig(left, 2 * z[:, None] * D + g * np.eye(N + 1), right=False)
        found.append(values[np.isfinite(values)])
    again = abs(found[0][:, None] - found[1]).min(axis=1) < tolerance * abs(found[0])
    kept = found[0][again]
    if not kept.size:
        raise NotConverged("the search for modes", f"none of order {order} is found again", "raise the order or the tolerance")
    return kept[np.lexsort((kept.real.round(6), -kept.imag.round(6)))]
