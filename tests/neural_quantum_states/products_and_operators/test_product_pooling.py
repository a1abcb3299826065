"""A network with product pooling is a tree, and its rank is a power given by the smallest cut of the tree."""

from itertools import product

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.products_and_operators.product_pooling import smallest_cut, tree_state


def network(rng, sites, values, channels):
    layers, below = [], values
    while sites > 1:
        layers.append(rng.standard_normal((sites, channels, below)))
        sites, below = sites // 2, channels
    return layers, rng.standard_normal(channels)


def forward(layers, top, state):
    """The network on one state, in plain loops."""
    vectors = [W[:, s] for W, s in zip(layers[0], state, strict=True)]
    for level in range(len(layers)):
        vectors = [a * b for a, b in zip(vectors[::2], vectors[1::2], strict=True)]
        if level + 1 < len(layers):
            vectors = [W @ v for W, v in zip(layers[level + 1], vectors, strict=True)]
    return vectors[0] @ top


def rank(psi, block):
    rest = [site for site in range(psi.ndim) if site not in block]
    values = np.linalg.svd(psi.transpose(*block, *rest).reshape(psi.shape[0] ** len(block), -1), compute_uv=False)
    return int((values > 1e-12 * values[0]).sum())


@pytest.mark.parametrize(("sites", "values", "channels"), [(2, 3, 2), (4, 2, 5), (8, 2, 2)])
def test_all_amplitudes_agree(sites, values, channels):
    layers, top = network(np.random.default_rng(sites), sites, values, channels)
    psi = np.array([forward(layers, top, state) for state in product(range(values), repeat=sites)])
    np.testing.assert_allclose(tree_state(layers, top).ravel(), psi, atol=1e-13 * abs(psi).max())


def test_complex_weights():
    layers, top = network(np.random.default_rng(1), 4, 2, 2)
    psi = tree_state([W * 1j for W in layers], top)
    np.testing.assert_allclose(psi, tree_state(layers, top) * 1j ** (4 + 2))  # one factor for each matrix


@pytest.mark.parametrize("seed", range(8))
def test_rank_is_a_power_given_by_the_cut(seed):
    rng = np.random.default_rng(seed)
    psi = tree_state(*network(rng, 8, 2, 2))
    for size in (1, 2, 3, 4):
        block = rng.choice(8, size, replace=False).tolist()
        assert rank(psi, block) == 2 ** smallest_cut(8, block)


def test_rank_of_three_values():
    psi = tree_state(*network(np.random.default_rng(0), 4, 3, 3))
    assert [rank(psi, [0, 1]), rank(psi, [0, 2])] == [3, 9] == [3 ** smallest_cut(4, block) for block in ([0, 1], [0, 2])]


@pytest.mark.parametrize("sites", [2, 4, 16, 64])
def test_two_cuts(sites):
    assert smallest_cut(sites, range(sites // 2)) == 1
    assert smallest_cut(sites, range(0, sites, 2)) == sites // 2


def test_a_cut_and_its_complement_cost_the_same():
    rng = np.random.default_rng(2)
    for _ in range(10):
        block = rng.choice(16, 5, replace=False).tolist()
        assert smallest_cut(16, block) == smallest_cut(16, [site for site in range(16) if site not in block])


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: smallest_cut(6, [0]), "sites: expected a power of 2"),
        (lambda: smallest_cut(1, [0]), "sites"),
        (lambda: smallest_cut(4, [0, 4]), "block: expected some of the sites 0 to 3"),
        (lambda: smallest_cut(4, []), "block: expected"),
        (lambda: smallest_cut(4, range(4)), "block: expected"),
        (lambda: tree_state([np.ones((4, 2, 2))], np.ones(2)), r"layers\[0\]: expected"),
        (lambda: tree_state([np.ones((4, 3, 2)), np.ones((2, 2, 2))], np.ones(2)), r"layers\[1\]: expected"),
        (lambda: tree_state([np.ones((2, 2, 2))], np.ones(3)), "top: expected"),
        (lambda: tree_state([np.full((2, 2, 2), np.nan)], np.ones(2)), r"layers\[0\]: expected finite"),
        (lambda: tree_state([], np.ones(2)), "layers: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
