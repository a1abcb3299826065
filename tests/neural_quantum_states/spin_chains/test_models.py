"""Sparse Hamiltonians agree with products of Pauli matrices and conserve what they should."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.spin_chains.models import SpinModel, X, Z, chain_bonds, heisenberg, ising, square_bonds


def at(matrices, spins):
    """Kronecker product with the given matrices at their sites."""
    whole = np.ones((1, 1))
    for site in range(spins):
        whole = np.kron(whole, matrices.get(site, np.eye(2)))
    return whole


def test_ising_is_its_formula():
    bonds = [(0, 1), (1, 3), (0, 2)]
    exact = -sum(at({i: Z, j: Z}, 4) for i, j in bonds) - 0.7 * sum(at({i: X}, 4) for i in range(4))
    np.testing.assert_allclose(ising(4, 0.7, bonds).sparse.toarray(), exact, atol=1e-15)


def test_heisenberg_is_its_formula_with_strengths():
    y = np.array([[0, -1j], [1j, 0]])
    bonds, strengths = [(0, 1), (1, 2), (0, 2)], [1.0, 0.5, -0.3]
    exact = sum(J * at({i: m, j: m}, 3) / 4 for (i, j), J in zip(bonds, strengths, strict=True) for m in (X, y, Z))
    np.testing.assert_allclose(heisenberg(3, bonds, strengths).sparse.toarray(), exact, atol=1e-15)


def test_heisenberg_conserves_the_spin():
    model, total = heisenberg(6, square_bonds(2) + [(3, 4), (4, 5)]).sparse.toarray(), sum(at({i: Z}, 6) for i in range(6))
    assert abs(model @ total - total @ model).max() < 1e-14


def test_lattices_have_their_bonds():
    assert len(chain_bonds(7)) == 6 and len(chain_bonds(7, ring=True)) == 7
    for length, periodic, count in ((4, False, 24), (4, True, 32), (3, True, 18)):
        bonds = square_bonds(length, periodic)
        assert len(bonds) == len(set(bonds)) == count
    neighbours = np.bincount(np.ravel(square_bonds(5, True)))
    assert (neighbours == 4).all()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ising(3, 1.0, [(0, 3)]), "bonds: expected"),
        (lambda: ising(3, 1.0, [(1, 0)]), "bonds: expected"),
        (lambda: heisenberg(3, [(0, 1), (0, 1)]), "bonds: expected"),
        (lambda: heisenberg(3, strengths=[1.0]), "strengths: expected"),
        (lambda: heisenberg(3, strengths=[1.0, np.nan]), "strengths.1.: expected"),
        (lambda: ising(1, 1.0), "spins: expected"),
        (lambda: ising(10**7, 1.0), "spins: expected"),
        (lambda: square_bonds(10**7), "length: expected"),
        (lambda: ising(3, np.inf), "field: expected"),
        (lambda: SpinModel(2, [(0, 1)], [(np.array([[0.0, 1.0], [0.0, 0.0]]), Z)]), "pairs: expected a Hermitian"),
        (lambda: SpinModel(2, [(0, 1)], [(Z, Z)], np.array([[0.0, 1.0], [0.0, 0.0]])), "local: expected a Hermitian"),
        (lambda: ising(21, 1.0).sparse, "spins: expected"),
        (lambda: chain_bonds(2, ring=True), "spins: expected"),
        (lambda: square_bonds(2, periodic=True), "length: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
