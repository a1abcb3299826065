"""A table is the sum over its hidden units, and a matrix product state its deep machine, to rounding."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.neural_quantum_states.imaginary_time.ising_ring import spin_states
from nnqg.neural_quantum_states.networks_and_tensors.tensors_to_boltzmann import DeepMachine, TableUnits, deep_machine, table_to_units

KINDS = ("positive", "signed", "complex")


def draw(rng, kind, shape):
    if kind == "positive":
        return rng.uniform(0.05, 1, shape)
    signed = rng.standard_normal(shape)
    return signed if kind == "signed" else signed + 1j * rng.standard_normal(shape)


def contract(tensors):
    psi = tensors[0]
    for tensor in tensors[1:]:
        psi = np.tensordot(psi, tensor, 1)
    return np.trace(psi, axis1=0, axis2=-1).ravel()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("units", [1, 2, 3, 4, 5])
def test_units_give_the_table(kind, units):
    rng = np.random.default_rng(units)
    for _ in range(8 if units < 5 else 2):
        table = draw(rng, kind, (2,) * units)
        found = table_to_units(table)
        np.testing.assert_allclose(found.table() / table, 1, atol=1e-12)
        assert len(found.bias) == 2**units - units - 1
        assert np.isrealobj(found.weights) == np.isrealobj(found.bias) == (np.isrealobj(table) and bool((table > 0).all()))


def test_a_product_needs_no_bias():
    """The coefficient of three units is odd in the bias, so it is zero without one."""
    table = np.einsum("i,j,k->ijk", [1.0, 2.0], [3.0, 0.5], [1.5, 1.0])
    found = table_to_units(table)
    np.testing.assert_allclose(found.table(), table, rtol=1e-13)
    np.testing.assert_allclose(found.bias, 0, atol=1e-13)


@pytest.mark.parametrize("g", [0.4, -0.4])
def test_pairs_have_the_closed_form(g):
    """cosh 2w = e^(2 |g|), with opposite signs for repulsion."""
    found = table_to_units(np.exp(g * np.array([[1.0, -1.0], [-1.0, 1.0]])))
    w = np.arccosh(np.exp(2 * abs(g))) / 2
    np.testing.assert_allclose(found.weights, [[w, np.sign(g) * w]], rtol=1e-13)
    assert found.bias[0] == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("bonds", "ring"), [((2, 2, 2, 2), True), ((1, 2, 4, 2), True), ((4, 4, 4), True)])
def test_machine_is_the_matrix_product(kind, bonds, ring):
    rng = np.random.default_rng(5)
    tensors = [draw(rng, kind, (left, 2, right)) for left, right in zip(bonds, np.roll(bonds, -1).tolist(), strict=True)]
    psi = contract(tensors)
    found = deep_machine(tensors).amplitudes(spin_states(len(bonds)))
    np.testing.assert_allclose(found, psi, atol=1e-12 * abs(psi).max())


def test_all_units_by_brute_force():
    """Hidden units as units, and not as hyperbolic cosines."""
    rng = np.random.default_rng(3)
    tensors = [rng.standard_normal((2, 2, 2)) for _ in range(2)]
    machine = deep_machine(tensors)
    d, h, s = spin_states(2), spin_states(8), spin_states(2)
    fields = machine.hidden_bias + (s @ machine.to_visible.T)[:, None] + (d @ machine.to_deep.T)[None]
    own = (s @ machine.visible_bias)[:, None] + (d @ machine.deep_bias)[None] + machine.log_constant
    total = np.exp(fields @ h.T + own[..., None]).sum((1, 2))
    np.testing.assert_allclose(total, contract(tensors), atol=1e-12)


def test_links_stay_at_their_site():
    machine = deep_machine([np.random.default_rng(2).uniform(0.1, 1, (2, 2, 2)) for _ in range(5)])
    assert (np.count_nonzero(machine.to_visible, axis=1) <= 1).all()
    assert (np.count_nonzero(machine.to_deep, axis=1) <= 2).all()
    assert machine.to_visible.shape == machine.to_deep.shape == (20, 5)


def test_a_basis_of_the_bonds_does_not_matter():
    rng = np.random.default_rng(7)
    tensors = [rng.standard_normal((2, 2, 2)) for _ in range(4)]
    X = [rng.standard_normal((2, 2)) for _ in range(4)]
    turned = [np.einsum("ab,bsc,cd->asd", X[k], tensors[k], np.linalg.inv(X[(k + 1) % 4])) for k in range(4)]
    s = spin_states(4)
    np.testing.assert_allclose(deep_machine(turned).amplitudes(s), deep_machine(tensors).amplitudes(s), atol=1e-11)


def test_what_is_lost_in_rounding_is_said():
    with pytest.raises(NotConverged, match="change the basis of the bonds"):
        table_to_units(np.array([1e-300, 1.0, 1.0, 1.0, 1.0, 1e300, 1.0, 1.0, 1.0, 1e-250, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]).reshape((2,) * 4))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: table_to_units(np.array([[1.0, 0.0], [1.0, 2.0]])), "table: expected entries that are not zero"),
        (lambda: table_to_units(np.ones((2, 3))), "table: expected shape"),
        (lambda: table_to_units(np.ones((2,) * 7)), "axes of the table: expected"),
        (lambda: table_to_units(np.array([np.inf, 1.0])), "table: expected finite"),
        (lambda: deep_machine([np.ones((3, 2, 3))] * 3), "left bond of tensor 0: expected one of 1, 2, 4"),
        (lambda: deep_machine([np.ones((2, 2, 4)), np.ones((2, 2, 2))]), "tensor 0: expected shape"),
        (lambda: deep_machine([np.ones((2, 3, 2))] * 3), "tensor 0: expected shape"),
        (lambda: deep_machine([np.ones((2, 2, 2))] * 17).amplitudes(np.ones((1, 17))), "deep units: expected"),
        (lambda: deep_machine([np.ones((2, 2, 2))] * 3).amplitudes(np.ones((1, 4))), "spins: expected shape"),
        (lambda: deep_machine([np.ones((2, 2, 2))] * 3).amplitudes(np.zeros((1, 3))), r"spins: expected entries \+1 and -1"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


def test_the_records_are_what_they_say():
    units = TableUnits(0.0, np.zeros(2), np.zeros(1), np.ones((1, 2)))
    np.testing.assert_allclose(units.table(), [[2 * np.cosh(2), 2], [2, 2 * np.cosh(2)]])
    machine = DeepMachine(np.log(3.0), np.zeros(1), np.zeros(1), np.zeros(1), np.ones((1, 1)), np.ones((1, 1)))
    np.testing.assert_allclose(machine.amplitudes(np.array([[1.0], [-1.0]])), 3 * (2 * np.cosh(2) + 2))
