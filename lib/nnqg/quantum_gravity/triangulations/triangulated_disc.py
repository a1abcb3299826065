r"""Triangulated discs vertex by vertex: rings of random widths, joined by random strips.

A strip between rings of :math:`l` and :math:`l'` vertices is a cyclic word of :math:`l` triangles that stand on the outer ring and
:math:`l'` that hang from the inner one; all words are equally likely. With the widths of `RandomWidths` the discs are drawn as 1+1
causal dynamical triangulations weigh them (hep-th/9805108). Used in the page ``discussion/three-steps``.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int
from scipy.sparse import csr_array, diags_array

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.triangulations._links import graph_of

__all__ = ["TriangulatedDisc", "sample_disc"]


def _sample_strip(rng: np.random.Generator, outer: int, inner: int) -> Int[np.ndarray, "link 2"]:
    """Draw one of the strips between rings of ``outer`` and ``inner`` vertices: its links (outer, inner vertex) in cyclic order."""
    word = np.arange(checks.count("outer", outer) + checks.count("inner", inner)) < outer
    rng.shuffle(word)
    above = rng.integers(outer) + np.cumsum(word)
    below = rng.integers(inner) + np.cumsum(~word)
    return np.stack([above % outer, below % inner], axis=1)


@checked
@dataclass(frozen=True)
class TriangulatedDisc:
    """The vertices and links of a disc; the closing vertex comes last.

    Attributes
    ----------
    widths
        Number of vertices of each ring, the outermost first, without the closing vertex.
    links
        Pairs of linked vertices; a pair may occur twice, and a vertex that is a ring by itself is linked to itself.

    Examples
    --------
    >>> disc = sample_disc(np.random.default_rng(0), np.array([4, 3, 1]))
    >>> disc.vertices, len(disc.links)
    (9, 20)
    """

    widths: Int[np.ndarray, " ring"]
    links: Int[np.ndarray, "link 2"]

    @property
    def vertices(self) -> int:
        """Number of vertices, the closing one included."""
        return int(self.widths.sum()) + 1

    @cached_property
    def graph(self) -> csr_array:
        """Number of links between two vertices, without links of a vertex to itself."""
        return graph_of(self.links, self.vertices)

    @cached_property
    def laplacian(self) -> csr_array:
        """Graph Laplacian: degrees minus links."""
        return csr_array(diags_array(self.graph.sum(axis=1)) - self.graph)


@checked
def sample_disc(rng: np.random.Generator, widths: Int[np.ndarray, " ring"]) -> TriangulatedDisc:
    """Join rings of given widths (at least 1, the outermost first) by random strips, and close the last one in a vertex."""
    if widths.ndim != 1 or len(widths) < 1 or not np.issubdtype(widths.dtype, np.integer) or widths.min() < 1:
        raise InvalidArgument("widths", "a vector of positive integers", repr(widths), "leave closed rings out")
    starts = np.concatenate([[0], np.cumsum(widths)])
    links = []
    for ring, width in enumerate(widths):
        vertices = starts[ring] + np.arange(width)
        links.append(np.stack([vertices, np.roll(vertices, -1)], axis=1))
        if ring + 1 < len(widths):
            links.append(starts[ring : ring + 2] + _sample_strip(rng, int(width), int(widths[ring + 1])))
        else:
            links.append(np.stack([vertices, np.full(width, starts[-1])], axis=1))
    return TriangulatedDisc(widths, np.concatenate(links))
