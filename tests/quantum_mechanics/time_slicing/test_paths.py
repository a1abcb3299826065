"""A network of rectified linear units goes through the points it is made of."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.quantum_mechanics.time_slicing.paths import network_of_path, path_of_network, time_steps


def test_the_network_goes_through_the_points_on_any_division():
    rng = np.random.default_rng(1)
    times = np.sort(rng.uniform(-1, 2, 17))
    x = rng.standard_normal((3, 17))
    w = network_of_path(x, times)
    np.testing.assert_allclose(path_of_network(w, x[:, 0], times, times), x, atol=1e-12)


def test_between_the_points_it_is_straight_and_before_them_it_rests():
    times, x = np.array([0.0, 0.3, 1.0, 1.1]), np.array([1.0, -2.0, 0.5, 0.7])
    t = np.array([-1.0, 0.0, 0.15, 0.5, 1.05])
    np.testing.assert_allclose(path_of_network(network_of_path(x, times), x[0], times, t), [1.0, *np.interp(t[1:], times, x)], atol=1e-14)


def test_a_smooth_path_is_approximated_to_second_order():
    t, errors = np.linspace(0, 2, 3001), []
    for steps in (10, 20, 40):
        times = np.linspace(0, 2, steps + 1)
        errors.append(abs(path_of_network(network_of_path(np.sin(3 * times), times), 0.0, times, t) - np.sin(3 * t)).max())
    np.testing.assert_allclose(np.log2(errors[:-1]) - np.log2(errors[1:]), 2, atol=0.05)
    assert errors[-1] == pytest.approx(9 * 0.05**2 / 8, rel=0.01)


def test_the_weights_are_linear_in_the_path_with_the_stated_jacobian():
    times = np.linspace(0, 0.7 * 5, 6)
    columns = network_of_path(np.eye(6), times)  # row i is the answer to a unit displacement of x_i
    assert np.linalg.det(columns[1:, :]) == pytest.approx(0.7**-5)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "times", [np.array([0.0, 1.0]), np.array([0.0, 1.0, 1.0]), np.array([0.0, -1.0, -2.0]), np.array([0.0, np.nan, 1.0])]
)
def test_one_slice_and_times_that_do_not_grow_are_refused(times):
    with pytest.raises(InvalidArgument, match="time"):
        time_steps(times)


@pytest.mark.bad_input
def test_points_and_weights_must_fit_the_times():
    times = np.linspace(0, 1, 4)
    with pytest.raises(InvalidArgument, match="times"):
        network_of_path(np.zeros(3), times)
    with pytest.raises(InvalidArgument, match="3 time steps"):
        path_of_network(np.zeros(4), 0.0, times, times)
    with pytest.raises(InvalidArgument, match="finite"):
        network_of_path(np.array([0.0, np.inf, 0.0, 0.0]), times)
