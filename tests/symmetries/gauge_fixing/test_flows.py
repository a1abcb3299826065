"""The trained flow: order of its rule, exact Jacobian, and a descent that keeps what nothing determines."""

import numpy as np
import pytest

from nnqg.errors import Diverged, InvalidArgument
from nnqg.identifiability import jacobian
from nnqg.symmetries.gauge_fixing.flows import flow, levenberg_marquardt, training_system

RNG = np.random.default_rng(5)
THETA = RNG.normal(size=32)
X, Y = RNG.normal(size=(2, 7, 2))


def test_the_midpoint_rule_has_order_two():
    fine = flow(THETA, X, 2048)[0][-1]
    errors = [abs(flow(THETA, X, n)[0][-1] - fine).max() for n in (64, 128)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.1)


def test_a_constant_field_moves_in_straight_lines():
    theta = np.concatenate([np.zeros(12), [1.0, -2.0]])
    positions, velocities = flow(theta, X, 5)
    np.testing.assert_allclose(positions[2], X + 0.4 * np.array([1.0, -2.0]), atol=1e-14)
    np.testing.assert_allclose(velocities, np.broadcast_to([1.0, -2.0], velocities.shape), atol=1e-15)


@pytest.mark.parametrize(("lam", "mu", "rows"), [(0.0, 0.0, 14), (0.3, 0.0, 14 * 5), (0.3, 0.2, 14 * 5 + 32)])
def test_the_jacobian_is_exact(lam, mu, rows):
    residuals, slopes = training_system(X, Y, 4, lam, mu)
    r, J = residuals(THETA), slopes(THETA)
    assert J.shape == (rows, 32)
    np.testing.assert_allclose(J, jacobian(residuals, THETA), atol=2e-8)
    positions, v = flow(THETA, X, 4)
    cost = (((positions[-1] - Y) ** 2).sum() + lam * 4 * (np.diff(v, axis=0) ** 2).sum()) / len(X) + mu * (THETA**2).sum()
    assert r @ r == pytest.approx(cost, rel=1e-13)


def test_the_descent_solves_a_linear_problem_and_keeps_the_null_space():
    J, target = RNG.normal(size=(3, 6)), RNG.normal(size=3)
    start = RNG.normal(size=6)
    theta, costs = levenberg_marquardt(lambda z: J @ z - target, lambda z: J, start, 40)
    np.testing.assert_allclose(theta, start + np.linalg.pinv(J) @ (target - J @ start), atol=1e-10)
    assert (np.diff(costs) < 0).all()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: flow(np.ones(9), X, 2), "theta: expected 6 H \\+ 2 weights"),
        (lambda: flow(np.ones(2), X, 2), "theta: expected 6 H \\+ 2 weights"),
        (lambda: flow(THETA, X[:, :1], 2), "x: expected shape"),
        (lambda: flow(THETA, X, 0), "steps: expected an integer"),
        (lambda: flow(THETA, X, 10**7), "steps: expected an integer"),
        (lambda: training_system(X, Y, 10**7), "steps: expected an integer"),
        (lambda: training_system(X, Y[:3], 2), "y: expected shape"),
        (lambda: training_system(X, Y, 2, lam=-1.0), "lam: expected values >= 0"),
        (lambda: training_system(X, Y, 2, mu=np.inf), "mu: expected a finite number"),
        (lambda: levenberg_marquardt(*training_system(X, Y, 2), THETA, 0), "steps: expected an integer"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.bad_input
@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_what_leaves_the_numbers_is_an_error():
    with pytest.raises(Diverged, match="flow diverged"):
        flow(np.full(8, 1e308), X, 4)
    with pytest.raises(Diverged, match="the residuals"):
        levenberg_marquardt(lambda z: np.array([np.inf]), lambda z: np.ones((1, 1)), np.ones(1), 3)
