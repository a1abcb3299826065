"""Runge-Kutta steps: the exponential series up to the order, measured orders, and any kind of state."""

import numpy as np
import pytest
import torch

from nnqg.runge_kutta import TABLEAUX, advance


def driven(t, x):
    return (1 + t) * x


def run(kind, steps):
    x = np.array([1.0, -2.0])
    for n in range(steps):
        x = advance(driven, n / steps, x, 1 / steps, TABLEAUX[kind])
    return x


@pytest.mark.parametrize("kind", TABLEAUX)
def test_a_linear_equation_gives_the_exponential_series_up_to_the_order(kind):
    z, order = 0.3, TABLEAUX[kind].order
    series = sum(z**k / np.prod(np.arange(1.0, k + 1)) for k in range(order + 1))
    assert advance(lambda t, x: x, 0.0, 1.0, z, TABLEAUX[kind]) == pytest.approx(series, rel=1e-14)


@pytest.mark.parametrize("kind", TABLEAUX)
def test_order_with_a_field_that_depends_on_time(kind):
    exact = np.array([1.0, -2.0]) * np.exp(1.5)
    errors = [np.abs(run(kind, steps) - exact).max() for steps in (40, 80)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(TABLEAUX[kind].order, abs=0.15)


@pytest.mark.parametrize("kind", TABLEAUX)
def test_coefficients_are_consistent(kind):
    order, nodes, weights = TABLEAUX[kind]
    assert sum(weights) == pytest.approx(1.0) and nodes[0] == 0.0
    assert np.dot(weights, nodes) == pytest.approx(0.5 if order > 1 else 0.0)


def test_a_tensor_is_a_state_and_carries_its_gradient():
    w = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    end = advance(lambda t, x: w * x, 0.0, torch.ones((), dtype=torch.float64), 0.1, TABLEAUX["rk4"])
    (slope,) = torch.autograd.grad(end, w)
    assert slope.item() == pytest.approx(0.1 * np.exp(0.07), rel=1e-6)


def test_a_negative_step_runs_back():
    ahead = advance(driven, 0.2, np.array([1.0]), 1e-2, TABLEAUX["rk4"])
    assert advance(driven, 0.21, ahead, -1e-2, TABLEAUX["rk4"]) == pytest.approx(1.0, abs=1e-10)
