"""Strings in the string frame: the wall, the tension, another quadrature, convergence."""

import confining_solution
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.interpolate import CubicSpline
from scipy.special import hyp1f1

from nnqg.emergent_spacetime.dilaton.riccati import solve_background
from nnqg.emergent_spacetime.dilaton.string_frame import StringFrame
from nnqg.emergent_spacetime.quark_potential.wilson_loop import ADS_ENERGY, ADS_LENGTH, hanging_strings
from nnqg.errors import InvalidArgument


def soft(z):
    return 2 * z


def strings_in(frame, number, closest=1e-4, shallowest=4.0):
    return hanging_strings(frame, np.geomspace(closest, shallowest, number))


def frame_of(slope, number=3000):
    return StringFrame(solve_background(slope, np.geomspace(1e-5, 4.0, number)))


@pytest.fixture(scope="module")
def soft_frame():
    return frame_of(soft)


def test_soft_wall_is_kummers_function(soft_frame):
    """exp(A_s) = M(-3/4; 3/2; -4 z^2) / z, minimal where z M' = M."""
    wall = soft_frame.wall
    assert soft_frame.tension == pytest.approx((hyp1f1(-0.75, 1.5, -4 * wall**2) / wall) ** 2, rel=1e-8)
    assert hyp1f1(-0.75, 1.5, -4 * wall**2) == pytest.approx(4 * wall**2 * hyp1f1(0.25, 2.5, -4 * wall**2), rel=1e-7)


def test_example_is_exact():
    found = frame_of(confining_solution.slope)
    assert found.wall == pytest.approx(1 / np.sqrt(2), abs=1e-7)
    log_warp = np.log(2) / 2 - 0.5 + 2 / 3 * (1.5 * np.sqrt(0.5) * np.sqrt(2) + 2.25 * np.arcsinh(np.sqrt(1 / 3)))
    assert found.tension == pytest.approx(np.exp(2 * log_warp), rel=1e-7)


@pytest.mark.parametrize("slope", [np.zeros_like, lambda z: np.full_like(z, 2.0)])
def test_no_wall_without_a_growing_slope(slope):
    background = solve_background(slope, np.geomspace(1e-5, 6.0, 400))
    assert (background.string_slope < 0).all()
    with pytest.raises(InvalidArgument):
        StringFrame(background)


@pytest.mark.parametrize("seed", range(5))
def test_a_rising_slope_has_a_wall_however_it_rises(seed):
    """The theorem of the page: a wall before B' has risen by half from any earlier value, also where it jumps."""
    rng = np.random.default_rng(seed)
    places, rises = np.sort(rng.uniform(0.2, 6.0, 8)), rng.exponential(2.0, 8)
    background = solve_background(
        lambda z: rises @ (np.tanh(30 * (z - places[:, None])) + np.tanh(30 * places[:, None])), np.geomspace(1e-5, 9, 4000)
    )
    assert (background.dilaton_slope > -1e-9).all()
    steep = 1 / background.z + background.slope
    demanded = background.z[np.argmax(steep >= 1.5 * np.minimum.accumulate(steep))]
    assert StringFrame(background).wall < demanded


def test_depth_is_the_proper_distance(soft_frame):
    z = soft_frame.background.z
    warp = CubicSpline(np.log(z), soft_frame.background.string_warp)
    target = 0.2
    depth = quad(lambda s: np.exp(warp(np.log(s))) / s, target, soft_frame.wall, epsabs=1e-12)[0]
    assert soft_frame.positions(np.array([depth]))[0] == pytest.approx(target, rel=1e-7)
    assert soft_frame.positions(np.zeros(1))[0] == pytest.approx(soft_frame.wall, rel=1e-9)


def test_metric_is_the_warp_factor(soft_frame):
    eta = np.array([0.3, 1.0, 3.0, 20.0])
    metric, z, step = soft_frame(eta), soft_frame.positions(eta), 1e-5
    assert np.array_equal(metric.f, metric.g)
    numeric = (np.log(soft_frame(eta + step).f) - np.log(soft_frame(eta - step).f)) / step
    assert np.allclose(metric.h, numeric, rtol=1e-5)
    assert metric.f[-1] * z[-1] ** 2 == pytest.approx(1.0, abs=1e-6)


def test_a_string_by_another_quadrature(soft_frame):
    strings = strings_in(soft_frame, 5)
    warp = CubicSpline(np.log(soft_frame.background.z), soft_frame.background.string_warp)
    tip = float(soft_frame.positions(strings.turning_points[2:3])[0])

    def log_square(z):
        return 2 * (float(warp(np.log(z))) - np.log(z))

    held = log_square(tip)

    def integrand(x):
        z = tip * (1 - x**2)
        return 2 * tip * x * 2 / np.sqrt(np.expm1(2 * (log_square(z) - held)))

    length = quad(integrand, 1e-7, np.sqrt(1 - 2e-5 / tip), epsrel=1e-9, limit=200)[0]
    assert strings.length[2] == pytest.approx(length, rel=1e-5)


def test_the_force_is_the_slope_and_tends_to_the_tension(soft_frame):
    strings = strings_in(soft_frame, 400)
    slope = np.diff(strings.energy) / np.diff(strings.length)
    long = strings.length[1:] > 0.7
    assert np.allclose(slope[long], np.sqrt(strings.force[1:] * strings.force[:-1])[long], rtol=1e-3)
    long = strings.length[1:] > 7
    assert np.abs(slope[long] / soft_frame.tension - 1).max() < 1e-3
    assert (strings.force >= soft_frame.tension).all()


def test_short_strings_are_those_of_anti_de_sitter_space(soft_frame):
    strings = strings_in(soft_frame, 4, closest=5.0, shallowest=6.0)
    assert strings.length * np.sqrt(strings.force) == pytest.approx(ADS_LENGTH, rel=1e-3)
    assert np.diff(strings.energy) == pytest.approx(np.diff(ADS_ENERGY / strings.length), rel=1e-3)


def test_the_grid_converges():
    exact = 1 / np.sqrt(2)
    errors = [abs(frame_of(confining_solution.slope, n).wall - exact) for n in (50, 100)]
    assert errors[1] < errors[0] / 8 or errors[1] < 1e-9


@pytest.mark.bad_input
def test_bad_input(soft_frame):
    with pytest.raises(InvalidArgument):
        StringFrame(solve_background(np.zeros_like, np.geomspace(1e-5, 4.0, 100)))
    with pytest.raises(InvalidArgument):
        StringFrame(solve_background(soft, np.geomspace(1e-2, 4.0, 100)))
    with pytest.raises(InvalidArgument):
        soft_frame.positions(np.array([-1.0]))
