r"""Second Renyi entropies in the ground state of a chain of free Majorana fermions.

:math:`H = \sum_i i\,(1 + (-1)^i m)\, \chi_i \chi_{i+1}`, :math:`\{\chi_i, \chi_j\} = 2 \delta_{ij}`, antiperiodic ends, two fermions
:math:`a_j = \chi_{2j}`, :math:`b_j = \chi_{2j+1}` a site and a gap proportional to :math:`|m|`: the chain of 1709.01223, and the
transverse Ising chain after Jordan and Wigner. With :math:`G_{jl} = -i \langle a_j b_l \rangle` and the singular values :math:`\nu` of
its block of a region A, :math:`S_2(A) = -\sum_\nu \ln \frac{1 + \nu^2}{2}`. These are entropies of *fermions*; those of spins agree for
single intervals only.
"""

import numpy as np
from jaxtyping import Bool, Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["check_regions", "correlations", "renyi_entropies"]


@checked
def correlations(sites: int, mass: float) -> Float[np.ndarray, "site site"]:
    r"""Correlations G of the chain; mass 0 is critical, and at mass 1 every site is on its own.

    Examples
    --------
    >>> bool(np.allclose(correlations(4, 1.0), np.eye(4)))
    True
    """
    checks.count("sites", sites, minimum=2)
    checks.number("mass", mass, minimum=-1, maximum=1)
    k = 2 * np.pi * (np.arange(sites) + 0.5) / sites
    phase = (1 + mass) - (1 - mass) * np.exp(1j * k)
    wave = np.exp(1j * np.outer(np.arange(sites), k))
    return ((wave.conj() * (phase / abs(phase))) @ wave.T).real / sites


@checked
def renyi_entropies(correlations: Float[np.ndarray, "site site"], regions: Bool[np.ndarray, "region site"]) -> Float[np.ndarray, " region"]:
    r"""Second Renyi entropies of regions, all at once: with the projector P on A and M = P G P,

    :math:`S_2 = |A| \ln 2 - \ln \det(1 + M M^T)`, because the sites outside A add nothing to the determinant.

    Examples
    --------
    >>> renyi_entropies(correlations(4, -1.0), np.array([[True, True, False, False]])).round(12) == np.log(2).round(12)
    array([ True])
    """
    checks.array("correlations", correlations, shape=("site", "site"), minimum=-1 - 1e-9, maximum=1 + 1e-9)
    check_regions(regions, len(correlations))
    inside = regions[:, :, None] * correlations * regions[:, None, :]
    return regions.sum(axis=1) * np.log(2) - np.linalg.slogdet(np.eye(len(correlations)) + inside @ inside.transpose(0, 2, 1))[1]


@checked
def check_regions(regions: np.ndarray, sites: int) -> None:
    """Refuse what is not a list of regions, each with one truth value a site.

    Examples
    --------
    >>> check_regions(np.zeros((1, 4), dtype=bool), 4)
    """
    if not isinstance(regions, np.ndarray) or regions.dtype != bool or regions.ndim != 2 or regions.shape[1] != sites:
        came = f"{getattr(regions, 'dtype', type(regions).__name__)} of shape {np.shape(regions)}"
        raise InvalidArgument("regions", f"rows of {sites} truth values, subsets of the sites", came, "one row a region")
