"""Residual blocks as time steps: exact limits, orders, invariants and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.depth.residual_network import residual_network
from nnqg.runge_kutta import TABLEAUX

KINDS = tuple(TABLEAUX)
WEIGHTS = np.random.default_rng(0).standard_normal((2, 3, 3))


def driven(t, x):
    return np.tanh(x @ (WEIGHTS[0] + t * WEIGHTS[1]))


def tied(t, x):
    return np.tanh(x @ WEIGHTS[0])


def unit_limit(w, x0, time):
    return np.arcsinh(np.exp(w * time) * np.sinh(w * x0)) / w


@pytest.mark.parametrize("kind", KINDS)
def test_linear_network_is_the_exponential_series_up_to_its_order(kind):
    z = 0.3
    order = TABLEAUX[kind].order
    series = sum(z**k / np.prod(np.arange(1, k + 1)) for k in range(order + 1))
    assert residual_network(lambda t, x: x, np.array([1.0]), z, 1, kind)[-1, 0] == pytest.approx(series, rel=1e-14)


@pytest.mark.parametrize("kind", KINDS)
def test_order_against_the_exact_limit_of_a_tanh_unit(kind):
    exact = unit_limit(1.5, 0.2, 2.0)
    errors = [abs(residual_network(lambda t, x: np.tanh(1.5 * x), np.array([0.2]), 2.0, n, kind)[-1, 0] - exact) for n in (32, 64)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(TABLEAUX[kind].order, abs=0.15)


@pytest.mark.parametrize("kind", KINDS)
def test_order_with_weights_that_depend_on_depth(kind):
    x = np.array([0.5, -1.0, 0.2])
    runs = [residual_network(driven, x, 1.0, n, kind)[-1] for n in (16, 32, 64)]
    ratio = np.linalg.norm(runs[0] - runs[1]) / np.linalg.norm(runs[1] - runs[2])
    assert np.log2(ratio) == pytest.approx(TABLEAUX[kind].order, abs=0.3)


@pytest.mark.parametrize("kind", KINDS)
def test_tied_network_twice_is_the_network_of_twice_the_time(kind):
    x = np.array([[0.5, -1.0, 0.2]])
    whole = residual_network(tied, x, 2.0, 20, kind)
    half = residual_network(tied, x, 1.0, 10, kind)
    assert residual_network(tied, half[-1], 1.0, 10, kind)[-1] == pytest.approx(whole[-1], abs=1e-14)


def test_weights_are_taken_at_the_depth_of_their_block():
    path = residual_network(driven, np.array([0.5, -1.0, 0.2]), 1.0, 4)
    for n in range(4):
        assert path[n + 1] == pytest.approx(path[n] + 0.25 * driven(0.25 * n, path[n]), abs=1e-15)


def test_a_batch_is_its_members():
    batch = np.random.default_rng(1).standard_normal((5, 3))
    together = residual_network(driven, batch, 1.0, 7, "rk4")
    alone = np.stack([residual_network(driven, x, 1.0, 7, "rk4") for x in batch], axis=1)
    assert together == pytest.approx(alone, abs=1e-14)


def test_unit_step_is_the_printed_formula():
    states = residual_network(tied, np.array([0.5, -1.0, 0.2]), 3.0, 3)
    assert states[1] == pytest.approx(np.tanh(states[0] @ WEIGHTS[0]) + states[0])


def test_a_network_that_runs_away_is_reported():
    with pytest.raises(Diverged, match="residual network"):
        residual_network(lambda t, x: x**3, np.array([3.0]), 10.0, 10)


@pytest.mark.bad_input
@given(st.one_of(st.integers(max_value=0), st.floats(), st.just("3"), st.booleans(), st.just(10**7)))
def test_bad_number_of_blocks(value):
    with pytest.raises(InvalidArgument, match="blocks"):
        residual_network(tied, np.zeros(3), 1.0, value)


@pytest.mark.bad_input
def test_bad_input():
    for state in (np.array([np.nan]), np.zeros(0), [1.0], np.zeros(3, dtype=int), None):
        with pytest.raises(InvalidArgument, match="state"):
            residual_network(tied, state, 1.0, 3)
    for bad in (np.nan, np.inf, "1"):
        with pytest.raises(InvalidArgument, match="duration"):
            residual_network(tied, np.zeros(3), bad, 3)
    with pytest.raises(InvalidArgument, match="field: expected a function"):
        residual_network(lambda t, x: 1j * x, np.ones(3), 1.0, 3)
    with pytest.raises(InvalidArgument, match="kind"):
        residual_network(tied, np.zeros(3), 1.0, 3, "rk5")
