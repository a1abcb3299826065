r"""Entropies of stabiliser states, exactly, with arithmetic modulo 2.

A pure state of n qubits that n commuting Pauli operators leave alone is a list of n integers: bit 2k of each says whether the operator
has an X on leg k, bit 2k + 1 whether it has a Z. Signs do not matter for entropies. The entropy of a set A of legs, in bits, is
(quant-ph/0406168)

.. math:: S_A = \operatorname{rank}(\text{generators restricted to } A) - |A| .
"""

from collections.abc import Iterable, Sequence

from nnqg import checks
from nnqg.errors import InvalidArgument

__all__ = ["PERFECT_TENSOR", "contract", "entropy", "pauli", "product", "project"]


def pauli(word: str) -> int:
    """Return the integer of a product of Pauli operators, given as one letter I, X, Y or Z a leg.

    Examples
    --------
    >>> pauli("XZ"), pauli("IY")
    (9, 12)
    """
    if not word or set(word) - set("IXYZ"):
        raise InvalidArgument("word", "letters I, X, Y, Z", word, "spell the operator with one letter a leg")
    return sum("IXZY".index(letter) << 2 * leg for leg, letter in enumerate(word))


#: Generators of the six-leg perfect tensor of arXiv:1503.06237: legs 0 to 4 are the five-qubit code, leg 5 is what it encodes.
PERFECT_TENSOR = tuple(pauli(word) for word in ("XZZXII", "IXZZXI", "XIXZZI", "ZXIXZI", "XXXXXX", "ZZZZZZ"))


def _reduced(rows: Iterable[int]) -> list[int]:
    """Independent rows with the same span, by their highest bits."""
    pivots: dict[int, int] = {}
    for row in rows:
        rest = row
        while rest and rest.bit_length() in pivots:
            rest ^= pivots[rest.bit_length()]
        if rest:
            pivots[rest.bit_length()] = rest
    return list(pivots.values())


def product(tensors: int) -> list[int]:
    """Return the generators of several perfect tensors side by side; tensor k has the legs 6k to 6k + 5.

    Examples
    --------
    >>> len(product(2))
    12
    """
    return [row << 12 * tensor for tensor in range(checks.count("tensors", tensors)) for row in PERFECT_TENSOR]


def _keep_where_zero(rows: Sequence[int], functionals: Sequence[int]) -> list[int]:
    """The subspace on which the given sums of bits vanish."""
    rows = list(rows)
    for mask in functionals:
        odd = [row for row in rows if (row & mask).bit_count() % 2]
        rows = [row for row in rows if not (row & mask).bit_count() % 2] + [row ^ odd[0] for row in odd[1:]]
    return rows


def contract(rows: Sequence[int], pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Join pairs of legs: project each on a Bell pair and drop its legs. The numbers of the other legs stay as they were.

    Examples
    --------
    >>> joined = contract(product(2), [(0, 6)])
    >>> len(joined), entropy(joined, [1, 2, 3, 4, 5])
    (10, 1)
    """
    for a, b in pairs:
        kept = _keep_where_zero(rows, [1 << 2 * a | 1 << 2 * b, 2 << 2 * a | 2 << 2 * b])
        rows = _reduced(row & ~(3 << 2 * a | 3 << 2 * b) for row in kept)
    return list(rows)


def project(rows: Sequence[int], legs: Iterable[int]) -> list[int]:
    """Put legs into the state 0: project each on it and drop it.

    Examples
    --------
    >>> code_word = project(product(1), [5])
    >>> entropy(code_word, [0, 1])
    2
    """
    for leg in legs:
        rows = _reduced(row & ~(3 << 2 * leg) for row in _keep_where_zero(rows, [1 << 2 * leg]))
    return list(rows)


def entropy(rows: Sequence[int], legs: Iterable[int]) -> int:
    """Return the entanglement entropy of some legs with all the others, in bits.

    Examples
    --------
    >>> entropy(product(1), [0, 1, 2]), entropy(product(1), [0, 5])
    (3, 2)
    """
    legs = list(legs)
    mask = sum(3 << 2 * leg for leg in legs)
    return len(_reduced(row & mask for row in rows)) - len(legs)
