"""Gradients through deep local layers and the wave network: finite differences, autograd, exact cones, orders and refusals."""

import numpy as np
import pytest
import torch

from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.locality.convolution import convolve
from nnqg.networks_as_spacetime.locality.light_cone import sensitivity, wave_network

RNG = np.random.default_rng(0)
KERNELS, FIELD = RNG.standard_normal((6, 3)), RNG.standard_normal(21)


def run(field, kernels=KERNELS):
    for kernel in kernels:
        field = np.tanh(convolve(field, kernel))
    return field


def test_gradient_against_finite_differences_at_every_layer():
    rows = sensitivity(KERNELS, FIELD, 4)
    state = FIELD
    for n, kernel in enumerate(KERNELS):
        for j in (0, 4, 9):
            nudge = 1e-6 * np.eye(21)[j]
            numeric = (run(state + nudge, KERNELS[n:])[4] - run(state - nudge, KERNELS[n:])[4]) / 2e-6
            assert rows[n, j] == pytest.approx(numeric, abs=1e-8)
        state = np.tanh(convolve(state, kernel))


def test_gradient_against_autograd():
    entrance = torch.tensor(FIELD, requires_grad=True)
    state = entrance
    for kernel in torch.tensor(KERNELS):
        state = torch.tanh(sum(w * torch.roll(state, -k) for k, w in zip((-1, 0, 1), kernel, strict=True)))
    state[4].backward()
    assert sensitivity(KERNELS, FIELD, 4)[0] == pytest.approx(entrance.grad.numpy(), abs=1e-15)


@pytest.mark.parametrize("h", [1, 2])
def test_exact_zeros_outside_of_the_cone_only(h):
    kernels, field = np.random.default_rng(h).standard_normal((5, 2 * h + 1)), np.zeros(41)
    rows = sensitivity(kernels, field, 20)
    apart = abs(np.arange(41) - 20)
    for n in range(6):
        assert np.array_equal(rows[n] == 0, apart > h * (5 - n))


def test_positive_weights_make_a_random_walk():
    kernels = np.random.default_rng(3).uniform(size=(30, 3))
    kernels /= kernels.sum(axis=1, keepdims=True)
    row, k = sensitivity(kernels, np.zeros(101), 50)[0], np.arange(101) - 50
    steps = np.array([-1, 0, 1])
    mean = (kernels @ steps).sum()
    assert row.sum() == pytest.approx(1) and (row >= 0).all()
    assert row @ k == pytest.approx(mean)
    assert row @ (k - mean) ** 2 == pytest.approx((kernels @ steps**2 - (kernels @ steps) ** 2).sum())


def test_wave_at_the_edge_of_the_cone_is_exact():
    x = np.arange(64) / 64
    bump = np.exp(-100 * (x - 0.5) ** 2)
    states = wave_network(bump, 1.0, 64)
    for n in (1, 10, 64):
        assert states[n] == pytest.approx((np.roll(bump, n) + np.roll(bump, -n)) / 2, abs=1e-13)


def test_order_of_the_wave_network():
    errors = []
    for n in (64, 128):
        x = 2 * np.pi * np.arange(n) / n
        states = wave_network(np.cos(3 * x), 0.5, n // 4)  # time pi/4
        errors.append(abs(states[-1] - np.cos(3 * x) * np.cos(3 * np.pi / 4)).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.05)


def test_stable_exactly_up_to_the_edge_of_the_cone():
    start = np.random.default_rng(0).standard_normal(40)
    assert abs(wave_network(start, 0.99, 400)).max() < 1e3
    assert abs(wave_network(start, 1.02, 400)).max() > 1e20


def test_wave_network_has_its_cone_and_keeps_the_sum():
    apart = abs(np.arange(41) - 20)
    states = wave_network((apart == 0).astype(float), 0.7, 8)
    for n in range(9):
        assert np.array_equal(states[n] == 0, apart > n)
        assert states[n].sum() == pytest.approx(1)


def test_a_wave_faster_than_the_cone_is_missed_on_every_lattice():
    for n in (80, 160):
        x = np.arange(n) / n
        pulse = np.where(abs(x - 0.5) < 0.05, 1.0, 0.0)
        assert wave_network(pulse, 1.0, n // 4)[-1, 3 * n // 4] == pytest.approx(0.5)  # d'Alembert at t = 1/4
        assert wave_network(pulse, 2.0, n // 8)[-1, 3 * n // 4] == 0


def test_a_wave_that_runs_away_is_reported():
    with pytest.raises(Diverged, match="wave network"):
        wave_network(np.random.default_rng(0).standard_normal(9), 3.0, 400)


@pytest.mark.bad_input
def test_bad_input():
    for bad in (KERNELS[0], np.ones((2, 2)), None):
        with pytest.raises(InvalidArgument, match="kernels|weights"):
            sensitivity(bad, FIELD, 4)
    for bad in (np.zeros((2, 3)), None, np.array([np.nan])):
        with pytest.raises(InvalidArgument, match="field"):
            sensitivity(KERNELS, bad, 0)
        with pytest.raises(InvalidArgument, match="field"):
            wave_network(bad, 0.5, 3)
    for bad in (-1, 21, 1.5):
        with pytest.raises(InvalidArgument, match="site"):
            sensitivity(KERNELS, FIELD, bad)
    for bad in (0.0, -1.0, np.nan):
        with pytest.raises(InvalidArgument, match="courant"):
            wave_network(FIELD, bad, 3)
    for bad in (0, 2.5):
        with pytest.raises(InvalidArgument, match="layers"):
            wave_network(FIELD, 0.5, bad)
