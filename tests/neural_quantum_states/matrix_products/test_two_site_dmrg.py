"""Two-site DMRG finds exact energies and entropies, never goes below, and its state is what it says."""

import numpy as np
import pytest
from scipy.sparse.linalg import eigsh

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.matrix_products.operators import matrix_product_operator
from nnqg.neural_quantum_states.matrix_products.two_site_dmrg import ground_state
from nnqg.neural_quantum_states.spin_chains.exact_energies import heisenberg_energy, ising_energy
from nnqg.neural_quantum_states.spin_chains.models import chain_bonds, heisenberg, ising, square_bonds


def plus(spins):
    return np.ones((spins, 2))


def neel(spins):
    return np.eye(2)[np.arange(spins) % 2]


def amplitudes(state):
    whole = np.ones((1, 1))
    for tensor in state.tensors:
        whole = np.tensordot(whole, tensor, 1).reshape(2 * len(whole), -1)
    return whole[:, 0]


@pytest.mark.parametrize("h", [0.6, 1.0, 1.5])
def test_ising_chains_have_the_energy_of_free_fermions(h):
    found = ground_state(matrix_product_operator(ising(20, h)), plus(20), [8, 16, 16])
    assert 0 < found.energy - ising_energy(20, h) + 1e-12 < 1e-8


def test_forty_heisenberg_spins_to_eight_digits():
    found = ground_state(matrix_product_operator(heisenberg(40)), neel(40), [16, 32, 64, 80, 80])
    assert -1e-10 < found.energy - heisenberg_energy(40) < 1e-8
    assert (np.diff(found.energies) < 1e-8).all()


def test_state_has_the_energy_the_norm_and_the_schmidt_values_that_are_said():
    """Cut hard on purpose: the numbers belong to the state that is returned."""
    model = heisenberg(10, chain_bonds(10, ring=True))
    found = ground_state(matrix_product_operator(model), neel(10), [4, 4, 4, 4])
    psi = amplitudes(found)
    assert psi @ psi == pytest.approx(1, abs=1e-12)
    assert psi @ model.sparse @ psi == pytest.approx(found.energy, abs=1e-10)
    assert found.energy > heisenberg_energy(10, ring=True) + 1e-3
    np.testing.assert_allclose(found.schmidt[0], np.linalg.svd(psi.reshape(2, -1), compute_uv=False), atol=1e-10)
    assert found.discarded > 1e-4


def test_ground_state_is_the_one_of_exact_diagonalisation():
    model = heisenberg(9, square_bonds(3), list(np.linspace(0.5, 1.5, 12)))
    found = ground_state(matrix_product_operator(model), neel(9), [8, 16, 16, 16])
    exact = eigsh(model.sparse, 1, which="SA", v0=np.ones(2**9) + np.arange(2**9))[0][0]
    assert found.energy == pytest.approx(exact, abs=1e-9)


def test_entropies_are_those_of_free_fermions():
    left, _, right = np.linalg.svd(np.eye(16) + np.eye(16, k=1))
    found = ground_state(matrix_product_operator(ising(16, 1.0)), plus(16), [8, 16, 32, 32])
    for sites in (1, 5, 8):
        nu = np.linalg.svd((left @ right)[:sites, :sites], compute_uv=False)
        p = np.concatenate([1 + nu, 1 - nu]) / 2
        p = p[p > 1e-16]
        assert found.entropies[sites - 1] == pytest.approx(-(p * np.log(p)).sum(), abs=1e-6)


def test_error_falls_with_the_bond_dimension():
    operator, exact = matrix_product_operator(ising(20, 1.0)), ising_energy(20, 1.0)
    errors = [ground_state(operator, plus(20), [chi] * 4).energy - exact for chi in (2, 4, 8, 12)]
    assert all(small < big / 3 for big, small in zip(errors[:-1], errors[1:], strict=True))


def test_two_dimers_are_exact_with_bond_dimension_two():
    """Majumdar and Ghosh: second neighbours at half strength have the energy -3/8 a spin."""
    bonds = chain_bonds(12) + [(i, i + 2) for i in range(10)]
    model = heisenberg(12, bonds, 11 * [1.0] + 10 * [0.5])
    assert ground_state(matrix_product_operator(model), neel(12), 6 * [2]).energy == pytest.approx(-4.5, abs=1e-10)


def test_the_start_decides_the_sector():
    """All up is an eigenstate of Heisenberg, and DMRG cannot leave its sector."""
    found = ground_state(matrix_product_operator(heisenberg(6)), np.tile([1.0, 0.0], (6, 1)), [4, 4])
    assert found.energy == pytest.approx(5 / 4, abs=1e-12)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda w: ground_state(w, plus(5), [4]), "start: expected"),
        (lambda w: ground_state(w, np.zeros((4, 2)), [4]), "start: expected a vector"),
        (lambda w: ground_state(w, np.full((4, 2), np.nan), [4]), "start: expected"),
        (lambda w: ground_state(w, plus(4), []), "operator, bonds: expected"),
        (lambda w: ground_state(w[:1], plus(1), [4]), "operator, bonds: expected"),
        (lambda w: ground_state(w, plus(4), [1]), "bonds: expected"),
        (lambda w: ground_state(w, plus(4), [4], cut=-1.0), "cut: expected"),
        (lambda w: ground_state(w, plus(4), [4], steps=1), "steps: expected"),
        (lambda w: ground_state([w[0], np.full_like(w[1], np.inf)], plus(2), [4]), "operator.1.: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call(matrix_product_operator(ising(4, 1.0)))
