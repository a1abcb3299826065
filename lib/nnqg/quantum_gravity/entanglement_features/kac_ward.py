r"""A bulk whose rings halve, and Ising sums on it as one determinant (Kac and Ward 1952).

On a planar graph with straight bonds, :math:`Z = 2^N \prod_b \cosh J_b\, \sqrt{\det(1 - t K)}`, with :math:`t_b = \tanh J_b` on both
directions of a bond and :math:`K_{ee'} = e^{i \alpha / 2}` if e' goes on from the head of e, turns by :math:`\alpha \in (-\pi, \pi)` and
is not e reversed. With :math:`e^{i \theta_e / 2}` taken out, :math:`\theta_e` the direction of e, K has entries 0, 1 and -1.

The boundary spins form a ring of infinite couplings, t = 1: all are equal, which is the empty region. A region A flips the sign of t on
the bonds W of that ring where A begins or ends, and the determinant changes by a small one: with :math:`G = (1 - t K)^{-1}`,

.. math:: S_2(A) = -\tfrac12 \ln \det (2 G - 1)_{WW}.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import splu

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.entanglement_features.free_fermions import check_regions

__all__ = ["HalvingDisc", "turning_signs"]


@checked
def turning_signs(positions: Float[np.ndarray, "vertex 2"], bonds: Int[np.ndarray, "bond 2"]) -> Float[np.ndarray, "end end"]:
    """The matrix K of 0, 1 and -1 for bonds drawn straight: first all bonds from their first to their second vertex, then all reversed.

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> K = turning_signs(square, np.array([[0, 1], [1, 2], [2, 3], [3, 0]]))
    >>> bool(np.isclose(np.linalg.det(np.eye(8) - 0.5 * K), (1 + 0.5**4) ** 2))
    True
    """
    if bonds.min() < 0 or bonds.max() >= len(positions):
        raise InvalidArgument("bonds", f"vertices from 0 to {len(positions) - 1}", f"{bonds.min()} to {bonds.max()}", "count from 0")
    tail, head = bonds.T[0], bonds.T[1]
    tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
    if (positions[head] == positions[tail]).all(axis=1).any():
        raise InvalidArgument("bonds", "bonds between different places", "one of no length", "move its vertices apart, or leave it out")
    direction = np.arctan2(*(positions[head] - positions[tail]).T[::-1])
    turn = direction - direction[:, None]
    wrapped = (turn + np.pi) % (2 * np.pi) - np.pi
    follows = (head[:, None] == tail) & (tail[:, None] != head)
    return np.where(follows, np.cos((wrapped - turn) / 2).round(), 0.0)


@checked
@dataclass(frozen=True)
class HalvingDisc:
    r"""Rings of n, n/2, n/4, ... spins inside a ring of n boundary spins; two neighbours have one parent in the next ring.

    Couplings are :math:`J_0, \dots, J_{L-1}` along the L rings and :math:`K_0, \dots, K_{L-1}` into each ring, from the boundary into ring
    0 first. The last ring has at least three spins.

    Examples
    --------
    >>> disc = HalvingDisc(sites=32, rings=4)
    >>> len(disc.positions), len(disc.bonds)
    (92, 180)
    """

    sites: int
    rings: int

    def __post_init__(self) -> None:
        halvings = checks.count("rings", self.rings, maximum=16) - 1
        checks.count("sites", self.sites, minimum=3 * 2**halvings, maximum=100_000)
        if self.sites % 2**halvings:
            raise InvalidArgument("sites", f"a multiple of 2^(rings - 1) = {2**halvings}", self.sites, "take fewer rings")

    @cached_property
    def positions(self) -> Float[np.ndarray, "vertex 2"]:
        """Places in a plane, the boundary ring first; depth runs inwards."""
        sizes = [self.sites, *(self.sites >> ring for ring in range(self.rings))]
        angle = np.concatenate([2 * np.pi * (np.arange(size) + 0.5) / size for size in sizes])
        radius = np.repeat(1 - np.arange(self.rings + 1) / (self.rings + 1), sizes)
        return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)

    @cached_property
    def _graph(self) -> np.ndarray:
        """Columns: two vertices, and the number of the coupling, -1 between boundary spins."""
        rows, first = [(i, (i + 1) % self.sites, -1) for i in range(self.sites)], 0
        for ring in range(self.rings):
            size, above = self.sites >> ring, self.sites >> max(ring - 1, 0)
            start = first + above
            rows += [(first + i, start + i * size // above, self.rings + ring) for i in range(above)]
            rows += [(start + i, start + (i + 1) % size, ring) for i in range(size)]
            first = start
        return np.array(rows)

    @property
    def bonds(self) -> Int[np.ndarray, "bond 2"]:
        """Pairs of vertices; those of the boundary ring first."""
        return self._graph[:, :2]

    @property
    def kinds(self) -> Int[np.ndarray, " bond"]:
        """The number of each bond's coupling, -1 between boundary spins."""
        return self._graph[:, 2]

    @cached_property
    def _signs(self) -> csc_array:
        return csc_array(turning_signs(self.positions, self.bonds))

    def entropies(
        self, couplings: Float[np.ndarray, " coupling"], regions: Bool[np.ndarray, "region site"]
    ) -> tuple[Float[np.ndarray, " region"], Float[np.ndarray, "region coupling"]]:
        """Entropies of regions and their derivatives by the couplings, as of `cylinder.entropies`.

        Examples
        --------
        >>> half = np.arange(8)[None] < 4
        >>> S, slopes = HalvingDisc(8, 2).entropies(np.array([0.3, 0.2, 1.0, 0.2]), half)
        >>> S.shape, slopes.shape
        ((1,), (1, 4))
        """
        checks.array("couplings", couplings, shape=(2 * self.rings,), minimum=0, maximum=20)
        check_regions(regions, self.sites)
        kinds = np.tile(self.kinds, 2)
        t = np.where(kinds < 0, 1.0, np.tanh(couplings[kinds]))
        lu = splu(eye_array(len(t), format="csc") - self._signs.multiply(t[:, None]).tocsc())
        wall = np.concatenate([np.arange(self.sites), len(t) // 2 + np.arange(self.sites)])
        columns, rows = lu.solve(np.eye(len(t))[:, wall]), lu.solve(np.eye(len(t))[:, wall], "T").T  # of G
        G, KG = columns[wall], self._signs @ columns
        ends = [np.flatnonzero(kinds == kind) for kind in range(len(couplings))]
        dG = np.stack([((rows[:, e] * (1 - t[e] ** 2)) @ KG[e]).T for e in ends], axis=2)  # end end coupling, transposed
        begins = regions != np.roll(regions, -1, axis=1)
        S, slopes = np.zeros(len(regions)), np.zeros((len(regions), len(couplings)))
        for number in set(begins.sum(axis=1)) - {0}:
            these = begins.sum(axis=1) == number
            W = np.nonzero(begins[these])[1].reshape(-1, number)
            W = np.concatenate([W, self.sites + W], axis=1)
            pick = W[:, :, None], W[:, None, :]
            inner = 2 * G[pick] - np.eye(2 * number)
            S[these] = -np.linalg.slogdet(inner)[1] / 2
            slopes[these] = -np.einsum("rij,rijk->rk", np.linalg.inv(inner), dG[pick])
        return S, slopes
