"""Autoencoders: the exact linear optimum, the rank of their derivative, gradients, and refusals."""

import numpy as np
import pytest
import torch

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.wormhole.autoencoder import Autoencoders, train_autoencoders


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def cloud(points=60, scales=(2.0, 1.0, 0.5, 0.2)):
    draws = np.random.default_rng(3).standard_normal((points, len(scales))) * np.array(scales)
    return draws - draws.mean(0)


def principal_component_errors(data):
    s2 = np.linalg.svd(data - data.mean(0), compute_uv=False) ** 2
    return 1 - np.append(0.0, np.cumsum(s2)) / s2.sum()


def test_linear_autoencoders_reach_the_principal_components_and_never_beat_them():
    data = cloud()
    networks = Autoencoders((4,), (1, 2, 3), generator())
    loss = train_autoencoders(networks, torch.as_tensor(data), 0.03, 1500)[-1]
    exact = principal_component_errors(data)[1:4]
    assert loss == pytest.approx(exact, rel=1e-3)
    assert (loss >= exact * (1 - 1e-12)).all()


def test_linear_optimum_is_the_projector():
    data = cloud()
    networks = Autoencoders((4,), (2,), generator(1))
    train_autoencoders(networks, torch.as_tensor(data), 0.03, 1500)
    directions = np.linalg.svd(data)[2][:2]
    assert networks.derivative(torch.zeros(4, dtype=torch.float64), 0) == pytest.approx(directions.T @ directions, abs=1e-2)


@pytest.mark.parametrize("member", [0, 1, 2])
def test_rank_of_the_derivative_is_the_bottleneck(member):
    networks = Autoencoders((8, 6), (1, 2, 4), generator(2))
    point = torch.randn(8, generator=generator(5), dtype=torch.float64)
    assert np.linalg.matrix_rank(networks.derivative(point, member), tol=1e-12) == (1, 2, 4)[member]


def test_derivative_is_the_difference_quotient():
    networks = Autoencoders((5, 4), (3,), generator(4))
    point, h = torch.randn(5, generator=generator(6), dtype=torch.float64), 1e-6
    shifts = h * torch.eye(5, dtype=torch.float64)
    quotient = (networks(point + shifts)[0] - networks(point - shifts)[0]) / (2 * h)
    assert networks.derivative(point, 0) == pytest.approx(quotient.T.numpy(), abs=1e-8)


def test_steps_are_those_of_torch():
    data, networks = torch.as_tensor(cloud()), Autoencoders((4, 3), (1, 2), generator())
    parameters = [p.clone().requires_grad_() for p in (*networks.weights, *networks.biases)]
    optimiser = torch.optim.Adam(parameters, lr=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 15)
    for _ in range(15):
        optimiser.zero_grad()
        (w1, w2, w3, w4), (b1, b2, b3, b4) = parameters[:4], parameters[4:]
        inner = (torch.tanh(data @ w1 + b1) @ w2 + b2) * networks.mask
        miss = torch.tanh(inner @ w3 + b3) @ w4 + b4 - data
        ((miss**2).mean(dim=(1, 2)).sum() / data.var(0, correction=0).mean()).backward()
        optimiser.step()
        schedule.step()
    train_autoencoders(networks, data, 0.02, 15)
    for ours, theirs in zip((*networks.weights, *networks.biases), parameters, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-10)


def test_members_are_trained_independently():
    data = torch.as_tensor(cloud())
    pair = Autoencoders((4, 3), (1, 2), generator())
    alone = Autoencoders((4, 3), (2,), generator())
    alone.weights = [weight[1:].clone() for weight in pair.weights]
    alone.biases = [bias[1:].clone() for bias in pair.biases]
    together = train_autoencoders(pair, data, 0.01, 20)
    assert train_autoencoders(alone, data, 0.01, 20)[:, 0] == pytest.approx(together[:, 1], rel=1e-10)


def test_first_loss_is_that_of_the_untrained_network_and_training_lowers_it():
    data = torch.as_tensor(cloud())
    networks = Autoencoders((4, 6), (2,), generator())
    untrained = float(((networks(data)[0] - data) ** 2).mean() / data.var(0, correction=0).mean())
    history = train_autoencoders(networks, data, 0.01, 200)
    assert history[0, 0] == pytest.approx(untrained)
    assert history.shape == (201, 1) and history[-1, 0] < 0.5 * history[0, 0]


def test_one_real_unit_can_follow_a_curve_that_no_line_fits():
    angle = np.linspace(0.2, 2.9, 50)
    arc = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    arc -= arc.mean(0)
    networks = Autoencoders((2, 16), (1,), generator(7))
    loss = train_autoencoders(networks, torch.as_tensor(arc), 0.02, 1000)[-1, 0]
    assert loss < principal_component_errors(arc)[1] / 10


@pytest.mark.bad_input
def test_bad_networks_are_refused():
    for widths, bottlenecks, message in (((), (1,), "widths"), ((4,), (), "bottlenecks"), ((4, 0), (1,), "widths"), ((4,), (1.5,), "bott")):
        with pytest.raises(InvalidArgument, match=message):
            Autoencoders(widths, bottlenecks, generator())


@pytest.mark.bad_input
def test_bad_data_are_refused():
    networks, good = Autoencoders((4,), (1,), generator()), torch.as_tensor(cloud())
    for data, rate, steps, message in (
        (good[:, :3], 0.1, 5, "inputs"),
        (torch.ones_like(good), 0.1, 5, "points that differ"),
        (good, 0.0, 5, "rate"),
        (good, 0.1, 0, "steps"),
        (good, 0.1, 10**7, "steps"),
        (good.numpy(), 0.1, 5, "inputs"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            train_autoencoders(networks, data, rate, steps)
    assert train_autoencoders(networks, good.clone().requires_grad_(), 0.1, 1).shape == (2, 1)
    assert networks.derivative(good[0].clone().requires_grad_(), 0).shape == (4, 4)
    with pytest.raises(InvalidArgument, match="point"):
        networks.derivative(good, 0)
    with pytest.raises(InvalidArgument, match="inputs"):
        networks(good[0])
