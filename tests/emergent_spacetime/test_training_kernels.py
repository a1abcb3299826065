"""The compiled pieces that the trainings of a bulk metric share."""

import numpy as np
import pytest
import torch

from nnqg.emergent_spacetime import _training_kernels as kernels


@pytest.mark.parametrize("points", [1, 6, 101])  # no multiple of the eight lanes
def test_the_layers_and_their_adjoint_are_those_of_torch(points):
    rng, step = np.random.default_rng(points), -0.06
    h, m2, lam = (torch.tensor(value, requires_grad=True) for value in (rng.normal(2.0, 3.0, 7), np.float64(-3.0), np.float64(0.4)))
    phi, pi_ = (torch.tensor(rng.normal(size=points), requires_grad=True) for _ in range(2))
    x, y = phi, pi_
    for h_n in h:
        x, y = x + step * y, y - step * (h_n * y - m2 * x - lam * x**3)
    u, v = rng.normal(size=(2, points))
    (x @ torch.tensor(u) + y @ torch.tensor(v)).backward()

    numbers = h.detach().numpy(), float(m2.detach()), float(lam.detach()), step
    inwards, history = [one.detach().numpy().copy() for one in (phi, pi_)], np.empty((2, 7, points))
    kernels.carry_inwards(*numbers, *inwards, history)
    assert np.array(inwards) == pytest.approx(np.array([x.detach().numpy(), y.detach().numpy()]), rel=1e-13)
    assert (history[0, -1] == phi.detach().numpy()).all() and (history[1, -1] == pi_.detach().numpy()).all()
    by_m2, by_lam, by_h = np.zeros(points), np.zeros(points), np.zeros(7)
    kernels.carry_outwards(*numbers, history, u, v, by_m2, by_lam, by_h)
    assert by_h == pytest.approx(h.grad.numpy(), rel=1e-11)
    assert [by_m2.sum(), by_lam.sum()] == pytest.approx([m2.grad.item(), lam.grad.item()], rel=1e-11)
    assert np.array([u, v]) == pytest.approx(np.array([phi.grad.numpy(), pi_.grad.numpy()]), rel=1e-11)


def test_a_field_that_runs_away_is_held():
    phi, pi_ = np.full(2, 1e9), np.zeros(2)
    kernels.carry_inwards(np.full(9, 4.0), -3.0, 5.0, -0.06, phi, pi_, np.empty((2, 9, 2)))
    assert (np.abs([phi, pi_]) <= kernels.RUNAWAY).all() and (np.abs([phi, pi_]) > 1e14).all()


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
