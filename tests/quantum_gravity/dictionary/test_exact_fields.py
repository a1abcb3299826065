"""The closed-form fields solve their equation, by an independent integrator; limits and bad input."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.dictionary import exact_fields, metrics

ETA = np.linspace(0.1, 2.0, 8)
FREE = [(-1.0, 3), (-3.0, 4), (-2.0, 3), (0.0, 4), (1.5, 4), (-2.25, 3)]


def integrate(h, m2, lam, eta, start):
    def motion(at, y):
        return [y[1], -h(at) * y[1] + m2 * y[0] + lam * y[0] ** 3]

    return solve_ivp(motion, (eta[0], eta[-1]), start, method="DOP853", t_eval=eta, rtol=1e-12, atol=1e-13).y


@pytest.mark.parametrize(("m2", "d"), FREE)
def test_black_hole_field_solves_the_free_equation(m2, d):
    phi, pi_ = exact_fields.black_hole_field(ETA, m2, d)
    numeric = integrate(lambda at: d / np.tanh(d * at), m2, 0.0, ETA, (phi[0], pi_[0]))
    np.testing.assert_allclose(numeric, [phi, pi_], rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(("m2", "d"), FREE)
def test_black_hole_field_is_regular(m2, d):
    eta = np.array([1e-3])
    phi, pi_ = exact_fields.black_hole_field(eta, m2, d)
    np.testing.assert_allclose(2 * pi_ / eta, m2 * phi, rtol=1e-4, atol=1e-12)


@pytest.mark.parametrize(("m2", "d"), [(-1.0, 3), (-3.0, 4), (-2.0, 3)])
def test_response_is_read_off_at_the_boundary(m2, d):
    far = np.array([6.0, 7.0])
    phi, _ = exact_fields.black_hole_field(far, m2, d)
    source, response = np.linalg.solve(np.exp(-np.outer(far, metrics.boundary_powers(m2, d))), phi)
    np.testing.assert_allclose(response / source, exact_fields.black_hole_response(m2, d), rtol=1e-5)


@pytest.mark.parametrize(("lam", "source", "d"), [(1.0, 2.0, 3), (1.3, 0.7, 4), (0.0, 1.0, 5)])
def test_quartic_field_solves_the_nonlinear_equation(lam, source, d):
    phi, pi_ = exact_fields.quartic_field(ETA, lam, source, d)
    numeric = integrate(lambda at: d, -2 * d**2 / 9, lam, ETA, (phi[0], pi_[0]))
    np.testing.assert_allclose(numeric, [phi, pi_], rtol=1e-8, atol=1e-10)


def test_quartic_field_without_coupling_is_an_exponential():
    phi, _ = exact_fields.quartic_field(ETA, 0.0, 1.5, 3)
    np.testing.assert_allclose(phi, 1.5 * np.exp(-ETA))


@pytest.mark.bad_input
@pytest.mark.parametrize("eta", [np.array([np.nan]), np.array([]), np.ones((2, 2)), [1.0], np.array([1])])
def test_bad_depths_are_refused(eta):
    with pytest.raises(InvalidArgument, match="eta"):
        exact_fields.black_hole_field(eta, -1.0, 3)
    with pytest.raises(InvalidArgument, match="eta"):
        exact_fields.quartic_field(eta, 1.0, 1.0)


@pytest.mark.bad_input
def test_bad_parameters_are_refused():
    for name, call in (
        ("eta", lambda: exact_fields.black_hole_field(np.array([-0.1]), -1.0, 3)),
        ("m2", lambda: exact_fields.black_hole_field(ETA, -5.0, 3)),
        ("m2", lambda: exact_fields.black_hole_response(-4.0, 4)),
        ("m2", lambda: exact_fields.black_hole_response(0.0, 4)),
        ("lam", lambda: exact_fields.quartic_field(ETA, -1.0, 1.0)),
        ("lam", lambda: exact_fields.quartic_field(ETA, np.nan, 1.0)),
        ("source", lambda: exact_fields.quartic_field(ETA, 1.0, 0.0)),
        ("d", lambda: exact_fields.quartic_field(ETA, 1.0, 1.0, d=1)),
    ):
        with pytest.raises(InvalidArgument, match=name):
            call()


@pytest.mark.bad_input
def test_fields_that_overflow_are_errors():
    far = np.array([1e4])
    for call in (lambda: exact_fields.black_hole_field(far, -1.0, 3), lambda: exact_fields.quartic_field(-far, 1.0, 1.0)):
        with pytest.raises(Diverged, match="stop the grid earlier"):
            call()
