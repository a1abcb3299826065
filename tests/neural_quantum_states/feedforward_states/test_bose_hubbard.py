"""The Hamiltonian of bosons on a ring agrees with products of ladder operators and with exact energies."""

from math import comb

import numpy as np
import pytest
from scipy.sparse import csr_array

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.feedforward_states.bose_hubbard import ground_state, hamiltonian, occupations


def test_basis_is_complete_and_ordered():
    n = occupations(4, 3)
    assert len(n) == comb(6, 4) and (n.sum(1) == 4).all() and n.min() == 0
    assert n.tolist() == sorted(n.tolist()) and len(np.unique(n, axis=0)) == len(n)


def test_hamiltonian_is_its_formula():
    b, one = np.diag(np.sqrt(np.arange(1.0, 4)), 1), np.eye(4)
    sites = [np.kron(np.kron(b, one), one), np.kron(np.kron(one, b), one), np.kron(np.kron(one, one), b)]
    numbers = [a.T @ a for a in sites]
    hops = sum(sites[j].T @ sites[(j + 1) % 3] for j in range(3))
    whole = -0.7 * (hops + hops.T) + 2.3 / 2 * sum(m @ m - m for m in numbers)
    n = occupations(3, 3)
    place = n.astype(int) @ [16, 4, 1]
    np.testing.assert_allclose(hamiltonian(n, 2.3, 0.7).toarray(), whole[np.ix_(place, place)], atol=1e-13)


@pytest.mark.parametrize("bosons", [1, 3])
def test_free_bosons_share_the_lowest_orbital(bosons):
    energy, state = ground_state(hamiltonian(occupations(bosons, 5), 0.0))
    assert energy == pytest.approx(-2 * bosons, abs=1e-10)
    assert state.min() > 0 and np.linalg.norm(state) == pytest.approx(1)


def test_insulator_is_second_order():
    errors = [abs(ground_state(hamiltonian(occupations(6, 6), U))[0] + 4 * 6 / U) for U in (40.0, 80.0)]
    assert errors[0] / errors[1] == pytest.approx(8, rel=0.15)  # the next term is of order U^-3


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: occupations(12, 12), "bosons: expected at most"),
        (lambda: occupations(0, 3), "bosons: expected"),
        (lambda: occupations(3, 1), "sites: expected"),
        (lambda: hamiltonian(occupations(2, 2), 1.0), "n: expected all states"),
        (lambda: hamiltonian(occupations(2, 3)[1:], 1.0), "n: expected all states"),
        (lambda: hamiltonian(occupations(2, 3), np.nan), "U: expected"),
        (lambda: hamiltonian(occupations(2, 3), 1.0, np.inf), "J: expected"),
        (lambda: ground_state(csr_array(np.array([[0.0, 1.0], [0.0, 0.0]]))), "H: expected a Hermitian"),
        (lambda: ground_state(csr_array(np.array([[0j, 1.0], [1.0, 0.0]]))), "H: expected a Hermitian"),
        (lambda: ground_state(csr_array((3, 3))), "H: expected a Hermitian"),
        (lambda: ground_state(csr_array(np.array([[np.nan, 1.0], [1.0, 0.0]]))), "H: expected a Hermitian"),
        (lambda: ground_state(csr_array(np.ones((1, 1)))), "H: expected a Hermitian"),
        (lambda: hamiltonian(np.ones((10, 3)), 1.0), "n: expected every state once"),
        (lambda: hamiltonian(occupations(2, 3) + 0.5, 1.0), "n: expected all states"),
        (lambda: hamiltonian(occupations(1, 63), 0.0), "n: expected at most 2\\^62"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


def test_the_largest_ring_of_one_boson_is_a_free_particle():
    assert ground_state(hamiltonian(occupations(1, 62), 0.0))[0] == pytest.approx(-2, abs=1e-12)


def test_a_state_whose_sum_vanishes_is_kept():
    """Of a doublet any state may come, also one that is orthogonal to the start."""
    energy, state = ground_state(hamiltonian(occupations(1, 4), 0.0, -1.0))
    assert energy == pytest.approx(-2) and state @ state == pytest.approx(1)
