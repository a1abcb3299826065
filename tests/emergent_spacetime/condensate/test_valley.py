"""The valley: descents go down, leave L alone, and the published point is not the minimum."""

import numpy as np
import pytest

from nnqg import data_sets
from nnqg.emergent_spacetime.condensate.adjoint import evaluate
from nnqg.emergent_spacetime.condensate.data import augment, fit_curve
from nnqg.emergent_spacetime.condensate.valley import descend, follow
from nnqg.errors import InvalidArgument


@pytest.fixture(scope="module")
def data():
    columns = data_sets.load("chiral-condensate").columns
    return augment(fit_curve(columns["quark_mass"], columns["condensate"]), np.random.default_rng(1), each=500)


@pytest.fixture(scope="module")
def stored():
    table = data_sets.load("stored-condensate-solution").columns
    return np.concatenate([table["h"], [table["lambda"][0], table["radius"][0]]])


def test_a_descent_goes_down_and_keeps_the_radius(data, stored):
    point = descend(stored, data, rounds=1)
    assert point.weights[-1] == stored[-1]
    assert point.total == evaluate(point.weights, data).total < evaluate(stored, data).total


def test_where_a_descent_ends_the_gradient_is_small(data, stored):
    start, end = evaluate(stored, data).gradient[:-1], evaluate(descend(stored, data, rounds=4, iterations=100).weights, data).gradient[:-1]
    assert np.linalg.norm(end[:15]) < 0.05 * np.linalg.norm(start[:15])


def test_the_total_falls_along_the_valley_and_lambda_like_a_high_power(data, stored):
    radii = [3.85, 4.6, 5.5, 6.6, 8.0]
    path = follow(stored, radii, data)
    assert (np.diff([point.total for point in path]) < 0).all() and path[-1].total < 0.065
    power = np.polyfit(np.log(radii), np.log([point.weights[-2] for point in path]), 1)[0]
    assert -11 < power < -7


def test_a_step_that_is_too_long_is_halved(data, stored):
    assert follow(stored, [8.0], data)[0].total < 0.08


def test_the_lift_removes_the_wall(data, stored):
    here = stored
    for lift in (0.01, 0.1, 1.0, 10.0, 100.0):
        here = descend(here, data, lift=lift).weights
    assert here[:15].min() > -1e-3
    assert evaluate(here, data).total < 0.085


@pytest.mark.bad_input
def test_bad_input_is_refused(data, stored):
    for call in (
        lambda: descend(stored[1:], data),
        lambda: descend(stored * np.nan, data),
        lambda: descend(stored, data, rounds=0),
        lambda: descend(stored, data, iterations=-1),
        lambda: descend(stored, data, lift=-1.0),
        lambda: descend(np.append(stored[:-1], -1.0), data),
        lambda: follow(np.append(stored[:-1], -1.0), [4.0], data),
        lambda: follow(stored, [-1.0], data),
        lambda: follow(stored[:5], [4.0], data),
    ):
        with pytest.raises(InvalidArgument, match="expected .* got .* Remedy"):
            call()
