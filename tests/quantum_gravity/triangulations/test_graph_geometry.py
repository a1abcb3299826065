"""Distances and return probabilities on graphs where both are known."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.triangulations.graph_geometry import distances, return_probability
from nnqg.quantum_gravity.triangulations.plane_trees import disc_of_tree, sample_children


def ring(n):
    step = np.eye(n, k=1) + np.eye(n, k=1 - n)
    return csr_array(step + step.T)


def lattice(n):
    one, unit = ring(n).toarray(), np.eye(n)
    return csr_array(np.kron(one, unit) + np.kron(unit, one))


def test_distances_on_a_ring():
    assert distances(ring(7), np.array([2]))[0].tolist() == [2, 1, 0, 1, 2, 3, 3]


def test_distances_against_dijkstra():
    graph = disc_of_tree(sample_children(np.random.default_rng(1), 200)).graph
    sources = np.array([0, 57, 199])
    assert (distances(graph, sources) == dijkstra(graph, unweighted=True, indices=sources)).all()


def test_no_way_is_minus_one():
    graph = csr_array(np.kron(np.eye(2), [[0.0, 1.0], [1.0, 0.0]]))
    assert distances(graph, np.array([0])).tolist() == [[0, 1, -1, -1]]


def test_return_probability_is_a_diagonal_of_powers():
    graph = disc_of_tree(sample_children(np.random.default_rng(2), 40)).graph
    dense = graph.toarray()
    step = (np.eye(40) + dense / dense.sum(axis=0)) / 2
    powers = [np.linalg.matrix_power(step, 2 * k)[[3, 39], [3, 39]] for k in range(6)]
    np.testing.assert_allclose(return_probability(graph, np.array([3, 39]), 5), powers, rtol=1e-12)


def test_walk_ends_at_its_stationary_probability():
    graph = disc_of_tree(sample_children(np.random.default_rng(2), 20)).graph
    degrees = graph.sum(axis=1)
    found = return_probability(graph, np.arange(20), 2000)[-1]
    np.testing.assert_allclose(found, degrees / degrees.sum(), rtol=1e-9)


@pytest.mark.parametrize(("graph", "dimension"), [(ring(400), 1), (lattice(60), 2)])
def test_spectral_dimension_of_lattices(graph, dimension):
    found = return_probability(graph, np.array([0]), 100)[:, 0]
    assert -2 * np.log2(found[100] / found[50]) == pytest.approx(dimension, abs=0.02)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: distances(ring(4), np.array([4])),
        lambda: distances(ring(4), np.array([], dtype=int)),
        lambda: return_probability(ring(4), np.array([-1]), 3),
        lambda: return_probability(ring(4), np.array([0]), 0),
        lambda: return_probability(csr_array((3, 3)), np.array([0]), 2),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
