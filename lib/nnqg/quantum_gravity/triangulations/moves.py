r"""Monte Carlo for causal tori: closed universes whose history of T slices is periodic in time (hep-th/9805108).

A torus with L spacelike edges and 2 L triangles weighs :math:`g^{2L}`, one over the number of its symmetries; with numbered edges that is
:math:`g^{2L} / L!`. Four moves reach all tori: two triangles that stand beside each other, one up and one down, change places (accepted
always); an edge is added beside a random one, or removed, accepted with

.. math:: \min\Big(1,\; g^2 \frac{L}{L + 1}\Big), \qquad \min\Big(1,\; \frac{L}{g^2 (L - 1)}\Big),

with L before the move. An edge can be removed if the triangles on the left of its two belong to one edge. A sweep is a constant number of
moves: a sweep of L moves would stop the clock where L is large, and so count small universes too often. With ``edges`` given, the weight
has the further factor :math:`e^{-\epsilon (L - L_0)^2}`, and g is critical. Derived in the page ``quantum-gravity/causal-triangulations``.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int
from scipy.sparse import csr_array

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_gravity.triangulations import _kernels
from nnqg.quantum_gravity.triangulations._links import graph_of

__all__ = ["Measured", "RandomTorus"]

MOST_MOVES = 10**10
"""Moves of a run in all; they take minutes."""


@checked
@dataclass(frozen=True)
class Measured:
    """What a run has seen: the number of triangles after each sweep, and how many rings had each width; the widest are counted together."""

    triangles: Int[np.ndarray, " sweep"]
    rings: Int[np.ndarray, " width"]


@checked
class RandomTorus:
    """A triangulated torus that the moves change.

    Parameters
    ----------
    slices
        Number of rings, at least 2.
    rng
        Where the moves come from.
    g
        Weight of a triangle, below 1/2. Without it the number of edges has to be given.
    edges, stiffness
        Number of edges about which it fluctuates, at least three for each slice, and epsilon.
    capacity
        Largest number of edges, by default 4000 or twice ``edges``.

    Examples
    --------
    >>> torus = RandomTorus(8, np.random.default_rng(0), g=0.45)
    >>> measured = torus.run(1000, moves=100)
    >>> len(measured.triangles), int(measured.rings.sum())
    (1000, 8000)
    """

    def __init__(
        self,
        slices: int,
        rng: np.random.Generator,
        *,
        g: float | None = None,
        edges: int | None = None,
        stiffness: float = 0.005,
        capacity: int | None = None,
    ) -> None:
        checks.count("slices", slices, minimum=2)
        if (g is None) == (edges is None):
            raise InvalidArgument("g", "either g or the number of edges", f"g = {g}, edges = {edges}", "give one of them")
        width = 3
        if edges is None:
            self._weight, self._target, self._stiffness = checks.number("g", g, above=0, below=0.5) ** 2, 0.0, 0.0
        else:
            width = checks.count("edges", edges, minimum=3 * slices) // slices
            self._weight, self._target, self._stiffness = 0.25, float(edges), checks.number("stiffness", stiffness, above=0)
        size = slices * width
        largest = checks.count("capacity", capacity or max(4000, 2 * size), minimum=size + 1)
        self._right, self._left = np.empty(2 * largest, dtype=np.int64), np.empty(2 * largest, dtype=np.int64)
        self._ring, self._widths = np.repeat(np.arange(slices), largest // slices + 1)[:largest], np.full(slices, width)
        self._ring[:size] = np.repeat(np.arange(slices), width)
        for t in range(slices):
            pairs = np.stack([t * width + np.arange(width), (t + 1) % slices * width + np.arange(width)], axis=1)
            word = (2 * pairs + np.array([0, 1])).ravel()
            self._right[word], self._left[word] = np.roll(word, -1), np.roll(word, 1)
        self._state, self._rng = np.array([size, 0, 0, 0], dtype=np.int64), rng

    def run(self, sweeps: int, *, moves: int, widest: int = 400) -> Measured:
        """Make sweeps of a constant number of moves.

        Raises
        ------
        NotConverged
            If the universe fills the capacity.
        """
        sizes, rings = np.empty(checks.count("sweeps", sweeps, maximum=10**8), dtype=np.int64), np.zeros(widest + 1, dtype=np.int64)
        chain = (self._right, self._left, self._ring, self._widths, self._state)
        setting = (checks.count("moves", moves, maximum=MOST_MOVES // sweeps), self._weight, self._target, self._stiffness, self._rng)
        _kernels.run(*chain, sweeps, *setting, sizes, rings)
        if sizes.max() >= len(self._ring):
            raise NotConverged("the universe's volume", f"it fills the capacity, {len(self._ring)} edges", "raise it or lower g")
        return Measured(2 * sizes, rings)

    @property
    def accepted(self) -> tuple[int, int, int]:
        """Number of flips, additions and removals that were accepted so far."""
        return tuple(self._state[1:].tolist())

    @property
    def widths(self) -> Int[np.ndarray, " slice"]:
        """Number of vertices of each ring."""
        return self._widths.copy()

    @property
    def ring(self) -> Int[np.ndarray, " vertex"]:
        """The ring of each vertex; a vertex has the number of the edge on its right."""
        return self._ring[: self._state[0]].copy()

    @property
    def triangles(self) -> Int[np.ndarray, "triangle 3"]:
        """Corners: left and right end of the spacelike edge, then the apex; entry 2 e stands on edge e, entry 2 e + 1 hangs from it."""
        size = int(self._state[0])
        following = np.empty((2, 2 * size), dtype=np.int64)  # the next triangle on the right that stands up, that hangs down
        for kind in (0, 1):
            at = self._right[: 2 * size].copy()
            while (other := (at & 1) != kind).any():
                at[other] = self._right[at[other]]
            following[kind] = at >> 1
        index = np.arange(2 * size)
        return np.stack([index >> 1, following[index & 1, index], following[1 - (index & 1), index]], axis=1)

    @property
    def links(self) -> Int[np.ndarray, "link 2"]:
        """Pairs of linked vertices: those along the rings, then those between rings."""
        corners = self.triangles
        return np.concatenate([corners[::2, :2], corners[:, [0, 2]]])

    @property
    def graph(self) -> csr_array:
        """Number of links between two vertices, without links of a vertex to itself."""
        return graph_of(self.links, int(self._state[0]))
