"""Labelled points and the loss of a band."""

import numpy as np
import pytest
from scipy.stats import norm

from nnqg import data_sets
from nnqg.emergent_spacetime.magnetisation.labelled_points import band_loss, draw_points
from nnqg.errors import InvalidArgument


def line(field):
    return 0.3 * field


@pytest.fixture(scope="module")
def points():
    return draw_points(line, np.random.default_rng(3), each=40_000)


def test_the_table_is_the_public_one():
    table = data_sets.load("magnetisation-smsrmno3")
    field, magnetisation = table.columns["magnetic_field"], table.columns["magnetisation"]
    assert len(field) == 30
    assert field == pytest.approx(0.2 * np.arange(30))
    assert (np.diff(magnetisation) > 0).all()
    assert magnetisation[[0, 7, 13, 29]].tolist() == [0.0, 0.25, 0.5, 1.77]
    assert table.units == {"magnetic_field": "T", "magnetisation": "mu_B/Mn"}
    assert "neither units nor temperature" in table.description


def test_as_many_of_each_label_and_all_in_the_box(points):
    assert points.shape == (3, 80_000)
    assert points[2].tolist() == [0.0] * 40_000 + [1.0] * 40_000
    assert points[0].min() >= 0 and points[0].max() <= 5.8
    assert points[1].min() >= 0 and points[1].max() <= 2.0


def test_distances_of_the_positive_points_follow_the_folded_normal(points):
    inner = (points[0] > 1.7) & (points[0] < 5.0) & (points[2] == 0)  # bands of 5 sigma that the box does not cut
    distance = points[1, inner] - line(points[0, inner])
    sizes = np.linspace(0.0, 1.0, 20_001)
    density = norm.sf(sizes / 0.1)  # P(|N| > x)
    variance = (sizes**2 * density).sum() / density.sum()
    assert abs(distance.mean()) < 4 * np.sqrt(variance / inner.sum())
    assert distance.var() == pytest.approx(variance, rel=0.03)


def test_band_loss_agrees_with_its_integral(points):
    inner = (points[0] > 1.7) & (points[0] < 5.0)
    chosen = points[:, inner]
    fraction = chosen[2].mean()
    width, area = 0.15, 2.0
    sizes = np.linspace(0.0, 1.0, 20_001)
    accepted = 2 * norm.sf(sizes / 0.1)
    missed = accepted[sizes > width].sum() / accepted.sum()
    false = 2 * (1 - accepted[sizes < width]).sum() * sizes[1] / (area - 2 * accepted.sum() * sizes[1])
    wrong = (1 - fraction) * missed + fraction * false
    counted = np.sqrt(band_loss(line, chosen, np.array([width]))[0])
    assert counted == pytest.approx(wrong, abs=4 * np.sqrt(wrong * (1 - wrong) / inner.sum()))


def test_limits_of_the_band(points):
    assert band_loss(line, points, np.array([1e-9, 10.0])) == pytest.approx([0.25, 0.25], abs=1e-6)


def test_a_displaced_band_is_worse(points):
    widths = np.linspace(0.05, 0.3, 11)
    losses = [band_loss(lambda field, shift=shift: line(field) + shift, points, widths).min() for shift in (0.0, 0.05, 0.1, 0.2)]
    assert (np.diff(losses) > 0).all()


def test_the_result_depends_on_the_generator_only():
    first, second = (draw_points(line, np.random.default_rng(8), each=50) for _ in range(2))
    assert (first == second).all()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "options",
    [{"each": 0}, {"noise": 0.0}, {"noise": np.nan}, {"field_range": (2.0, 1.0)}, {"magnetisation_range": (0.0, 0.0)}],
)
def test_draw_points_refuses(options):
    with pytest.raises(InvalidArgument):
        draw_points(line, np.random.default_rng(1), **options)


def test_a_curve_outside_the_box_is_named():
    with pytest.raises(InvalidArgument, match="passes through the box"):
        draw_points(lambda field: field + 50.0, np.random.default_rng(1), each=1)


@pytest.mark.bad_input
def test_band_loss_refuses():
    good = np.array([[1.0], [1.0], [0.0]])
    with pytest.raises(InvalidArgument):
        band_loss(line, good[:2], np.array([0.1]))
    with pytest.raises(InvalidArgument):
        band_loss(line, good, np.array([0.0]))
    with pytest.raises(InvalidArgument, match="labels"):
        band_loss(line, good + 0.5, np.array([0.1]))
