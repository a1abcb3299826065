r"""When is the centre of the code lost with the boundary?

Read the stabilisers downwards: a leg is two vectors modulo 2, x and z, whose k-th bit says whether the k-th generator has an X or a Z
on it. An operator that does nothing on the lost legs and acts on the centre exists unless x, z or x + z of the centre is a sum of the
vectors of the lost legs (quant-ph/0406168 for the ranks). So a qubit in the centre survives the loss of the legs E if and only if

.. math:: \{x, z, x + z\}_\text{centre} \cap \operatorname{span}(E) = \emptyset .

Legs are lost in a random order, one elimination an order; the number m of the leg at which the centre goes gives the probability of
failure at every rate of loss p at once, as that of m or more losses among n: :math:`I_p(m, n - m + 1)`.
"""

import math
from typing import no_type_check

import numpy as np
from jaxtyping import Int, Integer
from numba import njit

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.holographic_codes import stabilisers
from nnqg.quantum_gravity.holographic_codes.pentagon_code import PentagonPatch

__all__ = ["leg_vectors", "losses_until_failure"]


@checked
def leg_vectors(patch: PentagonPatch, bulk: str) -> list[tuple[int, int]]:
    """Return the vectors x and z of each leg of the boundary and, last, of the centre; the other bulk legs are as in `PentagonPatch.code`.

    Free bulk legs are given to nobody: only operators that do nothing to them count. Only the last two generators touch the
    centre.

    Examples
    --------
    >>> len(leg_vectors(PentagonPatch(1), "free"))
    21
    """
    rows = stabilisers.trivial_on(patch.code(bulk, centre=True), patch.bulk[1:] if bulk == "free" else [])
    copied = [row | (row >> 10 & 3) << 12 * len(patch.tiles) for row in rows]  # the centre once more, as highest bits
    return stabilisers.columns(sorted(stabilisers.independent(copied)), [*patch.boundary.tolist(), 5])


@checked
def losses_until_failure(vectors: list[tuple[int, int]], orders: Integer[np.ndarray, "order leg"]) -> Int[np.ndarray, " order"]:
    """Return how many legs go before the centre is lost, for each order in which they go.

    ``vectors`` are those of `leg_vectors`, in which the centre has the two highest bits. An order may end early; 0 stands for a centre
    that outlives it.

    Examples
    --------
    >>> vectors = leg_vectors(PentagonPatch(0), "zero")
    >>> losses_until_failure(vectors, np.array([[0, 1, 2, 3, 4], [3, 1, 0, 2, 4]]))
    array([3, 3])
    """
    legs = len(vectors) - 1
    inside = orders.size and orders.min() >= 0 and orders.max() < legs
    if not inside or not np.diff(np.sort(orders, axis=1), axis=1).all():
        raise InvalidArgument("orders", f"different legs from 0 to {legs - 1} in each", orders, "permute the legs of the boundary")
    x, z = vectors[-1]
    centre = max(2, *(vector.bit_length() for pair in vectors for vector in pair)) - 2
    if {x, z, x ^ z} != {1 << centre, 2 << centre, 3 << centre} or min(map(min, vectors)) < 0:
        raise InvalidArgument(
            "vectors", "a centre of the two highest bits, and no negative ones", f"{x} and {z}", "take those of leg_vectors"
        )
    words = checks.count("words", (centre + 1) // 64 + 1, maximum=2000)
    packed = [[np.frombuffer(vector.to_bytes(8 * words, "little"), dtype=np.uint64) for vector in pair] for pair in vectors]
    return _losses(np.array(packed), centre, orders.astype(np.int64))


@njit(cache=True, nogil=True)
@no_type_check
def _reduce(vector, basis, filled):
    """Subtract basis vectors from the lowest bit upwards, in place; return the first bit for which there is none, or -1 if all is gone."""
    words = vector.size
    for word in range(words):
        while vector[word] != 0:
            low = vector[word] & (~vector[word] + np.uint64(1))
            bit = 64 * word + math.frexp(float(low))[1] - 1
            if not filled[bit]:
                return bit
            for k in range(word, words):
                vector[k] ^= basis[bit, k]
    return -1


@njit(cache=True, nogil=True)
@no_type_check
def _losses(packed, centre, orders):
    """Insert the vectors of one leg after the other, until one is left with bits of the centre alone, which begin at ``centre``."""
    words = packed.shape[2]
    basis, vector = np.empty((64 * words, words), dtype=np.uint64), np.empty(words, dtype=np.uint64)
    found = np.zeros(orders.shape[0], dtype=np.int64)
    for sample in range(orders.shape[0]):
        filled = np.zeros(64 * words, dtype=np.bool_)
        for step in range(2 * orders.shape[1]):
            for k in range(words):
                vector[k] = packed[orders[sample, step // 2], step % 2, k]
            bit = _reduce(vector, basis, filled)
            if bit >= centre:
                found[sample] = step // 2 + 1
                break
            if bit >= 0:
                filled[bit] = True
                for k in range(words):
                    basis[bit, k] = vector[k]
    return found
