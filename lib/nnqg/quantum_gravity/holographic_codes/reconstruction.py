r"""Operators of the centre, pushed to a region of the boundary (arXiv:1503.06237, section 5).

One of the four letters I, X, Y, Z stands on every leg of the network. The six letters of a tile are one of the 64 products of its
stabilisers, and the two legs of an edge have the same letter. If all letters outside the region are I, and those of the other bulk legs
too, what remains is an operator O of the region with :math:`O V = V P`, where V is the encoding and P the letter in the centre. Its sign
is the product of the tiles' signs, and of -1 for each edge with a Y, because a pair of joined legs is an eigenstate of XX, ZZ with +1
and of YY with -1. One more -1 belongs to P = Y, which is antisymmetric.
"""

from dataclasses import dataclass

import numpy as np

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.holographic_codes import stabilisers
from nnqg.quantum_gravity.holographic_codes.pentagon_code import PentagonPatch

__all__ = ["PushedOperator", "TILE_OPERATORS", "reconstruct"]

_LETTERS = "IXZY"

#: The 64 operators that leave the perfect tensor alone, with their signs.
TILE_OPERATORS = stabilisers.group(stabilisers.PERFECT_TENSOR)


@checked
@dataclass(frozen=True)
class PushedOperator:
    """A letter on each leg of the network, leg = 6 tile + side, and the sign of the operator on the boundary."""

    letters: str
    sign: int

    def word(self, patch: PentagonPatch) -> str:
        """Return the letters along the boundary."""
        return "".join(self.letters[leg] for leg in patch.boundary)


@checked
def reconstruct(patch: PentagonPatch, region: np.ndarray, letter: str, bulk: str = "free") -> PushedOperator:
    """Return an operator of the region that acts as the letter in the centre.

    On all other bulk qubits it does nothing if they are free, else what leaves their states alone (see `PentagonPatch.code`). A region
    that does not know the centre is refused.

    Examples
    --------
    >>> patch = PentagonPatch(0)
    >>> pushed = reconstruct(patch, np.arange(5) < 3, "X")
    >>> pushed.word(patch), pushed.sign
    ('ZXZII', -1)
    """
    target = _LETTERS.index(checks.option("letter", letter, ("X", "Y", "Z")))
    inside = patch.legs_of(region)
    outside = [leg for leg in patch.boundary.tolist() if leg not in inside] + (patch.bulk[1:] if bulk == "free" else [])
    axes = patch.axes(checks.option("bulk", bulk, ("free", "zero", "alternating")))
    same = [bit << 2 * a | bit << 2 * b for a, b in patch.joined.tolist() for bit in (1, 2)]
    same += [(2 if axis == "X" else 1) << 2 * leg for leg, axis in list(zip(patch.bulk, axes, strict=False))[1:]]
    flows = stabilisers.trivial_on(stabilisers.keep_where_even(stabilisers.product(len(patch.tiles)), same), outside)
    chosen = next((flow for flow in _combined(flows) if flow >> 10 & 3 == target), None)
    if chosen is None:
        raise InvalidArgument("region", "a region that knows the centre", f"{len(inside)} legs", "take more legs")
    letters = stabilisers.spell(chosen, 6 * len(patch.tiles))
    signs = [TILE_OPERATORS[chosen >> 12 * tile & 4095] for tile in range(len(patch.tiles))]
    flips = sum(letters[leg] == "Y" for leg, _ in patch.joined) + (letter == "Y")
    return PushedOperator(letters, int(np.prod(signs)) * (-1) ** flips)


def _combined(flows: list[int]) -> list[int]:
    """Two operators with different letters in the centre, and their product."""
    acting = [flow for flow in flows if flow >> 10 & 3]
    others = [flow for flow in acting if flow >> 10 & 3 != acting[0] >> 10 & 3][:1]
    return [*acting[:1], *others, *(acting[0] ^ other for other in others)]
