"""Black branes from E(u): AdS-Schwarzschild exactly, Einstein's equations by differences, order, invariants."""

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import OUTSIDE, solve_thermal
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import ads_schwarzschild


def nothing(x):
    return 0 * x


def bump(x):
    return 200 * x * np.exp(-2 * x)


def test_no_dilaton_is_ads_schwarzschild():
    brane = solve_thermal(nothing)
    inside = slice(1, None)
    exact = ads_schwarzschild(brane.eta[inside], d=4, horizon_radius=np.pi)
    assert np.allclose(brane.eta, brane.x / 4, rtol=0, atol=1e-12)
    assert np.allclose(np.exp(brane.log_f[inside]), exact.f, rtol=1e-10)
    assert np.allclose(np.exp(brane.log_g[inside]), exact.g, rtol=1e-10)
    assert np.allclose(brane.h, exact.h, rtol=1e-10)
    assert np.all(brane.dilaton == 0)
    assert np.allclose(brane.potential, 12)
    assert brane.boundary_warp == pytest.approx(np.pi**2 / 2, rel=1e-8)


def test_einsteins_equations_hold():
    """With derivatives of splines in eta: w, h from the metric, then all three equations and the scalar's."""
    brane = solve_thermal(bump, 10.0, 0.0025)
    keep = slice(60, 2400)
    eta = brane.eta[1:]
    log_f, log_g = CubicSpline(eta, brane.log_f[1:]), CubicSpline(eta, brane.log_g[1:])
    w, h = (log_f(eta, 1) - log_g(eta, 1)) / 2, (log_f(eta, 1) + 3 * log_g(eta, 1)) / 2
    assert np.allclose(w[keep], brane.w[keep], rtol=1e-4)
    assert np.allclose(h[keep], brane.h[keep], rtol=1e-4)
    w_rise, h_rise = CubicSpline(eta, brane.w)(eta, 1), CubicSpline(eta, brane.h)(eta, 1)
    assert np.allclose((w_rise + brane.h * brane.w)[keep], 0, atol=1e-3)
    assert np.allclose((0.75 * (h_rise + brane.h**2))[keep], brane.potential[1:][keep], rtol=1e-4)
    assert np.allclose((-9 / 16 * (h_rise + brane.w**2))[keep], brane.dilaton_slope[1:][keep] ** 2, rtol=1e-3, atol=1e-3)
    phi = CubicSpline(eta, brane.dilaton[1:])
    assert np.allclose(phi(eta, 1)[keep], brane.dilaton_slope[1:][keep], rtol=1e-4, atol=1e-6)
    by_field = phi(eta, 2) + brane.h * phi(eta, 1)  # (8/3) (Phi'' + h Phi') + dV/dPhi = 0
    force = CubicSpline(eta, brane.potential[1:])(eta, 1) / phi(eta, 1)
    assert np.allclose((8 / 3 * by_field + force)[keep], 0, atol=0.02 * np.abs(force[keep]).max())


def test_horizon_is_regular_and_boundary_relativistic():
    brane = solve_thermal(bump)
    assert brane.log_f[1] - 2 * np.log(2 * np.pi * brane.eta[1]) == pytest.approx(0, abs=1e-3)
    assert np.isneginf(brane.log_f[0])
    assert brane.log_g[1] - brane.log_g[0] == pytest.approx(0, abs=1e-3)
    assert brane.log_f[-1] - brane.log_g[-1] == pytest.approx(2 * np.log(np.tanh(brane.x[-1] / 2)), abs=1e-9)
    assert brane.dilaton[-1] == 0 == brane.dilaton_slope[0]


def test_order_four():
    """Largest errors of dilaton, depth and E at x = 0, 0.1, 0.2 ..., for the steps 0.1, 0.05, 0.025."""
    branes = [solve_thermal(bump, 10.0, 0.1 / n) for n in (1, 2, 4, 32)]
    values = [np.stack([brane.dilaton[::n], brane.eta[::n], brane.invariant[::n]]) for brane, n in zip(branes, (1, 2, 4, 32), strict=True)]
    errors = np.array([np.abs(value - values[3]).max(axis=1) for value in values[:3]])
    assert np.all(np.log2(errors[:-1] / errors[1:]) > 3.5), errors


def test_e_decreases_and_friction_stays_above_four():
    brane = solve_thermal(bump)
    assert np.all(np.diff(brane.invariant) <= 1e-12)
    assert brane.invariant[0] == pytest.approx(16 + 200 / 4, rel=1e-5)
    assert brane.h.min() >= 4 - 1e-12


def test_box_follows_the_tail():
    """Behind the box the dilaton rises by less than OUTSIDE, and not by much less: a box shorter by two leaves more."""
    for rate in (1.5, 2.0, 3.0):
        brane = solve_thermal(lambda x, s=rate: 300 * x * np.exp(-s * x))
        longer = solve_thermal(lambda x, s=rate: 300 * x * np.exp(-s * x), brane.x[-1] + 10)
        left = np.interp([brane.x[-1] - 2, brane.x[-1]], longer.x, longer.dilaton)
        assert left[1] < OUTSIDE < left[0]
    assert solve_thermal(lambda x: 300 * x * np.exp(-2 * x) * (x < 4)).x[-1] == 14


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "steepness", [3.0, lambda x: -x, lambda x: np.exp(-2 * x), lambda x: x, lambda x: x * np.exp(-x / 2), lambda x: x * np.nan]
)
def test_refuses_steepness_that_makes_no_brane(steepness):
    with pytest.raises(InvalidArgument):
        solve_thermal(steepness)


@pytest.mark.bad_input
@pytest.mark.parametrize("arguments", [{"box": 1.0}, {"step": 0.0}, {"step": 0.5}])
def test_refuses_bad_grids(arguments):
    with pytest.raises(InvalidArgument):
        solve_thermal(nothing, **arguments)
