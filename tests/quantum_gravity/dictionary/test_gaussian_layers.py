"""Summing layer by layer is linear algebra, and flows along the field equation."""

import numpy as np
import pytest
from stacks import black_brane, empty, two_layers

from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.dictionary.bulk_energy import BulkStack, energy
from nnqg.quantum_gravity.dictionary.exact_fields import black_hole_field
from nnqg.quantum_gravity.dictionary.gaussian_layers import layer_recursion, precision_matrix, schur_complement


def test_recursion_is_the_schur_complement():
    stack = black_brane(24, m2=1.0, eta_ini=1.5, momentum=1.0, frequency=2.0)
    matrix, flow = precision_matrix(stack), layer_recursion(stack)
    np.testing.assert_allclose(schur_complement(matrix, 1)[0, 0], flow[0], rtol=1e-12)
    for k in (3, 11, 23):
        outer = stack.links[k - 1]
        np.testing.assert_allclose(schur_complement(matrix[k:, k:], 1)[0, 0] - outer, flow[k], rtol=1e-12, atol=1e-12 * outer)


def test_matrix_is_that_of_the_energy():
    stack = black_brane(6, lam=0.0, momentum=2.0)
    phi = np.random.default_rng(1).standard_normal((5, 7))
    np.testing.assert_allclose(energy(stack, phi), np.einsum("nk,kl,nl->n", phi, precision_matrix(stack), phi) / 2, rtol=1e-12)


def test_several_visible_units_keep_the_determinant():
    matrix = precision_matrix(black_brane(9, m2=1.0))
    reduced = schur_complement(matrix, 4)
    log_det = [np.linalg.slogdet(part)[1] for part in (matrix, matrix[4:, 4:], reduced)]
    assert log_det[0] == pytest.approx(log_det[1] + log_det[2], abs=1e-11)


def test_flow_is_the_riccati_equation_of_order_two():
    phi, pi_ = black_hole_field(np.array([2.0]), -3.0, 4)
    errors = []
    for layers in (100, 200, 400):
        errors.append(abs(layer_recursion(black_brane(layers, lam=0.0, eta_ini=2.0))[0] / (np.sinh(8.0) / 2) - (pi_ / phi)[0]))
    np.testing.assert_allclose(np.log2(np.divide(errors[:-1], errors[1:])), 2, atol=0.02)


def test_a_machine_below_the_bound_does_not_exist():
    layer_recursion(empty(200, -2.2, eta_ini=8.0))
    with pytest.raises(Diverged, match="layer 1[0-9]"):
        layer_recursion(empty(200, -6.0, eta_ini=0.0))
    with pytest.raises(Diverged):
        layer_recursion(BulkStack(np.array([1.0, 0.5]), np.array([1.0]), np.array([0.0, -1.0]), np.zeros(2)))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: schur_complement(np.ones((2, 3)), 1), "matrix: expected"),
        (lambda: schur_complement(np.eye(2), 2), "visible: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


def test_two_layers_by_hand():
    np.testing.assert_allclose(layer_recursion(two_layers()), [2.0, 2.0])
