"""The tortoise coordinate: closed forms, quadrature, its derivative, and refusals."""

import numpy as np
import pytest
from scipy.integrate import quad

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.wormhole.tortoise import tortoise
from nnqg.quantum_gravity.dictionary.metrics import blackening

RADII = np.array([1e-3, 0.1, 0.5, 0.9, 1.1, 2.0, 50.0])
DIMENSIONS = (2, 3, 4, 5, 8)


def shift(d):
    """When light that leaves the boundary at t = 0 hits the singularity, :math:`-r_*(0)`."""
    return -tortoise(np.array([1e-16]), d)[0]


def test_btz_is_elementary():
    assert tortoise(RADII, 2) == pytest.approx(np.log(np.abs((RADII - 1) / (RADII + 1))) / 2, abs=1e-14)


def test_five_dimensions_are_partial_fractions():
    exact = np.log(np.abs((RADII - 1) / (RADII + 1))) / 4 + np.arctan(RADII) / 2 - np.pi / 4
    assert tortoise(RADII, 4) == pytest.approx(exact, abs=1e-14)


@pytest.mark.parametrize("d", DIMENSIONS)
def test_outside_is_the_integral_from_the_boundary(d):
    for r in (1.05, 1.7, 6.0):
        assert tortoise(np.array([r]), d)[0] == pytest.approx(-quad(lambda x: 1 / (x**2 - x ** (2.0 - d)), r, np.inf)[0], abs=1e-8)


@pytest.mark.parametrize("d", DIMENSIONS)
def test_derivative_is_one_over_f(d):
    h = 1e-5
    slope = (tortoise(RADII[1:-1] + h, d) - tortoise(RADII[1:-1] - h, d)) / (2 * h)
    assert slope == pytest.approx(1 / blackening(RADII[1:-1], d), rel=1e-6)


@pytest.mark.parametrize("d", DIMENSIONS)
def test_shift_is_the_principal_value(d):
    inner = quad(lambda r: r ** (d - 2) / sum(r**k for k in range(d)), 0, 2, weight="cauchy", wvar=1)[0]
    outer = quad(lambda r: 1 / (r**2 - r ** (2.0 - d)), 2, np.inf)[0]
    assert shift(d) == pytest.approx(inner + outer, abs=1e-9)


def test_shift_vanishes_for_btz_only():
    assert shift(2) == pytest.approx(0, abs=1e-15)
    assert shift(4) == pytest.approx(np.pi / 4)
    assert all(shift(d) > 0.1 for d in range(3, 30))


@pytest.mark.parametrize("d", DIMENSIONS)
def test_both_sides_of_the_horizon_have_the_same_logarithm(d):
    for gap in (1e-4, 1e-6):
        inside, outside = tortoise(np.array([1 - gap, 1 + gap]), d)
        assert inside - outside == pytest.approx(0, abs=2 * d * gap)


@pytest.mark.bad_input
@pytest.mark.parametrize("r", [np.array([1, 2]), np.array([0.0, 2.0]), np.array([-1.0]), np.array([np.nan]), [2.0]])
def test_bad_radii_are_refused(r):
    with pytest.raises(InvalidArgument, match="r: expected"):
        tortoise(r, 4)


@pytest.mark.bad_input
def test_the_horizon_and_bad_dimensions_are_refused():
    with pytest.raises(InvalidArgument, match="horizon"):
        tortoise(np.array([0.5, 1.0]), 4)
    for d in (1, 2.5, True):
        with pytest.raises(InvalidArgument, match="d: expected"):
            tortoise(np.array([2.0]), d)
