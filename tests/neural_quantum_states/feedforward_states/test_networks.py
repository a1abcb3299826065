"""Networks of any depth have the right derivatives, and training goes down to the exact energy."""

import numpy as np
import pytest

from nnqg.errors import Diverged, InvalidArgument
from nnqg.neural_quantum_states.feedforward_states.bose_hubbard import ground_state, hamiltonian, occupations
from nnqg.neural_quantum_states.feedforward_states.networks import Network, train

n = occupations(3, 4)
H = hamiltonian(n, 4.0)
EXACT = ground_state(H)[0]


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("widths", [(4, 3), (4, 3, 2), (4, 2, 3, 2)])
def test_derivatives_are_differences(widths, logarithmic):
    network = Network(widths, logarithmic)
    x = network.start(np.random.default_rng(0))
    psi, T = network.state(x, n)
    assert np.linalg.norm(psi) == pytest.approx(1) and T.shape == (len(n), network.size)
    assert abs(psi @ T).max() < 1e-12
    for k in range(network.size):
        change = 1e-5 * np.eye(network.size)[k]
        numeric = (network.state(x + change, n)[0] - network.state(x - change, n)[0]) / 2e-5
        np.testing.assert_allclose(T[:, k], numeric, atol=1e-7)


def test_one_layer_is_the_printed_formula():
    network = Network((4, 3))
    x = np.random.default_rng(1).standard_normal(network.size)
    W, b, f = x[:12].reshape(3, 4), x[12:15], x[15:]
    u = np.array([sum(f[i] * np.tanh(W[i] @ row + b[i]) for i in range(3)) for row in n])
    np.testing.assert_allclose(network.state(x, n)[0], u / np.linalg.norm(u), atol=1e-12)
    logarithmic = Network((4, 3), logarithmic=True).state(x, n)[0]
    np.testing.assert_allclose(logarithmic, np.exp(u) / np.linalg.norm(np.exp(u)), atol=1e-12)


@pytest.mark.parametrize("logarithmic", [False, True])
def test_training_is_variational_and_reaches_the_exact_energy(logarithmic):
    network = Network((4, 12), logarithmic)
    energies = train(network, network.start(np.random.default_rng(2)), [(n, H)], 150).energies
    assert (np.diff(energies) <= 0).all()
    assert energies[-1] >= EXACT - 1e-10
    assert energies[-1] == pytest.approx(EXACT, rel=1e-5)


def test_sectors_are_lowered_together():
    sectors = [(basis, hamiltonian(basis, 4.0)) for basis in (occupations(2, 4), n)]
    network = Network((4, 12), logarithmic=True)
    energies = train(network, network.start(np.random.default_rng(3)), sectors, 100).energies
    assert energies[-1] == pytest.approx(sum(ground_state(one)[0] for _, one in sectors), rel=1e-3)


def test_the_returned_parameters_have_the_returned_energy():
    network = Network((4, 3), logarithmic=True)
    result = train(network, network.start(np.random.default_rng(4)), [(n, H)], 10)
    psi = network.state(result.x, n)[0]
    assert psi @ (H @ psi) == pytest.approx(result.energies[-1], abs=1e-12)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Network((4,)), "widths: expected"),
        (lambda: Network((4, 0)), "widths: expected"),
        (lambda: Network((4, 3)).state(np.zeros(3), n), "x: expected"),
        (lambda: Network((5, 3)).state(np.zeros(21), n), "n: expected"),
        (lambda: train(Network((4, 3)), np.ones(18), [(n[1:], H)], 5), "sectors: expected a basis"),
        (lambda: train(Network((4, 3)), np.ones(18), [(n, 1j * H)], 5), "sectors: expected a basis"),
        (lambda: train(Network((4, 3)), np.ones(18), [], 5), "sectors: expected at least"),
        (lambda: train(Network((4, 3)), np.ones(19), [(n, H)], 5), "x: expected shape"),
        (lambda: train(Network((5, 3)), np.ones(21), [(n, H)], 5), "sectors: expected shape"),
        (lambda: train(Network((4, 3)), np.ones(18), [(n, H)], 0), "iterations: expected"),
        (lambda: train(Network((4, 3)), np.ones(18), [(n, H)], 5, tau=0.0), "tau: expected"),
        (lambda: train(Network((4, 3)), np.ones(18), [(n, H)], 5, damping=-1.0), "damping: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.bad_input
@pytest.mark.filterwarnings("ignore:.*encountered")
def test_what_diverges_says_so():
    with pytest.raises(Diverged, match="norm 0"):
        Network((4, 3)).state(np.zeros(18), n)
    with pytest.raises(Diverged, match="energy"):
        train(Network((4, 3)), np.ones(18), [(n, 1e308 * H)], 5)
