"""The Penrose diagram: where everything lies, and refusals."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.wormhole.conformal_diagram import compactify, light_slope, singularity_time
from nnqg.networks_as_spacetime.wormhole.kruskal import REGIONS, kruskal, kruskal_ingoing

TIMES = np.linspace(-1.5, 1.5, 21)


@pytest.mark.parametrize("d", [2, 3, 4])
def test_boundaries_are_straight(d):
    for region, side in (("right", 1), ("left", -1)):
        _, X = compactify(*kruskal(TIMES, np.full_like(TIMES, 1e8), d, region))
        assert X == pytest.approx(side * np.pi / 2, abs=1e-6)


@pytest.mark.parametrize("d", [2, 3, 4, 6])
def test_small_radii_lie_on_the_singularity(d):
    for region, sign in (("future", 1), ("past", -1)):
        T, X = compactify(*kruskal(TIMES, np.full_like(TIMES, 1e-7), d, region))
        assert sign * T == pytest.approx(singularity_time(X, d), abs=1e-6)


def test_horizon_is_the_diagonal():
    T, X = compactify(*kruskal_ingoing(TIMES, np.ones_like(TIMES), 4))
    assert pytest.approx(X) == T


def test_singularity_is_straight_for_btz_and_bends_more_with_the_dimension():
    X = np.linspace(-np.pi / 2, np.pi / 2, 11)
    assert singularity_time(X, 2) == pytest.approx(np.pi / 2)
    middle = [singularity_time(np.zeros(1), d)[0] for d in range(2, 9)]
    assert (np.diff(middle) < 0).all()
    assert middle[2] == pytest.approx(np.arccos(np.tanh(np.pi / 2)))
    assert singularity_time(X[[0, -1]], 4) == pytest.approx(np.pi / 2)


@pytest.mark.parametrize("region", REGIONS)
def test_regions_are_the_four_quarters(region):
    r = np.full_like(TIMES, 1.3 if region in ("right", "left") else 0.7)
    T, X = compactify(*kruskal(TIMES, r, 4, region))
    inside = {"right": X > np.abs(T), "left": -X > np.abs(T), "future": T > np.abs(X), "past": -T > np.abs(X)}
    assert inside[region].all()


def test_killing_time_runs_up_on_the_right_and_down_on_the_left():
    for region, sign in (("right", 1), ("left", -1)):
        T, _ = compactify(*kruskal(TIMES, np.full_like(TIMES, 2.0), 4, region))
        assert (sign * np.diff(T) > 0).all()


def test_lines_of_one_null_coordinate_have_slope_one():
    other = np.linspace(-3, 3, 9)
    assert light_slope(*compactify(np.full_like(other, 0.3), other)) == pytest.approx(1)
    assert light_slope(*compactify(other, np.full_like(other, 0.3))) == pytest.approx(-1)
    assert light_slope(np.array([0.0, 1.0]), np.zeros(2))[0] == np.inf


@pytest.mark.bad_input
def test_bad_input_is_refused():
    with pytest.raises(InvalidArgument, match="V: expected"):
        compactify(np.zeros(2), np.zeros(3))
    with pytest.raises(InvalidArgument, match="U: expected"):
        compactify(np.array([np.nan]), np.zeros(1))
    with pytest.raises(InvalidArgument, match="X: expected"):
        singularity_time(np.array([1.7]), 4)
    with pytest.raises(InvalidArgument, match="number of points"):
        light_slope(np.zeros(1), np.zeros(1))
    with pytest.raises(InvalidArgument, match="X: expected"):
        light_slope(np.zeros(2), np.zeros(3))
