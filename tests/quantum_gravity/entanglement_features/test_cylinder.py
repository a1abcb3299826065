"""The transfer matrix: against all states, its derivatives, limits and symmetries."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.entanglement_features.cylinder import entropies

SITES, RINGS = 5, 2


def by_all_states(couplings, region):
    J, K = couplings[:RINGS], couplings[RINGS:]
    spins = np.array(list(itertools.product((1, -1), repeat=SITES * RINGS))).reshape(-1, SITES, RINGS)

    def Z(s):
        outside = np.concatenate([np.broadcast_to(s[:, None], (len(spins), SITES, 1)), spins[:, :, :-1]], axis=2)
        return np.exp((spins * np.roll(spins, -1, axis=1)).sum(axis=1) @ J + (outside * spins).sum(axis=1) @ K).sum()

    return -np.log(Z(np.where(region, -1, 1)) / Z(np.ones(SITES, dtype=int)))


@settings(max_examples=10)
@given(seed=st.integers(0, 10**6))
def test_all_states(seed):
    rng = np.random.default_rng(seed)
    couplings, regions = rng.uniform(0, 1, 2 * RINGS), rng.random((4, SITES)) < 0.5
    exact = [by_all_states(couplings, region) for region in regions]
    np.testing.assert_allclose(entropies(couplings, regions)[0], exact, atol=1e-11)


def test_derivatives_to_second_order():
    rng = np.random.default_rng(1)
    couplings, regions = rng.uniform(0.1, 0.8, 8), rng.random((6, 12)) < 0.5
    slopes = entropies(couplings, regions)[1]
    misses = []
    for step in (2e-3, 1e-3):
        ahead, behind = (np.stack([entropies(couplings + sign * step * e, regions)[0] for e in np.eye(8)], axis=1) for sign in (1, -1))
        misses.append(abs((ahead - behind) / (2 * step) - slopes).max())
    assert np.log2(misses[0] / misses[1]) == pytest.approx(2, abs=0.05)


def test_one_ring_that_touches_nothing_else():
    """Without bonds along the ring every site is on its own; without bonds to the boundary it knows no region."""
    regions = np.array([[True, True, False, False, False, True]])
    for couplings in (np.array([0.0, 0.7]), np.array([0.7, 0.0])):
        np.testing.assert_allclose(entropies(couplings, regions)[0], 0, atol=1e-12)


def test_strong_bonds_count_what_they_cut():
    """One interval in a ring of strong bonds to the boundary cuts two bonds along the ring: S = 4 J."""
    region = np.array([[True, True, True, False, False, False, False]])
    assert entropies(np.array([0.3, 15.0]), region)[0] == pytest.approx([4 * 0.3], abs=1e-9)


def test_symmetries():
    rng = np.random.default_rng(2)
    couplings, regions = rng.uniform(0.1, 0.8, 6), rng.random((5, 9)) < 0.5
    S = entropies(couplings, regions)[0]
    for same in (~regions, regions[:, ::-1], np.roll(regions, 4, axis=1)):
        np.testing.assert_allclose(entropies(couplings, same.copy())[0], S, atol=1e-11)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: entropies(np.ones(3), np.ones((1, 4), dtype=bool)),
        lambda: entropies(np.full(2, np.nan), np.ones((1, 4), dtype=bool)),
        lambda: entropies(np.full(2, 100.0), np.ones((1, 4), dtype=bool)),
        lambda: entropies(np.ones(2), np.ones((1, 4))),
        lambda: entropies(np.ones(2), np.ones(4, dtype=bool)),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
