"""The black brane's response has its exact limits, and its modes are the published ones."""

import numpy as np
import pytest
from scipy.special import gamma, loggamma

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.exact_fields import black_hole_response
from nnqg.quantum_gravity.dictionary.radial_equation import response
from nnqg.quantum_gravity.dictionary.thermal_correlators import brane_response, quasinormal_modes


def btz_response(omega, k, nu):
    a = (abs(omega) + 1j * k) / 2
    return gamma(-nu) / gamma(nu) * np.exp(2 * (loggamma((1 + nu) / 2 + a) - loggamma((1 - nu) / 2 + a)).real)


def static_response(nu, d):
    a = 0.5 + nu / d
    return -gamma(2 - 2 * a) * gamma(a) ** 2 / (gamma(2 * a) * gamma(1 - a) ** 2)


@pytest.mark.parametrize("nu", [0.3, 0.5, 0.7, 1.4])
def test_two_dimensions_are_exact(nu):
    for omega, k in ((0.0, 0.0), (1.0, 0.7), (-1.0, -0.7), (4.0, 3.0), (0.0, 12.0)):
        assert brane_response(omega, k, nu, 2) == pytest.approx(btz_response(omega, k, nu), rel=1e-9)


@pytest.mark.parametrize("d", [2, 3, 4, 5])
@pytest.mark.parametrize("nu", [0.5, 0.7, 1.3])
def test_static_response_is_exact(d, nu):
    assert brane_response(0.0, 0.0, nu, d) == pytest.approx(static_response(nu, d), rel=1e-9)


def test_static_response_is_that_of_the_proper_distance():
    """z = 2^(2/d) e^(-eta) near the boundary, so B/A differs by a power of 2."""
    for nu, d in ((0.5, 4), (0.7, 3)):
        assert static_response(nu, d) == pytest.approx(black_hole_response(nu**2 - d**2 / 4, d) * 4 ** (-2 * nu / d), rel=1e-12)


def test_known_values_in_four_dimensions():
    found = [brane_response(*mode, 0.5, 4) for mode in ((0.0, 1.0), (2.0, 0.0), (2.0, 2.0))]
    np.testing.assert_allclose(found, [-1.0063829387, -2.0428176561, -2.8373020067], rtol=1e-9)


def test_collocation_converges_exponentially():
    exact = btz_response(3.0, 2.0, 0.7)
    errors = [abs(brane_response(3.0, 2.0, 0.7, 2, order) / exact - 1) for order in (4, 8, 12)]
    assert errors[1] < errors[0] / 50 and errors[2] < errors[1] / 50


@pytest.mark.parametrize("d", [2, 3, 4])
def test_short_distances_know_a_stress_tensor_without_trace(d):
    p, cold = 24.0, response(24.0, 0.5)
    along_time, along_space = (brane_response(*mode, 0.5, d) / cold - 1 for mode in ((p, 0.0), (0.0, p)))
    assert along_time / along_space == pytest.approx(1 - d, rel=3e-3)
    assert along_time * p**4 == pytest.approx(9 / 16, rel=1e-3) or d != 4


@pytest.mark.parametrize(
    ("m2", "published"),  # arXiv:hep-th/0302026, table 1
    [(0.0, (1.559726 - 1.373338j, 2.584760 - 2.381785j)), (-3.0, (1.099407 - 0.879767j, 2.105949 - 1.887444j))],
)
def test_modes_of_four_dimensions_are_the_published_ones(m2, published):
    modes = quasinormal_modes(4, m2) / 2
    np.testing.assert_allclose(modes[modes.real > 0][:2], published, atol=3e-6)


def test_modes_of_two_dimensions_are_exact_and_come_in_pairs():
    modes = quasinormal_modes(2, -0.75, 0.7, order=24)
    np.testing.assert_allclose(modes[:2], [-0.7 - 1.5j, 0.7 - 1.5j], atol=1e-7)
    np.testing.assert_allclose(modes[2:4], [-0.7 - 3.5j, 0.7 - 3.5j], atol=1e-5)


def test_all_modes_decay():
    for d, m2 in ((2, -0.5), (3, -2.0), (4, -4.0), (5, 1.0)):
        assert quasinormal_modes(d, m2).imag.max() < 0


def test_a_log_that_needs_the_heat_is_refused():
    """In three dimensions the double index 3 meets the term z^3 of the metric, unless the mass is zero."""
    assert np.isfinite(brane_response(0.0, 0.0, 1.5, 3))
    with pytest.raises(InvalidArgument, match="nu: expected an index whose double is not 5"):
        brane_response(1.0, 1.0, 2.5, 3)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: brane_response(0.0, 0.0, 1.0, 4), "nu: expected no integer, because of the logarithm"),
        (lambda: brane_response(0.0, 0.0, -0.5, 4), "nu: expected"),
        (lambda: brane_response(0.0, 0.0, 0.5, 1), "d: expected"),
        (lambda: brane_response(np.inf, 0.0, 0.5, 4), "omega: expected"),
        (lambda: brane_response(0.0, np.nan, 0.5, 4), "k: expected"),
        (lambda: brane_response(0.0, 0.0, 0.5, 4, order=1), "order: expected"),
        (lambda: quasinormal_modes(4, -4.1), "m2: expected at least the Breitenlohner-Freedman bound"),
        (lambda: quasinormal_modes(4, 0.0, tolerance=0.0), "tolerance: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
