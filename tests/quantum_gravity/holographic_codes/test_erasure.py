"""When the centre is lost: against exact probabilities, mutual information, stim, and every set of six legs."""

from itertools import combinations

import numpy as np
import pytest
import stim
from scipy.special import betainc

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.holographic_codes import stabilisers
from nnqg.quantum_gravity.holographic_codes.erasure import leg_vectors, losses_until_failure
from nnqg.quantum_gravity.holographic_codes.pentagon_code import PentagonPatch

BULKS = ("free", "zero", "alternating")


def random_orders(rng, legs, number):
    return rng.permuted(np.tile(np.arange(legs), (number, 1)), axis=1)


@pytest.mark.parametrize("bulk", BULKS)
def test_one_tile_outlives_two_losses_and_no_third(bulk):
    orders = random_orders(np.random.default_rng(0), 5, 50)
    assert (losses_until_failure(leg_vectors(PentagonPatch(0), bulk), orders) == 3).all()
    p = 0.1
    exact = 10 * p**3 * (1 - p) ** 2 + 5 * p**4 * (1 - p) + p**5
    assert betainc(3, 3, p) == pytest.approx(exact, rel=1e-12)  # at least three losses among five


@pytest.mark.parametrize("bulk", BULKS)
@pytest.mark.parametrize("layers", [1, 2])
def test_against_mutual_information(layers, bulk):
    """The centre survives if and only if it has two bits in common with what is left."""
    patch, rng = PentagonPatch(layers), np.random.default_rng(1)
    rows, legs = patch.code(bulk, centre=True), patch.boundary.tolist()
    orders = random_orders(rng, len(legs), 6)
    for order, losses in zip(orders, losses_until_failure(leg_vectors(patch, bulk), orders), strict=True):
        for lost, survives in ((losses - 1, True), (losses, False)):
            left = [legs[k] for k in order[lost:]]
            common = stabilisers.entropy(rows, [5]) + stabilisers.entropy(rows, left) - stabilisers.entropy(rows, [5, *left])
            assert (common == 2) == survives


def test_no_five_of_twenty_legs_are_fatal_and_2160_sets_of_six_are():
    sets = np.array(list(combinations(range(20), 6)))
    for bulk, fatal in (("free", 2160), ("zero", 240)):
        losses = losses_until_failure(leg_vectors(PentagonPatch(1), bulk), sets)
        assert np.bincount(losses, minlength=7)[1:].tolist() == [0, 0, 0, 0, 0, fatal]


def test_entropies_of_the_network_against_stim():
    """Bell measurements on a stabiliser simulator join the tiles; 30 random sets of legs."""
    patch, rng = PentagonPatch(1), np.random.default_rng(2)
    legs = 6 * len(patch.tiles)
    words = [
        6 * k * "_" + word + (legs - 6 * k - 6) * "_"
        for k in range(6)
        for word in ("XZZX__", "_XZZX_", "X_XZZ_", "ZX_XZ_", "XXXXXX", "ZZZZZZ")
    ]
    simulator = stim.TableauSimulator()
    simulator.do_tableau(stim.Tableau.from_stabilizers([stim.PauliString(word) for word in words]), list(range(legs)))
    for a, b in patch.joined:
        for letter in "XZ":
            both = stim.PauliString(legs)
            both[a] = both[b] = letter
            simulator.postselect_observable(both)
    rows = patch.code()
    state = [str(word)[1:] for word in simulator.canonical_stabilizers()]
    theirs = [stabilisers.pauli(word.replace("_", "I")) for word in state]
    open_legs = [*patch.boundary.tolist(), *patch.bulk]
    for _ in range(30):
        chosen = rng.choice(open_legs, rng.integers(1, len(open_legs)), replace=False).tolist()
        assert stabilisers.entropy(rows, chosen) == stabilisers.entropy(theirs, chosen)


def test_more_losses_never_help():
    """Any order that begins with a fatal set is fatal at its end at the latest."""
    vectors, rng = leg_vectors(PentagonPatch(2), "zero"), np.random.default_rng(3)
    orders = random_orders(rng, 55, 20)
    losses = losses_until_failure(vectors, orders)
    for order, m in zip(orders, losses, strict=True):
        shuffled = np.concatenate([rng.permutation(order[:m]), order[m:]])
        assert losses_until_failure(vectors, shuffled[None])[0] <= m


def test_an_order_that_ends_before_the_centre_is_lost():
    assert losses_until_failure(leg_vectors(PentagonPatch(1), "free"), np.array([[0, 1, 2]])).tolist() == [0]


@pytest.mark.bad_input
@pytest.mark.parametrize("orders", [np.array([[0, 0]]), np.array([[0, 5]]), np.array([[-1, 2]]), np.empty((0, 5), dtype=int)])
def test_orders_that_are_no_subsets_of_the_boundary(orders):
    with pytest.raises(InvalidArgument, match="orders"):
        losses_until_failure(leg_vectors(PentagonPatch(0), "free"), orders)


@pytest.mark.bad_input
def test_a_centre_without_a_qubit():
    with pytest.raises(InvalidArgument, match="vectors"):
        losses_until_failure([(1, 2), (1, 0)], np.array([[0]]))
    with pytest.raises(InvalidArgument, match="no negative ones"):
        losses_until_failure([(1, -2), (2, 4)], np.array([[0]]))
