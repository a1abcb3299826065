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

    Free bulk legs are given to nobody: only operators that do nothing to them count.

    Examples
    --------
    >>> len(leg_vectors(PentagonPatch(1), "free"))
    21
    """
    rows = stabilisers.trivial_on(patch.code(bulk, centre=True), patch.bulk[1:] if bulk == "free" else [])
    return stabilisers.columns(rows, [*patch.boundary.tolist(), 5])


@checked
def losses_until_failure(vectors: list[tuple[int, int]], orders: Integer[np.ndarray, "order leg"]) -> Int[np.ndarray, " order"]:
    """Return how many legs go before the centre is lost, for each order in which they go.

    ``vectors`` are those of `leg_vectors`. An order may end early; 0 stands for a centre that outlives it.

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
    words = checks.count("words", max(max(pair).bit_length() for pair in vectors) // 64 + 1)
    packed = [[np.frombuffer(vector.to_bytes(8 * words, "little"), dtype=np.uint64) for vector in pair] for pair in vectors]
    return _losses(np.array(packed), orders.astype(np.int64))


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
def _losses(packed, orders):
    """Insert the vectors of one leg after the other; a vector of the centre waits where no basis vector has its lowest bit yet."""
    words, legs = packed.shape[2], packed.shape[0] - 1
    basis, filled = np.empty((64 * words, words), dtype=np.uint64), np.empty(64 * words, dtype=np.bool_)
    centre, waiting = np.empty((3, words), dtype=np.uint64), np.empty(3, dtype=np.int64)
    vector, found = np.empty(words, dtype=np.uint64), np.zeros(orders.shape[0], dtype=np.int64)
    for sample in range(orders.shape[0]):
        filled[:] = False
        centre[0], centre[1], centre[2] = packed[legs, 0], packed[legs, 1], packed[legs, 0] ^ packed[legs, 1]
        for k in range(3):
            waiting[k] = _reduce(centre[k], basis, filled)
        for lost in range(orders.shape[1]):
            for side in range(2):
                vector[:] = packed[orders[sample, lost], side]
                bit = _reduce(vector, basis, filled)
                if bit >= 0:
                    basis[bit], filled[bit] = vector, True
                    for k in range(3):
                        if waiting[k] == bit:
                            waiting[k] = _reduce(centre[k], basis, filled)
            if waiting.min() < 0:
                found[sample] = lost + 1
                break
    return found
