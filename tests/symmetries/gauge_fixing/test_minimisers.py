"""Closed forms: the right map, straight lines, and less decay than any neighbour."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.symmetries.gauge_fixing.minimisers import shortest_weights, straight_weights
from nnqg.symmetries.linear_neural_ode.lines import affine, exact_links, wilson_line

TURN = np.array([[np.cos(2.0), -np.sin(2.0)], [np.sin(2.0), np.cos(2.0)]])
SHIFT = np.array([0.3, -2.0])


def line(weights, T, steps):
    return wilson_line(exact_links(weights, T, steps))


@pytest.mark.parametrize("T", [1.0, 2.5])
@pytest.mark.parametrize(("M", "beta"), [(TURN, SHIFT), (np.array([[0.1]]), np.array([5.0])), (np.diag([1.0, 3.0]), SHIFT)])
def test_straight_weights_compute_the_map_along_straight_lines(M, beta, T):
    U = line(lambda t: affine(*straight_weights(M, beta, t, T)), T, 400)
    target = affine(M - np.eye(len(M)), beta)
    np.testing.assert_allclose(U, np.eye(len(M) + 1) + np.linspace(0, 1, 401)[:, None, None] * target, atol=1e-6)


@pytest.mark.parametrize(("M", "beta"), [(2.0, 3.0), (0.2, -1.0), (1.0, 0.7), (3.0, 0.0), (1.0, 0.0), (2.0, 1e-11)])
def test_shortest_weights_compute_the_map_with_the_decay_of_the_hyperbolic_distance(M, beta):
    T = 1.5

    def weights(t):
        w, b = shortest_weights(M, beta, t, T)
        return affine(w[:, None, None], b[:, None])

    U = line(weights, T, 300)
    np.testing.assert_allclose(U[-1], [[M, beta], [0, 1]], atol=1e-7)
    w, b = shortest_weights(M, beta, np.linspace(0, T, 5), T)
    np.testing.assert_allclose(w**2 + b**2, (np.arccosh(1 + ((M - 1) ** 2 + beta**2) / (2 * M)) / T) ** 2, rtol=1e-9, atol=1e-14)


def test_no_neighbour_of_the_shortest_has_less_decay():
    """Move the inner points of the curve (xi, eta) and measure its length."""
    t = np.linspace(0, 1, 4001)
    w, b = shortest_weights(2.0, 3.0, t)
    eta = np.exp(-np.concatenate([[0], np.cumsum((w[1:] + w[:-1]) / 2 * np.diff(t))]))
    xi = np.concatenate([[0], np.cumsum((b[1:] + b[:-1]) * (eta[1:] + eta[:-1]) / 4 * np.diff(t))])

    def decay(xi, eta):
        return (((np.diff(xi) ** 2 + np.diff(eta) ** 2) / np.diff(t)) / ((eta[1:] + eta[:-1]) / 2) ** 2).sum()

    least = decay(xi, eta)
    for k in (1, 2, 3):
        bump = 0.01 * np.sin(k * np.pi * t)
        assert min(decay(xi + bump, eta), decay(xi - bump, eta), decay(xi, eta + bump), decay(xi, eta - bump)) > least


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: straight_weights(np.array([[-1.0]]), np.array([0.0]), t), "M: expected no real eigenvalue <= 0, got -1"),
        (lambda t: straight_weights(-np.eye(2), np.zeros(2), t), "M: expected no real eigenvalue"),
        (lambda t: straight_weights(np.eye(2), np.zeros(3), t), "beta: expected shape"),
        (lambda t: straight_weights(np.eye(1), np.zeros(1), t, 0.5), "t: expected values <= 0.5"),
        (lambda t: straight_weights(np.eye(1), np.zeros(1), t, 0.0), "T: expected a number above 0"),
        (lambda t: shortest_weights(0.0, 1.0, t), "M: expected a number above 0"),
        (lambda t: shortest_weights(1.0, np.nan, t), "beta: expected a finite number"),
        (lambda t: shortest_weights(1.0, 1.0, -t - 1), "t: expected values >= 0"),
        (lambda t: shortest_weights(1.0, 1.0, t, -1.0), "T: expected a number above 0"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call(np.array([0.0, 1.0]))
