"""The compiled objective against torch and against finite differences."""

import numpy as np
import pytest
import torch
import torch_network
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg import data_sets, identifiability
from nnqg.emergent_spacetime.condensate._kernels import SATURATED
from nnqg.emergent_spacetime.condensate.adjoint import constants, evaluate, gain, model_condensate, outcome_jacobian, workspace
from nnqg.emergent_spacetime.condensate.data import PUBLISHED, LabelledData, Objective, augment, fit_curve
from nnqg.errors import Diverged, InvalidArgument, NotConverged


def lattice():
    columns = data_sets.load("chiral-condensate").columns
    return columns["quark_mass"], columns["condensate"]


def stored():
    table = data_sets.load("stored-condensate-solution").columns
    return np.concatenate([table["h"], [table["lambda"][0], table["radius"][0]]])


DATA = augment(fit_curve(*lattice()), np.random.default_rng(5), each=101)  # 202 points: no multiple of the eight lanes


def by_torch(weights, problem):
    variable = torch.tensor(weights, requires_grad=True)
    parts = torch_network.loss(variable, *(torch.tensor(column) for column in (DATA.mass, DATA.condensate, DATA.label)), problem)
    sum(parts).backward()
    return [float(part.detach()) for part in parts], variable.grad.numpy()


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), coupling=st.floats(-0.5, 0.5), width=st.sampled_from([0.02, 0.1, 0.5]))
def test_value_and_gradient_equal_those_of_torch(seed, coupling, width):
    problem = Objective(half_width=width, edge=width / 10)
    noise = np.random.default_rng(seed).normal(0.0, 0.1, 17) * np.append(np.full(15, 3.0), [0.0, 1.0])
    weights = stored() + noise
    weights[-2] = coupling * 0.01
    parts, gradient = by_torch(weights, problem)
    ours = evaluate(weights, DATA, problem)
    assert [ours.window_loss, ours.penalty] == pytest.approx(parts, abs=1e-7)
    outcomes, rows = outcome_jacobian(weights, DATA.mass, DATA.condensate, problem)
    widths = np.abs(np.abs(outcomes) - problem.half_width) / problem.edge
    slopes = np.where(widths > SATURATED, 2 * np.exp(-2 * widths) / problem.edge, 0.0)  # what the compiled loops leave out
    left_out = 2 * np.sqrt(parts[0]) * (slopes[:, None] * np.abs(rows)).mean(axis=0)
    assert (np.abs(ours.gradient - gradient) <= left_out + 1e-9 * np.abs(gradient).max()).all()


def test_jacobian_agrees_with_finite_differences():
    mass, qq = lattice()
    values, rows = outcome_jacobian(stored(), mass, qq)
    numeric = identifiability.jacobian(lambda weights: outcome_jacobian(weights, mass, qq)[0], stored(), step=1e-6)
    assert rows == pytest.approx(numeric, rel=1e-6, abs=1e-7 * np.abs(numeric).max())
    expected = torch_network.outcome(torch.tensor(stored()), torch.tensor(mass), torch.tensor(qq)).numpy()
    assert values == pytest.approx(expected, rel=1e-12)


def test_the_gain_is_the_slope_of_the_outcome():
    mass, qq = lattice()
    condensate = torch.tensor(qq, requires_grad=True)
    torch_network.outcome(torch.tensor(stored()), torch.tensor(mass), condensate).sum().backward()
    assert gain(stored(), mass, qq) == pytest.approx(condensate.grad.numpy(), rel=1e-6)


def test_a_point_that_runs_away_counts_as_false_and_has_no_gradient():
    wild = np.concatenate([np.full(15, 4.0), [1e6, 5.0]])
    four = np.full(4, 0.02), np.full(4, 0.1)
    result = evaluate(wild, LabelledData(*four, np.ones(4)))
    assert result.window_loss == 0.0 and result.active == 0.0 and np.isfinite(result.gradient).all()
    assert evaluate(wild, LabelledData(*four, np.zeros(4))).window_loss == 1.0


def test_torch_counts_a_point_that_runs_away_as_false_too():
    wild, wilder = (np.concatenate([np.full(15, h), [1e6, 5.0]]) for h in (4.0, 1e200))
    four = torch.full((4,), 0.02, dtype=torch.float64), torch.full((4,), 0.1, dtype=torch.float64)
    for weights in (wild, wilder):
        variable = torch.tensor(weights, requires_grad=True)
        assert not torch_network.outcome(variable, *four).isnan().any()
        for label, missed in ((torch.ones(4).double(), 0.0), (torch.zeros(4).double(), 1.0)):
            assert float(torch_network.loss(variable, *four, label)[0].detach()) == missed
    variable = torch.tensor(wild, requires_grad=True)
    torch_network.loss(variable, *four, torch.zeros(4).double())[0].backward()
    assert (variable.grad == 0.0).all()


def test_the_predicted_condensate_is_the_root_of_the_outcome():
    mass, qq = lattice()
    predicted = model_condensate(stored(), mass, qq)
    assert np.abs(outcome_jacobian(stored(), mass, predicted)[0]).max() < 1e-9
    assert (predicted / qq - 1) * 100 == pytest.approx([49, 57, 52, 38, 13, 2], abs=1)


def test_without_a_coupling_the_curve_is_a_straight_line():
    linear = stored()
    linear[-2] = 0.0
    mass = np.array([0.001, 0.003, 0.009])
    ratio = model_condensate(linear, mass, np.full(3, 0.05)) / mass
    assert ratio == pytest.approx(ratio[0], rel=1e-8)


def test_constants_and_workspace_have_the_objective_s_sizes():
    assert constants(PUBLISHED).penalty.shape == (15,)
    assert workspace(15, 7).history.shape == (2, 15, 7) and workspace(15, 7).pi_.shape == (7,)


@pytest.mark.bad_input
def test_bad_input_is_refused():
    mass, qq = lattice()
    for call in (
        lambda: evaluate(stored()[:-1], DATA),
        lambda: evaluate(stored().astype(int), DATA),
        lambda: evaluate(stored() * np.inf, DATA),
        lambda: outcome_jacobian(stored(), mass, qq[:2]),
        lambda: outcome_jacobian(stored(), mass[:0], qq[:0]),
        lambda: outcome_jacobian(list(stored()), mass, qq),
        lambda: model_condensate(stored(), mass, qq[:3]),
        lambda: model_condensate(stored(), mass * np.nan, qq),
        lambda: model_condensate(stored()[1:], mass, qq),
        lambda: model_condensate(stored(), mass, -qq),
        lambda: gain(stored(), mass, qq, shift=0.0),
        lambda: workspace(0, 4),
        lambda: workspace(15, -4),
    ):
        with pytest.raises(InvalidArgument, match="expected .* got .* Remedy"):
            call()


@pytest.mark.bad_input
def test_weights_that_overflow_say_so():
    huge = np.concatenate([np.full(15, 1e200), [0.0, 1.0]])
    for call in (lambda: evaluate(huge, DATA), lambda: outcome_jacobian(huge, *lattice()), lambda: model_condensate(huge, *lattice())):
        with pytest.raises(Diverged, match="Remedy: take smaller weights"):
            call()


@pytest.mark.bad_input
def test_a_model_without_a_curve_says_so():
    away = np.concatenate([np.full(15, 4.0), [0.0, 0.0]])  # L = 0: the outcome is zero everywhere, nowhere a change of sign
    with pytest.raises(NotConverged, match="no root"):
        model_condensate(away, *lattice())
