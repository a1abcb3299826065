"""Profiles are what their ramps say, and penalties are integrals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg.emergent_spacetime.mesons.profile import DilatonProfile, ramp_integrals
from nnqg.errors import InvalidArgument

gains_lists = st.lists(st.floats(0, 2), min_size=3, max_size=8)


@given(gains=gains_lists, spin=st.sampled_from([1, 2]))
def test_slope_is_the_derivative_of_the_exponent(gains, spin):
    profile = DilatonProfile(np.array(gains), 0.5, spin)
    z = np.linspace(0.3, 6.0, 37) + 1e-3  # beside the knots
    step = 1e-5
    derivative = (profile.exponent(z + step) - profile.exponent(z - step)) / (2 * step)
    np.testing.assert_allclose(derivative, (2 * spin - 1) / z + profile.slope(z), atol=1e-4)


@given(gains=gains_lists)
def test_gains_are_gains(gains):
    profile = DilatonProfile(np.array(gains), 0.5)
    np.testing.assert_allclose(np.diff(profile.slope(profile.knots)), gains, atol=1e-12)
    assert profile.slope(np.zeros(1))[0] == 0


def test_it_goes_on_as_a_straight_line():
    profile = DilatonProfile(np.array([1.0, 0.0, 0.5]), 1.0)
    np.testing.assert_allclose(profile.slope(np.array([0.5, 1.0, 2.0, 3.0, 5.0])), [0.5, 1.0, 1.0, 1.5, 2.5])


def test_integrals_of_ramps_are_exact():
    z = np.linspace(0, 5, 5001)
    fine = np.stack([DilatonProfile(gains, 0.75).slope(z) for gains in np.eye(4)], axis=1)
    summed = np.vstack([np.zeros(4), np.cumsum((fine[1:] + fine[:-1]) / 2 * 0.001, axis=0)])
    np.testing.assert_allclose(ramp_integrals(z, 4, 0.75), summed, atol=1e-6)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: DilatonProfile(np.array([1, 2])), "gains: expected an array of floats"),
        (lambda: DilatonProfile(np.ones(3), interval=0.0), "interval: expected"),
        (lambda: DilatonProfile(np.ones(3), spin=0), "spin: expected"),
        (lambda: DilatonProfile(np.ones(3)).slope(np.array([-1.0])), "z: expected"),
        (lambda: DilatonProfile(np.ones(3)).exponent(np.array([0.0])), "z: expected"),
        (lambda: ramp_integrals(np.ones(2), 0, 0.5), "intervals: expected"),
        (lambda: ramp_integrals(np.ones(2), 2, -0.5), "interval: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
