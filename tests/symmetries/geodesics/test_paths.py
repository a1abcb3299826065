"""Geodesics are great circles on the sphere, look alike in all charts, and keep their speed; curvature is the known one."""

import numpy as np
import pytest
import torch

from nnqg.errors import Diverged, InvalidArgument
from nnqg.symmetries.geodesics.paths import acceleration, curvature, pull_back, shoot


def surface(c):
    return lambda x: torch.eye(2) * (4 / (1 + c * (x**2).sum(-1)) ** 2)[:, None, None]


def wavy(x):
    L = torch.eye(2, dtype=x.dtype) + 0.2 * torch.stack([torch.sin(x), torch.cos(x[:, [1, 0]])], dim=1)
    return L @ L.mT


@pytest.fixture
def states():
    rng = np.random.default_rng(3)
    return torch.as_tensor(0.4 * rng.standard_normal((6, 2))), torch.as_tensor(0.4 * rng.standard_normal((6, 2)))


def sphere_points(x):
    """Points of the sphere in space, from stereographic coordinates."""
    r2 = (x**2).sum(-1, keepdim=True)
    return torch.cat([2 * x, 1 - r2], dim=-1) / (1 + r2)


def test_acceleration_is_christoffels_by_finite_differences(states):
    x, v = states
    step = 1e-5
    d_g = torch.stack([(wavy(x + step * e) - wavy(x - step * e)) / (2 * step) for e in torch.eye(2, dtype=x.dtype)])
    lower = (torch.einsum("jplk->pljk", d_g) + torch.einsum("kplj->pljk", d_g) - torch.einsum("lpjk->pljk", d_g)) / 2
    expected = -torch.einsum("pil,pljk,pj,pk->pi", torch.linalg.inv(wavy(x)), lower, v, v)
    torch.testing.assert_close(acceleration(wavy, x, v), expected, rtol=1e-8, atol=1e-9)


def test_paths_on_the_sphere_are_great_circles_with_order_four(states):
    x, v = states
    off = []
    for steps in (10, 20):
        places = sphere_points(shoot(surface(1.0), x, v, 1.0, steps)[0])
        speed = (v.norm(dim=1) * 2 / (1 + (x**2).sum(1)))[:, None]
        start, tiny = places[0], 1e-6
        turn = (sphere_points(x + tiny * v) - sphere_points(x - tiny * v)) / (2 * tiny) / speed
        off.append(float((places[-1] - speed.cos() * start - speed.sin() * turn).abs().max()))
    assert np.log2(off[0] / off[1]) == pytest.approx(4, abs=0.4)


def test_speed_is_conserved(states):
    places, velocities = shoot(wavy, *states, T=1.0, steps=40)
    speed = [torch.einsum("pi,pij,pj->p", v, wavy(x), v) for x, v in zip(places, velocities, strict=True)]
    torch.testing.assert_close(speed[-1], speed[0], rtol=1e-6, atol=0)


def test_other_coordinates_show_the_same_path_and_curvature(states):
    x, v = states

    def chart(x):
        return x + 0.1 * torch.sin(x[..., [1, 0]])

    v_new = v + 0.1 * torch.cos(x[:, [1, 0]]) * v[:, [1, 0]]
    old = shoot(pull_back(wavy, chart), x, v, 1.0, 60)[0][-1]
    torch.testing.assert_close(chart(old), shoot(wavy, chart(x), v_new, 1.0, 60)[0][-1], rtol=0, atol=1e-7)
    torch.testing.assert_close(curvature(pull_back(wavy, chart), x), curvature(wavy, chart(x)), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("c", [1.0, 0.0, -1.0])
def test_curvature_of_the_known_surfaces(states, c):
    torch.testing.assert_close(curvature(surface(c), 0.5 * states[0]), torch.full((6,), c, dtype=torch.float64))


def test_weights_of_a_metric_have_a_gradient(states):
    x, v = states
    scale = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)

    def end(s):
        return acceleration(lambda x: torch.eye(2) * torch.exp(s * x.sum(-1))[:, None, None], x, v).sum()

    end(scale).backward()
    assert float(scale.grad) == pytest.approx(float((end(scale + 1e-6) - end(scale - 1e-6)).detach()) / 2e-6, rel=1e-7)


@pytest.mark.bad_input
def test_bad_metrics_and_paths_are_refused(states):
    x, v = states
    with pytest.raises(InvalidArgument, match="positive"):
        acceleration(lambda x: torch.diag_embed(torch.stack([x[:, 0] ** 0, -(x[:, 0] ** 0)], dim=-1)), x, v)
    with pytest.raises(InvalidArgument, match="symmetric"):
        acceleration(lambda x: torch.tensor([[2.0, 1], [0, 2]], dtype=x.dtype).expand(len(x), 2, 2), x, v)
    with pytest.raises(InvalidArgument, match="metric"):
        shoot(lambda x: x, x, v, 1.0, 5)
    with pytest.raises(InvalidArgument, match="T"):
        shoot(wavy, x, v, 0.0, 5)
    with pytest.raises(InvalidArgument, match="solver"):
        shoot(wavy, x, v, 1.0, 5, "leapfrog")
    with pytest.raises(InvalidArgument, match="v"):
        acceleration(wavy, x, v[:2])
    start, away = torch.zeros(1, 2, dtype=x.dtype), torch.tensor([[1.0, 0.0]], dtype=x.dtype)
    with pytest.raises(InvalidArgument, match="positive"):
        shoot(lambda x: torch.diag_embed(torch.stack([x[:, 0] ** 0, 1 - x[:, 0]], dim=-1)), start, away, 2.0, 9)
    with pytest.raises(Diverged, match="diverged at"):
        shoot(lambda x: torch.diag_embed(torch.stack([x[:, 0] ** 0, torch.sqrt(1 - x[:, 0])], dim=-1)), start, away, 2.0, 9)
