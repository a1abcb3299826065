"""Angles, deficits and actions: exact spheres, theorems, gradients, convergence, and what is refused."""

from itertools import combinations
from math import acos, factorial, pi, sqrt

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import Delaunay

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.regge_calculus import regge_surface
from nnqg.quantum_gravity.regge_calculus.simplicial_complex import (
    SimplicialComplex,
    cone,
    cross_polytope,
    hull,
    simplex_boundary,
    six_hundred_cell,
    six_hundred_points,
)

REGULAR = [  # complex, dihedral angles at a hinge, action over the round one of the same volume
    (simplex_boundary(4), 3, 1.4100751),
    (cross_polytope(4), 4, 1.2051732),
    (six_hundred_cell(), 5, 1.0202069),
]


def ones(space):
    return torch.ones(len(space.edges), dtype=torch.float64)


def noisy(space, seed=0, noise=0.2):
    return ones(space) + noise * torch.as_tensor(np.random.default_rng(seed).random(len(space.edges)) - 0.5)


def single(dimension):
    return SimplicialComplex(np.arange(dimension + 1)[None])


@pytest.mark.parametrize("dimension", [2, 3, 4, 5])
def test_regular_simplex(dimension):
    space = single(dimension)
    volume = sqrt(dimension + 1) / (factorial(dimension) * sqrt(2**dimension))
    assert float(space.volumes(ones(space))) == pytest.approx(volume, rel=1e-13)
    np.testing.assert_allclose(space.angles(ones(space)), acos(1 / dimension), rtol=1e-13)


def test_right_angled_tetrahedron():
    """Corners at the origin and the unit vectors: three right angles at the axes, acos(1/sqrt 3) at the slanted edges."""
    space = single(3)
    angles = space.angles(space.chords(np.vstack([np.zeros(3), np.eye(3)])))[0]
    left_out = list(combinations(range(4), 2))
    for pair, angle in zip(left_out, angles.tolist(), strict=True):
        assert angle == pytest.approx(acos(1 / sqrt(3)) if 0 in pair else pi / 2, rel=1e-13)


@pytest.mark.parametrize("dimension", [2, 3, 4])
def test_angles_against_normals_of_faces(dimension):
    points = np.random.default_rng(dimension).standard_normal((dimension + 1, dimension))
    space = single(dimension)
    normals = np.linalg.inv(np.hstack([points, np.ones((dimension + 1, 1))]))[:-1].T  # gradients of barycentric coordinates
    unit = normals / np.linalg.norm(normals, axis=1)[:, None]
    expected = [np.arccos(-unit[i] @ unit[j]) for i, j in combinations(range(dimension + 1), 2)]
    np.testing.assert_allclose(space.angles(space.chords(points))[0], expected, rtol=1e-10)
    np.testing.assert_allclose(space.gradients(space.chords(points))[0], normals @ normals.T, rtol=1e-8)


@pytest.mark.parametrize(("dimension", "action"), [(3, 4 * pi), (4, 25.9030706), (5, 20.1683208)])
def test_surface_of_a_simplex(dimension, action):
    space = simplex_boundary(dimension)
    np.testing.assert_allclose(space.deficits(ones(space)), 2 * pi - 3 * acos(1 / (dimension - 1)), rtol=1e-13)
    assert float(space.action(ones(space))) == pytest.approx(action, rel=1e-8)


@pytest.mark.parametrize(("space", "around", "ratio"), REGULAR)
def test_regular_three_spheres(space, around, ratio):
    x = ones(space)
    np.testing.assert_allclose(space.deficits(x), 2 * pi - around * acos(1 / 3), rtol=1e-11)
    radius = (float(space.volumes(x).sum()) / (2 * pi**2)) ** (1 / 3)
    assert float(space.action(x)) / (6 * pi**2 * radius) == pytest.approx(ratio, abs=1e-7)


def test_numbers_of_parts():
    space = six_hundred_cell()
    assert (space.vertices, len(space.edges), len(space.hinges), len(space.cells)) == (120, 720, 720, 600)
    assert not space.on_boundary.any()
    ball = cone(cross_polytope(4))
    assert (ball.dimension, len(ball.hinges), ball.on_boundary.sum()) == (4, 24 + 32, 32)


def test_corners_of_the_600_cell_have_equal_edges():
    points = six_hundred_points()
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 2, rtol=1e-14)
    np.testing.assert_allclose(six_hundred_cell().chords(points), sqrt(5) - 1, rtol=1e-13)


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), noise=st.floats(0, 0.4))
def test_surfaces_agree_with_the_law_of_cosines(seed, noise):
    for surface, chi in ((regge_surface.icosahedron(), 2), (regge_surface.torus(3), 0)):
        x = noisy(surface, seed, noise)
        a, b, c = (np.roll(x.numpy()[surface.sides], -k, axis=1) for k in range(3))
        around = np.bincount(surface.triangles.ravel(), np.arccos((b**2 + c**2 - a**2) / (2 * b * c)).ravel())
        np.testing.assert_allclose(surface.deficits(x), 2 * pi - around, atol=1e-12)
        half = (a + b + c)[:, 0] / 2
        heron = np.sqrt(half * (half[:, None] - np.stack([a[:, 0], b[:, 0], c[:, 0]], axis=1)).prod(axis=1))
        np.testing.assert_allclose(surface.volumes(x), heron, rtol=1e-12)
        assert float(surface.action(x)) == pytest.approx(2 * pi * chi, abs=1e-12)


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), dimension=st.integers(2, 5))
def test_schlaefli(seed, dimension):
    """In each simplex the sizes of hinges times the changes of their angles vanish."""
    space = single(dimension)
    x = noisy(space, seed).requires_grad_()
    (change,) = torch.autograd.grad((space.areas(x).detach() * space.deficits(x)).sum(), x)
    np.testing.assert_allclose(change, 0, atol=1e-12)


@pytest.mark.parametrize("space", [simplex_boundary(4), simplex_boundary(5), cone(simplex_boundary(4))])
def test_gradients(space):
    x = (noisy(space, noise=0.1)).requires_grad_()
    for function in (space.deficits, space.volumes, space.areas, space.stiffness, lambda x: space.action(x, 0.7)):
        assert torch.autograd.gradcheck(function, x)
    assert torch.autograd.gradgradcheck(lambda x: space.action(x, 0.7), x)


def test_slopes_by_differences_are_of_second_order():
    space = simplex_boundary(5)
    x = noisy(space).requires_grad_()
    (slope,) = torch.autograd.grad(space.action(x, 0.3), x)
    misses = []
    for step in (0.04, 0.02, 0.01):
        shifts = step * torch.eye(len(x), dtype=torch.float64)
        with torch.no_grad():
            by_differences = (space.action(x + shifts, 0.3) - space.action(x - shifts, 0.3)) / (2 * step)
        misses.append(float((by_differences - slope).norm().detach()))
    np.testing.assert_allclose(np.log2(np.divide(misses[:-1], misses[1:])), 2, atol=0.1)


def test_batches_are_the_same_as_one_by_one():
    space = cone(simplex_boundary(4))
    batch = torch.stack([noisy(space, seed, 0.1) for seed in range(3)])
    for function in (space.deficits, space.volumes, space.areas, space.angles, space.stiffness, space.action):
        torch.testing.assert_close(function(batch), torch.stack([function(x) for x in batch]))


def test_scaling():
    """In four dimensions the action of curvature grows like an area, the volume like the fourth power."""
    space = simplex_boundary(5)
    x = noisy(space)
    assert float(space.action(3 * x)) == pytest.approx(9 * float(space.action(x)), rel=1e-12)
    assert float(space.volumes(3 * x).sum()) == pytest.approx(81 * float(space.volumes(x).sum()), rel=1e-12)


def test_action_of_random_spheres_approaches_the_round_one_in_second_order():
    rng, cells, excess = np.random.default_rng(3), [], []
    for number in (60, 480):
        points = rng.standard_normal((number, 4))
        points /= np.linalg.norm(points, axis=1)[:, None]
        space = hull(points)
        x = space.chords(points)
        radius = (float(space.volumes(x).sum()) / (2 * pi**2)) ** (1 / 3)
        cells.append(len(space.cells))
        excess.append(float(space.action(x)) / (6 * pi**2 * radius) - 1)
        assert float(space.deficits(x).min()) > 0  # a convex surface
    assert np.log(excess[0] / excess[1]) / np.log(cells[1] / cells[0]) == pytest.approx(2 / 3, abs=0.05)


@pytest.mark.parametrize("dimension", [2, 3, 4])
def test_flat_space_has_no_deficit_wherever_its_vertices_are(dimension):
    points = np.random.default_rng(dimension).random((9 + dimension, dimension))
    ball = SimplicialComplex(Delaunay(points).simplices.astype(int))
    x = ball.chords(points)
    inner = ball.on_boundary == 0
    assert inner.any()
    np.testing.assert_allclose(ball.deficits(x)[inner], 0, atol=1e-10)


def test_boundary_of_a_cube_has_right_angles():
    """Hartle and Sorkin: the deficits of the boundary are the angles by which its normals turn, so the action is 12 edges times pi/2."""
    corners = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)], dtype=float)
    cube = SimplicialComplex(np.array([[0, 1, 2, 4], [3, 1, 2, 7], [5, 1, 4, 7], [6, 2, 4, 7], [1, 2, 4, 7]]))
    x = cube.chords(corners)
    assert float(cube.volumes(x).sum()) == pytest.approx(1, rel=1e-13)
    assert float(cube.action(x)) == pytest.approx(12 * pi / 2, rel=1e-13)


@pytest.mark.parametrize("dimension", [2, 3, 4])
def test_field_energy_of_linear_fields_is_exact(dimension):
    points = np.random.default_rng(dimension).random((9 + dimension, dimension))
    ball = SimplicialComplex(Delaunay(points).simplices.astype(int))
    x = ball.chords(points)
    K = ball.stiffness(x).numpy()
    volume = float(ball.volumes(x).sum())
    np.testing.assert_allclose(points.T @ K @ points, volume * np.eye(dimension), atol=1e-10)
    np.testing.assert_allclose(K.sum(axis=0), 0, atol=1e-10)


def test_stiffness_of_a_triangle_has_cotangents():
    K = single(2).stiffness(torch.tensor([3.0, 4.0, 5.0], dtype=torch.float64))  # edges 01, 02, 12: a right angle at 0
    np.testing.assert_allclose([K[1, 2], K[0, 2], K[0, 1]], [0, -3 / 8, -2 / 3], atol=1e-13)


@pytest.mark.parametrize("dimension", [3, 4])
def test_a_vertex_inside_a_flat_simplex_moves_freely(dimension):
    """Regge's equations for the inner lengths: one of their derivatives' singular values is not zero, d of them are."""
    cells = [[*face, dimension + 1] for face in combinations(range(dimension + 1), dimension)]
    ball = SimplicialComplex(np.array(cells))
    corners = np.vstack([np.zeros(dimension), np.eye(dimension)])
    x = ball.chords(np.vstack([corners, corners.mean(axis=0) + 0.02 * np.arange(dimension)]))
    hessian = torch.autograd.functional.hessian(ball.action, x).numpy()
    inner = ball.edges[:, 1] == dimension + 1
    values = np.linalg.svd(hessian[np.ix_(inner, inner)], compute_uv=False)
    assert (values[1:] < 1e-10 * values[0]).all()


def test_moved_vertices_are_the_soft_modes_of_a_vacuum():
    """16-cell with a cosmological constant: 3 * 8 - 6 = 18 soft directions, and neither sign of the action has a minimum."""
    space = cross_polytope(4)
    x = ones(space)
    x = x * torch.sqrt(space.action(x) / (3 * space.volumes(x).sum()))
    hessian = torch.autograd.functional.hessian(lambda x: space.action(x, 1.0), x)
    values = np.linalg.eigvalsh(hessian.numpy())
    assert ((values > 1.06) & (values < 1.27)).sum() == 18
    assert ((values < 0).sum(), (values > 3).sum()) == (3, 3)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: SimplicialComplex(np.array([0, 1, 2])),
        lambda: SimplicialComplex(np.array([[0, 1]])),
        lambda: SimplicialComplex(np.array([[0, 1, 1]])),
        lambda: SimplicialComplex(np.array([[0, 1, 3]])),
        lambda: SimplicialComplex(np.array([[0, 1, 2], [0, 1, 3], [0, 1, 4]])),
        lambda: simplex_boundary(2),
        lambda: cross_polytope(2),
        lambda: hull(np.vstack([np.eye(3), -np.eye(3), np.zeros((1, 3))])),
        lambda: hull(np.hstack([np.random.default_rng(0).random((6, 2)), np.zeros((6, 1))])),
        lambda: single(2).volumes(torch.ones(4, dtype=torch.float64)),
        lambda: single(2).volumes(torch.tensor([1.0, 1.0, np.nan], dtype=torch.float64)),
        lambda: single(2).volumes(torch.tensor([1.0, 1.0, -1.0], dtype=torch.float64)),
        lambda: single(2).action(torch.ones(3, dtype=torch.float64), np.inf),
        lambda: single(3).chords(np.zeros((3, 3))),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("dimension", "lengths"),
    [
        (2, [1.0, 1.0, 3.0]),  # the triangle inequality
        (2, [1.0, 1.0, 2.0]),  # a triangle that is a line
        (3, [1.0, 1.0, 1.0, 1.8, 1.8, 1.8]),  # good triangles, no tetrahedron
        (3, [1.0, 1.0, sqrt(2), sqrt(2), 1.0, 1.0]),  # a flat square
    ],
)
@pytest.mark.parametrize("what", ["volumes", "deficits", "gradients", "action", "stiffness"])
def test_lengths_that_form_no_simplex(dimension, lengths, what):
    with pytest.raises(InvalidArgument, match="triangle inequality"):
        getattr(single(dimension), what)(torch.tensor(lengths, dtype=torch.float64))


@pytest.mark.bad_input
def test_one_bad_geometry_of_a_batch_is_counted():
    space = simplex_boundary(4)
    batch = torch.stack([ones(space), ones(space)])
    batch[1, 0] = 2.1
    with pytest.raises(InvalidArgument, match="3 of 10"):
        space.volumes(batch)
