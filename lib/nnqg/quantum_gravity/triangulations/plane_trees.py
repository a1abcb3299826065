r"""Causal discs of a given number of vertices, drawn without a Markov chain.

Join every vertex of a disc to its parent, the last of its neighbours in the ring below. What remains is a plane tree, and every plane tree
with n vertices comes from one disc with a marked link at its centre (hep-th/9907084, arXiv:0908.3643). A tree is a
sequence of n numbers of children with the sum n - 1 in which, read breadth first, nobody is missing before its turn. Of the n rotations
of any such sequence exactly one is a tree (the cycle lemma), so that a uniform tree costs one random subset and one rotation. The mean
number of vertices at height k is

.. math:: \langle w_k \rangle = \frac{2k + 1}{2m + 1} \binom{2m + 1}{m - k} \Big/ C_m, \qquad m = n - 1,

with Catalan's number :math:`C_m`. Derived in the page ``quantum-gravity/causal-triangulations``.
"""

import numpy as np
from jaxtyping import Float, Int
from scipy.special import gammaln

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.triangulations.triangulated_disc import TriangulatedDisc

__all__ = ["disc_of_tree", "height_profile", "level_widths", "sample_children"]


@checked
def sample_children(rng: np.random.Generator, vertices: int) -> Int[np.ndarray, " vertex"]:
    """Draw a uniform plane tree with at least 2 vertices: the number of children of each, breadth first.

    Examples
    --------
    >>> sample_children(np.random.default_rng(0), 2)
    array([1, 0])
    """
    m = checks.count("vertices", vertices, minimum=2) - 1
    bars = np.sort(rng.choice(2 * m, size=m, replace=False))  # m bars among 2 m places part m stars into m + 1 heaps
    children = np.diff(bars, prepend=-1, append=2 * m) - 1
    return np.roll(children, -1 - int(np.argmin(np.cumsum(children - 1))))


@checked
def level_widths(children: Int[np.ndarray, " vertex"]) -> Int[np.ndarray, " level"]:
    """Number of vertices at each height, the root first.

    Examples
    --------
    >>> level_widths(np.array([2, 0, 1, 0]))
    array([1, 2, 1])
    """
    waiting = 1 + np.cumsum(children - 1)
    if children.min() < 0 or waiting[-1] != 0 or (waiting[:-1] <= 0).any():
        raise InvalidArgument("children", "the children of a tree, breadth first", repr(children), "draw them with sample_children")
    born, widths, seen = [0, *np.cumsum(children).tolist()], [1], 1
    while widths[-1]:
        widths.append(born[seen] - born[seen - widths[-1]])
        seen += widths[-1]
    return np.array(widths[:-1])


@checked
def disc_of_tree(children: Int[np.ndarray, " vertex"]) -> TriangulatedDisc:
    """Join every vertex to its children and to the first child of the next one; the root is the centre and, as everywhere, comes last."""
    widths = level_widths(children)
    ends = np.cumsum(widths)
    level = np.repeat(np.arange(len(widths)), widths)
    each = np.where(level < len(widths) - 1, children + 1, 0)
    each[0] -= 1  # the centre has nobody beside it
    first = 1 + np.cumsum(children) - children
    tail = np.repeat(np.arange(len(children)), each)
    head = np.repeat(first - (np.cumsum(each) - each), each) + np.arange(each.sum())
    head = np.where(head == ends[level[tail] + 1], ends[level[tail]], head)  # behind the last of a ring comes its first
    ring = np.arange(1, len(children))
    beside = np.where(ring + 1 == ends[level[ring]], ends[level[ring] - 1], ring + 1)
    links = np.concatenate([np.stack([tail, head], axis=1), np.stack([ring, beside], axis=1)])
    return TriangulatedDisc(widths[:0:-1].copy(), len(children) - 1 - links)


@checked
def height_profile(vertices: int) -> Float[np.ndarray, " level"]:
    """Exact mean number of vertices at each height of a uniform plane tree with at least 2 vertices.

    Examples
    --------
    >>> height_profile(3)  # the path and the fork
    array([1. , 1.5, 0.5])
    """
    m = checks.count("vertices", vertices, minimum=2) - 1
    k = np.arange(m + 1.0)
    log_binomial = gammaln(2 * m + 2) - gammaln(m - k + 1) - gammaln(m + k + 2)
    log_catalan = gammaln(2 * m + 1) - gammaln(m + 1) - gammaln(m + 2)
    return (2 * k + 1) / (2 * m + 1) * np.exp(log_binomial - log_catalan)
