"""Pushed operators act on state vectors of six tiles as the letter in the centre does, signs included."""

from itertools import combinations

import numpy as np
import pytest
from state_vectors import MATRICES, apply, encoded

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.holographic_codes import stabilisers
from nnqg.quantum_gravity.holographic_codes.erasure import leg_vectors, losses_until_failure
from nnqg.quantum_gravity.holographic_codes.pentagon_code import PentagonPatch
from nnqg.quantum_gravity.holographic_codes.reconstruction import TILE_OPERATORS, reconstruct


def interval(legs, start, length):
    return (np.arange(legs) - start) % legs < length


@pytest.fixture(scope="module")
def code():
    """V|0>, V|1> with random states of the five other qubits: an operator on the centre must not touch them."""
    rng = np.random.default_rng(0)
    return encoded(PentagonPatch(1), rng.standard_normal((6, 2)) + 1j * rng.standard_normal((6, 2)))


def test_the_encoding_is_an_isometry(code):
    overlaps = np.tensordot(code.conj(), code, axes=(list(range(1, 21)),) * 2)
    np.testing.assert_allclose(overlaps, np.eye(2), atol=1e-12)


@pytest.mark.parametrize("letter", ["X", "Y", "Z"])
@pytest.mark.parametrize(("start", "length"), [(1, 10), (9, 10), (0, 20)])
def test_an_operator_of_a_region_acts_as_the_letter(code, start, length, letter):
    """O V = V P, column by column."""
    patch = PentagonPatch(1)
    pushed = reconstruct(patch, interval(20, start, length), letter)
    assert set(np.array(list(pushed.word(patch)))[~interval(20, start, length)]) <= {"I"}
    left = np.stack([pushed.sign * apply(pushed.word(patch), code[k]) for k in (0, 1)])
    right = np.tensordot(MATRICES[letter].T, code, axes=(1, 0))
    np.testing.assert_allclose(left, right, atol=1e-12)


def test_two_wedges_have_different_operators_with_the_same_action(code):
    patch = PentagonPatch(1)
    first, second = (reconstruct(patch, interval(20, start, 10), "X") for start in (1, 9))
    assert first.word(patch) == "IZYYZZXIYYZIIIIIIIII" and second.word(patch) == "IIIIIIIIIZYYZZXIYYZI"
    both = apply(first.word(patch), apply(second.word(patch), code[0]))
    assert first.sign * second.sign * np.vdot(code[0], both) == pytest.approx(1, abs=1e-12)


def test_letters_of_each_tile_leave_it_alone_and_edges_agree():
    patch = PentagonPatch(2)
    pushed = reconstruct(patch, interval(55, 2, 28), "Z")
    assert all(stabilisers.pauli(pushed.letters[6 * k : 6 * k + 6]) in TILE_OPERATORS for k in range(21))
    assert all(pushed.letters[a] == pushed.letters[b] for a, b in patch.joined)
    assert pushed.letters[5] == "Z" and set(pushed.letters[11::6]) == {"I"}


def test_six_legs_carry_the_centre_if_all_others_are_in_0():
    """A fatal set of the layer outside of six tiles: found by trying, and Z of the centre on it, against the state vector."""
    patch, sets = PentagonPatch(1), np.array(list(combinations(range(20), 6)))
    vectors = leg_vectors(patch, "zero")
    state = encoded(patch, np.array(6 * [[1, 0]]))
    done = 0
    for fatal in sets[losses_until_failure(vectors, sets) == 6]:
        try:
            pushed = reconstruct(patch, np.isin(np.arange(20), fatal), "Z", "zero")
        except InvalidArgument:  # this one carries X or Y
            continue
        left = np.stack([pushed.sign * apply(pushed.word(patch), state[k]) for k in (0, 1)])
        np.testing.assert_allclose(left, np.stack([state[0], -state[1]]), atol=1e-12)
        if (done := done + 1) == 3:
            return
    raise AssertionError("no set of six legs carries Z")


def test_elimination_recovers_wherever_the_wedge_does():
    patch, rng = PentagonPatch(2), np.random.default_rng(1)
    for _ in range(10):
        region = rng.random(55) < 0.75
        if patch.wedge(region)[1][0]:
            assert reconstruct(patch, region, "X").letters[5] == "X"


@pytest.mark.bad_input
def test_regions_that_do_not_know_the_centre_or_are_no_subsets():
    patch = PentagonPatch(1)
    for region in (interval(20, 0, 6), np.ones(19, dtype=bool), np.arange(20)):
        with pytest.raises(InvalidArgument, match="region"):
            reconstruct(patch, region, "X")
    with pytest.raises(InvalidArgument, match="letter"):
        reconstruct(patch, np.ones(20, dtype=bool), "I")
