"""Hanging strings: closed forms, the force as a derivative, an independent quadrature, bad input."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import hyp2f1

from nnqg.emergent_spacetime.quark_potential import wilson_loop
from nnqg.emergent_spacetime.quark_potential.wilson_loop import ADS_ENERGY, ADS_LENGTH, can_hang, hanging_strings
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import Metric, ads_schwarzschild, anti_de_sitter

TURNING = np.array([0.05, 0.3, 0.7, 1.5])


def ads(eta):
    return anti_de_sitter(eta, d=4)


def hole(eta):
    return ads_schwarzschild(eta, d=4)


def cigar(eta):
    """A space that confines: fg has its minimum at 0, where the circle of a further dimension closes."""
    warp = np.cosh(2 * eta)
    return Metric(eta, warp, warp.copy(), 4 * np.tanh(2 * eta))


def test_anti_de_sitter_space():
    strings = hanging_strings(ads, TURNING, horizon=-40.0)
    np.testing.assert_allclose(strings.length * np.exp(TURNING), ADS_LENGTH, rtol=1e-9)
    np.testing.assert_allclose(strings.energy * strings.length, ADS_ENERGY, rtol=1e-9)


def test_black_hole_has_the_closed_form():
    rho = np.sqrt(hole(TURNING).g)
    exact = ADS_LENGTH * np.sqrt(rho**4 - 1) / rho**3 * hyp2f1(0.5, 0.75, 1.25, rho**-4.0)
    np.testing.assert_allclose(hanging_strings(hole, TURNING).length, exact, rtol=1e-9)


@pytest.mark.parametrize(("metric", "horizon"), [(ads, -40.0), (hole, 0.0), (cigar, 0.0)])
def test_force_is_the_derivative_of_the_potential(metric, horizon):
    for eta in TURNING[1:]:
        pair = hanging_strings(metric, eta + np.array([-1e-4, 1e-4]), horizon)
        slope = np.diff(pair.energy)[0] / np.diff(pair.length)[0]
        assert slope == pytest.approx(pair.force.mean(), rel=1e-6)


def test_an_independent_quadrature_agrees():
    eta_0, (here,) = 0.4, [hole(np.array([0.4]))]
    held = float(here.f[0] * here.g[0])

    def integrand(u):
        there = hole(np.array([eta_0 + u * u]))
        product = float(there.f[0] * there.g[0])
        return 4 * u * np.sqrt(held / (float(there.g[0]) * (product - held)))

    expected = quad(integrand, 1e-7, 3.4, epsabs=1e-11, limit=200)[0]
    assert hanging_strings(hole, np.array([eta_0])).length[0] == pytest.approx(expected, rel=1e-6)


def test_long_strings_have_the_tension_of_the_wall():
    strings = hanging_strings(cigar, np.array([1e-4, 1e-3]))
    assert strings.length[0] > 4
    assert np.diff(strings.energy)[0] / np.diff(strings.length)[0] == pytest.approx(1.0, rel=1e-5)


def test_quadrature_converges(monkeypatch):
    errors = []
    for points in (2, 3, 16):
        monkeypatch.setattr(wilson_loop, "POINTS", points)
        errors.append(abs(hanging_strings(hole, np.array([0.02])).length[0] - _exact_length(0.02)))
    assert errors[0] > 10 * errors[1] > 100 * errors[2]
    assert errors[2] < 1e-10


def _exact_length(eta):
    rho = float(np.sqrt(hole(np.array([eta])).g[0]))
    return ADS_LENGTH * np.sqrt(rho**4 - 1) / rho**3 * hyp2f1(0.5, 0.75, 1.25, rho**-4.0)


def walled(eta):
    """fg has a minimum of 1 at eta = 1 and is small inside."""
    f = np.exp(np.minimum((eta - 1) ** 2 * (eta - 0.2), 50.0))
    return Metric(eta, f, np.ones_like(eta), np.zeros_like(eta))


def test_a_wall_holds_strings_up():
    eta = np.array([0.1, 0.5, 0.9, 1.1, 2.0])
    np.testing.assert_array_equal(can_hang(walled, eta), [True, False, False, True, True])


@pytest.mark.bad_input
def test_bad_turning_points_are_refused():
    for bad in (np.array([0.0, 1.0]), np.array([-1.0])):
        with pytest.raises(InvalidArgument, match="turning_points"):
            hanging_strings(hole, bad)
    for bad in (np.array([np.nan]), np.array([]), np.ones((2, 2)), np.array([1, 2]), 1.0):
        with pytest.raises(InvalidArgument, match="turning_points"):
            hanging_strings(ads, bad, horizon=-40.0)
        with pytest.raises(InvalidArgument, match="turning_points"):
            can_hang(ads, bad)
    with pytest.raises(InvalidArgument, match="can_hang"):
        hanging_strings(walled, np.array([0.5]))


@pytest.mark.bad_input
def test_bad_metrics_and_horizons_are_refused():
    with pytest.raises(InvalidArgument, match="metric"):
        hanging_strings(ads(TURNING), TURNING)
    with pytest.raises(InvalidArgument, match="metric"):
        can_hang(None, TURNING)
    for bad in (np.nan, np.inf, "0"):
        with pytest.raises(InvalidArgument, match="horizon"):
            hanging_strings(hole, TURNING, horizon=bad)
