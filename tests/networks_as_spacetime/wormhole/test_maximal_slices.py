"""Slices of largest volume: the equation they solve, exact volumes, growth, and refusals."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gamma

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.wormhole.kruskal import kruskal_factor
from nnqg.networks_as_spacetime.wormhole.maximal_slices import boundary_time, maximal_slice, slice_volume
from nnqg.networks_as_spacetime.wormhole.tortoise import tortoise
from nnqg.quantum_gravity.dictionary.metrics import blackening

DIMENSIONS = (2, 3, 4, 6)


@pytest.mark.parametrize("d", DIMENSIONS)
def test_profile_solves_its_equation(d):
    for energy in (0.1, 0.3, 0.4999):
        bridge = maximal_slice(energy, d, length=1.5, points=3000)
        slope = (bridge.r[2:] - bridge.r[:-2]) / (bridge.s[2:] - bridge.s[:-2])
        r = bridge.r[1:-1]
        assert slope**2 == pytest.approx(blackening(r, d) + energy**2 / r ** (2 * d - 2), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("d", DIMENSIONS)
def test_throat_goes_from_the_horizon_to_the_late_tube(d):
    throats = [maximal_slice(E, d, length=1.0, points=2).r[2] for E in (1e-6, 0.2, 0.4, 0.5 - 1e-14)]
    assert throats[0] == pytest.approx(1) and throats[-1] == pytest.approx(0.5 ** (1 / d), abs=1e-6)
    assert (np.diff(throats) < 0).all()


@pytest.mark.parametrize("d", [3, 4, 6, 17])
def test_volume_at_time_zero_is_a_ratio_of_gamma_functions(d):
    assert slice_volume(0.0, d) == pytest.approx(2 / d * gamma(1 / d - 1) * gamma(0.5) / gamma(1 / d - 0.5), rel=1e-10)


def test_volume_of_btz_at_time_zero_is_that_of_empty_space():
    assert slice_volume(0.0, 2) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("d", DIMENSIONS)
@pytest.mark.parametrize("energy", [0.05, 0.3, 0.45, 0.4999, 0.5 - 1e-8])
def test_volume_grows_by_twice_the_conserved_quantity(d, energy):
    h = 1e-4 * min(energy, 0.5 - energy)
    change = slice_volume(energy + h, d) - slice_volume(energy - h, d)
    assert change / (boundary_time(energy + h, d) - boundary_time(energy - h, d)) == pytest.approx(2 * energy, rel=1e-5)


def test_early_time_in_btz():
    assert boundary_time(1e-3, 2) / 1e-3 == pytest.approx(np.pi / 2, rel=1e-5)  # corrections of order E^2


@pytest.mark.parametrize("d", DIMENSIONS)
def test_time_is_the_principal_value_in_the_original_coordinates(d):
    energy = 0.4
    x_turn = 0.5 + np.sqrt(0.25 - energy**2)
    lowest = x_turn ** (1 / d)

    def rate(r):  # of v = t + r_*, with the root at the turning point divided out by r = lowest + u^2
        root = np.sqrt(max(r ** (2 * d) - r**d + energy**2, 0.0))
        return r ** (2 * d - 2) / (root * (root + energy))

    inner = quad(lambda u: 2 * u * rate(lowest + u * u), 1e-7, 1)[0]
    outer = quad(rate, lowest + 1, np.inf)[0]
    assert boundary_time(energy, d) == pytest.approx(tortoise(np.array([lowest]), d)[0] + inner + outer, abs=1e-5)


@pytest.mark.parametrize("d", DIMENSIONS)
def test_late_rates(d):
    first, second = (boundary_time(0.5 - gap, d) for gap in (1e-7, 1e-9))
    assert np.log(100) / (second - first) == pytest.approx(2 * d * 0.5 ** (1 / d), rel=1e-4)


@pytest.mark.parametrize("d", [2, 4])
def test_points_lie_at_their_radius_and_end_at_the_boundary_time(d):
    bridge = maximal_slice(0.45, d, length=9.0, points=150)
    assert np.log(np.abs(bridge.U * bridge.V)) == pytest.approx(d * tortoise(bridge.r, d), abs=1e-8)
    assert np.log(bridge.V[-1]) * 2 / d == pytest.approx(boundary_time(0.45, d), abs=1e-3)
    assert pytest.approx(bridge.V[::-1]) == bridge.U
    assert (bridge.s[0], bridge.s[150], bridge.s[-1]) == (-9.0, 0.0, 9.0)


def test_slice_is_spacelike_and_has_its_proper_length():
    bridge = maximal_slice(0.49, 4, length=1.0, points=2000)
    middle = (bridge.r[1:] + bridge.r[:-1]) / 2
    squared = -kruskal_factor(middle, 4) * np.diff(bridge.U) * np.diff(bridge.V)
    assert (squared > 0).all()
    assert np.sqrt(squared).sum() == pytest.approx(2.0, rel=1e-5)


@pytest.mark.bad_input
@pytest.mark.parametrize("energy", [-0.1, 0.5, 0.7, np.nan, "late"])
def test_energies_out_of_range_are_refused(energy):
    for call in (boundary_time, slice_volume, lambda E, d: maximal_slice(E, d, 1.0)):
        with pytest.raises(InvalidArgument, match="energy: expected"):
            call(energy, 4)


@pytest.mark.bad_input
def test_other_bad_input_is_refused():
    with pytest.raises(InvalidArgument, match="U = -V"):
        maximal_slice(0.0, 4, 1.0)
    with pytest.raises(InvalidArgument, match="length"):
        maximal_slice(0.1, 4, 0.0)
    with pytest.raises(InvalidArgument, match="points"):
        maximal_slice(0.1, 4, 1.0, points=0)
    for call in (boundary_time, slice_volume):
        for d in (1, 18):
            with pytest.raises(InvalidArgument, match="d: expected"):
                call(0.1, d)
