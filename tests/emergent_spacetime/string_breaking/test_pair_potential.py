"""The stable potential: the black hole, the force as slope, a smooth wall, a corner, concavity."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.quark_potential.string_branches import find_branches
from nnqg.emergent_spacetime.quark_potential.wilson_loop import ADS_ENERGY
from nnqg.emergent_spacetime.string_breaking.pair_potential import pair_potential
from nnqg.emergent_spacetime.string_breaking.string_metric import StringMetric
from nnqg.emergent_spacetime.thermal_dilaton.steepness import exponential, nodal
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
from nnqg.errors import InvalidArgument


def string_frame(steepness):
    return StringMetric(solve_thermal(steepness))


@pytest.fixture(scope="module")
def smooth():
    return pair_potential(string_frame(exponential(204.0, 2.0)))


@pytest.fixture(scope="module")
def walled():
    return pair_potential(string_frame(exponential(2000.0, 3.0)))


def test_agrees_with_the_branches(smooth):
    found = find_branches(string_frame(exponential(204.0, 2.0)))
    assert smooth.breaking == found.breaking_length
    assert smooth.longest == found.longest


def test_starts_as_coulomb(smooth):
    near = smooth.distance < 0.01
    assert np.allclose(smooth.energy[near] * smooth.distance[near], ADS_ENERGY, rtol=0.1)


@pytest.mark.parametrize("which", ["smooth", "walled"])
def test_force_is_the_slope_and_never_grows(which, request):
    potential = request.getfixturevalue(which)
    assert np.all(np.diff(potential.distance) > 0)
    assert np.all(np.diff(potential.force) <= 1e-9 * potential.force[0])
    slope = np.diff(potential.energy) / np.diff(potential.distance)
    middle = np.sqrt(potential.force[1:] * potential.force[:-1])
    far = (potential.distance[1:] > 0.5 * potential.breaking) & (np.diff(potential.distance) > 1e-6)
    assert np.allclose(slope[far], middle[far], rtol=5e-3)


def test_wall_goes_on_for_ever(walled):
    assert walled.longest == np.inf
    assert walled.distance[-1] >= 1.9 * walled.breaking
    assert walled.force[-1] == walled.force[-2]


def test_corner_of_a_dilaton_that_is_switched_off():
    """A flat q that ends at x = 4 makes a corner deep enough to be a wall; the string reaches it before V = 0."""
    metric = string_frame(nodal(np.full(10, 2.6), tail=np.inf))
    found, potential = find_branches(metric), pair_potential(metric)
    assert found.wall > 1
    assert found.strings[-1].energy.max() < 0
    assert potential.longest == np.inf
    assert potential.force_at(1.0) == pytest.approx(found.tension)
    assert np.interp(potential.breaking, potential.distance, potential.energy) == pytest.approx(0, abs=1e-6)


def test_scan_does_not_matter(smooth):
    other = pair_potential(string_frame(exponential(204.0, 2.0)), number=150)
    assert other.breaking == pytest.approx(smooth.breaking, rel=1e-8)
    assert other.force_at(0.7) == pytest.approx(smooth.force_at(0.7), rel=1e-3)


@pytest.mark.bad_input
def test_refuses_bad_input(smooth):
    with pytest.raises(InvalidArgument):
        pair_potential(3.0)
    with pytest.raises(InvalidArgument):
        pair_potential(string_frame(exponential(1.0, 2.0)), number=5)
    for share in (0.0, 1.5, 1e-6):
        with pytest.raises(InvalidArgument):
            smooth.force_at(share)
