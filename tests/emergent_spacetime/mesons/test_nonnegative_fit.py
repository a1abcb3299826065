"""The search finds least squares, inside and on the edge of the allowed corner."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.mesons.nonnegative_fit import minimise
from nnqg.errors import InvalidArgument


def rosenbrock(x):
    return np.array([10 * (x[1] - x[0] ** 2), 1 - x[0]]), np.array([[-20 * x[0], 10.0], [-1.0, 0.0]])


def exponential(x):
    """Fit of x0 exp(-x1 t) to a rising curve: the best rate would be negative."""
    t = np.linspace(0, 1, 9)
    model = x[0] * np.exp(-x[1] * t)
    return model - np.exp(0.5 * t), np.stack([np.exp(-x[1] * t), -t * model], axis=1)


def test_a_curved_valley():
    found = minimise(rosenbrock, np.array([0.2, 2.0]), np.ones(2))
    assert found.converged and found.cost < 1e-12
    np.testing.assert_allclose(found.x, [1, 1], atol=1e-6)


def test_a_weight_that_wants_to_be_negative_ends_at_zero():
    found = minimise(exponential, np.array([0.5, 1.0]), np.ones(2))
    mean = np.exp(0.5 * np.linspace(0, 1, 9)).mean()
    assert found.converged
    np.testing.assert_allclose(found.x, [mean, 0.0], atol=1e-6)


def test_without_the_bound_it_is_the_usual_method():
    found = minimise(exponential, np.array([0.5, 1.0]), np.ones(2), nonnegative=False)
    np.testing.assert_allclose(found.x, [1.0, -0.5], atol=1e-6)


def test_conditions_of_karush_kuhn_and_tucker():
    rng = np.random.default_rng(5)
    matrix, target = rng.standard_normal((12, 6)), rng.standard_normal(12)
    found = minimise(lambda x: (matrix @ x - target, matrix), np.ones(6), np.ones(6), gain=1e-14)
    slope = 2 * found.jacobian.T @ found.residual
    assert found.converged and (found.x >= 0).all() and (found.x == 0).any()
    np.testing.assert_allclose(slope[found.x > 0], 0, atol=1e-5)
    assert (slope[found.x == 0] > 0).all()


def test_a_search_that_is_stopped_says_so():
    found = minimise(rosenbrock, np.array([0.2, 2.0]), np.ones(2), max_steps=2)
    assert not found.converged and found.steps == 2


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: minimise(rosenbrock, np.array([-1.0, 1.0]), np.ones(2)), "start: expected"),
        (lambda: minimise(rosenbrock, np.ones(2), np.zeros(2)), "scale: expected"),
        (lambda: minimise(rosenbrock, np.ones(2), np.ones(3)), "scale: expected"),
        (lambda: minimise(rosenbrock, np.ones(2), np.ones(2), max_steps=0), "max_steps: expected"),
        (lambda: minimise(rosenbrock, np.ones(2), np.ones(2), gain=0.0), "gain: expected"),
        (lambda: minimise(lambda x: (x * np.nan, np.eye(2)), np.ones(2), np.ones(2)), "residual of linearise: expected"),
        (lambda: minimise(lambda x: (x, np.eye(3)), np.ones(2), np.ones(2)), "jacobian of linearise: expected"),
        (lambda: minimise(lambda x: (x, np.eye(2) * np.nan), np.ones(2), np.ones(2)), "jacobian of linearise: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
