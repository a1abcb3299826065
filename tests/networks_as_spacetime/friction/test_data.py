"""The particles that stop do stop, wherever they were made."""

import numpy as np
import pytest
from friction_cases import LINEAR, damped, network, wavy

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.networks_as_spacetime.friction.data import LabelledPoints, labelled_points, stop_points
from nnqg.networks_as_spacetime.friction.flow import final_state


def test_stop_points_of_a_linear_force_lie_on_its_line():
    one = network(particle=LINEAR, layers=200)
    points = stop_points(one, np.full(401, -0.3), (2.0, 4.0), 30, np.random.default_rng(0))
    velocity = [damped(x, v, -0.3, 4.0)[1] for x, v in points]
    assert np.abs(velocity).max() < 1e-7


def test_stop_points_stop_and_stay_in_the_box():
    one = network()
    points = stop_points(one, wavy(one)[0], (2.0, 3.0), 50, np.random.default_rng(0))
    assert points.shape == (50, 2)
    assert np.abs(final_state(one, wavy(one), points[None])[0, 1]).max() < 1e-7
    assert (np.abs(points) < [2.0, 3.0]).all()
    assert np.array_equal(points, stop_points(one, wavy(one)[0], (2.0, 3.0), 50, np.random.default_rng(0)))


def test_labels_are_balanced_and_true():
    one = network(layers=30)
    data = labelled_points(one, wavy(one)[0], (2.0, 3.0), 40, 0.1, np.random.default_rng(0))
    velocity = final_state(one, wavy(one), data.initial[None])[0, 1, 0]
    assert np.array_equal(np.abs(velocity) < 0.1, data.stops)
    assert data.stops.sum() == len(data.stops) - data.stops.sum() == 40
    assert data.tolerance == 0.1


@pytest.mark.bad_input
def test_what_cannot_be_found_is_an_error():
    far = network(layers=30, particle=type(LINEAR)((0.0, 50.0)), duration=1.0)  # constant force 50: nobody in the box stops
    with pytest.raises(NotConverged, match="stop points"):
        stop_points(far, np.zeros(61), (1.0, 1.0), 5, np.random.default_rng(0))
    with pytest.raises(NotConverged, match="labelled points"):
        labelled_points(far, np.zeros(61), (1.0, 1.0), 5, 0.1, np.random.default_rng(0))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("friction", {"friction": np.zeros(3)}),
        ("friction", {"friction": np.full(121, np.inf)}),
        ("box", {"box": (1.0, -1.0)}),
        ("box", {"box": (1.0,)}),
        ("count", {"number": 0}),
        ("count", {"number": 2.0}),
    ],
)
def test_bad_input_is_refused(name, change):
    call = {"friction": np.zeros(121), "box": (1.0, 1.0), "number": 3} | change
    with pytest.raises(InvalidArgument, match=name):
        stop_points(network(), call["friction"], call["box"], call["number"], np.random.default_rng(0))
    with pytest.raises(InvalidArgument, match=name if name != "count" else "per_class"):
        labelled_points(network(), call["friction"], call["box"], call["number"], 0.1, np.random.default_rng(0))
    with pytest.raises(InvalidArgument, match="tolerance"):
        labelled_points(network(), np.zeros(121), (1.0, 1.0), 3, 0.0, np.random.default_rng(0))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("initial", {"initial": np.full((2, 2), np.nan)}),
        ("initial", {"initial": np.empty((0, 2)), "stops": np.empty(0, bool)}),
        ("stops", {"stops": np.ones(3, bool)}),
        ("stops", {"stops": np.ones(2)}),
        ("stops", {"stops": [True, False]}),
        ("tolerance", {"tolerance": -1.0}),
    ],
)
def test_bad_labels_are_refused(name, change):
    with pytest.raises(InvalidArgument, match=name):
        LabelledPoints(**({"initial": np.zeros((2, 2)), "stops": np.ones(2, bool), "tolerance": 0.1} | change))
