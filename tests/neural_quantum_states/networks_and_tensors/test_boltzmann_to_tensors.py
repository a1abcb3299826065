"""A Boltzmann machine and its matrix product state are one state, and its rank is two to the cut."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.imaginary_time.ising_ring import spin_states
from nnqg.neural_quantum_states.networks_and_tensors.boltzmann_to_tensors import cut_size, site_tensors


def amplitudes(weights, hidden, visible):
    """The machine with its hidden units summed one by one, by brute force."""
    s, h = spin_states(weights.shape[1]), spin_states(len(weights))
    return np.exp((s @ visible)[:, None] + (h @ hidden)[None] + s @ weights.T @ h.T).sum(1)


def contract(tensors):
    psi = tensors[0]
    for tensor in tensors[1:]:
        psi = np.tensordot(psi, tensor, 1)
    return psi.ravel()


def sparse(rng, hidden, spins, links):
    weights = np.zeros((hidden, spins), dtype=complex)
    for row in weights:
        row[rng.choice(spins, links, replace=False)] = rng.standard_normal(links) + 1j * rng.uniform(0.4, 1.2, links)
    return weights


@pytest.mark.parametrize(("hidden", "links"), [(1, 1), (3, 2), (6, 3), (5, 6)])
def test_all_amplitudes_agree(hidden, links):
    rng = np.random.default_rng(hidden)
    weights = sparse(rng, hidden, 6, links)
    b, a = rng.standard_normal((2, hidden))[0] * 1j, rng.standard_normal(6)
    psi = amplitudes(weights, b, a)
    np.testing.assert_allclose(contract(site_tensors(weights, b, a)), psi, atol=1e-13 * abs(psi).max())


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_bond_of_windows_counts_what_crosses(k):
    weights = np.array([np.roll([1.0] * k + [0.0] * (8 - k), j) for j in range(9 - k)])
    tensors = site_tensors(weights, np.zeros(len(weights)), np.zeros(8))
    assert tensors[3].shape[2] == tensors[4].shape[0] == 2 ** (k - 1)
    assert tensors[0].shape[0] == tensors[-1].shape[2] == 1


@pytest.mark.parametrize("seed", range(6))
def test_rank_is_two_to_the_cut(seed):
    rng = np.random.default_rng(seed)
    weights = sparse(rng, 8, 8, 2 + seed % 3).imag * 1j
    psi = np.prod(np.cosh(spin_states(8) @ weights.T), axis=1)
    for size in (2, 4, 5):
        block = rng.choice(8, size, replace=False).tolist()
        order = [*block, *(i for i in range(8) if i not in block)]
        values = np.linalg.svd(psi.reshape((2,) * 8).transpose(order).reshape(2**size, -1), compute_uv=False)
        assert (values > 1e-12 * values[0]).sum() == 2 ** cut_size(weights, block)


def test_cut_counts_spins_where_these_are_fewer():
    """Three units over spins 0 and 3, and one link of its own: the spin 0 alone separates."""
    weights = np.zeros((4, 6))
    weights[:3, [0, 3]] = 1
    weights[3, [1, 2]] = 1
    assert cut_size(weights, [0, 1, 2]) == 1
    assert cut_size(weights, [0, 1]) == 2
    assert cut_size(weights, [1, 2]) == 0


def test_cut_of_a_dense_machine():
    assert [cut_size(np.ones((m, 8)), range(4)) for m in (1, 3, 4, 7)] == [1, 3, 4, 4]


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: site_tensors(np.zeros((2, 3)), np.zeros(2), np.zeros(3)), "weights: expected a link"),
        (lambda: site_tensors(np.ones((2, 3)), np.zeros(3), np.zeros(3)), "hidden_bias: expected shape"),
        (lambda: site_tensors(np.ones((2, 3)), np.zeros(2), np.zeros(2)), "visible_bias: expected shape"),
        (lambda: site_tensors(np.array([[np.nan, 1.0]]), np.zeros(1), np.zeros(2)), "weights: expected finite"),
        (lambda: site_tensors(np.ones((13, 3)), np.zeros(13), np.zeros(3)), "hidden units over site 0: expected"),
        (lambda: cut_size(np.ones((2, 3)), [0, 3]), "left: expected some of the spins 0 to 2"),
        (lambda: cut_size(np.ones((2, 3)), [0, 1, 2]), "left: expected"),
        (lambda: cut_size(np.ones((2, 3)), []), "left: expected"),
        (lambda: cut_size(np.ones(3), [0]), "weights: expected shape"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
