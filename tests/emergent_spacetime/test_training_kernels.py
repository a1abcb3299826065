"""The compiled pieces that the trainings of a bulk metric share."""

import numpy as np
import pytest
import torch

from nnqg.emergent_spacetime import _training_kernels as kernels


def test_adam_is_that_of_torch():
    rng, tilt = np.random.default_rng(1), np.array([1.0, 0.5, 0.0])
    weights, moments = rng.normal(size=3), np.zeros((2, 3))
    theirs = [torch.tensor([w], dtype=torch.float64, requires_grad=True) for w in weights]
    optimiser = torch.optim.Adam([{"params": [w], "lr": 1e-2 * factor} for w, factor in zip(theirs, tilt, strict=True)])
    for count in range(1, 51):
        gradient = rng.normal(size=3)
        for w, slope in zip(theirs, gradient, strict=True):
            w.grad = torch.tensor([slope], dtype=torch.float64)
        optimiser.step()
        kernels.adam(weights, gradient, moments, count, 1e-2, tilt)
    assert weights == pytest.approx(torch.cat(theirs).detach().numpy(), rel=1e-12)


def test_roughness_adds_its_gradient():
    weights, smooth = np.array([1.0, 3.0, 2.0, 99.0]), np.array([0.5, 2.0])
    gradient = np.ones(4)
    assert kernels.add_roughness(weights, 3, smooth, gradient) == pytest.approx(0.5 * 4 + 2 * 1)
    assert gradient == pytest.approx([1 - 2, 1 + 2 + 4, 1 - 4, 1])


def test_draws_are_uniform_and_depend_on_the_state_only():
    first, second = (np.array([12345], dtype=np.uint64) for _ in range(2))
    draws = [kernels.draw(first, 7) for _ in range(70_000)]
    assert draws[:50] == [kernels.draw(second, 7) for _ in range(50)]
    counts = np.bincount(draws, minlength=7)
    assert counts.size == 7
    assert ((counts - 10_000) ** 2 / 10_000).sum() < 22.5  # chi-squared of 6 degrees of freedom: one generator in a thousand fails
