"""Rescaled units are the same function, balanced ones the shortest form of it, and descents follow the gradient."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize

from nnqg.errors import InvalidArgument
from nnqg.symmetries.rescaling.relu_units import balance, descend, rescale


def outputs(x, units):
    return np.maximum(x @ units[:, :-2].T + units[:, -2], 0) @ units[:, -1]


@pytest.fixture
def problem():
    rng = np.random.default_rng(5)
    return rng.standard_normal((40, 3)), rng.standard_normal(40), rng.standard_normal((6, 5))


@pytest.mark.parametrize("alpha", [1e-3, 0.5, 40.0])
def test_a_rescaled_network_is_the_same_function(problem, alpha):
    x, _, units = problem
    factors = alpha * np.linspace(0.5, 2, 6)
    np.testing.assert_allclose(outputs(x, rescale(units, factors)), outputs(x, units), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(rescale(rescale(units, factors), 1 / factors), units, rtol=1e-14)


def test_runs_are_rescaled_and_balanced_together(problem):
    units = np.stack([problem[2], 2 * problem[2]])
    np.testing.assert_array_equal(rescale(units, np.arange(1.0, 7))[1], rescale(units[1], np.arange(1.0, 7)))
    np.testing.assert_array_equal(balance(units)[1], balance(units[1]))


def test_balanced_units_have_equal_sides_and_the_smallest_sum_of_squares(problem):
    x, _, units = problem
    level = balance(units)
    np.testing.assert_allclose((level[:, :-1] ** 2).sum(1), level[:, -1] ** 2, rtol=1e-13)
    np.testing.assert_allclose(outputs(x, level), outputs(x, units), rtol=1e-12, atol=1e-12)
    found = minimize(lambda logs: (rescale(units, np.exp(logs)) ** 2).sum(), np.zeros(6))
    assert (level**2).sum() == pytest.approx(found.fun, rel=1e-6)
    np.testing.assert_allclose(balance(rescale(units, np.arange(1.0, 7))), level, rtol=1e-13)


def test_one_step_is_the_gradient_of_torch(problem):
    x, y, units = problem
    theta = torch.tensor(units, requires_grad=True)
    hidden = torch.relu(torch.as_tensor(x) @ theta[:, :-2].T + theta[:, -2])
    loss = ((hidden @ theta[:, -1] - torch.as_tensor(y)) ** 2).mean() / 2
    loss.backward()
    run = descend(x, y, units[None], np.array([0.01]), level=1e-9, steps=1)
    np.testing.assert_allclose(run.units[0], units - 0.01 * theta.grad.numpy(), rtol=1e-13)


def test_imbalance_changes_at_second_order_and_not_when_balanced_again(problem):
    x, y, units = problem
    changes = []
    for steps in (40, 80):
        run = descend(x, y, units[None], np.array([0.4 / steps]), level=1e-9, steps=steps).units[0]
        changes.append((run[:, :-1] ** 2).sum(1) - run[:, -1] ** 2 - (units[:, :-1] ** 2).sum(1) + units[:, -1] ** 2)
    assert np.log2(abs(changes[0]).max() / abs(changes[1]).max()) == pytest.approx(1, abs=0.1)
    kept = descend(x, y, balance(units)[None], np.array([0.05]), level=1e-9, steps=10, rule="balanced").units[0]
    np.testing.assert_allclose((kept[:, :-1] ** 2).sum(1), kept[:, -1] ** 2, rtol=1e-13)


@pytest.mark.parametrize("rule", ["gradient", "balanced", "adam"])
def test_a_batch_is_what_each_run_is_alone(problem, rule):
    x, _, units = problem
    y = outputs(x, units * 1.2)
    starts, rates = np.stack([units, balance(units), units, units]), np.array([0.01, 0.02, 0.001, 60.0])
    together = descend(x, y, starts, rates, level=1e-2, steps=200, rule=rule)
    for run in range(4):
        alone = descend(x, y, starts[run : run + 1], rates[run : run + 1], level=1e-2, steps=200, rule=rule)
        assert alone.steps[0] == together.steps[run]
        np.testing.assert_allclose(alone.units[0], together.units[run], rtol=1e-9)
    if rule == "gradient":
        assert together.diverged.tolist() == [False, False, False, True]
        assert np.isfinite(together.steps).tolist() == [True, True, False, False]


def test_a_run_that_starts_at_the_level_takes_no_step(problem):
    x, _, units = problem
    run = descend(x, outputs(x, units), units[None], np.array([0.1]), level=1e-6, steps=5)
    assert run.steps[0] == 0
    np.testing.assert_array_equal(run.units[0], units)


UNITS, X, Y = np.ones((2, 4)), np.ones((5, 2)), np.ones(5)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rescale(UNITS, np.array([1.0, 0.0])), "alpha: expected factors above 0, got 0.0"),
        (lambda: rescale(UNITS, np.array([1.0, -2.0])), "alpha: expected factors above 0, got -2.0"),
        (lambda: rescale(UNITS, np.ones(3)), "alpha: expected shape"),
        (lambda: rescale(np.ones((2, 2)), np.ones(2)), "units: expected rows of at least one weight"),
        (lambda: rescale(np.ones(4), np.ones(1)), "units: expected shape"),
        (lambda: rescale(np.full((2, 4), np.nan), np.ones(2)), "units: expected finite"),
        (lambda: balance(np.array([[1.0, 1.0, 0.0]])), "units: expected units with both sides above 0"),
        (lambda: descend(np.ones((5, 3)), Y, UNITS[None], np.ones(1), level=0.1, steps=5), "x: expected shape"),
        (lambda: descend(X, np.ones(4), UNITS[None], np.ones(1), level=0.1, steps=5), "y: expected shape"),
        (lambda: descend(X, Y, UNITS[None], np.ones(2), level=0.1, steps=5), "rates: expected shape"),
        (lambda: descend(X, Y, UNITS[None], -np.ones(1), level=0.1, steps=5), "rates: expected values >= 0"),
        (lambda: descend(X, Y, UNITS[None], np.ones(1), level=0.0, steps=5), "level: expected a number above 0"),
        (lambda: descend(X, Y, UNITS[None], np.ones(1), level=0.1, steps=0), "steps: expected an integer >= 1"),
        (lambda: descend(X, Y, UNITS[None], np.ones(1), level=0.1, steps=5, rule="newton"), "rule: expected one of"),
        (lambda: descend(X, Y, UNITS, np.ones(1), level=0.1, steps=5), "starts: expected shape"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
