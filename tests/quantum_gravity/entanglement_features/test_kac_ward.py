"""Determinants: Onsager's lattice by all states, the disc against all states, derivatives and symmetries."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.entanglement_features import cylinder
from nnqg.quantum_gravity.entanglement_features.kac_ward import HalvingDisc, turning_signs

SMALL = HalvingDisc(8, 2)  # 12 hidden spins


def by_all_states(couplings, region, disc=SMALL):
    hidden = np.array(list(itertools.product((1, -1), repeat=len(disc.positions) - disc.sites)))
    bonds, strength = disc.bonds[disc.kinds >= 0], couplings[disc.kinds[disc.kinds >= 0]]

    def Z(s):
        spins = np.hstack([np.tile(s, (len(hidden), 1)), hidden])
        return np.exp(spins[:, bonds].prod(axis=2) @ strength).sum()

    return -np.log(Z(np.where(region, -1, 1)) / Z(np.ones(disc.sites, dtype=int)))


@settings(max_examples=10)
@given(seed=st.integers(0, 10**6))
def test_all_states(seed):
    rng = np.random.default_rng(seed)
    couplings, regions = rng.uniform(0, 1.5, 4), rng.random((4, 8)) < 0.5
    exact = [by_all_states(couplings, region) for region in regions]
    np.testing.assert_allclose(SMALL.entropies(couplings, regions)[0], exact, atol=1e-10)


def test_one_ring_is_a_cylinder():
    rng = np.random.default_rng(3)
    couplings, regions = np.array([0.4, 0.9]), rng.random((6, 10)) < 0.5
    for mine, other in zip(HalvingDisc(10, 1).entropies(couplings, regions), cylinder.entropies(couplings, regions), strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-11)


@pytest.mark.parametrize("t", [0.2, 0.7])
def test_loops_of_a_crooked_lattice(t):
    """Sum over all even subgraphs of a 3 x 3 lattice with moved vertices: drawing it differently changes nothing."""
    place = np.array(list(itertools.product(range(3), repeat=2)))
    bonds = np.array([(i, j) for i, j in itertools.combinations(range(9), 2) if abs(place[i] - place[j]).sum() == 1])
    chosen = np.array(list(itertools.product((0, 1), repeat=len(bonds))))
    degree = chosen @ (np.arange(9) == bonds[:, :1]) + chosen @ (np.arange(9) == bonds[:, 1:])
    loops = (t ** chosen[(degree % 2 == 0).all(axis=1)].sum(axis=1)).sum()
    for seed in range(3):
        moved = place + np.random.default_rng(seed).uniform(-0.2, 0.2, place.shape)
        K = turning_signs(moved, bonds)
        assert set(np.unique(K)) <= {-1.0, 0.0, 1.0}
        assert np.sqrt(np.linalg.det(np.eye(len(K)) - t * K)) == pytest.approx(loops, rel=1e-11)


def test_derivatives_to_second_order():
    rng = np.random.default_rng(4)
    disc = HalvingDisc(16, 3)
    couplings, regions = rng.uniform(0.1, 0.8, 6), rng.random((5, 16)) < 0.5
    slopes = disc.entropies(couplings, regions)[1]
    misses = []
    for step in (2e-3, 1e-3):
        ahead, behind = (np.stack([disc.entropies(couplings + sign * step * e, regions)[0] for e in np.eye(6)], axis=1) for sign in (1, -1))
        misses.append(abs((ahead - behind) / (2 * step) - slopes).max())
    assert np.log2(misses[0] / misses[1]) == pytest.approx(2, abs=0.05)


def test_symmetries_of_the_disc():
    rng = np.random.default_rng(5)
    disc = HalvingDisc(32, 4)
    couplings, regions = rng.uniform(0.1, 0.8, 8), rng.random((5, 32)) < 0.5
    S = disc.entropies(couplings, regions)[0]
    for same in (~regions, regions[:, ::-1], np.roll(regions, 8, axis=1)):
        np.testing.assert_allclose(disc.entropies(couplings, same.copy())[0], S, rtol=1e-10)
    moved = disc.entropies(couplings, np.roll(regions, 1, axis=1))[0]
    assert abs(moved / S - 1).max() > 1e-4  # neighbours with one parent are closer


def test_the_empty_region_has_no_entropy_and_inner_rings_need_a_bond():
    disc, nothing = HalvingDisc(16, 2), np.zeros((1, 16), dtype=bool)
    S, slopes = disc.entropies(np.full(4, 0.5), nothing)
    assert abs(S).max() == abs(slopes).max() == 0
    half = np.arange(16)[None] < 5
    alone = HalvingDisc(16, 1).entropies(np.array([0.5, 0.9]), half)[0]
    np.testing.assert_allclose(disc.entropies(np.array([0.5, 0.8, 0.9, 0.0]), half)[0], alone, atol=1e-11)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: HalvingDisc(2, 1),
        lambda: HalvingDisc(9, 2),
        lambda: HalvingDisc(8, 3),
        lambda: HalvingDisc(32, 10**7),
        lambda: HalvingDisc(10**7, 1),
        lambda: SMALL.entropies(np.ones(3), np.ones((1, 8), dtype=bool)),
        lambda: SMALL.entropies(-np.ones(4), np.ones((1, 8), dtype=bool)),
        lambda: SMALL.entropies(np.ones(4), np.ones((1, 9), dtype=bool)),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
