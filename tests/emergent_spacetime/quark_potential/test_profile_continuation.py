"""Continuation of a learned h: exact ends come back, the published constants, bad input."""

import numpy as np
import pytest
from numpy.polynomial import Polynomial

from nnqg import data_sets
from nnqg.emergent_spacetime.quark_potential.profile_continuation import continue_profile, polynomial_through
from nnqg.errors import InvalidArgument

FALLING = Polynomial([40.0, -76.0, 39.5])  # minimum at 0.962


def test_exact_ends_come_back():
    """A polynomial of high degree through the two exact ends."""
    near, far = np.linspace(0.1, 0.2, 30), np.linspace(0.9, 1.0, 30)
    h = np.concatenate([1 / (near - 0.03) + 7, 4 - 50 * np.exp(-5 * far)])
    profile = continue_profile(Polynomial.fit(np.concatenate([near, far]), h, 14), 0.1)
    assert profile.pole == pytest.approx(0.03, abs=1e-4)
    assert profile.offset == pytest.approx(7.0, rel=1e-2)
    assert profile.rate == pytest.approx(5.0, rel=1e-3)
    assert profile.amplitude == pytest.approx(50.0, rel=1e-3)


def test_horizon_and_boundary():
    table = data_sets.load("published-condensate-metric").columns["h"]
    profile = continue_profile(polynomial_through(np.linspace(1, 1 / 15, 15), table), 1 / 15)
    near = np.array([1e-6])
    assert (near * profile(near))[0] == pytest.approx(1.0, abs=1e-4)
    assert profile(np.array([8.0]))[0] == pytest.approx(4.0, abs=1e-12)
    middle = np.linspace(0.1, 0.9, 9)
    np.testing.assert_allclose(profile(middle), profile.polynomial(middle + profile.pole))


def test_published_constants():
    table = data_sets.load("published-condensate-metric").columns["h"]
    profile = continue_profile(polynomial_through(np.linspace(1, 1 / 15, 15), table), 1 / 15)
    assert profile.pole == pytest.approx(0.0227, rel=0.05)
    assert profile.offset == pytest.approx(25.257, rel=0.05)
    assert profile.rate == pytest.approx(9.280, rel=0.05)


def test_polynomials_are_fitted_exactly():
    eta = np.linspace(0.1, 1.0, 9)
    exact = Polynomial([1.0, -2.0, 0.5, 3.0])
    np.testing.assert_allclose(polynomial_through(eta, exact(eta), 3)(0.33), exact(0.33), rtol=1e-12)


@pytest.mark.bad_input
def test_ends_that_do_not_fit_are_refused():
    with pytest.raises(InvalidArgument, match="grows towards the horizon"):
        continue_profile(Polynomial([1.0, 2.0]), 0.1)
    for bad in (Polynomial([10.0, -3.0]), Polynomial([5.0, -2.0])):
        with pytest.raises(InvalidArgument, match="outer"):
            continue_profile(bad, 0.1)


@pytest.mark.bad_input
def test_bad_numbers_are_refused():
    for name, bad in (("inner", 1.0), ("inner", np.nan), ("outer", np.inf), ("inner_fit", 0.0), ("outer_fit", 5.0), ("d", 1)):
        with pytest.raises(InvalidArgument, match=name):
            continue_profile(FALLING, **{"inner": 0.1, name: bad})


@pytest.mark.bad_input
def test_bad_layers_are_refused():
    eta = np.linspace(0.1, 1.0, 9)
    for arguments in ((eta, eta[:-1]), (eta[None], eta), (eta, np.full(9, np.nan)), (eta, eta, 9), (eta, eta, 0), (eta, eta, 2.0)):
        with pytest.raises(InvalidArgument):
            polynomial_through(*arguments)


@pytest.mark.bad_input
def test_depths_at_the_horizon_are_refused():
    table = data_sets.load("published-condensate-metric").columns["h"]
    profile = continue_profile(polynomial_through(np.linspace(1, 1 / 15, 15), table), 1 / 15)
    for bad in (np.array([0.0]), np.array([-0.1]), np.array([]), 1.0):
        with pytest.raises(InvalidArgument, match="depth"):
            profile(bad)
