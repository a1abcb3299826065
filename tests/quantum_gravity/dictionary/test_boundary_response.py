"""Kernels of a machine tend to the continuum's Bessel, Legendre and Gamma functions."""

import numpy as np
import pytest
from stacks import black_brane, empty

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.boundary_response import anti_de_sitter_kernel, boundary_coefficient, response_ratio
from nnqg.quantum_gravity.dictionary.exact_fields import black_hole_response
from nnqg.quantum_gravity.dictionary.gaussian_layers import layer_recursion


@pytest.mark.parametrize("nu", [0.25, 0.5, 0.75, 1.5])
def test_anti_de_sitter_tends_to_bessel_functions(nu):
    m2 = nu**2 - 2.25
    errors = [abs(layer_recursion(empty(n, m2, 1.0))[0] / anti_de_sitter_kernel(1.0, 3.0, m2, 3) - 1) for n in (100, 200, 400)]
    assert errors[-1] < 2e-4
    np.testing.assert_allclose(np.log2(np.divide(errors[:-1], errors[1:])), 2, atol=0.05)


def test_conformal_mass_is_elementary():
    for k, eta in ((0.3, 1.0), (5.0, 2.0)):
        expected = k * np.exp(2 * eta) - np.exp(3 * eta)
        assert anti_de_sitter_kernel(k, eta, -2.0, 3) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("nu", "expected"), [(0.5, 1.0), (0.25, 0.4779887975), (0.75, 2.0920992401)])
def test_coefficient_is_the_limit_of_the_kernel(nu, expected):
    assert boundary_coefficient(nu) == pytest.approx(expected, rel=1e-9)
    eta, m2 = 14.0, nu**2 - 2.25
    y = anti_de_sitter_kernel(1e-3, eta, m2, 3) * np.exp(-3 * eta)
    limit = -2 * nu * -(y + 1.5 - nu) / (y + 1.5 + nu) * np.exp(2 * nu * eta) / 1e-3 ** (2 * nu)
    assert limit == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("d", "m2"), [(3, -2.0), (4, -3.0), (4, 2.0)])
def test_response_of_known_fields(d, m2):
    """The two fields that solve the discrete equation at q = 0 exactly change by a factor x from one layer to the next."""
    stack = empty(12, m2, d=d, eta_ini=2.0, eta_fin=0.0)
    x = np.sort(np.roots(stack.precision[4, 5:2:-1]))
    first, second = ([1.0, 0.37] @ x ** (k - 2.0 / stack.step) for k in (0, 1))
    kernel = (stack.links[0] * (first - second) + stack.quadratic[0] * first) / first
    assert response_ratio(kernel * np.exp(-d * 2.0), 2.0, stack.step, m2, d) == pytest.approx(0.37, rel=1e-9)


def test_lattice_index_is_of_order_two():
    """The field of the continuum is a pure source up to the square of the step."""
    found = []
    for step in (0.02, 0.01, 0.005):
        ratio = np.exp(step)  # of A exp(-eta), m^2 = -3 and d = 4, between neighbouring layers
        kernel = np.exp(-2 * step) * (1 - ratio) / step**2 - 1.5
        found.append(abs(response_ratio(kernel * step, 0.0, step, -3.0, 4)))
    np.testing.assert_allclose(np.log2(np.divide(found[:-1], found[1:])), 2, atol=0.1)


def test_black_brane_has_the_gamma_function_response():
    errors = []
    for layers in (100, 200, 400):
        stack = black_brane(layers, lam=0.0, eta_ini=2.0)
        found = response_ratio(layer_recursion(stack)[0] / (np.sinh(8.0) / 2), 2.0, stack.step, -3.0, 4)
        errors.append(abs(found - black_hole_response(-3.0, 4)))
    assert errors[-1] < 2e-5
    assert (np.divide(errors[:-1], errors[1:]) > 3).all()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: anti_de_sitter_kernel(0.0, 1.0, -2.0, 3), "momentum: expected"),
        (lambda: anti_de_sitter_kernel(1.0, 1.0, -3.0, 3), "m2: expected"),
        (lambda: boundary_coefficient(1.0), "nu: expected"),
        (lambda: response_ratio(-1.0, 1.0, 0.0, -2.0, 3), "step: expected"),
        (lambda: response_ratio(-1.0, 1.0, 0.1, -2.25, 3), "m2: expected"),
        (lambda: response_ratio(np.nan, 1.0, 0.1, -2.0, 3), "kernel: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
