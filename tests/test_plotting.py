"""Helpers draw on the axes they are given and return what they drew."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from nnqg import plotting
from nnqg.errors import InvalidArgument


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def contrast(colour: str, background: tuple[float, float, float]) -> float:
    def luminance(rgb):
        linear = np.where(np.array(rgb) <= 0.03928, np.array(rgb) / 12.92, ((np.array(rgb) + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    light, dark = sorted((luminance(plt.matplotlib.colors.to_rgb(colour)), luminance(background)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", plotting.COLOURS)
def test_colours_stand_out_on_white(name):
    assert contrast(plotting.COLOURS[name], (1, 1, 1)) >= 3.0


def test_style_is_transparent_and_labels_are_dark():
    with plt.rc_context():
        plotting.use_style()
        assert plt.rcParams["axes.facecolor"] == "none"
        assert contrast(plt.rcParams["text.color"], (1, 1, 1)) >= 7.0


def test_ensemble_draws_each_curve_and_its_median(ax):
    curves = np.array([[0.0, 1.0], [1.0, 2.0], [5.0, 9.0]])
    median = plotting.draw_ensemble(ax, np.array([0.0, 1.0]), curves, label="h")
    assert np.array_equal(median.get_ydata(), [1.0, 2.0])
    assert len(ax.lines) == 4 and median.get_label() == "h (median of 3)"


def test_data_have_error_bars(ax):
    points = plotting.draw_data(ax, np.array([0.0, 1.0]), np.array([1.0, 2.0]), yerr=np.array([0.1, 0.2]))
    assert points.has_yerr


def test_singular_values_show_zeros_and_threshold(ax):
    points = plotting.draw_singular_values(ax, np.array([2.0, 0.0]), threshold=0.5)
    assert (points.get_ydata() > 0).all() and len(ax.lines) == 2


@pytest.mark.bad_input
def test_bad_input_is_refused(ax):
    x = np.array([0.0, 1.0])
    with pytest.raises(InvalidArgument, match="curves"):
        plotting.draw_ensemble(ax, x, np.ones((2, 3)))
    with pytest.raises(InvalidArgument, match="colour"):
        plotting.draw_data(ax, x, x, colour="mauve")
    with pytest.raises(InvalidArgument, match="yerr"):
        plotting.draw_data(ax, x, x, yerr=-x)
    with pytest.raises(InvalidArgument, match="values"):
        plotting.draw_singular_values(ax, -x)


@pytest.mark.parametrize(("boundary", "horizon"), [(1.0, 0.0), (0.0, 3.0), (-1.0, 2.0)])
def test_the_boundary_is_on_the_left(ax, boundary, horizon):
    plotting.depth_axis(ax, boundary, horizon)
    left, right = (ax.transData.transform((depth, 0.0))[0] for depth in (boundary, horizon))
    assert left < right
    names = {text.get_text(): text.xy[0] for text in ax.texts}
    assert names == {"boundary": 0.0, "horizon": 1.0}


@pytest.mark.bad_input
@pytest.mark.parametrize(("boundary", "horizon"), [(1.0, 1.0), (float("nan"), 0.0), (0.0, float("inf"))])
def test_a_depth_axis_has_two_ends(ax, boundary, horizon):
    with pytest.raises(InvalidArgument):
        plotting.depth_axis(ax, boundary, horizon)
