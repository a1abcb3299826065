r"""A network with product pooling is a tree tensor network (Levine, Yakira, Cohen, Shashua, arXiv:1704.01552; slide ② 6/6, item 3).

Layer l multiplies each vector by a matrix and then multiplies neighbours entry by entry,

.. math::

    v^{(l)}_a(k) = \prod_{j = 2k - 1, 2k} \sum_b W^{(l)}_{ab}(j)\, v^{(l-1)}_b(j) ,
    \qquad \psi = \sum_a u_a v^{(L)}_a(1) ,

from one vector :math:`v^{(0)}(j)` for each of :math:`2^L` sites. A product entry by entry is a contraction with a *copy tensor*, which is 1
if its three indices are equal and 0 otherwise. So the network is a sum over one index a for each product: a tree of matrices and copies.

Fix the indices of some products and sites, so that no path of the tree joins a block of sites to the others, and the state is a product of
two factors. Hence the rank between them is at most the product of the dimensions of what was fixed; with all dimensions equal it is that
for almost all weights, by Menger's theorem, as for Boltzmann machines in `nnqg.neural_quantum_states.networks_and_tensors`.
"""

from collections.abc import Collection, Sequence

import networkx as nx
import numpy as np
import opt_einsum
from jaxtyping import Inexact

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["smallest_cut", "tree_state"]


@checked
def tree_state(layers: Sequence[Inexact[np.ndarray, "_ _ _"]], top: Inexact[np.ndarray, " channel"]) -> Inexact[np.ndarray, "..."]:
    """Return all amplitudes of a network with product pooling, contracted as a tree of matrices and copy tensors.

    Parameters
    ----------
    layers : sequence of numpy.ndarray
        W of each layer, from the sites up: place, channel, channel below; a layer has half as many places as the one below.
    top : numpy.ndarray
        u.

    Returns
    -------
    numpy.ndarray
        One axis for each site, at most 16 of them.

    Examples
    --------
    >>> tree_state([np.array([[[1.0, 2.0]], [[1.0, -1.0]]])], np.array([3.0]))
    array([[ 3., -3.],
           [ 6., -6.]])
    """
    sites = 2 ** checks.count("layers", len(layers), maximum=4)
    below = layers[0].shape[2]
    operands, free = [], iter(range(10**6))
    legs = physical = [next(free) for _ in range(sites)]
    for level, W in enumerate(layers):
        checks.array(f"layers[{level}]", np.abs(W), shape=(len(legs), "channel", below))
        below, copy = W.shape[1], _copy(W.shape[1])
        up = [next(free) for _ in legs]
        for matrix, low, high in zip(W, legs, up, strict=True):
            operands += [matrix, (high, low)]
        legs = [next(free) for _ in up[::2]]
        for place, leg in enumerate(legs):
            operands += [copy, (*up[2 * place : 2 * place + 2], leg)]
    checks.array("top", np.abs(top), shape=(below,))
    return opt_einsum.contract(*operands, top, (legs[0],), physical)


def _copy(dimension: int) -> np.ndarray:
    """The copy tensor of three indices."""
    tensor = np.zeros((dimension,) * 3)
    tensor[(np.arange(dimension),) * 3] = 1
    return tensor


@checked
def smallest_cut(sites: int, block: Collection[int]) -> int:
    """Return the smallest number of sites and products without which no path of the binary tree joins the block to the other sites.

    If sites and products all have r values, the rank between the two parts is r to this number, for almost all weights.

    Examples
    --------
    >>> smallest_cut(8, range(4)), smallest_cut(8, range(0, 8, 2))
    (1, 4)
    """
    part, levels = set(block), checks.count("sites", sites, minimum=2, maximum=1024).bit_length()
    if sites.bit_count() != 1:
        raise InvalidArgument("sites", "a power of 2", sites, "use a binary tree of equal branches")
    if not part < set(range(sites)) or not part:
        raise InvalidArgument("block", f"some of the sites 0 to {sites - 1}, not all", sorted(part), "count the sites from 0")
    graph = nx.Graph((("left" if site in part else "right"), (0, site)) for site in range(sites))
    graph.add_edges_from(((level - 1, node), (level, node // 2)) for level in range(1, levels) for node in range(sites >> (level - 1)))
    return int(nx.node_connectivity(graph, "left", "right"))
