"""Counting by contraction: the group's order, one tile by hand, and sets found by trying all of them."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.holographic_codes import stabilisers
from nnqg.quantum_gravity.holographic_codes.erasure import leg_vectors, losses_until_failure
from nnqg.quantum_gravity.holographic_codes.operator_weights import fewest_legs, weight_sum
from nnqg.quantum_gravity.holographic_codes.pentagon_code import PentagonPatch


def test_one_tile():
    """1 + 15 t^4 operators do nothing in the centre, 10 t^3 + 6 t^5 act as each letter."""
    t = 0.3
    expected = [1 + 15 * t**4, *3 * [10 * t**3 + 6 * t**5]]
    np.testing.assert_allclose(weight_sum(PentagonPatch(0), "free", t), expected, rtol=1e-12)


@pytest.mark.parametrize("bulk", ["free", "zero", "alternating"])
def test_all_operators_are_counted(bulk):
    """At t = 1 the sum is the number of operators: a pure state of n + 1 legs has 2^(n + 1), times the letters left to the bulk."""
    total = weight_sum(PentagonPatch(2), bulk, 1.0).sum()
    assert total == 2.0 ** (55 + 1 + (20 if bulk == "free" else 0))


@pytest.mark.parametrize("bulk", ["zero", "alternating"])
def test_against_every_operator_of_six_tiles(bulk):
    """All 2^21 products of the generators, one integer of 42 bits each; the centre has the lowest two."""
    patch = PentagonPatch(1)
    pairs = stabilisers.columns(patch.code(bulk, centre=True), [5, *patch.boundary.tolist()])
    words = np.zeros(1, dtype=np.uint64)
    for k in range(21):
        row = sum((x >> k & 1) << 2 * leg | (z >> k & 1) << 2 * leg + 1 for leg, (x, z) in enumerate(pairs))
        words = np.concatenate([words, words ^ np.uint64(row)])
    ones = np.uint64(sum(1 << 2 * leg for leg in range(1, 21)))
    legs = np.bitwise_count((words | words >> np.uint64(1)) & ones)
    exact = [(0.5 ** legs[words & np.uint64(3) == letter].astype(float)).sum() for letter in range(4)]
    np.testing.assert_allclose(weight_sum(patch, bulk, 0.5), exact, rtol=1e-12)
    for letter, found in zip((1, 2, 3), fewest_legs(patch, bulk).values(), strict=True):
        acting = legs[words & np.uint64(3) == letter]
        assert found == (acting.min(), (acting == acting.min()).sum())


def test_no_random_order_of_losses_is_fatal_before_the_distance():
    for bulk in ("free", "zero", "alternating"):
        least = min(legs for legs, _ in fewest_legs(PentagonPatch(2), bulk).values())
        orders = np.random.default_rng(0).permuted(np.tile(np.arange(55), (3000, 1)), axis=1)
        losses = losses_until_failure(leg_vectors(PentagonPatch(2), bulk), orders)
        assert least <= losses.min()


def test_the_distance_is_constant_where_neighbours_are_equal_and_grows_where_they_are_not():
    patches = [PentagonPatch(n) for n in (1, 2, 3)]
    assert [fewest_legs(patch, "free")["X"] for patch in patches] == [(6, 2160), (5, 6), (6, 1125)]
    assert [fewest_legs(patch, "zero")["Z"] for patch in patches] == [(6, 80), (6, 20), (6, 20)]
    assert [min(fewest_legs(patch, "alternating").values())[0] for patch in patches] == [6, 8, 13]


def test_letters_are_equal_where_all_tiles_encode():
    found = fewest_legs(PentagonPatch(2), "free")
    assert found["X"] == found["Y"] == found["Z"]


@pytest.mark.bad_input
def test_bad_input():
    with pytest.raises(InvalidArgument, match="bulk"):
        weight_sum(PentagonPatch(0), "one", 0.1)
    with pytest.raises(InvalidArgument, match="layers"):
        fewest_legs(PentagonPatch(5), "free")
