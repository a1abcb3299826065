"""A committee learns another one: exact averages, exact gradient, the plateau and the swap."""

import numpy as np
import pytest
from scipy.special import erf

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.symmetries.redundancy import committee
from nnqg.symmetries.redundancy.committee import Committee

PAIR = Committee(np.eye(2))
PLATEAU = 1 / 3 - 4 / np.pi * np.arcsin(1 / 4)


def singular(z):
    """Two equal neurons, the best single one, with the share z of the output in the first."""
    return np.array([2 * z, 2 * (1 - z), *[6**-0.5] * 4])


def test_the_loss_is_the_average_over_normal_inputs():
    task = Committee(np.array([[1.0, 0.3], [-0.2, 0.8], [0.5, 0.5]]))
    theta = np.array([0.7, -1.1, 0.4, -0.3, 0.9, 1.2])
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    x = np.stack(np.meshgrid(nodes, nodes), axis=-1).reshape(-1, 2)
    error = erf(x @ theta[2:].reshape(2, 2).T / 2**0.5) @ theta[:2] - erf(x @ task.teacher.T / 2**0.5).sum(axis=1)
    average = np.outer(weights, weights).ravel() @ error**2 / (2 * np.pi) / 2
    assert task.loss(theta) == pytest.approx(average, abs=1e-9)


def test_a_student_that_is_the_teacher_has_no_loss_and_no_gradient():
    theta = np.array([1.0, 1, 0, 1, 1, 0])
    assert PAIR.loss(theta) == pytest.approx(0, abs=1e-15)
    assert abs(PAIR.gradient(theta)).max() < 1e-15


@pytest.mark.parametrize("hidden", [1, 2, 4])
def test_the_gradient_is_the_slope_of_the_loss(hidden):
    task = Committee(np.array([[1.0, 0.3, 0], [-0.2, 0.8, 1]]))
    theta = np.random.default_rng(hidden).standard_normal(4 * hidden)
    slopes = [(task.loss(theta + 1e-5 * e) - task.loss(theta - 1e-5 * e)) / 2e-5 for e in np.eye(len(theta))]
    assert task.gradient(theta) == pytest.approx(np.array(slopes), abs=1e-8)


@pytest.mark.parametrize("z", [-0.3, 0.0, 0.5, 0.9])
def test_the_plateau_is_a_line_without_slope(z):
    assert PAIR.loss(singular(z)) == pytest.approx(PLATEAU, abs=1e-14)
    assert abs(PAIR.gradient(singular(z))).max() < 1e-14


def test_the_difference_of_two_neurons_grows_with_the_curvature_of_the_saddle():
    across = np.array([0, 0, 1, -1, -1, 1]) / 2
    times = [PAIR.flow(singular(0.5) + delta * across, 1000.0, until=PLATEAU / 2).times[-1] for delta in (1e-5, 1e-6)]
    assert np.log(10) / (times[1] - times[0]) == pytest.approx(4 / (5 * 15**0.5 * np.pi), rel=1e-4)


def test_the_flow_commutes_with_a_swap_and_keeps_equal_neurons_equal():
    theta, swap = np.array([0.4, 0.9, 0.3, 0.1, -0.2, 0.6]), [1, 0, 4, 5, 2, 3]
    one, other = (PAIR.flow(start, 20.0) for start in (theta, theta[swap]))
    assert other.theta[-1] == pytest.approx(one.theta[-1][swap], abs=1e-9)
    assert (np.diff(one.loss) <= 0).all()
    equal = PAIR.flow(np.array([0.3, 0.3, 0.2, 0.5, 0.2, 0.5]), 20.0).theta[-1]
    assert equal[[0, 2, 3]] == pytest.approx(equal[[1, 4, 5]], abs=1e-13)


def test_the_flow_stops_at_a_level():
    flow = PAIR.flow(np.array([0.5, 0.5, 0.4, 0.1, 0.1, 0.4]), 1000.0, until=0.05)
    assert flow.loss[-1] == pytest.approx(0.05, rel=1e-6)
    assert flow.times[-1] < 1000


def test_a_solver_that_gives_up_is_an_error(monkeypatch):
    class Failed:
        status, message = -1, "step size too small"

    monkeypatch.setattr(committee, "solve_ivp", lambda *_, **__: Failed)
    with pytest.raises(NotConverged, match="step size too small"):
        PAIR.flow(singular(0.5), 1.0)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Committee(np.array([[1.0, np.nan]])), "teacher"),
        (lambda: PAIR.loss(np.ones(5)), "theta"),
        (lambda: PAIR.gradient(np.array([1.0, np.inf, 1.0])), "theta"),
        (lambda: PAIR.flow(np.ones(6), 0.0), "duration"),
        (lambda: PAIR.flow(np.ones(6), 1.0, until=-1.0), "until"),
    ],
)
def test_bad_input_is_refused_by_name(call, name):
    with pytest.raises(InvalidArgument, match=f"^{name}:"):
        call()
