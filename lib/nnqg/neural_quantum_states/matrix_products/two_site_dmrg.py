r"""The lowest matrix product state of a Hamiltonian, two sites at a time (White 1992; Schollwoeck, arXiv:1008.3477, section 6).

All tensors but two neighbours are held fixed and orthonormal, :math:`\psi = \sum L_a\,\theta_{a s s' b}\,R_b`. Then the energy is
:math:`\theta^T H_{\text{eff}}\,\theta / \theta^T\theta`, whose minimum is an eigenvector (a few Lanczos steps). Its singular values are
the Schmidt values of the cut; the largest ones are kept, and the two sites move on by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["MatrixProductState", "ground_state"]

Site = Float[np.ndarray, "_ 2 _"]
Pair = Float[np.ndarray, "_ 2 2 _"]
Operator = Float[np.ndarray, "_ 2 2 _"]
Block = Float[np.ndarray, "_ _ _"]
Parts = tuple[Block, Operator, Operator, Block]


@checked
@dataclass(frozen=True)
class MatrixProductState:
    r"""A state of norm 1 as one tensor a site, with what is known of it.

    Attributes
    ----------
    tensors : list of arrays
        Axes (bond to the left, spin, bond to the right).
    energy : float
        :math:`\psi^T H\psi`. The last bond is the first of the chain, where nothing is cut.
    schmidt : list of arrays
        Singular values of each bond, as last seen.
    discarded : float
        Largest weight, a sum of squared singular values, cut from a bond in the last half sweep.
    energies : array
        Energy after each half sweep, there and back.
    """

    tensors: list[Site]
    energy: float
    schmidt: list[Float[np.ndarray, " _"]]
    discarded: float
    energies: Float[np.ndarray, " half"]

    @property
    def entropies(self) -> Float[np.ndarray, " bond"]:
        r"""Entanglement entropy of each bond, :math:`-\sum\sigma^2\log\sigma^2`."""
        return np.array([-(s**2 * np.log(s**2)).sum() for s in self.schmidt])


@checked
def ground_state(
    operator: list[Operator], start: Float[np.ndarray, "site 2"], bonds: Sequence[int], cut: float = 1e-13, steps: int = 4
) -> MatrixProductState:
    """Return the ground state of a Hamiltonian, a sweep there and back for each entry of ``bonds``.

    Parameters
    ----------
    operator : list of arrays
        In the form of `matrix_product_operator`.
    start : array
        A product state, one vector a site. DMRG stays in its symmetry sector.
    bonds : sequence of int
        Largest bond dimension of each sweep, at least 2.
    cut : float
        Smallest weight of a singular value that is kept.
    steps : int
        Lanczos steps for each pair of sites.

    Examples
    --------
    >>> from nnqg.neural_quantum_states.matrix_products.operators import matrix_product_operator
    >>> from nnqg.neural_quantum_states.spin_chains.models import ising
    >>> operator = matrix_product_operator(ising(2, 1.0))
    >>> round(ground_state(operator, np.ones((2, 2)), [2]).energy, 9)  # -sqrt(5)
    -2.236067977
    """
    _check(operator, start, bonds, cut, steps)
    sites, one = len(operator), np.ones((1, 1, 1))
    tensors = [(v / np.linalg.norm(v)).reshape(1, 2, 1) for v in start]
    mirrored = [w.transpose(3, 1, 2, 0) for w in operator]
    left, right, schmidt = [one] * sites, [one] * sites, [np.ones(1)] * (sites - 1)
    for i in range(sites - 1, 1, -1):
        right[i - 1] = _grow(right[i], tensors[i].T, mirrored[i])
    there, energies = list(range(sites - 1)), []
    for chi in bonds:
        for way, rightwards in ((there, True), (there[::-1], False)):
            discarded = 0.0
            for i in way:
                parts = left[i], operator[i], operator[i + 1], right[i + 1]
                theta = np.tensordot(tensors[i], tensors[i + 1], 1)  # a, s, s', b
                energy, theta = _lanczos(parts, theta, steps)
                matrix = theta.reshape(2 * len(theta), -1)
                u, s, v = np.linalg.svd(matrix, full_matrices=False)
                keep = min(chi, int((s**2 > cut).sum()))
                discarded = max(discarded, float((s[keep:] ** 2).sum()))
                s = schmidt[i] = s[:keep] / np.linalg.norm(s[:keep])
                u, v = u[:, :keep].reshape(-1, 2, keep), v[:keep].reshape(keep, 2, -1)
                if rightwards:
                    tensors[i], tensors[i + 1] = u, s[:, None, None] * v
                    left[i + 1] = _grow(left[i], u, operator[i])
                else:
                    tensors[i], tensors[i + 1] = u * s, v
                    right[i] = _grow(right[i + 1], v.T, mirrored[i + 1])
            energies.append(energy)
    return MatrixProductState(tensors, energy, schmidt, discarded, np.array(energies))


def _grow(block: Block, tensor: Site, w: Operator) -> Block:
    """Add a site to a block; its axes are (state after, operator, state before)."""
    x = np.tensordot(block, tensor, 1)  # a', m, s, b
    x = np.tensordot(x, w, ((1, 2), (0, 2)))  # a', b, s', m'
    return np.tensordot(tensor, x, ((0, 1), (0, 2))).transpose(0, 2, 1)  # b', m', b


def _apply(parts: Parts, theta: Pair) -> Pair:
    """Multiply the Hamiltonian of two sites between two blocks into theta."""
    left, w, w_next, right = parts
    x = np.tensordot(left, theta, 1)  # a', m, s, s', b
    x = np.tensordot(x, w, ((1, 2), (0, 2)))  # a', s', b, s, m
    x = np.tensordot(x, w_next, ((4, 1), (0, 2)))  # a', b, s, s', m
    return np.tensordot(x, right, ((4, 1), (1, 2)))  # a', s, s', b'


def _lanczos(parts: Parts, start: Pair, steps: int) -> tuple[float, Pair]:
    """Lowest eigenvalue and its vector in the span of x, H x, H^2 x, ..."""
    basis, small = [start / np.linalg.norm(start)], np.zeros((steps, steps))
    for n in range(steps):
        x = _apply(parts, basis[n])
        small[n, n] = np.vdot(basis[n], x)
        for known in basis:
            x = x - np.vdot(known, x) * known
        size = np.linalg.norm(x)
        if n + 1 == steps or size < 1e-7:  # the energy would change by its square
            break
        small[n, n + 1] = small[n + 1, n] = size
        basis.append(x / size)
    values, vectors = np.linalg.eigh(small[: n + 1, : n + 1])
    pairs = zip(vectors[:, 0], basis, strict=True)
    return float(values[0]), sum(c * x for c, x in pairs)


def _check(operator: list[Operator], start: np.ndarray, bonds: Sequence[int], cut: float, steps: int) -> None:
    """Refuse what cannot be swept."""
    if len(operator) < 2 or not len(bonds):
        raise InvalidArgument("operator, bonds", "two sites and one sweep at least", f"{len(operator)} and {len(bonds)}", "add some")
    shapes = [checks.array("operator", w, shape=(None, 2, 2, None)).shape for w in operator]
    if [1, *(shape[3] for shape in shapes)] != [*(shape[0] for shape in shapes), 1]:
        raise InvalidArgument("operator", "neighbours with one bond, and ends of one", shapes, "order the sites from left to right")
    checks.array("start", start, shape=(len(operator), 2))
    if not np.linalg.norm(start, axis=1).all():
        raise InvalidArgument("start", "a vector that is not zero at each site", "a zero vector", "use a normalised one")
    for chi in bonds:
        checks.count("bonds", chi, minimum=2)
    checks.number("cut", cut, minimum=0, below=0.1)
    checks.count("steps", steps, minimum=2)
