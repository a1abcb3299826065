"""The torch form: the same numbers as the compiled one, two routes to one gradient."""

import numpy as np
import pytest
import torch

from nnqg.emergent_spacetime.condensate.data import LabelledData, Objective
from nnqg.emergent_spacetime.neural_ode import inwards
from nnqg.emergent_spacetime.neural_ode.bulk_ode import BulkField, horizon_momentum, window_objective
from nnqg.errors import InvalidArgument

WEIGHTS = np.array([3.0, 1.0, 2.0, 5.0, 0.5, 3.0])
MASS, CONDENSATE = np.array([0.1, 0.3, 0.5]), np.array([0.02, 0.05, 0.01])
WIDE = Objective(half_width=0.4, edge=0.5)


def momentum(field, **settings):
    return horizon_momentum(field, torch.tensor(MASS), torch.tensor(CONDENSATE), **settings)


def exact():
    return inwards.horizon_momentum(WEIGHTS, MASS, CONDENSATE, 3200)


def test_friction_is_the_polynomial():
    field = BulkField(WEIGHTS)
    t = torch.tensor(0.3, dtype=torch.float64)
    assert float(field.friction(t).detach()) == pytest.approx(np.polynomial.polynomial.polyval(0.3, WEIGHTS[:-2]), rel=1e-14)


def test_dopri5_agrees_with_compiled_steps():
    found = momentum(BulkField(WEIGHTS), tolerance=1e-11).detach().numpy()
    np.testing.assert_allclose(found, exact(), rtol=1e-7)


@pytest.mark.parametrize(("method", "order", "steps"), [("euler", 1, 1000), ("midpoint", 2, 400), ("rk4", 4, 120)])
def test_orders(method, order, steps):
    errors = [np.abs(momentum(BulkField(WEIGHTS), method=method, steps=n).detach().numpy() - exact()).max() for n in (steps, 2 * steps)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.35)


@pytest.mark.parametrize("route", ["direct", "adjoint"])
def test_gradient_by_both_routes(route):
    label = np.array([0.0, 1.0, 1.0])
    field = BulkField(WEIGHTS)
    F = horizon_momentum(field, torch.tensor(MASS), torch.tensor(CONDENSATE), route=route, tolerance=1e-11)
    window_objective(F, torch.tensor(label), field, WIDE).backward()
    expected = inwards.window_loss(WEIGHTS, LabelledData(MASS, CONDENSATE, label), WIDE, 2000)
    np.testing.assert_allclose(field.gradient(), expected.gradient, rtol=1e-5, atol=1e-8)


def test_evaluations_are_counted():
    field = BulkField(WEIGHTS)
    momentum(field, method="rk4", steps=10)
    assert field.evaluations == 40
    field = BulkField(WEIGHTS)
    window_objective(momentum(field, route="adjoint", method="euler", steps=10), torch.zeros(3).double(), field, WIDE).backward()
    assert field.evaluations > 10  # the adjoint solves backwards too


def test_gradient_before_any_is_zero():
    assert not BulkField(WEIGHTS).gradient().any()


def test_objective_of_perfect_labels_is_the_penalty():
    field = BulkField(WEIGHTS)
    value = window_objective(torch.tensor([0.0, 5.0]).double(), torch.tensor([0.0, 1.0]).double(), field)
    assert float(value.detach()) == pytest.approx(0.01 * (4 - 3) ** 2, abs=1e-12)


@pytest.mark.bad_input
def test_bad_input_is_named():
    with pytest.raises(InvalidArgument, match="number of weights"):
        BulkField(np.array([1.0]))
    field = BulkField(WEIGHTS)
    with pytest.raises(InvalidArgument, match="route"):
        momentum(field, route="sideways")
    with pytest.raises(InvalidArgument, match="tolerance"):
        momentum(field, tolerance=-1.0)
    with pytest.raises(InvalidArgument, match="steps"):
        momentum(field, method="euler", steps=0)
    with pytest.raises(InvalidArgument, match="label"):
        window_objective(torch.zeros(2).double(), torch.zeros(3).double(), field)
