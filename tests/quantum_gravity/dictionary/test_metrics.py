"""AdS and AdS-Schwarzschild in the proper-distance gauge: identities, limits, gauge change, bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.dictionary import metrics

ETA = np.linspace(0.05, 3.0, 60)
DIMENSIONS = pytest.mark.parametrize("d", [2, 3, 4, 5, 7])


def log_volume(metric, d):
    return 0.5 * np.log(metric.f * metric.g ** (d - 1))


def derivative(function, eta, step=1e-5):
    return (function(eta + step) - function(eta - step)) / (2 * step)


@DIMENSIONS
def test_h_is_the_logarithmic_derivative_of_the_volume(d):
    for make in (
        lambda at: metrics.ads_schwarzschild(at, d, radius=0.8, horizon_radius=1.7),
        lambda at: metrics.anti_de_sitter(at, d, 0.8),
    ):
        numeric = derivative(lambda at, make=make: log_volume(make(at), d), ETA)
        np.testing.assert_allclose(make(ETA).h, numeric, rtol=1e-6)


@DIMENSIONS
def test_black_hole_obeys_riccati(d):
    def h(at):
        return metrics.ads_schwarzschild(at, d, radius=1.3).h

    np.testing.assert_allclose(derivative(h, ETA) + h(ETA) ** 2, d**2 / 1.3**2, rtol=1e-5)


@DIMENSIONS
def test_black_hole_is_ads_far_from_the_horizon(d):
    far, black, empty = np.array([8.0]), metrics.ads_schwarzschild, metrics.anti_de_sitter
    np.testing.assert_allclose(black(far, d).h, empty(far, d).h, rtol=1e-10)
    np.testing.assert_allclose(black(far, d).f / black(far, d).g, 1.0, rtol=1e-5)


@DIMENSIONS
def test_gauge_is_that_of_the_blackening_factor(d):
    """With g = r^2 the metric is -F dt^2 + dr^2 / F + r^2 dx^2 and F = r^2 (1 - (r0/r)^d)."""
    r0 = 1.4

    def r(at):
        return np.sqrt(metrics.ads_schwarzschild(at, d, horizon_radius=r0).g)

    blackening = r0**2 * metrics.blackening(r(ETA) / r0, d)
    np.testing.assert_allclose(blackening, r(ETA) ** 2 * (1 - (r0 / r(ETA)) ** d), rtol=1e-10)
    np.testing.assert_allclose(metrics.ads_schwarzschild(ETA, d, horizon_radius=r0).f, blackening, rtol=1e-10)
    np.testing.assert_allclose(derivative(r, ETA) ** 2, blackening, rtol=1e-5)


@DIMENSIONS
def test_surface_gravity_is_half_the_slope_of_the_redshift(d):
    for gap in (1e-4, 1e-6):
        assert metrics.blackening(np.array([1 + gap]), d)[0] / gap == pytest.approx(2 * metrics.surface_gravity(d), rel=d * gap)


def test_three_dimensional_case_of_the_paper():
    metric = metrics.ads_schwarzschild(np.array([0.7]), d=3)
    c, s = np.cosh(1.05), np.sinh(1.05)
    np.testing.assert_allclose([metric.f[0], metric.g[0], metric.h[0]], [c ** (-2 / 3) * s**2, c ** (4 / 3), 3 / np.tanh(2.1)])


@DIMENSIONS
def test_horizon_pole_and_temperature(d):
    near = np.array([1e-4])
    metric = metrics.ads_schwarzschild(near, d, radius=1.2, horizon_radius=2.0)
    np.testing.assert_allclose(near * metric.h, 1.0, rtol=1e-5)
    temperature = metrics.hawking_temperature(d, radius=1.2, horizon_radius=2.0)
    np.testing.assert_allclose(np.sqrt(metric.f) / near, 2 * np.pi * temperature, rtol=1e-5)
    assert metrics.surface_gravity(d, radius=1.2, horizon_radius=2.0) == pytest.approx(2 * np.pi * temperature, rel=1e-14)


@given(st.integers(2, 8), st.floats(0.0, 5.0), st.floats(0.2, 3.0))
def test_powers_solve_their_equation(d, above_bound, radius):
    m2 = -(d**2) / (4 * radius**2) + above_bound
    lower, upper = metrics.boundary_powers(m2, d, radius)
    assert lower <= upper
    for power in (lower, upper):
        assert abs(power * (power - d) - m2 * radius**2) < 1e-8 * (1 + abs(m2) * radius**2)


@pytest.mark.bad_input
@pytest.mark.parametrize("function", [metrics.anti_de_sitter, metrics.ads_schwarzschild])
@pytest.mark.parametrize(
    "eta",
    [np.array([1, 2]), np.array([np.nan]), np.array([np.inf]), np.array([]), np.ones((2, 2)), [0.1, 0.2], 0.5, None],
    ids=["integers", "nan", "infinite", "empty", "matrix", "list", "number", "none"],
)
def test_bad_depths_are_refused(function, eta):
    with pytest.raises(InvalidArgument, match="eta"):
        function(eta, 3)


@pytest.mark.bad_input
@pytest.mark.parametrize("r", [np.array([1, 2]), np.array([0.0, 2.0]), np.array([-1.0]), np.array([np.nan]), [2.0]])
def test_bad_brane_radii_are_refused(r):
    with pytest.raises(InvalidArgument, match="r: expected"):
        metrics.blackening(r, 4)


@pytest.mark.bad_input
def test_depths_at_or_behind_the_horizon_are_refused():
    for eta in (0.0, -0.1):
        with pytest.raises(InvalidArgument, match="horizon"):
            metrics.ads_schwarzschild(np.array([eta, 1.0]), 3)


@pytest.mark.bad_input
@pytest.mark.parametrize("d", [1, 0, -3, 3.0, True, None])
def test_bad_dimensions_are_refused(d):
    for call in (
        lambda: metrics.ads_schwarzschild(ETA, d),
        lambda: metrics.anti_de_sitter(ETA, d),
        lambda: metrics.hawking_temperature(d),
        lambda: metrics.surface_gravity(d),
        lambda: metrics.blackening(ETA, d),
        lambda: metrics.boundary_powers(-1.0, d),
    ):
        with pytest.raises(InvalidArgument, match="d: "):
            call()


@pytest.mark.bad_input
@pytest.mark.parametrize("radius", [0.0, -1.0, np.nan, np.inf, "1"])
def test_bad_radii_are_refused(radius):
    for call in (
        lambda: metrics.ads_schwarzschild(ETA, 3, radius),
        lambda: metrics.ads_schwarzschild(ETA, 3, 1.0, radius),
        lambda: metrics.anti_de_sitter(ETA, 3, radius),
        lambda: metrics.hawking_temperature(3, radius),
        lambda: metrics.hawking_temperature(3, 1.0, radius),
        lambda: metrics.boundary_powers(-1.0, 3, radius),
    ):
        with pytest.raises(InvalidArgument, match="radius"):
            call()


@pytest.mark.bad_input
def test_masses_below_the_bound_are_refused():
    with pytest.raises(InvalidArgument, match="m2"):
        metrics.boundary_powers(-4.01, d=4)


@pytest.mark.bad_input
@pytest.mark.parametrize("sizes", [{"eta": 1e4}, {"eta": 1.0, "radius": 1e-200}, {"eta": 1.0, "horizon_radius": 1e-200}])
def test_a_metric_beyond_floating_point_numbers_says_where(sizes):
    eta = np.array([0.5, sizes.pop("eta")])
    with pytest.raises(Diverged, match="the metric diverged at eta = "):
        metrics.ads_schwarzschild(eta, 3, **sizes)
    if "horizon_radius" not in sizes:
        with pytest.raises(Diverged, match="the metric diverged at eta = "):
            metrics.anti_de_sitter(eta, 3, **sizes)
