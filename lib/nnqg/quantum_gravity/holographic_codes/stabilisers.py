r"""Entropies of stabiliser states, exactly, with arithmetic modulo 2.

A pure state of n qubits that n commuting Pauli operators leave alone is a list of n integers: bit 2k of each says whether the operator
has an X on leg k, bit 2k + 1 whether it has a Z. Signs do not matter for entropies. The entropy of a set A of legs, in bits, is
(quant-ph/0406168)

.. math:: S_A = \operatorname{rank}(\text{generators restricted to } A) - |A| .
"""

import math
from collections.abc import Iterable, Sequence
from itertools import combinations

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = [
    "PERFECT_TENSOR",
    "columns",
    "contract",
    "entropy",
    "generators",
    "group",
    "independent",
    "keep_where_even",
    "pauli",
    "product",
    "project",
    "spell",
    "trivial_on",
]

MOST_GENERATORS = 20  # of which all products are listed
MOST_LEGS = 10**6


@checked
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


@checked(infinite=("row",))  # of any size, a bit pair a leg
def spell(row: int, legs: int) -> str:
    """Return the word of a product of Pauli operators on that many legs.

    Examples
    --------
    >>> spell(pauli("IYZX"), 4)
    'IYZX'
    """
    checks.count("row", row, minimum=0, maximum=math.inf)
    return "".join("IXZY"[row >> 2 * leg & 3] for leg in range(checks.count("legs", legs, maximum=MOST_LEGS)))


def _words(rows: Iterable[int]) -> list[int]:
    rows = list(rows)
    if min(rows, default=0) < 0:
        raise InvalidArgument("rows", "numbers from 0 on, whose bits are operators", min(rows), "make them by pauli")
    checks.count("highest bit of the rows", max(rows, default=0).bit_length(), minimum=0, maximum=2 * MOST_LEGS)
    return rows


@checked
def independent(rows: Iterable[int]) -> list[int]:
    """Return independent rows with the same span; the highest bits of any two differ.

    Examples
    --------
    >>> independent([6, 5, 3])
    [6, 3]
    """
    rows, pivots = _words(rows), dict[int, int]()
    for row in rows:
        rest = row
        while rest and rest.bit_length() in pivots:
            rest ^= pivots[rest.bit_length()]
        if rest:
            pivots[rest.bit_length()] = rest
    return list(pivots.values())


def _commute(a: int, b: int) -> bool:
    """Whether two products of Pauli operators commute: the X of one meet the Z of the other an even number of times."""
    ones = (4 ** (b.bit_length() // 2 + 1) - 1) // 3  # 0101...01, the bits of X
    return (a & ((b & ones) << 1 | (b >> 1) & ones)).bit_count() % 2 == 0


def _different(legs: Iterable[int], name: str = "legs") -> list[int]:
    """Return legs as a list."""
    found = list(legs)
    if len(set(found)) < len(found) or min(found, default=0) < 0:
        raise InvalidArgument(name, "different legs, counted from 0", found, "name each leg once")
    checks.count(name, max(found, default=0), minimum=0, maximum=MOST_LEGS)
    return found


@checked
def generators(words: Sequence[str]) -> list[int]:
    """Return the generators of a state, one word for each leg, after a look at whether they commute and are independent.

    Examples
    --------
    >>> generators(["XX", "ZI"])
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: words: expected operators that commute, got XX and ZI. Remedy: a state needs generators that all commute.
    """
    rows = [pauli(word) for word in words]
    if not rows or {len(word) for word in words} != {len(words)}:
        raise InvalidArgument("words", "as many words as each has letters", list(words), "give one generator for each leg")
    for (one, a), (other, b) in combinations(zip(words, rows, strict=True), 2):
        if not _commute(a, b):
            raise InvalidArgument("words", "operators that commute", f"{one} and {other}", "a state needs generators that all commute")
    if len(independent(rows)) < len(rows):
        raise InvalidArgument("words", "independent operators", list(words), "leave out products of the others and add a new one")
    return rows


#: Generators of the six-leg perfect tensor of arXiv:1503.06237: legs 0 to 4 are the five-qubit code, leg 5 is what it encodes.
PERFECT_TENSOR = tuple(generators(("XZZXII", "IXZZXI", "XIXZZI", "ZXIXZI", "XXXXXX", "ZZZZZZ")))


@checked
def group(rows: Sequence[int]) -> dict[int, int]:
    r"""Return all products of the generators, each with its sign.

    With :math:`W = i^{x \cdot z} X^x Z^z` one has :math:`W_1 W_2 = i^{x_1 z_1 + x_2 z_2 - x_3 z_3} (-1)^{z_1 \cdot x_2} W_3`.

    Examples
    --------
    >>> group([pauli("XX"), pauli("ZZ")])[pauli("YY")]
    -1
    """
    if len(rows) > MOST_GENERATORS:
        raise InvalidArgument("rows", f"at most {MOST_GENERATORS} generators", len(rows), "each doubles the number of products")
    signed = {0: 1}
    for row in _words(rows):
        x = row & (4 ** (row.bit_length() // 2 + 1) - 1) // 3
        for other, sign in list(signed.items()):
            power = sum(_count_y(word) for word in (other, row)) - _count_y(other ^ row) + 2 * (other >> 1 & x).bit_count()
            signed[other ^ row] = sign * (-1) ** (power // 2 % 2)
    return signed


def _count_y(row: int) -> int:
    return (row & row >> 1 & (4 ** (row.bit_length() // 2 + 1) - 1) // 3).bit_count()


@checked
def product(tensors: int) -> list[int]:
    """Return the generators of several perfect tensors side by side; tensor k has the legs 6k to 6k + 5.

    Examples
    --------
    >>> len(product(2))
    12
    """
    return [row << 12 * tensor for tensor in range(checks.count("tensors", tensors, maximum=10_000)) for row in PERFECT_TENSOR]


@checked
def keep_where_even(rows: Sequence[int], functionals: Sequence[int]) -> list[int]:
    """Return generators of the products that have an even number of the bits of each mask.

    Examples
    --------
    >>> keep_where_even([pauli("XX"), pauli("ZI")], [1])
    [2]
    """
    rows = _words(rows)
    for mask in functionals:
        even: list[int] = []
        odd: list[int] = []
        for row in rows:
            (odd if (row & mask).bit_count() % 2 else even).append(row)
        rows = even + [row ^ odd[0] for row in odd[1:]]
    return rows


def _dropped(rows: Sequence[int], legs: Iterable[int]) -> list[int]:
    """Return independent rows without the letters on some legs."""
    keep = ~sum(3 << 2 * leg for leg in legs)
    return independent([row & keep for row in rows])


@checked
def contract(rows: Sequence[int], pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Join pairs of legs: project each on a Bell pair and drop its legs. The numbers of the other legs stay as they were.

    Examples
    --------
    >>> joined = contract(product(2), [(0, 6)])
    >>> len(joined), entropy(joined, [1, 2, 3, 4, 5])
    (10, 1)
    """
    pairs = list(pairs)
    joined = _different((leg for pair in pairs for leg in pair), "pairs")
    bells = [bit << 2 * a | bit << 2 * b for a, b in pairs for bit in (1, 2)]
    return _dropped(keep_where_even(rows, bells), joined)


@checked
def project(rows: Sequence[int], legs: Iterable[int], axis: str = "Z") -> list[int]:
    """Put legs into a state and drop them: 0 for the axis Z, + for X, and the one that Y leaves alone for Y.

    Examples
    --------
    >>> code_word = project(product(1), [5])
    >>> entropy(code_word, [0, 1])
    2
    """
    odd = {"X": 2, "Z": 1, "Y": 3}[checks.option("axis", axis, ("X", "Y", "Z"))]  # which bits a commuting operator has an even number of
    legs = _different(legs)
    return _dropped(keep_where_even(rows, [odd << 2 * leg for leg in legs]), legs)


@checked
def trivial_on(rows: Sequence[int], legs: Iterable[int]) -> list[int]:
    """Return generators of those operators of the state that do nothing to the given legs.

    Examples
    --------
    >>> len(trivial_on(product(1), [0, 1, 2])), len(trivial_on(product(1), [0, 1]))
    (0, 2)
    """
    return keep_where_even(rows, [bit << 2 * leg for leg in _different(legs) for bit in (1, 2)])


@checked
def columns(rows: Sequence[int], legs: Iterable[int]) -> list[tuple[int, int]]:
    """Return, for each leg, which generators have an X on it and which a Z: the tableau read downwards, bit k for generator k.

    Examples
    --------
    >>> columns([pauli("XI"), pauli("YZ")], [0, 1])
    [(3, 2), (0, 2)]
    """
    legs = _different(legs)
    checks.count("number of rows", len(rows))
    rows = _words(rows)
    width = max([2 * leg + 2 for leg in legs] + [row.bit_length() for row in rows], default=0)
    down = [int("".join(digits), 2) for digits in zip(*(f"{row:0{width}b}" for row in reversed(rows)), strict=True)][::-1]
    return [(down[2 * leg], down[2 * leg + 1]) for leg in legs]


@checked
def entropy(rows: Sequence[int], legs: Iterable[int]) -> int:
    """Return the entanglement entropy of some legs with all the others, in bits.

    Examples
    --------
    >>> entropy(product(1), [0, 1, 2]), entropy(product(1), [0, 5])
    (3, 2)
    """
    legs = _different(legs)
    mask = sum(3 << 2 * leg for leg in legs)
    found = len(independent([row & mask for row in rows])) - len(legs)
    if found < 0:
        raise InvalidArgument("legs", "legs of a pure state that the rows generate", legs, "give one generator for each leg of the state")
    return found
