"""Gradients through the depth: against autograd, finite differences and exact averages."""

import numpy as np
import pytest
import torch
from scipy.special import digamma

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.depth.gradients import gradient_norms
from nnqg.networks_as_spacetime.depth.scaling import ARCHITECTURES, DeepEnsemble


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(*shape, seed=1):
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64)


def direction(shape, seed):
    """The unit vectors that gradient_norms draws from a generator of this seed."""
    drawn = normal(*shape, seed=seed)
    return drawn / drawn.norm(dim=-1, keepdim=True)


def test_against_autograd_at_every_layer():
    networks = DeepEnsemble(list(ARCHITECTURES.values()), 6, 4, generator())
    networks.biases = normal(6, 5, 1, 4)
    start, u = normal(5, 3, 4), direction((5, 3, 4), seed=7)
    norms = gradient_norms(networks, start, generator(7))
    whole = networks.states(start)
    for n in range(7):
        entrance = whole[n].clone().requires_grad_()
        x = entrance
        for m in range(n, 6):
            rate = torch.tanh(x @ networks.weights[m] + networks.biases[m])
            x = networks.skip * x + networks.scale * rate
        gradient = torch.autograd.grad((u * x).sum(), entrance)[0]
        assert torch.allclose(norms[n], gradient.norm(dim=-1), atol=1e-13)


def test_against_finite_differences():
    networks = DeepEnsemble([ARCHITECTURES["as printed"]], 5, 3, generator())
    start, u, step = normal(1, 1, 3), direction((1, 1, 3), seed=7), 1e-6

    def value(x):
        return float((u * networks.states(x)[-1]).sum())

    unit = torch.eye(3, dtype=torch.float64)
    slopes = [(value(start + step * e) - value(start - step * e)) / (2 * step) for e in unit]
    assert float(gradient_norms(networks, start, generator(7))[0, 0, 0]) == pytest.approx(np.linalg.norm(slopes), rel=1e-7)


def test_exponent_of_a_plain_linear_network_is_exact():
    depth, width, seeds = 30, 6, 1500
    networks = DeepEnsemble([ARCHITECTURES["plain"]] * seeds, depth, width, generator(), activation=torch.clone)
    logs = gradient_norms(networks, normal(seeds, 1, width), generator(3))[0].log().numpy()
    exact = depth / 2 * (digamma(width / 2) - np.log(width / 2))
    assert abs(logs.mean() - exact) < 4 * logs.std() / np.sqrt(seeds)


def test_norm_is_one_at_the_exit():
    networks = DeepEnsemble(list(ARCHITECTURES.values()), 4, 3, generator())
    assert torch.allclose(gradient_norms(networks, normal(5, 2, 3), generator())[-1], torch.ones(5, 2, dtype=torch.float64))


@pytest.mark.bad_input
def test_bad_input():
    networks = DeepEnsemble([ARCHITECTURES["1/N"]] * 2, 3, 4, generator())
    nan = torch.full((2, 1, 4), torch.nan, dtype=torch.float64)
    for start in (nan, normal(2, 4), normal(1, 1, 4), normal(2, 1, 5), None):
        with pytest.raises(InvalidArgument, match="entrance"):
            gradient_norms(networks, start, generator())
