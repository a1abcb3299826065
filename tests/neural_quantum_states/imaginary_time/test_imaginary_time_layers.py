"""The machine of imaginary time is the Trotter product, to rounding, and the Trotter product has its order."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.imaginary_time.imaginary_time_layers import IsingMachine
from nnqg.neural_quantum_states.imaginary_time.ising_ring import exact_evolution, infidelity, spin_states, trotter_step


@pytest.mark.parametrize("g", [1e-6, 0.05, 1.3])
def test_mediator_makes_the_bond(g):
    """Half a bond of the Hamiltonian in space, and the copy of a spin in imaginary time."""
    machine = IsingMachine(3, 1, 2.0, coupling=g, field=np.arctanh(np.exp(-2 * g)) / 2)
    for w in machine.links[1][:4]:
        alike, unlike = 2 * np.cosh(2 * w), 2.0
        assert np.exp(-g) / 2 * alike == pytest.approx(np.exp(g), rel=1e-13)
        assert np.exp(-g) / 2 * unlike == pytest.approx(np.exp(-g), rel=1e-13)
        assert np.sinh(w) ** 2 == pytest.approx(np.expm1(2 * g) / 2, rel=1e-9)


@pytest.mark.parametrize(("spins", "step", "coupling", "field"), [(3, 0.1, 1.0, 1.0), (4, 0.05, 0.6, 1.7), (5, 0.3, 1.2, 0.4)])
def test_layer_is_the_trotter_step(spins, step, coupling, field):
    machine = IsingMachine(spins, 1, step, coupling, field)
    exact = trotter_step(spins, step, coupling, field)
    np.testing.assert_allclose(machine.layer_constant * machine.layer_matrix, exact, rtol=1e-13)


@pytest.mark.parametrize(("spins", "steps", "mediators"), [(3, 1, True), (3, 3, False), (4, 2, False)])
def test_brute_force_is_the_product_of_layers(spins, steps, mediators):
    machine = IsingMachine(spins, steps, 0.2, 0.9, 1.3)
    psi = machine.sum_units(spin_states(spins), mediators)
    np.testing.assert_allclose(psi / np.linalg.norm(psi), machine.state(), atol=1e-14)


def test_units_are_linear_and_linked_to_the_other_kind_only():
    machine = IsingMachine(4, 5, 0.1)
    pairs, weights = machine.links
    assert (machine.deep, machine.mediators) == (20, 44)
    assert len(pairs) == len(weights) == 2 * machine.mediators
    spins = machine.spins + machine.deep
    assert (pairs[:, 0] < spins).all()
    assert (np.bincount(pairs[:, 1])[spins:] == 2).all()
    assert len(np.bincount(pairs[:, 1])) == spins + machine.mediators


def test_only_neighbouring_layers_are_linked():
    machine = IsingMachine(4, 5, 0.1)
    ends = machine.links[0][:, 0].reshape(-1, 2) // machine.spins
    assert set(abs(ends[:, 0] - ends[:, 1])) == {0, 1}


def test_state_tends_to_imaginary_time_with_the_fourth_power():
    found = [infidelity(IsingMachine(6, n, 3.0 / n).state(), exact_evolution(6, 3.0)) for n in (15, 30, 60)]
    ratios = np.divide(found[:-1], found[1:])
    assert ((ratios > 12) & (ratios < 20)).all()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: IsingMachine(2, 1, 0.1), "spins: expected"),
        (lambda: IsingMachine(3, 0, 0.1), "steps: expected"),
        (lambda: IsingMachine(3, 1, 0.0), "step: expected"),
        (lambda: IsingMachine(3, 1, 0.1, coupling=-1.0), "coupling: expected"),
        (lambda: IsingMachine(3, 3, 0.1).sum_units(spin_states(3)), "units to sum over: expected"),
        (lambda: IsingMachine(11, 1, 0.1).state(), "spins: expected"),
        (lambda: IsingMachine(3, 1, 0.1).sum_units(spin_states(4)), "visible: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
