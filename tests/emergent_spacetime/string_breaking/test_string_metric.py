"""The string's metric: the black hole exactly, the conformal factor, the temperature, the end of the grid."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.quark_potential.string_branches import find_branches
from nnqg.emergent_spacetime.quark_potential.wilson_loop import hanging_strings
from nnqg.emergent_spacetime.string_breaking.string_metric import StringMetric
from nnqg.emergent_spacetime.thermal_dilaton.steepness import exponential
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import ads_schwarzschild


@pytest.fixture(scope="module")
def brane():
    return solve_thermal(exponential(200.0, 2.0))


def test_without_dilaton_it_is_the_black_hole():
    depth = np.linspace(0.003, 6.0, 200)
    found, exact = StringMetric(solve_thermal(lambda x: 0 * x))(depth), ads_schwarzschild(depth, d=4, horizon_radius=np.pi)
    for name in ("f", "g", "h"):
        assert np.allclose(getattr(found, name), getattr(exact, name), rtol=1e-7)


def test_string_frame_is_the_conformal_image(brane):
    metric, rows = StringMetric(brane), slice(50, None, 50)
    factor = np.exp(4 / 3 * brane.dilaton)
    depth = np.array([np.trapezoid((np.sqrt(factor) * brane.stretch)[: i + 1], brane.x[: i + 1]) for i in range(len(brane.x))])
    found = metric(depth[rows])
    assert np.allclose(found.g, (factor * np.exp(brane.log_g))[rows], rtol=1e-3)
    assert np.allclose(found.f, (factor * np.exp(brane.log_f))[rows], rtol=1e-3)


def test_friction_is_the_slope_of_the_volume(brane):
    metric, depth = StringMetric(brane), np.array([0.1, 0.5, 1.0, 1.9])
    up, down = metric(depth + 1e-5), metric(depth - 1e-5)
    slope = (np.log(up.f * up.g**3) - np.log(down.f * down.g**3)) / 4e-5
    assert np.allclose(metric(depth).h, slope, rtol=1e-6)


def test_temperature_is_one(brane):
    assert np.sqrt(StringMetric(brane)(np.array([1e-4])).f[0]) / 1e-4 == pytest.approx(2 * np.pi, rel=1e-5)


def test_smooth_at_the_end_of_the_grid(brane):
    metric = StringMetric(brane)
    near = metric(metric.end + np.array([-1e-6, 1e-6]))
    for name, bound in (("f", 1e-5), ("g", 1e-5), ("h", 1e-6)):
        assert np.ptp(getattr(near, name)) / getattr(near, name)[0] < bound


def test_box_does_not_matter():
    lengths = [
        find_branches(StringMetric(solve_thermal(exponential(200.0, 2.0), box, step))).breaking_length
        for box, step in ((None, 0.01), (16.0, 0.01), (24.0, 0.005))
    ]
    assert np.ptp(lengths) < 1e-6


def test_length_by_another_quadrature_in_eta(brane):
    """One string of the string frame, integrated over the Einstein frame's coordinate x."""
    metric = StringMetric(brane)
    start = 300
    fg = brane.log_f + brane.log_g + 8 / 3 * brane.dilaton

    def run(s):
        x = brane.x[start] + s**2
        there = np.interp(x, brane.x, fg)
        conformal_g = np.interp(x, brane.x, brane.log_g + 4 / 3 * brane.dilaton)
        proper = np.interp(x, brane.x, np.exp(2 / 3 * brane.dilaton) * brane.stretch)
        return 2 * s * proper / np.sqrt(np.exp(conformal_g) * np.expm1(there - fg[start]))

    s = np.linspace(1e-4, np.sqrt(brane.x[-1] - brane.x[start]), 20001)
    length = 2 * np.trapezoid(run(s), s)
    depth = np.trapezoid((np.exp(2 / 3 * brane.dilaton) * brane.stretch)[: start + 1], brane.x[: start + 1])
    tail = 2 / 3 / metric(np.array([metric.end])).g[0] ** 1.5 * np.exp(fg[start] / 2)  # beyond the box, f g = A^2 exp(4 eta)
    assert hanging_strings(metric, np.array([depth])).length[0] == pytest.approx(length + tail, rel=2e-3)


@pytest.mark.bad_input
def test_refuses_bad_depths(brane):
    for depth in (np.array([0.0, 1.0]), np.array([np.nan]), [1.0]):
        with pytest.raises(InvalidArgument):
            StringMetric(brane)(depth)
