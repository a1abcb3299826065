r"""The equation of a bulk field in empty anti-de Sitter space, solved: scaling dimension, response and two-point function.

For a wave number k along the boundary, in the Euclidean metric :math:`(dz^2 + dx^2)/z^2` with d boundary dimensions and L = 1,

.. math::

    z^2\phi'' - (d - 1)\,z\phi' - (k^2z^2 + m^2)\,\phi = 0, \\
    \phi = A\,z^{d-\Delta}(1 + \dots) + B\,z^\Delta(1 + \dots), \qquad \Delta = \tfrac d2 + \nu, \quad \nu = \sqrt{\tfrac{d^2}4 + m^2} .

The field that stays finite inside is :math:`z^{d/2}\mathrm K_\nu(kz)` (arXiv:hep-th/9802109, hep-th/9802150). For integer
:math:`\nu` the series of A meets that of B and a logarithm appears: these indices have functions of their own and are refused by the
others. Derived in the page ``quantum-gravity/the-dictionary``.
"""

import numpy as np
from jaxtyping import Float
from scipy.integrate import solve_ivp
from scipy.special import digamma, gamma

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = [
    "boundary_series",
    "bulk_field",
    "fractional",
    "index",
    "log_response",
    "log_series",
    "response",
    "two_point_coefficient",
]

_TERMS = 40


@checked
def index(m2: float, d: int) -> float:
    r"""The index :math:`\nu = \sqrt{d^2/4 + m^2}`; masses below the Breitenlohner-Freedman bound :math:`-d^2/4` are refused.

    Examples
    --------
    >>> index(-2.0, d=3)
    0.5
    """
    bound = -(checks.count("d", d) ** 2) / 4
    if checks.number("m2", m2) < bound:
        expected = f"at least the Breitenlohner-Freedman bound {bound}"
        raise InvalidArgument("m2", expected, m2, "raise the mass: below the bound the field oscillates in log z and has no ground state")
    return float(np.sqrt(m2 - bound))


@checked
def fractional(nu: float) -> float:
    """Return the index if it is positive and no integer: only then there is no logarithm.

    Examples
    --------
    >>> fractional(0.5)
    0.5
    """
    if checks.number("nu", nu, above=0) == round(nu):
        raise InvalidArgument("nu", "no integer, because of the logarithm", nu, "use log_series and log_response, which have it")
    return float(nu)


@checked
def bulk_field(k: float, m2: float, d: int, z: Float[np.ndarray, " depth"]) -> Float[np.ndarray, "2 depth"]:
    r"""Return :math:`\phi` and :math:`z\,\phi'` at falling depths z, integrated outwards from :math:`z = (40 + \nu)/k`, where it is 1.

    Only the solution that grows towards the boundary survives, so what the field does deep inside is forgotten.

    Examples
    --------
    >>> phi, slope = bulk_field(1.0, -2.0, 3, np.array([0.2, 0.1]))  # z e^(-z)
    >>> round(float(np.log(2 * phi[1] / phi[0])), 9)
    0.1
    """
    nu, k = index(m2, d), checks.number("k", k, above=0)
    checks.array("z", z, shape=("depth",))
    deep = (40 + nu) / k
    if not (z.min() > 0 and z.max() < deep and (np.diff(z) < 0).all()):
        raise InvalidArgument("z", f"falling depths between 0 and {deep:g}", z, "count depths from the inside outwards")

    def rates(u: float, y: np.ndarray) -> tuple[float, float]:
        return y[1], d * y[1] + (k**2 * np.exp(2 * u) + m2) * y[0]

    start, ends = (1.0, d / 2 - k * deep), np.log([deep, z[-1]])
    return np.asarray(solve_ivp(rates, ends, start, "DOP853", np.log(z), rtol=1e-12, atol=0).y)


@checked
def boundary_series(k: float, nu: float, d: int, z: float) -> Float[np.ndarray, "2 2"]:
    r"""Return the values (row 0) and :math:`z\,d/dz` (row 1) of the two series that begin with :math:`z^{d/2 \mp \nu}`.

    .. math:: \phi_\mp = z^{d/2 \mp \nu}\sum_j c_j z^{2j}, \qquad c_0 = 1, \quad c_{j+1} = \frac{k^2c_j}{4(j + 1)(j + 1 \mp \nu)} .

    Examples
    --------
    >>> boundary_series(1.0, 0.5, 1, 1.0)[0].round(6)  # cosh 1, sinh 1
    array([1.543081, 1.175201])
    """
    j = np.arange(_TERMS)
    z, signs = checks.number("z", z, above=0), np.array([-1.0, 1.0])[:, None]
    ratios = checks.number("k", k, minimum=0) ** 2 / (4 * (j + 1) * (j + 1 + signs * fractional(nu)))
    c = np.cumprod(np.insert(ratios, 0, 1.0, axis=1), axis=1)
    powers = checks.count("d", d) / 2 + signs * nu + 2 * np.append(j, _TERMS)
    return np.stack([(c * z**powers).sum(1), (c * powers * z**powers).sum(1)])


@checked
def log_series(k: float, nu: int, d: int, z: float) -> Float[np.ndarray, "2 2"]:
    r"""`boundary_series` for an integer index: the first has the term :math:`\ell\,z^{d/2+\nu}\log z` and none in :math:`z^{d/2+\nu}`.

    Examples
    --------
    >>> round(float(log_series(1.0, 1, 2, 1e-3)[0, 0]), 9)  # 1 + (z^2/2) log z
    0.999996546
    """
    nu, d, k, z = checks.count("nu", nu), checks.count("d", d), checks.number("k", k, above=0), checks.number("z", z, above=0)
    low, c = np.zeros(nu + _TERMS), 1.0
    for j in range(nu):
        low[j] = c
        c *= k**2 / (4 * (j + 1) * (j + 1 - nu)) if j + 1 < nu else 1.0
    ell, b = _log_coefficient(k, nu), np.ones(_TERMS)
    for j in range(1, _TERMS):
        b[j] = k**2 * b[j - 1] / (4 * j * (j + nu))
        low[nu + j] = (k**2 * low[nu + j - 1] - 2 * ell * (nu + 2 * j) * b[j]) / (4 * j * (j + nu))
    s, t = d / 2 - nu + 2 * np.arange(nu + _TERMS), d / 2 + nu + 2 * np.arange(_TERMS)
    value, slope = (b * z**t).sum(), (b * t * z**t).sum()
    first = (low * z**s).sum() + ell * np.log(z) * value, (low * s * z**s).sum() + ell * (np.log(z) * slope + value)
    return np.array([[first[0], value], [first[1], slope]])


def _log_coefficient(k: float, nu: int) -> float:
    r"""Coefficient of :math:`z^{2\nu}\log z` for an integer index: :math:`\ell = 2(-1)^{\nu+1}(k/2)^{2\nu}/(\Gamma(\nu)\Gamma(\nu+1))`."""
    nu = checks.count("nu", nu)
    return float(2 * (-1) ** (nu + 1) * (checks.number("k", k, above=0) / 2) ** (2 * nu) / (gamma(nu) * gamma(nu + 1)))


@checked
def response(k: float, nu: float) -> float:
    r"""The response :math:`B/A = 4^{-\nu}\,\Gamma(-\nu)/\Gamma(\nu)\;k^{2\nu}` of empty space; :math:`2\nu B/A` is the two-point function.

    Examples
    --------
    >>> round(response(2.0, 0.5), 9)
    -2.0
    """
    nu = fractional(nu)
    return float(gamma(-nu) / gamma(nu) * (checks.number("k", k, above=0) / 2) ** (2 * nu))


@checked
def log_response(k: float, nu: int) -> float:
    r"""B/A of empty space for an integer index, :math:`\ell\,[\log(k/2) - \frac12(\psi(1) + \psi(\nu + 1))]` in the basis of `log_series`.

    Examples
    --------
    >>> round(log_response(2.0, 1), 6)  # 2 (gamma - 1/2)
    0.154431
    """
    return float(_log_coefficient(k, nu) * (np.log(k / 2) - (digamma(1) + digamma(nu + 1)) / 2))


@checked
def two_point_coefficient(nu: float, d: int) -> float:
    r"""Coefficient of :math:`\langle O(x)O(0)\rangle = 2\nu\,\Gamma(\Delta)/(\pi^{d/2}\Gamma(\nu))\;|x|^{-2\Delta}`; integers are welcome.

    Examples
    --------
    >>> round(two_point_coefficient(0.5, 1) * np.pi, 9)
    1.0
    """
    nu, d = checks.number("nu", nu, above=0), checks.count("d", d)
    return float(2 * nu * gamma(d / 2 + nu) / (np.pi ** (d / 2) * gamma(nu)))
