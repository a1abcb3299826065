"""Fits: noise floor, recovery of a known motion, independence of the seeds, and errors."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.hamiltonian import training
from nnqg.networks_as_spacetime.hamiltonian.comparisons import FreeField, ResidualNetwork
from nnqg.networks_as_spacetime.hamiltonian.hamiltonian_network import HamiltonianNetwork, SeparableHamiltonian
from nnqg.networks_as_spacetime.hamiltonian.oscillators import Oscillator, flow

HARMONIC = Oscillator(lambda q: q**2 / 2, lambda q: -q)
STARTS = np.stack([np.linspace(0.3, 1.2, 6), np.linspace(-1, 1, 6)], axis=-1)


class TrueOscillator:
    """The harmonic oscillator as the layers see it."""

    @staticmethod
    def velocity(p):
        return p

    @staticmethod
    def force(q):
        return -q


def observe(seeds=3, noise=0.05, seed=0, **changes):
    options = {"interval": 0.2, "length": 5, "pieces": 2, "noise": noise, "seeds": seeds} | changes
    return training.observe(HARMONIC, STARTS, rng=np.random.default_rng(seed), **options)


def test_observations_scatter_around_the_truth_by_the_noise():
    data = observe(seeds=200)
    truth = flow(HARMONIC, STARTS, 0.2 * np.arange(6))
    residual = data.segments[:, :, :6].numpy() - truth[:, None]
    assert residual.std() == pytest.approx(0.05, rel=0.03)
    assert abs(residual.mean()) < 0.002


def test_segments_share_their_ends():
    segments = observe().segments
    assert segments.shape == (6, 3, 12, 2)
    assert torch.equal(segments[-1, :, :6], segments[0, :, 6:])


def test_exact_motion_reaches_the_counted_floor():
    data = observe(seeds=20)
    exact = HamiltonianNetwork(TrueOscillator, "leapfrog", 0.2, layers=8)
    loss = training.fit(exact, data, warm_up=0, steps=80, rng=np.random.default_rng(1)).loss
    assert loss[-1].mean() == pytest.approx(data.floor(), rel=0.03)
    assert data.floor() == pytest.approx(5 / 6)


def test_separable_network_learns_the_oscillator():
    data = observe(seeds=2, noise=0.01)
    model = SeparableHamiltonian(2, 8, torch.Generator().manual_seed(0))
    network = HamiltonianNetwork(model, "leapfrog", 0.2, layers=1)
    loss = training.fit(network, data, warm_up=600, steps=200, rng=np.random.default_rng(1)).loss
    assert loss[-1].max() < 1.5
    path = training.predict(network, STARTS, 10, seeds=2)  # as long as the observations
    assert np.abs(path - flow(HARMONIC, STARTS, 0.2 * np.arange(11))[:, None]).max() < 0.05


def test_same_seed_gives_the_same_fit():
    def once():
        network = ResidualNetwork(FreeField(2, 4, torch.Generator().manual_seed(0)))
        return training.fit(network, observe(seeds=2), warm_up=5, steps=5, rng=np.random.default_rng(1)).loss

    assert np.array_equal(once(), once())


def test_a_seed_is_fitted_as_if_it_were_alone():
    data = observe(seeds=2)
    field = FreeField(2, 4, torch.Generator().manual_seed(0))
    single = FreeField(1, 4, torch.Generator().manual_seed(0))
    with torch.no_grad():
        for weight, source in zip(single.parameters(), field.parameters(), strict=True):
            weight.copy_(source[:1])
    first = training.Observations(data.segments[:, :1], data.interval, data.noise)
    both = training.fit(ResidualNetwork(field), data, warm_up=10, steps=10, rng=np.random.default_rng(1)).loss
    alone = training.fit(ResidualNetwork(single), first, warm_up=10, steps=10, rng=np.random.default_rng(1)).loss
    assert both[:, 0] == pytest.approx(alone[:, 0], rel=1e-9)


def test_a_fit_takes_the_steps_of_torchs_adam_and_cosine():
    data, field = observe(seeds=2), FreeField(2, 4, torch.Generator().manual_seed(0))
    starts, weights = torch.nn.Parameter(data.segments[0].clone()), [torch.nn.Parameter(w.detach().clone()) for w in field.parameters()]
    optimiser = torch.optim.Adam([{"params": [starts], "lr": 0.005}, {"params": weights, "lr": 0.01}])
    schedule, losses = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 12, eta_min=1e-4), []
    for _ in range(12):
        states = [starts]
        for _ in range(5):
            hidden = torch.tanh(weights[1] + states[-1] @ weights[0])
            states.append(states[-1] + hidden @ weights[2] + weights[3])
        loss = ((torch.stack(states) - data.segments) ** 2).mean((0, 2, 3)) / data.noise**2
        losses.append(loss.detach().numpy())
        optimiser.zero_grad()
        loss.sum().backward()
        optimiser.step()
        schedule.step()
    fit = training.fit(ResidualNetwork(field), data, warm_up=0, steps=12, rng=np.random.default_rng(1))
    assert fit.loss == pytest.approx(np.stack(losses), rel=1e-10)
    for mine, theirs in zip(field.parameters(), weights, strict=True):
        assert torch.allclose(mine, theirs, rtol=1e-9, atol=1e-12)


def explode(starts, intervals):
    return torch.stack([starts * (torch.inf if step else 1.0) for step in range(intervals + 1)])


def test_divergence_is_an_error():
    with pytest.raises(Diverged, match="training"):
        training.fit(explode, observe(), warm_up=0, steps=3, rng=np.random.default_rng(0))
    with pytest.raises(Diverged, match="prediction"):
        training.predict(explode, STARTS, 3, seeds=2)


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["interval", "length", "pieces", "noise", "seeds"])
@given(value=st.one_of(st.floats(max_value=-1e-3), st.just(np.nan), st.just("1"), st.just(None), st.just(True)))
def test_bad_observations(name, value):
    with pytest.raises(InvalidArgument, match=name):
        observe(**{name: value})


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["length", "pieces", "seeds"])
def test_what_would_not_end_is_not_observed(name):
    with pytest.raises(InvalidArgument, match="numbers to observe: expected"):
        observe(**{name: 10**7})


@pytest.mark.bad_input
def test_bad_fits():
    rng = np.random.default_rng(0)
    network = ResidualNetwork(FreeField(3, 4, torch.Generator().manual_seed(0)))
    data = observe()
    spoiled = training.Observations(data.segments.clone(), 0.2, 0.05)
    spoiled.segments[0, 0, 0, 0] = torch.nan
    with pytest.raises(InvalidArgument, match="segments"):
        training.fit(network, spoiled, warm_up=0, steps=1, rng=rng)
    with pytest.raises(InvalidArgument, match="noise"):
        training.fit(network, training.Observations(data.segments, 0.2, 0.0), warm_up=0, steps=1, rng=rng)
    with pytest.raises(InvalidArgument, match="steps"):
        training.fit(network, data, warm_up=0, steps=0, rng=rng)
    with pytest.raises(InvalidArgument, match="warm_up"):
        training.fit(network, data, warm_up=-1, steps=1, rng=rng)


@pytest.mark.bad_input
def test_bad_predictions():
    network = ResidualNetwork(FreeField(3, 4, torch.Generator().manual_seed(0)))
    for starts in (np.zeros((0, 2)), np.zeros(2), np.full((1, 2), np.nan), np.zeros((1, 2), dtype=int), None):
        with pytest.raises(InvalidArgument, match="starts"):
            training.predict(network, starts, 2, seeds=3)
    with pytest.raises(InvalidArgument, match="intervals"):
        training.predict(network, STARTS, 0, seeds=3)
    with pytest.raises(InvalidArgument, match="seeds"):
        training.predict(network, STARTS, 2, seeds=0)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "model", [lambda starts, _: starts[None], lambda starts, n: starts.expand(n + 1, *starts.shape).float(), lambda *_: None]
)
def test_models_that_return_other_shapes(model):
    with pytest.raises(InvalidArgument, match="model: expected states of shape"):
        training.fit(model, observe(), warm_up=0, steps=1, rng=np.random.default_rng(0))
    with pytest.raises(InvalidArgument, match="model: expected states of shape"):
        training.predict(model, STARTS, 2, seeds=3)


@pytest.mark.bad_input
def test_observations_that_cannot_be():
    segments = observe().segments
    for name, call in (
        ("segments: expected at least two times", (segments[:1], 0.2, 0.05)),
        ("segments", (segments.numpy(), 0.2, 0.05)),
        ("interval", (segments, 0.0, 0.05)),
        ("noise", (segments, 0.2, np.nan)),
    ):
        with pytest.raises(InvalidArgument, match=name):
            training.Observations(*call)
