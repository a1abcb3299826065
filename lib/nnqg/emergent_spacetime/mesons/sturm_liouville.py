r"""A chain of springs that has the masses of mesons as its eigenfrequencies.

A vector field in the metric :math:`ds^2 = e^{2A}(dz^2 + dx^2)` with dilaton :math:`\Phi` has normal modes v with masses m,

.. math:: \frac{d}{dz}\Big(e^{-B}\frac{dv}{dz}\Big) + m^2 e^{-B} v = 0, \qquad v(0) = 0, \qquad B = \Phi - A

(arXiv:hep-ph/0602229). With sites at :math:`z_i = i\,\delta`, links at :math:`z_{i+1/2}` and weights :math:`w = e^{-B}` on both, it becomes

.. math:: w_{i+1/2}(v_{i+1} - v_i) - w_{i-1/2}(v_i - v_{i-1}) + m^2 \delta^2 w_i v_i = 0 .

Only ratios of neighbouring weights enter, so nothing overflows, and no derivative of B is needed. The error is of order
:math:`\delta^2`. Read from site to site the same recursion is a deep linear network whose weights are :math:`e^{-B}`.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from scipy.linalg import eigh_tridiagonal

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["Chain", "Modes", "exponent_gradients", "modes", "slope_kernels"]


@checked
@dataclass(frozen=True)
class Chain:
    r"""Sites (at least 2) between the boundary at z = 0, where v = 0, and a wall at ``length``: v = 0 there, or :math:`w\,v' = 0`.

    A wall far behind every turning point matters in neither form.

    Examples
    --------
    >>> chain = Chain(1.0, 4, wall="dirichlet")
    >>> chain.sites, chain.links
    (array([0.2, 0.4, 0.6, 0.8]), array([0.1, 0.3, 0.5, 0.7, 0.9]))
    """

    length: float
    number: int
    wall: Literal["dirichlet", "neumann"] = "dirichlet"

    def __post_init__(self) -> None:
        checks.number("length", self.length, above=0)
        checks.count("number", self.number, minimum=2)
        checks.option("wall", self.wall, ("dirichlet", "neumann"))

    @property
    def spacing(self) -> float:
        """Distance of two sites. A wall of Neumann's kind stands on the last link, the other one a site behind the last."""
        return self.length / (self.number + (1.0 if self.wall == "dirichlet" else 0.5))

    @property
    def sites(self) -> Float[np.ndarray, " site"]:
        """Positions of the sites."""
        return self.spacing * np.arange(1, self.number + 1)

    @property
    def links(self) -> Float[np.ndarray, " link"]:
        """Positions of the links, one more than sites: half a step before and behind each site."""
        return self.spacing * (np.arange(self.number + 1) + 0.5)


@checked
@dataclass(frozen=True)
class Modes:
    r"""The lowest modes of a chain.

    Attributes
    ----------
    masses2 : numpy.ndarray, shape (mode,)
        :math:`m_n^2`, ascending, in units of 1/length^2.
    psi : numpy.ndarray, shape (mode, site)
        :math:`\psi_n = e^{-B/2} v_n` with :math:`\delta \sum_i \psi_{n,i}^2 = 1`, positive next to z = 0.
    """

    masses2: Float[np.ndarray, " mode"]
    psi: Float[np.ndarray, "mode site"]


@checked
def modes(chain: Chain, site_exponent: Float[np.ndarray, " site"], link_exponent: Float[np.ndarray, " link"], count: int) -> Modes:
    r"""Lowest modes of a chain with weights :math:`e^{-B}`: eigenvalues of a symmetric tridiagonal matrix for :math:`\psi`.

    The exponents B are given on the sites and on the links. Eigenvalues are found to 1e-8 of the largest by bisection and refined by
    Rayleigh's quotient, which squares their error.

    Raises
    ------
    Diverged
        If the weights of neighbours differ by more than a float can hold.

    Examples
    --------
    >>> chain = Chain(8.0, 800)
    >>> modes(chain, chain.sites**2 + np.log(chain.sites), chain.links**2 + np.log(chain.links), 3).masses2.round(3)
    array([ 4.,  8., 12.])
    """
    count = checks.count("count", count, maximum=chain.number)
    before, behind = _link_ratios(chain, site_exponent, link_exponent)
    diagonal = (before**2 + behind**2) / chain.spacing**2
    coupling = -behind[:-1] * before[1:] / chain.spacing**2
    remedy = "take a finer chain or a flatter B"
    checks.finite_result("chain", np.append(diagonal, coupling), where="some site", remedy=remedy)
    tolerance = 1e-8 * 4 / chain.spacing**2
    psi = eigh_tridiagonal(diagonal, coupling, select="i", select_range=(0, count - 1), tol=tolerance)[1].T
    masses2 = psi**2 @ diagonal + 2 * (psi[:, :-1] * psi[:, 1:]) @ coupling
    return Modes(masses2, psi * np.sign(psi[:, :1]) / np.sqrt(chain.spacing))


@checked
def exponent_gradients(
    chain: Chain, site_exponent: Float[np.ndarray, " site"], link_exponent: Float[np.ndarray, " link"], found: Modes
) -> tuple[Float[np.ndarray, "mode site"], Float[np.ndarray, "mode link"]]:
    r"""Exact derivatives of the masses squared with respect to B on sites and links (Hellmann and Feynman).

    .. math:: \frac{\partial m^2}{\partial B_i} = m^2 \delta\, w_i v_i^2, \qquad
              \frac{\partial m^2}{\partial B_{i+1/2}} = -\delta\, w_{i+1/2} \Big(\frac{v_{i+1} - v_i}{\delta}\Big)^2 .

    The mode is its own adjoint: no network is unrolled and nothing is stored. The sum over sites and links is zero, because a constant
    in B changes nothing.

    Examples
    --------
    >>> chain = Chain(8.0, 800)
    >>> exponents = [z**2 + np.log(z) for z in (chain.sites, chain.links)]
    >>> site, link = exponent_gradients(chain, *exponents, modes(chain, *exponents, 4))
    >>> round(float((site @ chain.sites**2 + link @ chain.links**2).sum()), 2)  # d(4c + 8c + 12c + 16c)/dc
    40.0
    """
    before, behind = _link_ratios(chain, site_exponent, link_exponent)
    checks.array("found.masses2", found.masses2, shape=("mode",))
    checks.array("found.psi", found.psi, shape=(len(found.masses2), chain.number))
    stretch = np.zeros((len(found.masses2), chain.number + 1))
    stretch[:, :-1] = found.psi * before
    stretch[:, 1:] -= found.psi * behind
    site = chain.spacing * found.masses2[:, None] * found.psi**2
    return site, -(stretch**2) / chain.spacing


@checked
def slope_kernels(
    chain: Chain, site_exponent: Float[np.ndarray, " site"], link_exponent: Float[np.ndarray, " link"], found: Modes
) -> Float[np.ndarray, "mode site"]:
    r"""How the masses answer to a change of the slope of B at z: :math:`\delta m_n^2 = \int K_n(z)\,\delta B'(z)\,dz`.

    .. math:: K_n(z) = \int_z^\infty e^{-B}(m_n^2 v_n^2 - v_n'^2)\,dz' = e^{-B} v_n v_n' .

    Examples
    --------
    >>> chain = Chain(8.0, 800)
    >>> exponents = [z**2 + np.log(z) for z in (chain.sites, chain.links)]
    >>> kernel = slope_kernels(chain, *exponents, modes(chain, *exponents, 1))
    >>> exact = 4 * chain.sites**2 * np.exp(-chain.sites**2)  # v = sqrt(2) z^2
    >>> bool(abs(kernel - exact).max() < 1e-3)
    True
    """
    site, link = exponent_gradients(chain, site_exponent, link_exponent, found)
    behind = np.cumsum((site + link[:, 1:])[:, ::-1], axis=1)[:, ::-1]
    return behind - site / 2  # half of the site at z itself


def _link_ratios(chain: Chain, site_exponent: np.ndarray, link_exponent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Square roots of (weight of the link) / (weight of the site), for the link before and the link behind each site."""
    checks.array("site_exponent", site_exponent, shape=(chain.number,))
    checks.array("link_exponent", link_exponent, shape=(chain.number + 1,))
    with np.errstate(over="ignore"):  # an overflow is reported by `modes`
        before = np.exp((site_exponent - link_exponent[:-1]) / 2)
        behind = np.exp((site_exponent - link_exponent[1:]) / 2)
    if chain.wall == "neumann":
        behind[-1] = 0.0
    return before, behind
