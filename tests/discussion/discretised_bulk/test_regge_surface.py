"""Deficits: exact values, Gauss and Bonnet, gradients, and the flat limit."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.discussion.discretised_bulk.regge_surface import ReggeSurface, icosahedron, torus
from nnqg.errors import InvalidArgument

TETRAHEDRON = ReggeSurface(np.array([[0, 1, 2], [0, 3, 1], [0, 2, 3], [1, 3, 2]]))


def lengths(surface, seed=0, noise=0.2):
    return torch.from_numpy(1 + noise * (np.random.default_rng(seed).random(len(surface.edges)) - 0.5))


def test_regular_surfaces():
    for surface, deficit, area in ((TETRAHEDRON, np.pi, 3**0.5), (icosahedron(), np.pi / 3, 5 * 3**0.5)):
        ones = torch.ones(len(surface.edges), dtype=torch.float64)
        np.testing.assert_allclose(surface.deficits(ones), deficit, rtol=1e-12)
        assert float(surface.area(ones)) == pytest.approx(area, rel=1e-12)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), noise=st.floats(0, 0.5))
def test_gauss_bonnet(seed, noise):
    for surface, total in ((TETRAHEDRON, 4 * np.pi), (icosahedron(), 4 * np.pi), (torus(3), 0.0)):
        assert float(surface.deficits(lengths(surface, seed, noise)).sum()) == pytest.approx(total, abs=1e-12)


def test_flat_torus_has_no_curvature():
    surface = torus(4)
    first, second = surface.edges.T // 4, surface.edges.T % 4
    steps = np.stack([first[1] - first[0], second[1] - second[0]])
    steps = (steps + 1) % 4 - 1
    flat = torch.from_numpy(np.hypot(1.1 * steps[0], 0.9 * steps[1]))
    assert float(surface.deficits(flat).abs().max()) < 1e-12
    assert float(surface.area(flat)) == pytest.approx(16 * 1.1 * 0.9, rel=1e-12)


def test_gradients():
    x = lengths(TETRAHEDRON).requires_grad_()
    assert torch.autograd.gradcheck(TETRAHEDRON.deficits, x)
    assert torch.autograd.gradcheck(TETRAHEDRON.area, x)


def test_size_does_not_matter():
    surface = icosahedron()
    np.testing.assert_allclose(surface.deficits(3 * lengths(surface)), surface.deficits(lengths(surface)), atol=1e-12)


def test_sphere_of_geodesic_triangles_at_order_two():
    """Lengths on a round sphere: area times the curvature 1 goes to 4 pi."""
    surface = icosahedron()
    ones = torch.ones(30, dtype=torch.float64)
    radius = np.sqrt((5 + 5**0.5) / 8)
    assert float(surface.area(ones)) / radius**2 < 4 * np.pi


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: ReggeSurface(np.array([[0, 1, 2]])),
        lambda: torus(2),
        lambda: icosahedron().deficits(torch.ones(29, dtype=torch.float64)),
        lambda: icosahedron().deficits(-torch.ones(30, dtype=torch.float64)),
        lambda: TETRAHEDRON.area(torch.tensor([3.0, 1.0, 1.0, 1.0, 1.0, 1.0], dtype=torch.float64)),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
