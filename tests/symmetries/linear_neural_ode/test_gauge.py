"""Gauge transformations and a new time leave the Wilson line alone."""

import numpy as np
import pytest
from scipy.linalg import expm

from nnqg.errors import InvalidArgument
from nnqg.runge_kutta import TABLEAUX
from nnqg.symmetries.linear_neural_ode.gauge import reparametrise, transform_links, transform_weights
from nnqg.symmetries.linear_neural_ode.lines import affine, exact_links, solver_links, wilson_line

RNG = np.random.default_rng(3)
W0, W1, K1, K2 = RNG.normal(size=(4, 2, 2))
B0, S0 = RNG.normal(size=(2, 2))
outer = np.multiply.outer


def weights(t):
    return affine(outer(np.cos(3 * t), W0) + W1, outer(np.sin(t), B0))


def embed(K, s):
    full = np.zeros((3, 3))
    full[:2, :2], full[:2, 2] = K, s
    return full


E1, E2 = embed(K1 / 2, S0), embed(K2 / 3, 0 * S0)


def frame(t):
    """Frames and shifts, 1 at both ends of [0, 1]."""
    return expm(outer(np.sin(np.pi * t), E1)) @ expm(outer(np.sin(2 * np.pi * t), E2))


def frame_dot(t):
    return outer(np.pi * np.cos(np.pi * t), E1) @ frame(t) + frame(t) @ outer(2 * np.pi * np.cos(2 * np.pi * t), E2)


def moved(t):
    return transform_weights(weights(t), frame(t), frame_dot(t))


def end(links):
    return wilson_line(links)[-1]


def test_one_neuron_is_the_slide():
    """w + dg/dt, e^{g - g(0)} b."""
    factor, rate = np.exp(0.8), 1.7
    A, G = affine(np.array([[0.3]]), np.array([2.0])), np.diag([factor, 1.0])
    np.testing.assert_allclose(transform_weights(A, G, np.diag([rate * factor, 0.0]))[0], [0.3 + rate, factor * 2.0], rtol=1e-14)


def test_the_continuum_is_invariant_with_the_order_of_the_links():
    gaps = [abs(end(exact_links(moved, 1.0, n)) - end(exact_links(weights, 1.0, n))).max() for n in (64, 128)]
    assert np.log2(gaps[0] / gaps[1]) == pytest.approx(4, abs=0.15)
    assert gaps[1] < 1e-6


def test_weights_of_an_affine_map_stay_affine():
    np.testing.assert_allclose(moved(np.linspace(0, 1, 7))[:, -1], 0, atol=1e-14)


def test_open_ends_turn_the_line():
    half = [end(exact_links(a, 0.5, 200)) for a in (weights, moved)]
    np.testing.assert_allclose(half[1], frame(0.5) @ half[0] @ np.linalg.inv(frame(0.0)), atol=1e-8)


@pytest.mark.parametrize("steps", [2, 7, 50])
def test_layers_are_exactly_invariant(steps):
    V = solver_links(weights, 1.0, steps, TABLEAUX["euler"])
    G = frame(np.linspace(0, 1, steps + 1))
    np.testing.assert_allclose(end(transform_links(V, G)), end(V), atol=1e-13 * steps)
    back = transform_links(transform_links(V, G), np.linalg.inv(G))
    np.testing.assert_allclose(back, V, atol=1e-13)


def f(t):
    return 0.2 * np.sin(np.pi * t)


def f_dot(t):
    return 0.2 * np.pi * np.cos(np.pi * t)


def test_a_new_time_leaves_the_line():
    slow = reparametrise(weights, f, f_dot, 1.0)
    assert abs(end(exact_links(slow, 1.0, 512)) - end(exact_links(weights, 1.0, 512))).max() < 1e-9
    np.testing.assert_allclose(slow(0.4 + f(0.4)), weights(0.4) / (1 + f_dot(0.4)), rtol=1e-13)


def test_a_new_time_to_first_order_is_the_slide():
    """w - d(wf)/dt, with an error of order 2 in f."""

    def gap(eps):
        new = reparametrise(lambda t: np.sin(3 * t), lambda t: eps * f(t), lambda t: eps * f_dot(t), 1.0)
        t = np.linspace(0.1, 0.9, 9)
        return abs(new(t) - (np.sin(3 * t) - eps * (3 * np.cos(3 * t) * f(t) + np.sin(3 * t) * f_dot(t)))).max()

    assert np.log2(gap(0.02) / gap(0.01)) == pytest.approx(2, abs=0.1)


ONE = np.eye(2)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: transform_weights(ONE, np.ones((2, 2)), ONE), "G: expected invertible matrices"),
        (lambda: transform_weights(ONE, ONE, np.full((2, 2), np.nan)), "G_dot: expected finite"),
        (lambda: transform_links(np.ones((3, 2, 2)), np.tile(ONE, (3, 1, 1))), "G: expected shape"),
        (lambda: transform_links(np.ones((1, 2, 2)), np.zeros((2, 2, 2))), "G: expected invertible matrices"),
        (lambda: reparametrise(weights, lambda t: t, lambda t: 1 + 0 * t, 1.0), "f: expected a function that vanishes"),
        (lambda: reparametrise(weights, lambda t: 10 * f(t), lambda t: 10 * f_dot(t), 1.0), "f: expected 1 \\+ df/dt above 0"),
        (lambda: reparametrise(weights, f, f_dot, 0.0), "T: expected a number above 0"),
        (lambda: reparametrise(weights, f, f_dot, 1.0)(1.5), "time: expected values <= 1"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
