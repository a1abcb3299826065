"""Automorphisms against brute force, networkx and group theory; graph distances against formulas; refusals."""

from itertools import permutations
from math import factorial

import networkx
import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.locality.automorphisms import automorphisms, graph_distances, ring_order

THREE = np.array([1.0, 1.0, 1.0])


def circulant(weights, n):
    h = len(weights) // 2
    return sum(weight * np.roll(np.eye(n), k, axis=1) for k, weight in zip(range(-h, h + 1), weights, strict=True))


def brute_force(matrix):
    found = [p for p in permutations(range(len(matrix))) if np.array_equal(matrix[np.ix_(p, p)], matrix)]
    return np.array(found)


@pytest.mark.parametrize("n", [1, 2, 4, 6])
def test_a_dense_pattern_has_all_permutations(n):
    assert len(automorphisms(np.ones((n, n)))) == factorial(n)


@pytest.mark.parametrize("n", [5, 6, 9, 30])
def test_a_ring_has_translations_and_reflections(n):
    assert len(automorphisms(circulant(THREE, n))) == 2 * n
    assert len(automorphisms(circulant(np.array([1.0, 2.0, 3.0]), n))) == n
    assert len(automorphisms(circulant(np.array([3.0, 2.0, 3.0]), n))) == 2 * n


def test_a_chain_with_ends_has_the_reflection_only():
    chain = np.eye(6) + np.eye(6, k=1) + np.eye(6, k=-1)
    assert automorphisms(chain).tolist() == [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0]]


def test_a_square_of_a_torus_has_its_crystal_group():
    hop = circulant(THREE, 5)
    grid = ((np.kron(hop, np.eye(5)) + np.kron(np.eye(5), hop)) != 0).astype(float)
    assert len(automorphisms(grid)) == 25 * 8  # translations times the symmetries of a square


@pytest.mark.parametrize("seed", range(6))
def test_against_brute_force_on_directed_patterns(seed):
    matrix = np.random.default_rng(seed).integers(0, 2, (5, 5)).astype(float)
    assert np.array_equal(automorphisms(matrix), brute_force(matrix))


@pytest.mark.parametrize("seed", range(4))
def test_against_networkx(seed):
    graph = networkx.random_regular_graph(3, 10, seed=seed)
    matcher = networkx.algorithms.isomorphism.GraphMatcher(graph, graph)
    matrix = networkx.to_numpy_array(graph, nodelist=sorted(graph))
    assert len(automorphisms(matrix)) == sum(1 for _ in matcher.isomorphisms_iter())


def test_automorphisms_form_a_group_and_keep_the_matrix():
    matrix = circulant(np.array([3.0, 2.0, 3.0]), 7)
    found = {tuple(p) for p in automorphisms(matrix).tolist()}
    assert tuple(range(7)) in found
    for p in found:
        assert np.array_equal(matrix[np.ix_(p, p)], matrix)
        assert tuple(np.argsort(p).tolist()) in found
        assert all(tuple(p[i] for i in q) in found for q in found)


def test_the_number_does_not_depend_on_the_labels():
    matrix = circulant(THREE, 8)
    p = np.random.default_rng(0).permutation(8)
    assert len(automorphisms(matrix[np.ix_(p, p)])) == len(automorphisms(matrix))


def test_distances_on_a_ring_and_against_networkx():
    ring = graph_distances(circulant(THREE, 9) != 0)
    apart = abs(np.subtract.outer(np.arange(9), np.arange(9)))
    assert np.array_equal(ring, np.minimum(apart, 9 - apart))
    directed = np.random.default_rng(0).random((12, 12)) < 0.15
    graph = networkx.from_numpy_array(directed.T, create_using=networkx.DiGraph)
    lengths = dict(networkx.all_pairs_shortest_path_length(graph))
    wanted = np.array([[lengths[j].get(i, np.inf) for j in range(12)] for i in range(12)])
    assert np.array_equal(graph_distances(directed), wanted)


def test_distances_obey_the_triangle_inequality():
    d = graph_distances(np.random.default_rng(1).random((10, 10)) < 0.3)
    assert (d[:, None, :] <= d[:, :, None] + d[None, :, :]).all()


def test_distances_on_a_grid_count_the_steps():
    hop = circulant(THREE, 11)
    grid = (np.kron(hop, np.eye(11)) + np.kron(np.eye(11), hop)) != 0
    assert [(graph_distances(grid)[0] <= r).sum() for r in range(5)] == [2 * r**2 + 2 * r + 1 for r in range(5)]


def test_entrance_and_exit_numbered_separately_have_as_many_automorphisms():
    for pattern, wanted in ((circulant(THREE, 7), 14), (np.ones((4, 4)), factorial(4) ** 2)):
        one, zero = np.eye(len(pattern)), np.zeros(pattern.shape)
        assert len(automorphisms(np.block([[2 * one, pattern], [zero, 3 * one]]))) == wanted


def test_sharing_alone_has_the_translations_and_no_distance():
    shared = circulant(np.random.default_rng(0).standard_normal(7), 7)
    assert len(automorphisms(shared)) == 7
    assert np.array_equal(graph_distances(shared != 0), 1 - np.eye(7))


@pytest.mark.parametrize("n", [4, 5, 8, 24, 33])
def test_ring_from_distances_whatever_the_labels(n):
    hidden = np.random.default_rng(n).permutation(n)
    distances = graph_distances(circulant(THREE, n)[np.ix_(hidden, hidden)] != 0)
    jumps = np.diff(hidden[ring_order(distances)], append=hidden[ring_order(distances)][:1]) % n
    assert (jumps == 1).all() or (jumps == n - 1).all()


@pytest.mark.bad_input
def test_bad_input():
    for bad in (np.ones((2, 3)), np.ones(3), np.array([[np.nan]]), None, np.ones((2, 2), dtype=int)):
        with pytest.raises(InvalidArgument, match="matrix"):
            automorphisms(bad)
    for bad in (np.ones((2, 2)), np.ones((2, 3), dtype=bool), None, np.ones(4, dtype=bool)):
        with pytest.raises(InvalidArgument, match="connected"):
            graph_distances(bad)
    for bad in (np.ones((2, 3)), np.full((2, 2), np.inf), np.array([[0.0, 1.0], [2.0, 0.0]]), None):
        with pytest.raises(InvalidArgument, match="distances"):
            ring_order(bad)
