"""Entropies of stabiliser states against state vectors; the tensor is perfect."""

import itertools

import numpy as np
import pytest
from state_vectors import MATRICES, WORDS, apply, encoded, perfect_tensor

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.holographic_codes.pentagon_code import PentagonPatch
from nnqg.quantum_gravity.holographic_codes.stabilisers import (
    PERFECT_TENSOR,
    columns,
    contract,
    entropy,
    generators,
    group,
    independent,
    keep_where_even,
    pauli,
    product,
    project,
    spell,
    trivial_on,
)


def vector_entropy(state, legs):
    others = [leg for leg in range(state.ndim) if leg not in legs]
    matrix = state.transpose([*legs, *others]).reshape(2 ** len(legs), -1)
    spectrum = np.linalg.eigvalsh(matrix @ matrix.conj().T)
    spectrum = spectrum[spectrum > 1e-12] / spectrum.sum()
    return -(spectrum * np.log2(spectrum)).sum()


def test_the_tensor_is_perfect():
    rows = list(PERFECT_TENSOR)
    assert all(entropy(rows, legs) == 3 for legs in itertools.combinations(range(6), 3))
    assert all(entropy(rows, legs) == 2 for legs in itertools.combinations(range(6), 2))


def refused_as_not_commuting(words):
    try:
        generators(words)
    except InvalidArgument as error:
        return "that commute" in str(error)
    return False


def test_commuting_against_matrices():
    words = ["".join(word) for word in itertools.product("IXYZ", repeat=2)]
    matrices = [np.kron(*(MATRICES[letter] for letter in word)) for word in words]
    for (one, a), (other, b) in itertools.product(zip(words, matrices, strict=True), repeat=2):
        assert refused_as_not_commuting([one, other]) != np.allclose(a @ b, b @ a)


def test_signs_of_products_against_the_state():
    tensor, signed = perfect_tensor(), group(PERFECT_TENSOR)
    assert len(signed) == 64 and sum(sign == -1 for sign in signed.values()) > 0
    for word, sign in signed.items():
        np.testing.assert_allclose(sign * apply(spell(word, 6), tensor), tensor, atol=1e-12)


def test_columns_are_the_table_read_downwards():
    rows = [pauli(word) for word in WORDS]
    table = columns(rows, range(6))
    for leg, (x, z) in enumerate(table):
        assert [x >> k & 1 for k in range(6)] == [row >> 2 * leg & 1 for row in rows]
        assert [z >> k & 1 for k in range(6)] == [row >> 2 * leg + 1 & 1 for row in rows]


def test_what_does_nothing_on_some_legs():
    kept = trivial_on(PERFECT_TENSOR, [4, 5])
    assert len(kept) == 2 and all(spell(row, 6)[4:] == "II" for row in kept)


def test_entropies_of_six_tiles_against_the_state_vector():
    """20 regions of the boundary; the bulk alternates, the centre is in 0."""
    patch, zero, plus = PentagonPatch(1), np.array([1, 0]), np.array([1, 1]) / np.sqrt(2)
    for bulk, other in (("zero", zero), ("alternating", plus)):
        state, rows = encoded(patch, np.array(6 * [other]))[0], patch.code(bulk)
        for size in (2, 5, 7):
            for start in range(0, 20, 4):
                sites = [(start + 3 * k) % 20 for k in range(size)]
                mine = entropy(rows, [int(patch.boundary[k]) for k in sites])
                assert mine == pytest.approx(vector_entropy(state, sites), abs=1e-9)


def test_two_joined_tensors_against_state_vectors():
    tensor = perfect_tensor()
    joined = np.tensordot(tensor, tensor, axes=([0], [0]))  # legs 1..5 and 7..11
    names = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11]
    rows = contract(product(2), [(0, 6)])
    for size in (1, 2, 3, 5):
        for legs in list(itertools.combinations(range(10), size))[::7]:
            assert entropy(rows, [names[k] for k in legs]) == pytest.approx(vector_entropy(joined, list(legs)), abs=1e-9)


def test_projection_against_state_vectors():
    states = {"Z": np.array([1, 0]), "X": np.array([1, 1]), "Y": np.array([1, 1j])}
    for axis, state in states.items():  # two tiles joined, the two bulk legs in this state and in 0
        pair = np.tensordot(perfect_tensor() @ state, perfect_tensor() @ states["Z"], axes=(0, 0))
        rows = project(project(contract(product(2), [(0, 6)]), [5], axis), [11])
        for legs in itertools.combinations(range(8), 4):
            own = [[1, 2, 3, 4, 7, 8, 9, 10][k] for k in legs]
            assert entropy(rows, own) == pytest.approx(vector_entropy(pair, list(legs)), abs=1e-9)


def test_pure_state():
    rows = contract(product(3), [(0, 6), (1, 12), (7, 13)])
    legs = [k for k in range(18) if k not in (0, 6, 1, 12, 7, 13)]
    assert entropy(rows, legs) == 0
    rng = np.random.default_rng(0)
    for _ in range(10):
        part = [leg for leg in legs if rng.random() < 0.4]
        assert entropy(rows, part) == entropy(rows, [leg for leg in legs if leg not in part])


@pytest.mark.bad_input
def test_bad_input():
    with pytest.raises(InvalidArgument):
        pauli("XQ")
    with pytest.raises(InvalidArgument):
        product(0)
    with pytest.raises(InvalidArgument, match="legs"):
        entropy(product(1), [0, 0])
    with pytest.raises(InvalidArgument, match="axis"):
        project(product(1), [5], "I")
    for function in (independent, group, lambda rows: keep_where_even(rows, [1]), lambda rows: columns(rows, [0])):
        with pytest.raises(InvalidArgument, match="rows: expected numbers from 0 on"):
            function([3, -2])
    for leg in (10**9, 2**70):
        for call in (entropy, columns, trivial_on, project):
            with pytest.raises(InvalidArgument, match="legs: expected"):
                call(product(1), iter([leg]))
        with pytest.raises(InvalidArgument, match="pairs: expected"):
            contract(product(1), [(0, leg)])
    with pytest.raises(InvalidArgument, match="highest bit of the rows: expected"):
        columns([1 << 10**7], [0])
    with pytest.raises(InvalidArgument, match="rows: expected at most 20"):
        group(list(range(60)))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["XX", "ZI"], "commute, got XX and ZI"),
        (["XX", "XX"], "independent"),
        (["XX"], "as many words"),
        (["XXX", "ZZI"], "as many words"),
        ([], "as many words"),
    ],
)
def test_words_that_are_no_generators_of_a_state(words, what):
    with pytest.raises(InvalidArgument, match=what):
        generators(words)
