"""Training of deep ensembles: against torch's own Adam, and what tied and separate members must keep."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.depth.scaling import ARCHITECTURES, DeepEnsemble
from nnqg.networks_as_spacetime.depth.training import train


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(*shape, seed=1):
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64)


INPUTS = normal(12, 2)
TARGETS = torch.stack([INPUTS[:, 1], -torch.sin(INPUTS[:, 0])], dim=1)


def run(members, rates, steps=20, depth=4):
    networks = DeepEnsemble([ARCHITECTURES[name] for name in members], depth, 5, generator())
    return train(networks, INPUTS, TARGETS, torch.tensor(rates, dtype=torch.float64), steps, generator(2))


def test_steps_are_those_of_torch():
    networks = DeepEnsemble([ARCHITECTURES["1/sqrt N"]], 4, 5, generator())
    source = generator(2)
    lift = torch.randn(1, 2, 5, generator=source, dtype=torch.float64) / 2**0.5
    readout = (torch.randn(1, 5, 2, generator=source, dtype=torch.float64) / 5**0.5).requires_grad_()
    weights, biases = networks.weights.clone().requires_grad_(), networks.biases.clone().requires_grad_()
    optimiser = torch.optim.Adam([weights, biases, readout], lr=0.01)
    for _ in range(15):
        optimiser.zero_grad()
        x = INPUTS @ lift
        for w, b in zip(weights, biases, strict=True):
            x = x + 0.5 * torch.tanh(x @ w + b)
        (((x @ readout - TARGETS) ** 2).mean() / TARGETS.var(dim=0, correction=0).mean()).backward()
        optimiser.step()
    done = train(networks, INPUTS, TARGETS, torch.tensor([0.01], dtype=torch.float64), 15, source.manual_seed(2))
    assert torch.allclose(done.networks.weights, weights, atol=1e-10)
    assert torch.allclose(done.networks.biases, biases, atol=1e-10)
    assert torch.allclose(done.readout, readout, atol=1e-10)


def test_tied_members_stay_tied_and_others_move_apart():
    done = run(["1/N, tied", "1/N"], [0.01, 0.01])
    assert torch.equal(done.networks.weights[:, 0], done.networks.weights[:1, 0].expand(4, -1, -1))
    assert torch.equal(done.networks.biases[:, 0], done.networks.biases[:1, 0].expand(4, -1, -1))
    assert bool((done.networks.biases[0, 1] != done.networks.biases[1, 1]).all())


def test_gradient_of_a_tied_member_is_that_of_its_one_layer():
    networks = DeepEnsemble([ARCHITECTURES["1/N, tied"]], 3, 5, generator())
    source = generator(2)
    lift = torch.randn(1, 2, 5, generator=source, dtype=torch.float64) / 2**0.5
    readout = torch.randn(1, 5, 2, generator=source, dtype=torch.float64) / 5**0.5
    weights = networks.weights[0].clone().requires_grad_()
    x = INPUTS @ lift
    for _ in range(3):
        x = x + torch.tanh(x @ weights) / 3
    (((x @ readout - TARGETS) ** 2).mean() / TARGETS.var(dim=0, correction=0).mean()).backward()
    before = weights.detach().clone()
    done = train(networks, INPUTS, TARGETS, torch.tensor([0.01], dtype=torch.float64), 1, source.manual_seed(2))
    assert torch.allclose(done.networks.weights[0] - before, -0.01 * torch.sign(weights.grad), atol=1e-7)


def test_loss_falls_and_is_that_of_the_answers():
    done = run(list(ARCHITECTURES), [0.01] * 5, steps=80)
    assert done.loss.shape == (81, 5)
    assert (done.loss[-1] < 0.5 * done.loss[0]).all()
    spread = TARGETS.var(dim=0, correction=0).mean()
    final = ((done.predict(INPUTS) - TARGETS) ** 2).mean(dim=(1, 2)) / spread
    assert final.detach().numpy() == pytest.approx(done.loss[-1], rel=1e-12)


def test_the_rate_of_one_member_does_not_touch_another():
    slow, fast = run(["1/N", "1/N"], [0.01, 0.001]), run(["1/N", "1/N"], [0.01, 0.1])
    assert np.array_equal(slow.loss[:, 0], fast.loss[:, 0])
    assert not np.isclose(slow.loss[-1, 1], fast.loss[-1, 1])


def test_a_training_that_runs_away_is_reported():
    with pytest.raises(Diverged, match="deep network|training"):
        run(["as printed"], [1e200], steps=5)


@pytest.mark.bad_input
@given(st.one_of(st.integers(max_value=0), st.floats(), st.just("3"), st.booleans(), st.just(10**7)))
def test_bad_number_of_steps(value):
    with pytest.raises(InvalidArgument, match="steps"):
        run(["1/N"], [0.01], steps=value)


@pytest.mark.bad_input
def test_bad_input():
    networks = DeepEnsemble([ARCHITECTURES["1/N"]], 3, 5, generator())
    rates = torch.tensor([0.01], dtype=torch.float64)
    for bad in (torch.full((12, 2), torch.nan, dtype=torch.float64), normal(12), None, normal(0, 2)):
        with pytest.raises(InvalidArgument, match="inputs"):
            train(networks, bad, TARGETS, rates, 1, generator())
        with pytest.raises(InvalidArgument, match="targets"):
            train(networks, INPUTS, bad, rates, 1, generator())
    with pytest.raises(InvalidArgument, match="targets"):
        train(networks, INPUTS, TARGETS[:5], rates, 1, generator())
    with pytest.raises(InvalidArgument, match="points that differ"):
        train(networks, INPUTS, torch.ones_like(TARGETS), rates, 1, generator())
    other = DeepEnsemble([ARCHITECTURES["1/N"]], 3, 5, generator(), activation=torch.clone)
    with pytest.raises(InvalidArgument, match="activation tanh"):
        train(other, INPUTS, TARGETS, rates, 1, generator())
    for bad in (-rates, 0 * rates, torch.cat([rates, rates]), None):
        with pytest.raises(InvalidArgument, match="rates"):
            train(networks, INPUTS, TARGETS, bad, 1, generator())
    done = train(networks, INPUTS, TARGETS.clone().requires_grad_(), rates, 1, generator())
    with pytest.raises(InvalidArgument, match="inputs"):
        done.predict(normal(3, 4))
