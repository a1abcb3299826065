"""The spline basis against brute force."""

import numpy as np
import pytest
from friction_cases import network

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction.spline import spline_basis


def test_the_basis_interpolates_and_sums_to_one():
    one = network(layers=24)
    basis = spline_basis(one, 5)
    assert basis[::12] == pytest.approx(np.eye(5), abs=1e-12)
    assert basis.sum(axis=1) == pytest.approx(np.ones(49))


def test_the_ends_have_no_curvature_and_lines_are_exact():
    one = network(layers=400)
    basis = spline_basis(one, 6)
    curvature = np.diff(basis, n=2, axis=0) / (one.step / 2) ** 2
    assert np.abs(curvature[[0, -1]]).max() < 0.05 * np.abs(curvature).max()
    assert basis @ np.linspace(0.0, 4.0, 6) == pytest.approx(one.times)


def test_the_error_of_the_spline_falls_with_the_fourth_power_inside():
    one = network(layers=400)
    inside = (one.times > 1) & (one.times < 3)
    errors = []
    for knots in (17, 33):
        at = np.linspace(0.0, 4.0, knots)
        errors.append(np.abs(spline_basis(one, knots) @ np.sin(2 * at) - np.sin(2 * one.times))[inside].max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(4.0, abs=0.5)


@pytest.mark.bad_input
def test_bad_input_is_refused():
    with pytest.raises(InvalidArgument, match="knots"):
        spline_basis(network(), 2)
