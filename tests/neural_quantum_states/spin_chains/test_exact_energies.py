"""Free fermions and Bethe roots agree with exact diagonalisation, and with the known infinite chains."""

import numpy as np
import pytest
from scipy.optimize import OptimizeResult

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.neural_quantum_states.spin_chains import exact_energies
from nnqg.neural_quantum_states.spin_chains.exact_energies import heisenberg_energy, ising_energy
from nnqg.neural_quantum_states.spin_chains.models import chain_bonds, heisenberg, ising


@pytest.mark.parametrize("ring", [False, True])
@pytest.mark.parametrize("spins", [4, 6, 8])
def test_energies_are_those_of_exact_diagonalisation(spins, ring):
    bonds = chain_bonds(spins, ring)
    for h in (0.4, 1.0, 1.7):
        assert ising_energy(spins, h, ring) == pytest.approx(np.linalg.eigvalsh(ising(spins, h, bonds).sparse.toarray())[0], abs=1e-12)
    assert heisenberg_energy(spins, ring) == pytest.approx(np.linalg.eigvalsh(heisenberg(spins, bonds).sparse.toarray())[0], abs=1e-12)


def test_long_rings_approach_the_infinite_chain_as_one_over_the_square():
    for energy, infinite in ((lambda n: ising_energy(n, 1.0, True), -4 / np.pi), (lambda n: heisenberg_energy(n, True), 0.25 - np.log(2))):
        errors = np.array([energy(n) / n - infinite for n in (40, 80, 160)])
        np.testing.assert_allclose(np.log2(errors[:-1] / errors[1:]), 2, atol=0.03)  # with logarithms for Heisenberg


def test_a_chain_of_forty_has_its_published_energies():
    assert heisenberg_energy(40, ring=True) / 40 == pytest.approx(-0.44366306967, abs=1e-10)
    assert heisenberg_energy(40) == pytest.approx(-17.541473299, abs=1e-8)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: heisenberg_energy(7), "spins: expected an even number"),
        (lambda: heisenberg_energy(2, ring=True), "spins: expected"),
        (lambda: ising_energy(7, 1.0, ring=True), "spins: expected an even number"),
        (lambda: ising_energy(4, 0.0), "field: expected"),
        (lambda: ising_energy(4, np.nan), "field: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


def test_roots_that_are_not_found_are_an_error(monkeypatch):
    monkeypatch.setattr(exact_energies, "root", lambda equations, start, tol: OptimizeResult(x=start))
    with pytest.raises(NotConverged, match="Bethe roots"):
        heisenberg_energy(8)
