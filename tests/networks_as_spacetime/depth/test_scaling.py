"""Ensembles of deep random networks: the formula layer by layer, exact averages, and the limit of many layers."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.depth.residual_network import residual_network
from nnqg.networks_as_spacetime.depth.scaling import ARCHITECTURES, Architecture, DeepEnsemble


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(*shape, seed=1):
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64)


def test_every_architecture_is_its_formula():
    networks = DeepEnsemble(list(ARCHITECTURES.values()), 6, 4, generator())
    networks.biases = normal(6, 5, 1, 4)
    start = normal(5, 3, 4)
    states = networks.states(start)
    for k, member in enumerate(ARCHITECTURES.values()):
        x = start[k]
        for n in range(6):
            x = member.skip * x + 6**-member.power * torch.tanh(x @ networks.weights[n, k] + networks.biases[n, k])
            assert torch.allclose(states[n + 1, k], x, atol=1e-14)


def test_tied_euler_network_is_a_residual_network_in_unit_time():
    networks = DeepEnsemble([ARCHITECTURES["1/N, tied"]], 12, 4, generator())
    start = normal(1, 3, 4)
    weights = networks.weights[0, 0].numpy()
    path = residual_network(lambda t, x: np.tanh(x @ weights), start[0].numpy(), 1.0, 12)
    assert networks.states(start)[:, 0].numpy() == pytest.approx(path, abs=1e-14)


def test_only_tied_members_share_their_weights():
    networks = DeepEnsemble([ARCHITECTURES["1/N"], ARCHITECTURES["1/N, tied"]], 5, 4, generator())
    assert bool((networks.weights[:, 1] == networks.weights[0, 1]).all())
    assert not bool((networks.weights[1:, 0] == networks.weights[0, 0]).any())


@pytest.mark.parametrize("name", ["as printed", "1/sqrt N", "1/N"])
def test_mean_square_of_a_linear_residual_network(name):
    depth, seeds, power = 8, 4000, ARCHITECTURES[name].power
    networks = DeepEnsemble([ARCHITECTURES[name]] * seeds, depth, 8, generator(), activation=torch.clone)
    start = torch.ones(seeds, 1, 8, dtype=torch.float64)
    ratio = (networks.states(start)[-1] ** 2).sum(-1)[:, 0].numpy() / 8
    error = ratio.std() / np.sqrt(seeds)
    assert abs(ratio.mean() - (1 + depth ** (-2 * power)) ** depth) < 4 * error


def test_variance_of_the_weights_is_one_over_the_width():
    networks = DeepEnsemble([Architecture(1.0, 0.5)] * 20, 20, 16, generator())
    assert float(networks.weights.var()) * 16 == pytest.approx(1.0, abs=0.02)
    assert not bool(networks.biases.any())


def test_members_do_not_feel_each_other():
    networks = DeepEnsemble(list(ARCHITECTURES.values()), 4, 3, generator())
    start = normal(5, 2, 3)
    moved = start.clone()
    moved[2] += 1.0
    before, after = networks.states(start)[-1], networks.states(moved)[-1]
    assert [k for k in range(5) if not torch.equal(before[k], after[k])] == [2]


def test_a_network_that_runs_away_is_reported():
    networks = DeepEnsemble([ARCHITECTURES["as printed"]], 20, 3, generator(), activation=torch.exp)
    with pytest.raises(Diverged, match="deep network"):
        networks.states(torch.ones(1, 2, 3, dtype=torch.float64))


@pytest.mark.bad_input
@given(st.one_of(st.integers(max_value=0), st.floats(), st.just("3"), st.booleans()))
def test_bad_sizes(value):
    with pytest.raises(InvalidArgument, match="depth"):
        DeepEnsemble([ARCHITECTURES["1/N"]], value, 3, generator())
    with pytest.raises(InvalidArgument, match="width"):
        DeepEnsemble([ARCHITECTURES["1/N"]], 3, value, generator())


@pytest.mark.bad_input
def test_bad_input():
    with pytest.raises(InvalidArgument, match="members"):
        DeepEnsemble([], 3, 3, generator())
    networks = DeepEnsemble([ARCHITECTURES["1/N"]] * 2, 3, 4, generator())
    nan = torch.full((2, 1, 4), torch.nan, dtype=torch.float64)
    for start in (nan, normal(2, 4), normal(1, 1, 4), normal(2, 0, 4), normal(2, 1, 5), None, np.zeros((2, 1, 4))):
        with pytest.raises(InvalidArgument, match="entrance"):
            networks.states(start)


@pytest.mark.bad_input
@pytest.mark.parametrize("bad", [lambda x: None, lambda x: 1j * x, lambda x: x[..., :1], lambda x: x.float(), lambda x: x[None], lambda: 0])
def test_activations_that_return_other_shapes_are_named(bad):
    networks = DeepEnsemble([ARCHITECTURES["1/N"]] * 2, 3, 4, generator(), bad)
    with pytest.raises(InvalidArgument, match="activation: expected"):
        networks.states(normal(2, 7, 4))
