"""The links of a linear neural ODE multiply to its solution, with the order that they promise."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from nnqg.errors import Diverged, InvalidArgument
from nnqg.runge_kutta import TABLEAUX
from nnqg.symmetries.linear_neural_ode.lines import affine, exact_links, solver_links, wilson_line

W0, W1 = np.random.default_rng(1).normal(size=(2, 2, 2))
B0, B1 = np.random.default_rng(2).normal(size=(2, 2))


def weights(t):
    return affine(np.multiply.outer(np.cos(3 * t), W0) + W1, np.multiply.outer(np.sin(t), B0) + B1)


@pytest.fixture(scope="module")
def exact():
    field = solve_ivp(
        lambda t, U: (weights(t) @ U.reshape(3, 3)).ravel(), (0, 1.5), np.eye(3).ravel(), method="DOP853", rtol=1e-13, atol=1e-14
    )
    return field.y[:, -1].reshape(3, 3)


@pytest.mark.parametrize(("order", "rule"), [(2, "exact"), (4, "exact"), (1, "euler"), (2, "midpoint"), (2, "heun"), (4, "rk4")])
def test_lines_converge_with_their_order(exact, order, rule):
    def error(steps):
        links = exact_links(weights, 1.5, steps, order) if rule == "exact" else solver_links(weights, 1.5, steps, TABLEAUX[rule])
        return abs(wilson_line(links)[-1] - exact).max()

    assert np.log2(error(64) / error(128)) == pytest.approx(order, abs=0.15)


def test_the_solution_of_one_neuron():
    """Constant w and b: x(T) = e^{wT} x0 + (e^{wT} - 1) b / w, exact for any number of steps."""
    A = affine(np.array([[0.7]]), np.array([-0.4]))
    for order in (2, 4):
        links = exact_links(lambda t: np.broadcast_to(A, (*np.shape(t), 2, 2)).copy(), 2.0, 3, order)
        np.testing.assert_allclose(wilson_line(links)[-1][0], [np.exp(1.4), (np.exp(1.4) - 1) * -0.4 / 0.7], rtol=1e-14)


def test_order_of_time_matters():
    """First A, then B: the later exponential stands on the left."""
    A, B = weights(0.0), weights(1.0)
    links = exact_links(lambda t: np.where(np.reshape(t, (-1, 1, 1)) < 1, A, B), 2.0, 2, 2)
    np.testing.assert_allclose(wilson_line(links)[-1], expm(B) @ expm(A), atol=1e-13)


@pytest.mark.parametrize("order", [2, 4])
def test_determinant_is_the_integral_of_the_trace(order):
    links = exact_links(weights, 1.5, 40, order)
    trace = np.trace(W0) * np.sin(4.5) / 3 + 1.5 * np.trace(W1)
    assert np.log(np.linalg.det(wilson_line(links)[-1])) == pytest.approx(trace, rel=1e-3 if order == 2 else 1e-6)
    np.testing.assert_array_equal(links[:, -1], np.tile([0, 0, 1], (40, 1)))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: affine(np.eye(2), np.zeros(3)), "b: expected shape"),
        (lambda: exact_links(weights, 0.0, 4), "T: expected a number above 0"),
        (lambda: exact_links(weights, 1.0, 0), "steps: expected an integer"),
        (lambda: exact_links(weights, 1.0, 4, order=3), "order: expected one of"),
        (lambda: exact_links(lambda t: np.eye(2), 1.0, 4), r"A\(t\): expected a matrix for each of 4 times"),
        (lambda: exact_links(lambda t: np.ones((len(t), 2, 3)), 1.0, 4), r"A\(t\): expected shape"),
        (lambda: solver_links(lambda t: np.array([[np.nan]]), 1.0, 4, TABLEAUX["euler"]), r"A\(t\): expected finite"),
        (lambda: solver_links(weights, -1.0, 4, TABLEAUX["euler"]), "T: expected a number above 0"),
        (lambda: wilson_line(np.ones((3, 2, 1))), "V: expected shape"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()


@pytest.mark.bad_input
@pytest.mark.filterwarnings("ignore:overflow")
def test_a_line_that_leaves_the_numbers_is_an_error():
    with pytest.raises(Diverged, match="(?i)wilson.line"):
        wilson_line(np.full((3, 1, 1), 1e200))
