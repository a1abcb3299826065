"""The solved field has the dimension, the response and the logarithm of the closed forms."""

import numpy as np
import pytest
from scipy.special import kv

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary import radial_equation
from nnqg.quantum_gravity.dictionary.boundary_response import boundary_coefficient
from nnqg.quantum_gravity.dictionary.metrics import boundary_powers

CASES = [(1, -0.16), (2, -0.75), (3, -2.0), (4, -3.5), (4, -2.0), (4, 0.7)]


def solved_response(k, nu, d, series, z=0.3):
    values = radial_equation.bulk_field(k, nu**2 - d**2 / 4, d, np.array([z]))
    A, B = np.linalg.solve(series(k, nu, d, z), values[:, 0])
    return B / A


@pytest.mark.parametrize(("d", "m2"), CASES)
def test_field_is_a_bessel_function(d, m2):
    nu, z = radial_equation.index(m2, d), np.array([2.0, 0.7, 0.01])
    phi = radial_equation.bulk_field(1.3, m2, d, z)[0]
    np.testing.assert_allclose(phi / phi[0], (z / 2.0) ** (d / 2) * kv(nu, 1.3 * z) / kv(nu, 2.6), rtol=1e-10)


@pytest.mark.parametrize(("d", "m2"), CASES)
def test_response_is_a_ratio_of_gamma_functions(d, m2):
    nu = radial_equation.index(m2, d)
    for z in (0.1, 0.3, 1.0):
        assert solved_response(1.3, nu, d, radial_equation.boundary_series, z) == pytest.approx(radial_equation.response(1.3, nu), rel=1e-9)


@pytest.mark.parametrize("nu", [1, 2, 3])
def test_an_integer_index_has_its_logarithm(nu):
    for k, d in ((0.8, 2), (1.7, 4)):
        found = solved_response(k, nu, d, radial_equation.log_series, 0.5)
        assert found == pytest.approx(radial_equation.log_response(k, nu), rel=1e-8)


def test_a_doubled_wave_number_shows_the_coefficient_of_the_logarithm():
    for nu, coefficient in ((1, 1), (2, -1 / 4), (3, 1 / 64)):
        shift = radial_equation.log_response(2.0, nu) / 4.0**nu - radial_equation.log_response(1.0, nu)
        assert 2 * nu * shift / np.log(2) == pytest.approx(coefficient, rel=1e-12)


@pytest.mark.parametrize("series", [radial_equation.boundary_series, radial_equation.log_series])
def test_wronskian_of_the_series_is_that_of_the_equation(series):
    nu, d = (1.5, 3) if series is radial_equation.boundary_series else (2, 3)
    for z in (0.01, 0.4, 1.3):
        assert np.linalg.det(series(1.1, nu, d, z)) == pytest.approx(2 * nu * z**d, rel=1e-9)


def test_logarithm_is_the_limit_of_a_pole():
    """Near an integer the pole of B/A cancels against that of the series of A."""
    k, z, d = 1.2, 0.4, 4
    near = [solved_response(k, nu, d, radial_equation.boundary_series, z) for nu in (0.999, 1.001)]
    assert near[0] < -100 and near[1] > 100
    low = [radial_equation.boundary_series(k, nu, d, z)[0] @ [1, ratio] for nu, ratio in zip((0.999, 1.001), near, strict=True)]
    exact = radial_equation.log_series(k, 1, d, z)[0] @ [1, radial_equation.log_response(k, 1)]
    assert np.mean(low) == pytest.approx(exact, rel=1e-5)


def test_index_and_coefficients_are_those_of_the_neighbours():
    lower, upper = boundary_powers(-3.3, 4)
    assert radial_equation.index(-3.3, 4) == pytest.approx((upper - lower) / 2, rel=1e-14)
    assert -2 * 0.3 * radial_equation.response(1.0, 0.3) == pytest.approx(boundary_coefficient(0.3), rel=1e-13)


def test_two_point_coefficient_is_positive_and_fourier_transforms_into_the_response():
    from scipy.special import gamma

    for nu, d in ((0.3, 1), (0.7, 3), (1.4, 4)):
        at_distance = radial_equation.two_point_coefficient(nu, d)
        transform = np.pi ** (d / 2) * 2.0 ** (-2 * nu) * gamma(-nu) / gamma(d / 2 + nu)
        assert at_distance > 0
        assert at_distance * transform == pytest.approx(2 * nu * radial_equation.response(1.0, nu), rel=1e-13)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: radial_equation.index(-2.3, 3), "m2: expected at least the Breitenlohner-Freedman bound -2.25, got -2.3"),
        (lambda: radial_equation.index(np.nan, 3), "m2: expected"),
        (lambda: radial_equation.bulk_field(1.0, -2.3, 3, np.array([1.0])), "m2: expected at least the Breitenlohner-Freedman"),
        (lambda: radial_equation.bulk_field(1.0, -2.0, 3, np.array([0.1, 1.0])), "z: expected falling"),
        (lambda: radial_equation.bulk_field(1.0, -2.0, 3, np.array([50.0])), "z: expected falling"),
        (lambda: radial_equation.bulk_field(0.0, -2.0, 3, np.array([1.0])), "k: expected"),
        (lambda: radial_equation.response(1.0, 1.0), "nu: expected no integer, because of the logarithm"),
        (lambda: radial_equation.boundary_series(1.0, 2.0, 4, 0.1), "nu: expected no integer"),
        (lambda: radial_equation.boundary_series(1.0, 0.5, 4, 0.0), "z: expected"),
        (lambda: radial_equation.log_series(1.0, 0, 4, 0.1), "nu: expected"),
        (lambda: radial_equation.log_response(-1.0, 1), "k: expected"),
        (lambda: radial_equation.two_point_coefficient(0.0, 3), "nu: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
