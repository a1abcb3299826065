"""The moves keep a torus a torus, obey detailed balance, and sample the exact sum."""

from collections import Counter

import numpy as np
import pytest

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_gravity.triangulations.moves import RandomTorus
from nnqg.quantum_gravity.triangulations.transfer_matrix import torus, torus_widths


def check_is_a_torus(chain, slices):
    corners, ring = chain.triangles, chain.ring
    edges = len(ring)
    assert chain.widths.sum() == edges and chain.widths.min() >= 1
    assert (np.bincount(ring, minlength=slices) == chain.widths).all()
    up, down = corners[::2], corners[1::2]
    assert (up[:, 0] == np.arange(edges)).all() and (up[:, :2] == down[:, :2]).all()
    assert sorted(up[:, 1]) == list(range(edges))
    assert (ring[up[:, 1]] == ring[up[:, 0]]).all()
    assert ((ring[up[:, 2]] - ring[up[:, 0]]) % slices == 1 % slices).all()
    assert ((ring[down[:, 0]] - ring[down[:, 2]]) % slices == 1 % slices).all()
    assert len(chain.links) == 3 * edges  # vertices - links + triangles = 0
    counts = Counter(map(tuple, np.sort(np.concatenate([corners[:, [0, 2]], corners[:, [1, 2]]]), axis=1).tolist()))
    assert all(count % 2 == 0 for count in counts.values())  # each link between rings has a triangle on both sides


@pytest.mark.parametrize("slices", [2, 3, 9])
def test_a_torus_stays_a_torus(slices):
    chain = RandomTorus(slices, np.random.default_rng(slices), g=0.45)
    check_is_a_torus(chain, slices)
    for _ in range(20):
        chain.run(1, moves=97)
        check_is_a_torus(chain, slices)
    assert min(chain.accepted) > 50


def test_rings_are_single():
    chain = RandomTorus(5, np.random.default_rng(1), g=0.46)
    chain.run(1, moves=5000)
    following, ring = chain.triangles[::2, 1], chain.ring
    for t in range(5):
        start = v = int(np.argmax(ring == t))
        length = 0
        while length == 0 or v != start:
            v, length = following[v], length + 1
        assert length == chain.widths[t]


@pytest.mark.parametrize(("g", "slices"), [(0.35, 2), (0.45, 8)])
def test_volume_and_widths_are_exact(g, slices):
    rng, means, rings = np.random.default_rng(7), [], []
    for _ in range(12):
        chain = RandomTorus(slices, rng, g=g)
        chain.run(200, moves=100)
        measured = chain.run(8000, moves=100)
        means.append(measured.triangles.mean())
        rings.append(measured.rings / measured.rings.sum())
    exact = torus(g, slices)
    assert abs(np.mean(means) - exact.mean) < 3.5 * np.std(means) / np.sqrt(11)
    chances = torus_widths(g, slices, 150)[:8]
    error = np.std(rings, axis=0)[1:9] / np.sqrt(11)
    assert (abs(np.mean(rings, axis=0)[1:9] - chances) < 4 * error).all()


def test_each_move_is_as_frequent_as_its_reverse():
    chain = RandomTorus(6, np.random.default_rng(2), g=0.45)
    chain.run(100_000, moves=10)
    flips, added, removed = chain.accepted
    assert added == pytest.approx(removed, abs=100) and flips > added > 10_000


def test_smallest_tori_have_their_weights():
    """Two rings: the numbers of tori with 4 and 6 triangles in the exact sum, Z = g^4 + 4 g^6 + ..."""
    g, chances = 0.2, []
    for seed in range(8):
        sizes = RandomTorus(2, np.random.default_rng(seed), g=g).run(20_000, moves=20).triangles
        chances.append([(sizes == 4).mean(), (sizes == 6).mean()])
    mean, error = np.mean(chances, axis=0), np.std(chances, axis=0) / np.sqrt(7)
    series = np.array([g**4, 4 * g**6]) / torus(g, 2).sum
    assert (abs(mean - series) < 4 * error).all()


def test_volume_can_be_held():
    chain = RandomTorus(10, np.random.default_rng(3), edges=200)
    sizes = chain.run(4000, moves=400).triangles[500:] / 2
    assert sizes.mean() == pytest.approx(200, abs=2)
    assert sizes.std() == pytest.approx(np.sqrt(1 / (2 * 0.005)), rel=0.15)  # of exp(-epsilon (L - L0)^2)


def test_same_seed_same_universe():
    runs = [RandomTorus(4, np.random.default_rng(5), g=0.4).run(50, moves=30).triangles for _ in range(2)]
    assert (runs[0] == runs[1]).all()


def test_graph_has_the_links():
    chain = RandomTorus(4, np.random.default_rng(5), edges=40)
    chain.run(1, moves=2000)
    loops = (chain.links[:, 0] == chain.links[:, 1]).sum()
    assert chain.graph.sum() == 2 * (len(chain.links) - loops)


def test_a_full_universe_is_reported():
    with pytest.raises(NotConverged, match="capacity"):
        RandomTorus(4, np.random.default_rng(5), g=0.4999, capacity=30).run(100, moves=1000)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "change",
    [{"slices": 1}, {"g": 0.5}, {"g": 0.7}, {"g": None}, {"edges": 50}, {"g": None, "edges": 20}, {"capacity": 20},
     {"g": None, "edges": 40, "stiffness": 0.0}],
)  # fmt: skip
def test_bad_input(change):
    arguments = {"slices": 8, "g": 0.4} | change
    with pytest.raises(InvalidArgument):
        RandomTorus(arguments.pop("slices"), np.random.default_rng(0), **arguments)


@pytest.mark.bad_input
@pytest.mark.parametrize(("sweeps", "moves"), [(0, 10), (10, 0), (10**9, 10), (1000, 10**9)])
def test_bad_runs(sweeps, moves):
    with pytest.raises(InvalidArgument):
        RandomTorus(3, np.random.default_rng(0), g=0.4).run(sweeps, moves=moves)
