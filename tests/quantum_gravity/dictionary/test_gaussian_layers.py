"""Summing layer by layer is linear algebra, and flows along the field equation."""

import numpy as np
import pytest
from stacks import black_brane, empty, rings, two_layers

from nnqg.errors import Diverged
from nnqg.quantum_gravity.dictionary.exact_fields import black_hole_field
from nnqg.quantum_gravity.dictionary.gaussian_layers import layer_recursion
from nnqg.quantum_gravity.dictionary.layered_stack import LayeredStack


def schur_complement(matrix, visible):
    mixed = matrix[visible:, :visible]
    return matrix[:visible, :visible] - mixed.T @ np.linalg.solve(matrix[visible:, visible:], mixed)


def test_recursion_is_the_schur_complement():
    stack = black_brane(24, m2=1.0, eta_ini=1.5, momentum=1.0, frequency=2.0)
    matrix, flow = stack.precision, layer_recursion(stack)
    np.testing.assert_allclose(schur_complement(matrix, 1)[0, 0], flow[0], rtol=1e-12)
    for k in (3, 11, 23):
        outer = stack.links[k - 1]
        np.testing.assert_allclose(schur_complement(matrix[k:, k:], 1)[0, 0] - outer, flow[k], rtol=1e-12, atol=1e-12 * outer)


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
        layer_recursion(LayeredStack(np.array([1.0, 0.5]), np.array([1.0]), np.array([0.0, -1.0]), np.zeros(2)))


def test_two_layers_by_hand():
    np.testing.assert_allclose(layer_recursion(two_layers()), [2.0, 2.0])


def test_a_batch_is_its_members():
    widths = np.array([[9.0, 5.0, 2.0], [9.0, 8.0, 6.0]])
    together = layer_recursion(rings(widths, 0.2, 1.0, 0.5))
    np.testing.assert_allclose(together, [layer_recursion(rings(row, 0.2, 1.0, 0.5)) for row in widths], rtol=1e-14)
