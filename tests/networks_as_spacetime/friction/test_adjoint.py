"""The backward pass against finite differences, against torch's autograd, and in a closed case."""

import numpy as np
import pytest
import torch
from friction_cases import network, wavy

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction.adjoint import pull_back
from nnqg.networks_as_spacetime.friction.flow import final_state, propagate
from nnqg.runge_kutta import TABLEAUX

initial = np.random.default_rng(0).uniform(-2, 2, (2, 3, 2))


@pytest.mark.parametrize("scheme", TABLEAUX)
@pytest.mark.parametrize("tangents", [0, 1, 2])
def test_gradient_agrees_with_finite_differences(scheme, tangents):
    one, step = network(layers=12, duration=1.0, scheme=scheme), 1e-6
    friction, cotangent = wavy(one, 2), np.random.default_rng(1).standard_normal((1 + tangents, 2, 2, 3))
    kernel = pull_back(one, friction, propagate(one, friction, initial, tangents=tangents), cotangent)
    for time in (0, 1, 7, 12, 23, 24):
        shift = step * (np.arange(25) == time)
        more, less = (final_state(one, friction + sign * shift, initial, tangents=tangents) for sign in (1, -1))
        assert kernel[..., time] == pytest.approx((cotangent * (more - less)).sum(axis=(0, 1)) / (2 * step), abs=1e-7)


def torch_velocity(one, friction, x, v):
    """The same Runge-Kutta layers for x'' = h x' - x - x^3/2, written by hand in torch."""
    dt = one.step
    for layer in range(one.layers):
        slope, total = None, (0.0, 0.0)
        for node, weight in zip(*TABLEAUX["rk4"][1:], strict=True):
            at = (x, v) if slope is None else (x + node * dt * slope[0], v + node * dt * slope[1])
            slope = (at[1], friction[2 * layer + round(2 * node)] * at[1] - at[0] - at[0] ** 3 / 2)
            total = (total[0] + weight * slope[0], total[1] + weight * slope[1])
        x, v = x + dt * total[0], v + dt * total[1]
    return v


def test_gradient_agrees_with_autograd():
    one = network(layers=20)
    friction = torch.tensor(wavy(one)[0], requires_grad=True)
    velocity = torch_velocity(one, friction, *torch.tensor(initial[0, 0]))
    states = propagate(one, wavy(one), initial[:1, :1])
    assert states[-1, 0, 1, 0, 0] == pytest.approx(velocity.item(), abs=1e-13)
    velocity.backward()
    cotangent = np.array([0.0, 1.0]).reshape(1, 2, 1, 1)
    assert pull_back(one, wavy(one), states, cotangent)[0, 0] == pytest.approx(friction.grad.numpy(), abs=1e-13)


def test_the_kernel_tends_to_its_continuum_limit():
    """Free particle: v(T) = v0 exp(int h), so that the functional derivative by h(t) is v(T) at every t."""
    one = network(layers=50, particle=type(network().particle)((0.0, 0.0)))
    states = propagate(one, wavy(one), np.array([[[0.0, 3.0]]]))
    simpson = one.step / 6 * np.array([1.0] + [4.0, 2.0] * 49 + [4.0, 1.0])
    kernel = pull_back(one, wavy(one), states, np.array([0.0, 1.0]).reshape(1, 2, 1, 1))[0, 0] / simpson
    final = 3 * np.exp(np.trapezoid(wavy(one)[0], one.times))
    assert kernel[[0, 2, 50, 98, 100]] == pytest.approx(np.full(5, final), rel=0.02)
    assert (kernel * simpson).sum() == pytest.approx(final * 4.0, rel=1e-4)


@pytest.mark.bad_input
def test_bad_input_is_refused():
    one = network(layers=4)
    states = propagate(one, wavy(one), initial[:1])
    with pytest.raises(InvalidArgument, match="friction"):
        pull_back(one, np.zeros((1, 3)), states, states[-1])
    with pytest.raises(InvalidArgument, match="states"):
        pull_back(one, wavy(one), states[1:], states[-1])
    with pytest.raises(InvalidArgument, match="states"):
        pull_back(one, wavy(one), states * np.nan, states[-1])
    with pytest.raises(InvalidArgument, match="cotangent"):
        pull_back(one, wavy(one), states, states[-1][:, :1])
