"""Labelled points around a curve; the rooms that draw them test their distribution."""

import numpy as np
import pytest

from nnqg.emergent_spacetime._labelled_band import checked_points, draw_band
from nnqg.errors import InvalidArgument

BOX = {"x_range": (0.0, 1.0), "y_range": (-1.0, 1.0)}


def test_without_noise_to_speak_of_the_positive_points_are_on_the_curve():
    points = draw_band(np.square, np.random.default_rng(1), 20, 1e-2, BOX)
    assert checked_points(points).shape == (3, 40)
    assert points[2].tolist() == [0.0] * 20 + [1.0] * 20
    assert np.abs(points[1, :20] - points[0, :20] ** 2).max() < 0.05


@pytest.mark.bad_input
def test_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(InvalidArgument, match="passes through the box"):
        draw_band(lambda x: x + 9, rng, 1, 1e-2, BOX)
    for each, noise, box in ((0, 1e-2, BOX), (1, 0.0, BOX), (1, 1e-2, BOX | {"x_range": (1.0, 0.0)})):
        with pytest.raises(InvalidArgument):
            draw_band(np.square, rng, each, noise, box)
    for points in (np.zeros((2, 4)), np.full((3, 4), np.nan), np.full((3, 4), 0.5)):
        with pytest.raises(InvalidArgument):
            checked_points(points)
