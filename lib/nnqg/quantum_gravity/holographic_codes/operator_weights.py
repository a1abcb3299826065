r"""The fewest legs on which an operator of the centre can live, counted by the network itself.

Give each letter other than I on the boundary the weight t and sum over all operators of the code: the sum over those that act as the
letter P in the centre is :math:`W_P(t) = \sum_k N_k t^k`. It is a contraction of the same network, with 0 or 1 for whether six letters
leave a tile alone. Its lowest power is the distance of the centre against P, and :math:`N_k` counts the operators that reach it.
"""

import numpy as np
import opt_einsum
from jaxtyping import Float

from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.holographic_codes.pentagon_code import PentagonPatch
from nnqg.quantum_gravity.holographic_codes.reconstruction import TILE_OPERATORS

__all__ = ["fewest_legs", "weight_sum"]


@checked
def weight_sum(patch: PentagonPatch, bulk: str, t: float) -> Float[np.ndarray, " letter"]:
    """Return W(t) for the letters I, X, Z, Y in the centre; on the other tiles any letter is allowed if free, else that of their state.

    Examples
    --------
    >>> weight_sum(PentagonPatch(0), "free", 0.1).round(4)
    array([1.0015, 0.0101, 0.0101, 0.0101])
    """
    tile = np.zeros(6 * (4,))
    for word in TILE_OPERATORS:
        tile[tuple(word >> 2 * k & 3 for k in range(6))] = 1
    allowed = {"": [1, 1, 1, 1], "X": [1, 1, 0, 0], "Z": [1, 0, 1, 0]}  # I, X, Z, Y
    axes = patch.axes(bulk) or len(patch.tiles) * [""]
    names = np.arange(6 * len(patch.tiles))
    names[patch.joined[:, 1]] = patch.joined[:, 0]
    network: list[object] = []
    for k, axis in enumerate(axes):
        network += [tile, names[6 * k : 6 * k + 6].tolist()]
        if k:
            network += [np.array(allowed[axis]), [6 * k + 5]]
    for leg in patch.boundary.tolist():
        network += [np.array([1, t, t, t]), [leg]]
    return np.asarray(opt_einsum.contract(*network, [5], optimize="greedy"))


@checked
def fewest_legs(patch: PentagonPatch, bulk: str) -> dict[str, tuple[int, int]]:
    """Return the distance of the centre against X, Z and Y, and the number of operators that reach it; up to four layers.

    Examples
    --------
    >>> fewest_legs(PentagonPatch(1), "free")["X"]
    (6, 2160)
    """
    if patch.layers > 4:
        raise InvalidArgument("patch", "at most four layers", patch.layers, "five need seconds and half a gigabyte")
    t = 1e-8
    once, twice = weight_sum(patch, bulk, t)[1:], weight_sum(patch, bulk, 2 * t)[1:]
    powers = np.rint(np.log2(twice / once)).astype(int)
    return {letter: (int(k), round(w / t**k)) for letter, k, w in zip("XZY", powers, once.tolist(), strict=True)}
