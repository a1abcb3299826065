"""Deficits: exact values, Gauss and Bonnet, gradients, and the flat limit."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.regge_calculus.regge_surface import ReggeSurface, icosahedron, torus

TETRAHEDRON = ReggeSurface(np.array([[0, 1, 2], [0, 3, 1], [0, 2, 3], [1, 3, 2]]))


def lengths(surface, seed=0, noise=0.2):
    return torch.from_numpy(1 + noise * (np.random.default_rng(seed).random(len(surface.edges)) - 0.5))


def test_regular_surfaces():
    for surface, deficit, area in ((TETRAHEDRON, np.pi, 3**0.5), (icosahedron(), np.pi / 3, 5 * 3**0.5)):
        ones = torch.ones(len(surface.edges), dtype=torch.float64)
        np.testing.assert_allclose(surface.deficits(ones), deficit, rtol=1e-12)
        assert float(surface.area(ones)) == pytest.approx(area, rel=1e-12)


@settings(max_examples=20)
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


def flat_lengths(surface, size, shift):
    """Lengths of a flat torus on which one vertex is moved."""
    place = np.stack(np.divmod(np.arange(size * size), size), axis=1).astype(float)
    place[size + 1] += shift
    apart = place[surface.edges[:, 1]] - place[surface.edges[:, 0]]
    apart -= size * np.round(apart / size)
    return torch.from_numpy(np.hypot(*apart.T))


@settings(max_examples=20)
@given(dx=st.floats(-0.2, 0.2), dy=st.floats(-0.2, 0.2))
def test_moving_a_vertex_of_flat_space_makes_no_curvature(dx, dy):
    """The lattice's remnant of a change of coordinates: other lengths, same space."""
    surface = torus(5)
    moved = flat_lengths(surface, 5, np.array([dx, dy]))
    assert float(surface.deficits(moved).abs().max()) < 1e-12
    assert float(surface.area(moved)) == pytest.approx(25, rel=1e-12)


@pytest.mark.parametrize(("surface", "independent"), [(TETRAHEDRON, 3), (icosahedron(), 11), (torus(3), 8)])
def test_all_deficits_but_one_are_independent(surface, independent):
    jacobian = torch.autograd.functional.jacobian(surface.deficits, lengths(surface)).numpy()
    assert np.linalg.matrix_rank(jacobian, tol=1e-10) == independent
    np.testing.assert_allclose(jacobian.sum(axis=0), 0, atol=1e-13)  # Gauss and Bonnet
    np.testing.assert_allclose(jacobian @ lengths(surface).numpy(), 0, atol=1e-13)  # size does not matter


def test_deficit_of_a_tip_to_second_order():
    """Spokes longer than rims by a small share x: each of the four angles at the tip of an octahedron falls by 2 x / sqrt(3) + O(x^2)."""
    octahedron = ReggeSurface(np.array([[0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 4, 1], [5, 2, 1], [5, 3, 2], [5, 4, 3], [5, 1, 4]]))
    exact = 4 * 2 / np.sqrt(3)
    misses = []
    for x in (0.02, 0.01, 0.005):
        spokes = torch.from_numpy(np.where(np.isin(octahedron.edges, [0, 5]).any(axis=1), 1 + x, 1.0))
        misses.append(float(octahedron.deficits(spokes)[0]) - (2 * np.pi - 4 * np.pi / 3) - exact * x)
    assert np.log2(np.divide(misses[:-1], misses[1:])) == pytest.approx([2, 2], abs=0.1)


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
