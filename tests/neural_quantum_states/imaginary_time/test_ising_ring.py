"""The dense ring agrees with Pauli matrices and with free fermions."""

import numpy as np
import pytest
from scipy.linalg import expm

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.imaginary_time.ising_ring import exact_evolution, infidelity, spin_states, trotter_step


def operators(spins, coupling, field):
    """The two parts of the Hamiltonian from Pauli matrices."""
    x, z = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0])

    def at(site, matrix):
        return np.kron(np.kron(np.eye(2**site), matrix), np.eye(2 ** (spins - site - 1)))

    bonds = -coupling * sum(at(i, z) @ at((i + 1) % spins, z) for i in range(spins))
    return bonds, -field * sum(at(i, x) for i in range(spins))


@pytest.mark.parametrize(("spins", "step", "coupling", "field"), [(3, 0.1, 1.0, 1.0), (4, 0.05, 0.6, 1.7), (5, 0.3, 1.2, 0.4)])
def test_step_is_the_product_of_three_exponentials(spins, step, coupling, field):
    bonds, turns = operators(spins, coupling, field)
    exact = expm(-step * bonds / 2) @ expm(-step * turns) @ expm(-step * bonds / 2)
    np.testing.assert_allclose(trotter_step(spins, step, coupling, field), exact, rtol=1e-12)


def test_step_is_of_order_two():
    hamiltonian = sum(operators(3, 1.0, 1.0))
    errors = [abs(trotter_step(3, step) - expm(-step * hamiltonian)).max() for step in (0.04, 0.02, 0.01)]
    np.testing.assert_allclose(np.log2(np.divide(errors[:-1], errors[1:])), 3, atol=0.1)  # of one step: one order more


def test_states_count_in_binary():
    states = spin_states(4)
    assert ((1 - states) / 2 @ [8, 4, 2, 1] == np.arange(16)).all()


def test_exact_evolution_solves_the_equation():
    hamiltonian = sum(operators(4, 0.8, 1.1))
    psi = expm(-0.7 * hamiltonian).sum(1)
    np.testing.assert_allclose(exact_evolution(4, 0.7, 0.8, 1.1), psi / np.linalg.norm(psi), atol=1e-13)


def test_long_times_give_the_known_ground_state_energy():
    """E_0 = -2 / sin(pi / 2N) for h = J = 1, from free fermions."""
    psi = exact_evolution(8, 60.0)
    assert psi @ sum(operators(8, 1.0, 1.0)) @ psi == pytest.approx(-2 / np.sin(np.pi / 16), abs=1e-10)


def test_infidelity_resolves_small_differences():
    psi = np.array([1.0, 0.0])
    turned = np.array([np.cos(1e-9), np.sin(1e-9)])
    assert infidelity(psi, turned) == pytest.approx(1e-18, rel=1e-6)
    assert infidelity(psi, -psi) == 0


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: spin_states(21), "spins: expected"),
        (lambda: trotter_step(2, 0.1), "spins: expected"),
        (lambda: trotter_step(13, 0.1), "spins: expected"),
        (lambda: trotter_step(3, np.nan), "step: expected"),
        (lambda: exact_evolution(3, -1.0), "time: expected"),
        (lambda: exact_evolution(3, 1.0, coupling=np.inf), "coupling: expected"),
        (lambda: infidelity(np.ones(2), np.ones(3)), "other: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
