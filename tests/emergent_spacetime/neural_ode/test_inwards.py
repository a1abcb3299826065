"""The compiled neural ODE: exact cases, order 4, gradient to rounding."""

import numpy as np
import pytest
import torch
from scipy.integrate import solve_ivp

from nnqg.emergent_spacetime.condensate.data import LabelledData, Objective
from nnqg.emergent_spacetime.condensate.objective import boundary_map
from nnqg.emergent_spacetime.neural_ode.inwards import friction_nodes, horizon_momentum, momentum_jacobian, window_loss
from nnqg.errors import InvalidArgument

WEIGHTS = np.array([3.0, 1.0, 2.0, 5.0, 0.5, 3.0])
MASS, CONDENSATE = np.array([0.1, 0.3, 0.5]), np.array([0.02, 0.05, 0.01])
WIDE = Objective(half_width=0.4, edge=0.5)


@pytest.fixture
def points():
    rng = np.random.default_rng(3)
    return LabelledData(rng.uniform(0, 0.5, 12), rng.uniform(-0.1, 0.1, 12), np.repeat([0.0, 1.0], 6))


def boundary(weights, mass, condensate):
    values = (torch.tensor(one, dtype=torch.float64) for one in (mass, condensate, weights[-2], weights[-1]))
    return [part.numpy() for part in boundary_map(*values)]


def classical_steps(weights, points, steps, objective):
    """The same Runge-Kutta steps written in torch, for autograd."""
    h = [weights[:-2] @ torch.tensor([t**k for k in range(len(weights) - 2)]).double() for t in np.linspace(0, 1, 2 * steps + 1)]
    s = 1.0 / steps

    def slope(friction, y):
        return torch.stack([-y[1], friction * y[1] + 3 * y[0] - weights[-2] * y[0] ** 3])

    y = torch.stack(boundary_map(torch.tensor(points.mass), torch.tensor(points.condensate), weights[-2], weights[-1]))
    for n in range(steps):
        k1 = slope(h[2 * n], y)
        k2 = slope(h[2 * n + 1], y + 0.5 * s * k1)
        k3 = slope(h[2 * n + 1], y + 0.5 * s * k2)
        k4 = slope(h[2 * n + 2], y + s * k3)
        y = y + s / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    t = 1 + 0.5 * (torch.tanh((y[1] - objective.half_width) / objective.edge) - torch.tanh((y[1] + objective.half_width) / objective.edge))
    missed = (t - torch.tensor(points.label)).abs().mean()
    return missed, missed**2 + objective.boundary_weight * (4 - weights[0]) ** 2


def test_closed_form_without_coupling():
    """With h = 0 and lambda = 0 the field is phi'' = -3 phi in eta, a rotation."""
    weights = np.array([0.0, 0.0, 2.0])
    phi, pi_ = boundary(weights, MASS, CONDENSATE)
    root = np.sqrt(3.0)
    exact = pi_ * np.cos(root) + root * phi * np.sin(root)
    np.testing.assert_allclose(horizon_momentum(weights, MASS, CONDENSATE, 400), exact, rtol=1e-9)


def test_against_scipy_in_eta():
    def field(eta, y):
        return y[1], -np.polynomial.polynomial.polyval(1 - eta, WEIGHTS[:4]) * y[1] - 3 * y[0] + WEIGHTS[4] * y[0] ** 3

    for k in range(3):
        start = [part[k] for part in boundary(WEIGHTS, MASS, CONDENSATE)]
        expected = solve_ivp(field, (1.0, 0.0), start, "DOP853", rtol=1e-12, atol=1e-14).y[1, -1]
        assert horizon_momentum(WEIGHTS, MASS, CONDENSATE, 800)[k] == pytest.approx(expected, rel=1e-8)


def test_order_four():
    exact = horizon_momentum(WEIGHTS, MASS, CONDENSATE, 3200)
    errors = [np.abs(horizon_momentum(WEIGHTS, MASS, CONDENSATE, n) - exact).max() for n in (80, 160, 320)]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.all(np.abs(orders - 4.0) < 0.3)


@pytest.mark.parametrize("steps", [1, 7, 20])
def test_gradient_is_that_of_autograd(points, steps):
    weights = torch.tensor(WEIGHTS, requires_grad=True)
    missed, total = classical_steps(weights, points, steps, WIDE)
    total.backward()
    found = window_loss(WEIGHTS, points, WIDE, steps)
    assert found.missed == pytest.approx(missed.item(), rel=1e-12)
    assert found.missed**2 + found.penalty == pytest.approx(total.item(), rel=1e-12)
    np.testing.assert_allclose(found.gradient, weights.grad.numpy(), rtol=1e-9, atol=1e-13)


def test_jacobian_by_finite_differences():
    momentum, rows, slope = momentum_jacobian(WEIGHTS, MASS, CONDENSATE, 30)
    np.testing.assert_array_equal(momentum, horizon_momentum(WEIGHTS, MASS, CONDENSATE, 30))
    for k in range(WEIGHTS.size):
        shift = 1e-6 * np.eye(WEIGHTS.size)[k]
        up, down = (horizon_momentum(WEIGHTS + sign * shift, MASS, CONDENSATE, 30) for sign in (1, -1))
        np.testing.assert_allclose(rows[:, k], (up - down) / 2e-6, rtol=1e-5, atol=1e-7)
    up, down = (horizon_momentum(WEIGHTS, MASS, CONDENSATE + sign * 1e-6, 30) for sign in (1, -1))
    np.testing.assert_allclose(slope, (up - down) / 2e-6, rtol=1e-6)


def test_odd_field():
    """The equation is odd in the field: mirrored data give the mirrored outcome."""
    np.testing.assert_allclose(horizon_momentum(WEIGHTS, -MASS, -CONDENSATE), -horizon_momentum(WEIGHTS, MASS, CONDENSATE), rtol=1e-13)


def test_radius_is_a_unit():
    """m -> s m, <qq> -> s^3 <qq>, L -> L/s changes nothing."""
    scaled = WEIGHTS.copy()
    scaled[-1] /= 0.8
    np.testing.assert_allclose(
        horizon_momentum(scaled, 0.8 * MASS, 0.512 * CONDENSATE), horizon_momentum(WEIGHTS, MASS, CONDENSATE), rtol=1e-12
    )


def test_runaway_is_held_and_has_no_gradient():
    wild = np.array([20.0, 200.0, 1e4, 5.0])
    found = window_loss(wild, LabelledData(np.array([0.5]), np.array([1.0]), np.array([1.0])))
    assert found.missed == 0.0 and np.isfinite(found.gradient).all()
    assert np.abs(found.gradient[1:]).max() == 0.0


def test_friction_nodes_are_the_polynomial():
    np.testing.assert_allclose(friction_nodes(WEIGHTS, 5), np.polynomial.polynomial.polyval(np.linspace(0, 1, 11), WEIGHTS[:-2]))


@pytest.mark.bad_input
def test_bad_input_is_named():
    with pytest.raises(InvalidArgument, match="number of weights"):
        friction_nodes(np.array([1.0, 2.0]))
    with pytest.raises(InvalidArgument, match="condensate"):
        horizon_momentum(WEIGHTS, MASS, CONDENSATE[:2])
    with pytest.raises(InvalidArgument, match="steps"):
        horizon_momentum(WEIGHTS, MASS, CONDENSATE, 0)
    with pytest.raises(InvalidArgument, match="weights"):
        horizon_momentum(WEIGHTS * np.nan, MASS, CONDENSATE)
