"""Entropies of stabiliser states against state vectors; the tensor is perfect."""

import itertools

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.holographic_codes.stabilisers import PERFECT_TENSOR, contract, entropy, pauli, product, project

MATRICES = {"I": np.eye(2), "X": np.array([[0, 1], [1, 0]]), "Z": np.diag([1, -1]), "Y": np.array([[0, -1j], [1j, 0]])}
WORDS = ("XZZXII", "IXZZXI", "XIXZZI", "ZXIXZI", "XXXXXX", "ZZZZZZ")


def vector_of_the_tensor():
    projector = np.eye(64, dtype=complex)
    for word in WORDS:
        operator = np.eye(1)
        for letter in word:
            operator = np.kron(operator, MATRICES[letter])
        projector = projector @ (np.eye(64) + operator) / 2
    values, vectors = np.linalg.eigh(projector)
    assert np.isclose(values[-1], 1) and np.isclose(values[-2], 0)
    return vectors[:, -1].reshape(6 * [2])


def vector_entropy(state, legs):
    others = [leg for leg in range(state.ndim) if leg not in legs]
    spectrum = np.linalg.svd(state.transpose([*legs, *others]).reshape(2 ** len(legs), -1), compute_uv=False) ** 2
    spectrum = spectrum[spectrum > 1e-12] / spectrum.sum()
    return -(spectrum * np.log2(spectrum)).sum()


def test_the_tensor_is_perfect():
    rows = list(PERFECT_TENSOR)
    assert all(entropy(rows, legs) == 3 for legs in itertools.combinations(range(6), 3))
    assert all(entropy(rows, legs) == 2 for legs in itertools.combinations(range(6), 2))


def test_generators_commute():
    def product_sign(a, b):
        pairs = [(a >> 2 * k & 3, b >> 2 * k & 3) for k in range(6)]
        return sum((p & 1) * (q >> 1) + (p >> 1) * (q & 1) for p, q in pairs) % 2

    assert all(product_sign(a, b) == 0 for a, b in itertools.combinations(PERFECT_TENSOR, 2))


def test_two_joined_tensors_against_state_vectors():
    tensor = vector_of_the_tensor()
    joined = np.tensordot(tensor, tensor, axes=([0], [0]))  # legs 1..5 and 7..11
    names = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11]
    rows = contract(product(2), [(0, 6)])
    for size in (1, 2, 3, 5):
        for legs in list(itertools.combinations(range(10), size))[::7]:
            assert entropy(rows, [names[k] for k in legs]) == pytest.approx(vector_entropy(joined, list(legs)), abs=1e-9)


def test_projection_against_state_vectors():
    code_word = vector_of_the_tensor()[..., 0]
    rows = project(product(1), [5])
    for legs in itertools.combinations(range(5), 2):
        assert entropy(rows, legs) == pytest.approx(vector_entropy(code_word, list(legs)), abs=1e-9)


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
