r"""Spins 1/2 with bonds of two sites: :math:`H = \sum_{(i,j)} J_{ij} \sum_a P_a(i)\,Q_a(j) + \sum_i F(i)`, with real 2x2 matrices.

The Ising model has the Pauli matrices :math:`X, Z`, the Heisenberg model the spins :math:`S = \tfrac12(X, Y, Z)`, written with
:math:`S^\pm` so that everything is real. States are in the order of binary counting, spin 0 first, with up (:math:`Z = 1`) for 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import networkx as nx
import numpy as np
from jaxtyping import Float
from scipy.sparse import csr_array, eye_array, kron

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["SpinModel", "chain_bonds", "heisenberg", "ising", "square_bonds"]

Matrix = Float[np.ndarray, "2 2"]
Bonds = Sequence[tuple[int, int]]

Z = np.diag([1.0, -1.0])
X = np.array([[0.0, 1.0], [1.0, 0.0]])
RAISE = np.array([[0.0, 1.0], [0.0, 0.0]])


@checked
@dataclass(frozen=True)
class SpinModel:
    """A Hamiltonian as a list of bonds (i < j), pairs of matrices (P, Q) for each bond, and one matrix F for each site.

    Parameters
    ----------
    spins : int
        At least 2.
    bonds : sequence of pairs of int
        Each pair once, the smaller site first.
    pairs : sequence of pairs of matrices
        Their sum of products must be symmetric, so that H is Hermitian.
    local : matrix
        F, symmetric.
    strengths : sequence of float
        J of each bond; none means 1.

    Examples
    --------
    >>> SpinModel(2, [(0, 1)], [(Z, Z)]).sparse.diagonal()
    array([ 1., -1., -1.,  1.])
    """

    spins: int
    bonds: Bonds
    pairs: Sequence[tuple[Matrix, Matrix]]
    local: Matrix = field(default_factory=lambda: np.zeros((2, 2)))
    strengths: Sequence[float] = ()

    def __post_init__(self) -> None:
        checks.count("spins", self.spins, minimum=2)
        wrong = [bond for bond in self.bonds if not 0 <= bond[0] < bond[1] < self.spins]
        if wrong or len(set(self.bonds)) < len(self.bonds):
            expected = f"different pairs i < j of sites below {self.spins}"
            raise InvalidArgument("bonds", expected, wrong or "a bond twice", "list each bond of the lattice once")
        checks.array("local", self.local, shape=(2, 2))
        if len(self.strengths) not in (0, len(self.bonds)):
            raise InvalidArgument("strengths", f"none or {len(self.bonds)}", len(self.strengths), "give one for each bond")
        for strength in self.strengths:
            checks.number("strengths", strength)
        whole = sum((np.kron(p, q) for p, q in self.pairs), np.zeros((4, 4)))
        for name, matrix in (("pairs", whole), ("local", self.local)):
            if not np.allclose(matrix, matrix.T):
                raise InvalidArgument(name, "a Hermitian Hamiltonian", "one that is not symmetric", "add the transposed terms")

    @property
    def weighted(self) -> dict[tuple[int, int], float]:
        """The strength of each bond."""
        return dict(zip(self.bonds, self.strengths or [1.0] * len(self.bonds), strict=True))

    @cached_property
    def sparse(self) -> csr_array:
        """H as a sparse matrix of at most 20 spins."""
        checks.count("spins", self.spins, maximum=20)
        parts = [{i: strength * p, j: q} for (i, j), strength in self.weighted.items() for p, q in self.pairs]
        parts += [{i: self.local} for i in range(self.spins)]
        total = csr_array((2**self.spins, 2**self.spins))
        for part in parts:
            term, done = eye_array(1, format="csr"), 0
            for site, matrix in part.items():
                term = kron(kron(term, eye_array(2 ** (site - done))), csr_array(matrix), format="csr")
                done = site + 1
            total = total + kron(term, eye_array(2 ** (self.spins - done)), format="csr")
        total.eliminate_zeros()
        return total


@checked
def chain_bonds(spins: int, ring: bool = False) -> list[tuple[int, int]]:
    """Return the bonds of an open chain, or of a ring of at least three sites.

    Examples
    --------
    >>> chain_bonds(3, ring=True)
    [(0, 1), (1, 2), (0, 2)]
    """
    checks.count("spins", spins, minimum=3 if ring else 2, maximum=10 * checks.MOST_STEPS)
    return [(i, i + 1) for i in range(spins - 1)] + ([(0, spins - 1)] if ring else [])


@checked
def square_bonds(length: int, periodic: bool = False) -> list[tuple[int, int]]:
    """Return the bonds of a square of length x length sites, counted row by row; periodic from length 3 on.

    Examples
    --------
    >>> square_bonds(2)
    [(0, 1), (0, 2), (1, 3), (2, 3)]
    """
    checks.count("length", length, minimum=3 if periodic else 2, maximum=200)
    graph = nx.grid_2d_graph(length, length, periodic=periodic)
    return sorted((min(bond), max(bond)) for bond in nx.convert_node_labels_to_integers(graph, ordering="sorted").edges)


@checked
def ising(spins: int, field: float, bonds: Bonds | None = None) -> SpinModel:
    r"""Return :math:`H = -\sum_{(i,j)} Z_iZ_j - h\sum_i X_i`, by default on an open chain; critical at h = 1.

    Examples
    --------
    >>> ising(2, 0.5).sparse.toarray()[0].tolist()
    [-1.0, -0.5, -0.5, 0.0]
    """
    checks.count("spins", spins, minimum=2)
    return SpinModel(spins, chain_bonds(spins) if bonds is None else bonds, [(-Z, Z)], -checks.number("field", field) * X)


@checked
def heisenberg(spins: int, bonds: Bonds | None = None, strengths: Sequence[float] = ()) -> SpinModel:
    r"""Return the antiferromagnet :math:`H = \sum_{(i,j)} J_{ij}\,\vec S_i\cdot\vec S_j`, by default on an open chain with J = 1.

    Examples
    --------
    >>> heisenberg(2).sparse.toarray()[1].tolist()
    [0.0, -0.25, 0.5, 0.0]
    """
    checks.count("spins", spins, minimum=2)
    pairs = [(RAISE / 2, RAISE.T), (RAISE.T / 2, RAISE), (Z / 2, Z / 2)]
    return SpinModel(spins, chain_bonds(spins) if bonds is None else bonds, pairs, strengths=strengths)
