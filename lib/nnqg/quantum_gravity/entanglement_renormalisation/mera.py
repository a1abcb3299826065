r"""The graph of a ternary MERA (cond-mat/0512165, 0905.1317), and the fewest bonds that separate an interval from the rest.

A layer joins the right-most site of each block of three with the left-most site of the next by a disentangler, and maps each block to
one site by an isometry. After n layers :math:`3^n` sites have become one.
"""

import numpy as np
from jaxtyping import Int
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["fewest_cut", "mera_bonds"]


@checked
def mera_bonds(depth: int) -> tuple[Int[np.ndarray, "bond 2"], Int[np.ndarray, " site"]]:
    """Return the bonds of a periodic ternary MERA as pairs of tensors, and the tensor that each of the 3^depth sites hangs on.

    Examples
    --------
    >>> bonds, sites = mera_bonds(2)
    >>> len(bonds), len(sites), int(bonds.max()) + 1
    (11, 9, 8)
    """
    depth = checks.count("depth", depth, maximum=12)
    sites, bonds, tensors = np.empty(0, dtype=int), [], 0
    below: np.ndarray | None = None
    for layer in range(depth):
        blocks = 3 ** (depth - layer - 1)
        disentangler, isometry = tensors + np.arange(blocks), tensors + blocks + np.arange(blocks)
        tensors += 2 * blocks
        hangs_on = np.stack([np.roll(disentangler, 1), isometry, disentangler], axis=1).ravel()
        bonds += [np.stack([disentangler, isometry], axis=1), np.stack([disentangler, np.roll(isometry, -1)], axis=1)]
        if below is None:
            sites = hangs_on
        else:
            bonds.append(np.stack([below, hangs_on], axis=1))
        below = isometry
    return np.concatenate(bonds), sites


@checked
def fewest_cut(bonds: Int[np.ndarray, "bond 2"], sites: Int[np.ndarray, " site"], region: np.ndarray) -> int:
    """Return the least number of bonds, legs of sites included, whose removal separates a region from the rest.

    It is the maximum flow. ``bonds`` are pairs of tensors, ``sites`` the tensor of each site, ``region`` one truth value a site.

    Examples
    --------
    >>> bonds, sites = mera_bonds(3)
    >>> fewest_cut(bonds, sites, np.arange(27) < 1)
    1
    """
    if not isinstance(region, np.ndarray) or region.dtype != bool or region.shape != sites.shape:
        raise InvalidArgument("region", f"{len(sites)} truth values", repr(region), "compare an array of sites with a bound")
    tensors = checks.count("number of tensors", int(max(bonds.max(), sites.max())) + 1)
    checks.count("first tensor", int(min(bonds.min(), sites.min())), minimum=0)
    source, sink = tensors, tensors + 1
    starts = np.concatenate([bonds[:, 0], bonds[:, 1], np.full(region.sum(), source), sites[~region]])
    ends = np.concatenate([bonds[:, 1], bonds[:, 0], sites[region], np.full((~region).sum(), sink)])
    places = starts.astype(np.int32), ends.astype(np.int32)  # scipy 1.14 finds flows with these only
    graph = csr_array((np.ones(len(starts), dtype=np.int32), places), shape=(tensors + 2, tensors + 2))
    graph.sum_duplicates()
    return int(maximum_flow(graph, source, sink).flow_value)
