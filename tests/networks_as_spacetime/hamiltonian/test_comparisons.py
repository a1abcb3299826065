"""The competitors: held against torchdiffeq's own adaptive solver, scipy and their definitions."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.hamiltonian.comparisons import FreeField, NeuralODE, ResidualNetwork
from nnqg.networks_as_spacetime.hamiltonian.hamiltonian_network import GeneralHamiltonian
from nnqg.networks_as_spacetime.hamiltonian.oscillators import PENDULUM, flow


def generator():
    return torch.Generator().manual_seed(0)


def pendulum(state):
    return torch.stack([state[..., 1], -torch.sin(state[..., 0])], dim=-1)


STARTS = torch.tensor([[[1.0, 0.5], [2.0, -0.2]]], dtype=torch.float64)


def test_adaptive_neural_ode_follows_scipy():
    path = NeuralODE(pendulum, interval=0.5, method="dopri5")(STARTS, 10)[:, 0].numpy()
    assert path == pytest.approx(flow(PENDULUM, STARTS[0].numpy(), 0.5 * np.arange(11)), abs=1e-5)


def test_fixed_step_neural_ode_is_of_order_four():
    goal = flow(PENDULUM, STARTS[0].numpy(), np.array([2.0]))[0]
    errors = [np.abs(NeuralODE(pendulum, 2 / n)(STARTS, n)[-1, 0].numpy() - goal).max() for n in (10, 20)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(4, abs=0.3)


def test_residual_network_adds_its_field():
    field = FreeField(1, 4, generator())
    path = ResidualNetwork(field)(STARTS, 2)
    assert torch.equal(path[0], STARTS)
    assert torch.allclose(path[2], path[1] + field(path[1]))


def test_number_of_weights_is_as_documented():
    assert sum(weight.numel() for weight in FreeField(3, 7, generator()).parameters()) == 3 * (5 * 7 + 2)


def test_gradient_reaches_the_weights_of_a_hamiltonian_through_its_field():
    hamiltonian = GeneralHamiltonian(1, 4, generator())
    network = NeuralODE(hamiltonian.field, 0.1)
    assert len(list(network.parameters())) == 3
    (network(STARTS, 3) ** 2).sum().backward()
    assert all(weight.grad is not None and bool(weight.grad.abs().sum() > 0) for weight in network.parameters())


def test_members_of_an_ensemble_do_not_feel_each_other():
    field, state = FreeField(2, 4, generator()), STARTS.expand(2, -1, -1)
    field(state)[0].sum().backward()
    assert bool((field.first.grad[1] == 0).all()) and bool((field.first.grad[0] != 0).any())


@pytest.mark.bad_input
@given(st.one_of(st.integers(max_value=0), st.floats(), st.just("3")))
def test_bad_sizes(value):
    with pytest.raises(InvalidArgument, match="seeds"):
        FreeField(value, 3, generator())
    with pytest.raises(InvalidArgument, match="units"):
        FreeField(3, value, generator())


@pytest.mark.bad_input
def test_bad_input():
    field = FreeField(1, 3, generator())
    nan = torch.full((1, 2, 2), torch.nan, dtype=torch.float64)
    for network in (ResidualNetwork(field), NeuralODE(field, 0.1)):
        for starts in (nan, torch.zeros(2, 2, dtype=torch.float64), torch.zeros(1, 0, 2, dtype=torch.float64), None):
            with pytest.raises(InvalidArgument, match="starts"):
                network(starts, 2)
        with pytest.raises(InvalidArgument, match="intervals"):
            network(STARTS, 0)
        with pytest.raises(InvalidArgument, match="state"):
            network(STARTS.expand(2, -1, -1), 1)
    with pytest.raises(InvalidArgument, match="interval"):
        NeuralODE(field, -0.1)
    with pytest.raises(InvalidArgument, match="method"):
        NeuralODE(field, 0.1, method="euler")
    with pytest.raises(InvalidArgument, match="state"):
        field(torch.zeros(1, 2, 3, dtype=torch.float64))
    with pytest.raises(InvalidArgument, match="field"):
        NeuralODE(None, 0.1)


@pytest.mark.bad_input
def test_a_field_that_is_not_finite_is_an_error():
    with pytest.raises(Diverged, match="neural ODE"):
        NeuralODE(lambda state: state * torch.nan, 0.1, method="dopri5")(STARTS, 1)
