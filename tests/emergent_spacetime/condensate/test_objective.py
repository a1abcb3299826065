"""The boundary map, the window, and the network between them in torch, down to the stored solution's value."""

import numpy as np
import pytest
import torch
import torch_network

from nnqg import data_sets
from nnqg.emergent_spacetime.condensate import objective
from nnqg.emergent_spacetime.condensate.data import PUBLISHED_TOTAL, Objective, augment, fit_curve
from nnqg.errors import InvalidArgument


def tensor(value):
    return torch.tensor(value, dtype=torch.float64)


@pytest.fixture(scope="module")
def stored():
    table = data_sets.load("stored-condensate-solution").columns
    return tensor(np.concatenate([table["h"], [table["lambda"][0], table["radius"][0]]]))


def field(eta, alpha, beta, coupling):
    return alpha * np.exp(-eta) + (beta - 0.5 * coupling * alpha**3 * eta) * np.exp(-3 * eta)


def test_boundary_map_is_the_field_and_its_derivative_at_one():
    mass, qq, coupling, radius, small = 0.02, 0.1, 5.0, 3.8, 1e-5
    alpha, beta = np.sqrt(3) / (2 * np.pi) * mass * radius, np.pi / np.sqrt(3) * qq * radius**3
    phi, pi_ = objective.boundary_map(tensor([mass]), tensor([qq]), tensor(coupling), tensor(radius))
    assert float(phi[0]) == pytest.approx(field(1.0, alpha, beta, coupling))
    slope = (field(1 + small, alpha, beta, coupling) - field(1 - small, alpha, beta, coupling)) / (2 * small)
    assert float(pi_[0]) == pytest.approx(slope, rel=1e-8)


def test_the_logarithmic_term_solves_the_equation_to_its_order():
    alpha, coupling, small, eta = 0.3, 2.0, 1e-4, 3.0
    at = [field(eta + shift, alpha, 0.0, coupling) for shift in (-small, 0.0, small)]
    left = (at[2] - 2 * at[1] + at[0]) / small**2 + 4 * (at[2] - at[0]) / (2 * small) + 3 * at[1]
    assert left == pytest.approx(coupling * alpha**3 * np.exp(-3 * eta), rel=1e-3)


def test_the_network_converges_at_first_order_to_the_linear_solution():
    # h = 4, lambda = 0: pi(1/15) of A exp(-eta) + B exp(-3 eta), exactly
    mass, qq, radius = tensor([0.02]), tensor([0.1]), 1.0
    alpha, beta = float(np.sqrt(3) / (2 * np.pi) * 0.02), float(np.pi / np.sqrt(3) * 0.1)
    exact = -alpha * np.exp(-1 / 15) - 3 * beta * np.exp(-3 / 15)
    errors = []
    for layers in (100, 200, 400):
        weights = tensor([4.0] * layers + [0.0, radius])
        errors.append(abs(float(torch_network.outcome(weights, mass, qq, Objective(layers=layers))[0]) - exact))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(1.0, abs=0.1)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(1.0, abs=0.1)


def test_rescaling_the_unit_of_mass_changes_nothing_but_the_radius(stored):
    mass, qq, s = tensor([0.001, 0.02]), tensor([0.01, 0.1]), 0.82
    rescaled = stored.clone()
    rescaled[-1] /= s
    before, after = torch_network.outcome(stored, mass, qq), torch_network.outcome(rescaled, s * mass, s**3 * qq)
    assert torch.allclose(before, after, rtol=1e-12)


def test_window_is_even_and_a_step_on_the_way_out():
    outcome = torch.linspace(-0.3, 0.3, 61, dtype=torch.float64)
    value = objective.window(outcome)
    assert torch.allclose(value, value.flip(0))
    assert value[30] < 1e-8 and value[0] > 1 - 1e-8 and (torch.diff(value[30:]) >= 0).all()


def test_penalty_vanishes_for_anti_de_sitter_space_only():
    assert float(torch_network.penalty(tensor([4.0] * 15 + [1.0, 1.0]))) == 0.0
    assert float(torch_network.penalty(tensor([3.0] * 15 + [1.0, 1.0]))) == pytest.approx(0.01)


def test_the_stored_solution_has_its_published_total(stored):
    columns = data_sets.load("chiral-condensate").columns
    data = augment(fit_curve(columns["quark_mass"], columns["condensate"]), np.random.default_rng(1))
    window_loss, penalty = torch_network.loss(stored, tensor(data.mass), tensor(data.condensate), tensor(data.label))
    assert float(penalty) == pytest.approx(0.0542, abs=1e-4)
    assert float(window_loss + penalty) == pytest.approx(PUBLISHED_TOTAL, abs=0.002)


@pytest.mark.bad_input
def test_bad_input_is_refused():
    one = tensor([0.01])
    for call in (
        lambda: objective.boundary_map(one, one, one, tensor(1.0)),
        lambda: objective.boundary_map(one, tensor([0.01, 0.02]), tensor(1.0), tensor(1.0)),
        lambda: objective.boundary_map(one * float("nan"), one, tensor(1.0), tensor(1.0)),
        lambda: objective.boundary_map(one[:0], one[:0], tensor(1.0), tensor(1.0)),
        lambda: objective.boundary_map([0.01], one, tensor(1.0), tensor(1.0)),
        lambda: objective.window([0.1]),
        lambda: objective.window(tensor([float("nan")])),
    ):
        with pytest.raises(InvalidArgument, match="expected .* got .* Remedy"):
            call()
