r"""A restricted Boltzmann machine is a matrix product state (Chen, Cheng, Xie, Wang, Xiang, arXiv:1701.04831; slide ② 6/6, item 1).

With spins and hidden units :math:`\pm1` the machine is the state

.. math::

    \psi(s) = \sum_h \exp\Big(\sum_i a_i s_i + \sum_j b_j h_j + \sum_{ji} W_{ji} h_j s_i\Big)
            = e^{a\cdot s} \prod_j 2\cosh\Big(b_j + \sum_i W_{ji} s_i\Big) .

Cut the chain of spins between two sites. The bits of the hidden units that are linked to both sides pass through the cut, and nothing
else does: they are the index of a bond, whose dimension is 2 to the number of such units. That is sufficient. What is necessary, for
almost all weights, is 2 to the *cut size*: the smallest number of spins and hidden units without which no link path joins the two
sides. Fixing those makes the state a product, so the rank is at most that. By Menger's theorem there are as many paths spin - unit -
spin with no unit or spin in common; with the weights on these alone the state is a product of as many pairs of rank 2, so the rank is
at least that wherever the weights are not special.
"""

from collections.abc import Collection

import networkx as nx
import numpy as np
from jaxtyping import Complex, Inexact

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.imaginary_time.ising_ring import spin_states

__all__ = ["cut_size", "site_tensors"]


@checked
def site_tensors(
    weights: Inexact[np.ndarray, "hidden spin"], hidden_bias: Inexact[np.ndarray, " hidden"], visible_bias: Inexact[np.ndarray, " spin"]
) -> list[Complex[np.ndarray, "_ 2 _"]]:
    r"""Return the matrix product state of a machine: a bond carries the bits of the hidden units that are linked to both of its sides.

    The first of the two physical entries is s = +1, as in `spin_states`; the first of a bond's entries has all bits +1.

    Parameters
    ----------
    weights, hidden_bias, visible_bias : numpy.ndarray
        W, b and a. Every hidden unit has a link, and at most 12 units reach over a site.

    Examples
    --------
    >>> A = site_tensors(np.array([[0.3, 0.0, 0.7]]), np.zeros(1), np.zeros(3))
    >>> [tensor.shape for tensor in A]
    [(1, 2, 2), (2, 2, 2), (2, 2, 1)]
    """
    support = _links(weights)
    for name, bias, axis in (("hidden_bias", hidden_bias, 0), ("visible_bias", visible_bias, 1)):
        checks.array(name, np.abs(bias), shape=(weights.shape[axis],))
    spins = weights.shape[1]
    first, last = support.argmax(axis=1), spins - 1 - support[:, ::-1].argmax(axis=1)
    tensors = []
    for site in range(spins):
        units = np.flatnonzero((first <= site) & (site <= last))
        checks.count(f"hidden units over site {site}", len(units), minimum=0, maximum=12)
        bits = spin_states(len(units)) if len(units) else np.ones((1, 0))
        field = visible_bias[site] + bits @ weights[units, site]
        begin = bits @ np.where(first[units] == site, hidden_bias[units], 0)
        left, right = (_index(bits[:, keep]) for keep in (first[units] < site, last[units] > site))
        tensor = np.zeros((left.max() + 1, 2, right.max() + 1), dtype=complex)
        np.add.at(tensor, (left[:, None], np.arange(2)[None], right[:, None]), np.exp(begin[:, None] + field[:, None] * [1, -1]))
        tensors.append(tensor)
    return tensors


@checked
def cut_size(weights: Inexact[np.ndarray, "hidden spin"], left: Collection[int]) -> int:
    """Return the smallest number of spins and hidden units whose removal separates the spins in ``left`` from all others.

    Two to this number is the Schmidt rank of the machine between the two parts, for almost all weights on the same links.

    Examples
    --------
    >>> cut_size(np.ones((3, 8)), range(4)), cut_size(np.ones((9, 8)), range(4))
    (3, 4)
    """
    support, part = _links(weights), set(left)
    spins = range(support.shape[1])
    if not part < set(spins) or not part:
        raise InvalidArgument("left", f"some of the spins 0 to {spins[-1]}, not all", sorted(part), "count the spins from 0")
    graph = nx.Graph()
    graph.add_edges_from((("hidden", unit), ("spin", spin)) for unit, spin in np.argwhere(support).tolist())
    graph.add_edges_from(("left" if spin in part else "right", ("spin", spin)) for spin in spins)
    return int(nx.node_connectivity(graph, "left", "right"))


def _links(weights: Inexact[np.ndarray, "hidden spin"]) -> np.ndarray:
    """Which hidden unit is linked to which spin; each of them to at least one."""
    checks.array("weights", np.abs(weights), shape=("hidden", "spin"))
    support = weights != 0
    if not support.any(axis=1).all():
        raise InvalidArgument("weights", "a link for each hidden unit", "a row of zeros", "leave that unit out, it is a constant")
    return support


def _index(bits: np.ndarray) -> np.ndarray:
    """Number of each row of +1 and -1 in the order of `spin_states`."""
    return ((1 - bits) / 2 @ 2.0 ** np.arange(bits.shape[1])[::-1]).astype(int)
