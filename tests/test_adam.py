"""The book's Adam takes the steps of torch.optim.Adam in numpy, in torch and compiled; its schedule is torch's cosine."""

import numpy as np
import pytest
import torch

from nnqg import _compiled_adam, adam
from nnqg.errors import InvalidArgument

GRADIENTS = np.random.default_rng(0).standard_normal((40, 7)) * np.geomspace(1e-9, 1e3, 7)


def by_torch(gradients, rates, betas=(0.9, 0.999)):
    """Path of torch's Adam from zero, with one rate a weight or for all, falling along torch's cosine."""
    weights = [torch.nn.Parameter(torch.zeros(1, dtype=torch.float64)) for _ in gradients[0]]
    optimiser = torch.optim.Adam([{"params": [w], "lr": rate} for w, rate in zip(weights, rates, strict=True)], betas=betas)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, len(gradients), eta_min=1e-4)
    path = []
    for gradient in gradients:
        for weight, value in zip(weights, gradient, strict=True):
            weight.grad = torch.tensor([value], dtype=torch.float64)
        optimiser.step()
        schedule.step()
        path.append([weight.item() for weight in weights])
    return np.array(path)


@pytest.mark.parametrize("decay_square", [0.999, 0.99])
@pytest.mark.parametrize("convert", [np.array, torch.tensor])
@pytest.mark.parametrize("rates", [np.full(7, 0.02), np.geomspace(0.001, 0.1, 7)])
def test_its_steps_are_those_of_torch(convert, rates, decay_square):
    vector = convert(np.zeros(7))
    mine, path = adam.Adam(vector, decay_square=decay_square), []
    for step, gradient in enumerate(GRADIENTS):
        mine.step(convert(gradient), adam.cosine_rate(step, len(GRADIENTS), convert(rates), 1e-4))
        path.append(np.array(vector))
    assert np.stack(path) == pytest.approx(by_torch(GRADIENTS, rates, (0.9, decay_square)), rel=1e-11, abs=1e-15)


def test_epsilon_stands_outside_the_root():
    vector = np.zeros(2)
    adam.Adam(vector).step(np.array([1e-8, 1.0]), 1.0)
    assert vector == pytest.approx([-0.5, -1.0], rel=1e-7)  # g / (|g| + eps)


def test_a_step_on_the_vector_moves_the_weights():
    weights = [torch.ones(2, 3, dtype=torch.float64), torch.ones(4, dtype=torch.float64)]
    vector = adam.gather(weights)
    matrix, bias = adam.views(vector, weights)
    adam.Adam(vector).step(torch.ones(10, dtype=torch.float64), 0.1)
    assert matrix.shape == (2, 3) and bias.shape == (4,)
    assert torch.allclose(matrix, torch.full_like(matrix, 0.9)) and torch.allclose(bias, torch.full_like(bias, 0.9))
    assert weights[0][0, 0] == 1.0  # gathered, not shared


def test_the_compiled_step_is_the_same():
    rng, factors, moments = np.random.default_rng(0), np.linspace(0.1, 2, 5), np.zeros((2, 5))
    mine, theirs = np.ones(5), np.ones(5)
    optimiser = adam.Adam(theirs)
    for count in range(1, 30):
        gradient = rng.standard_normal(5)
        _compiled_adam.step(mine, gradient, moments, count, 0.01, factors)
        optimiser.step(gradient, 0.01 * factors)
    assert mine == pytest.approx(theirs, rel=1e-12)


@pytest.mark.bad_input
def test_bad_input_is_refused():
    with pytest.raises(InvalidArgument, match="vector"):
        adam.Adam(np.zeros((2, 2)))
    with pytest.raises(InvalidArgument, match="vector"):
        adam.Adam([0.0])
    for name, value in (("decay", 1.0), ("decay_square", -0.1), ("eps", 0.0)):
        with pytest.raises(InvalidArgument, match=name):
            adam.Adam(np.zeros(2), **{name: value})
    with pytest.raises(InvalidArgument, match="gradient"):
        adam.Adam(np.zeros(2)).step(np.zeros(3), 0.1)
    with pytest.raises(InvalidArgument, match="vector"):
        adam.views(np.zeros(3), [np.zeros(2)])
