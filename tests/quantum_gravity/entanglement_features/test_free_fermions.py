"""Entropies of the chain: against the state of a few spins, in two product states, and what no region can change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.entanglement_features.free_fermions import check_regions, correlations, renyi_entropies

SITES = 8


def intervals(sites=SITES):
    return np.arange(sites) < np.arange(1, sites)[:, None]


def ground_state(mass):
    """The ground state of the transverse Ising chain with periodic ends."""
    x, z, one = np.array([[0, 1], [1, 0]]), np.diag([1, -1]), np.eye(2)
    H = np.zeros((2**SITES, 2**SITES))
    for j in range(SITES):
        field, bond = np.ones((1, 1)), np.ones((1, 1))
        for i in range(SITES):
            field = np.kron(field, z if i == j else one)
            bond = np.kron(bond, x if i in (j, (j + 1) % SITES) else one)
        H -= (1 + mass) * field + (1 - mass) * bond
    return np.linalg.eigh(H)[1][:, 0]


@pytest.mark.parametrize("mass", [0.0, 0.2, 0.7])
def test_single_intervals_agree_with_the_state_of_the_spins(mass):
    state = ground_state(mass)
    exact = []
    for length in range(1, SITES):
        p = np.linalg.svd(state.reshape(2**length, -1), compute_uv=False) ** 2
        exact.append(-np.log((p**2).sum()))
    np.testing.assert_allclose(renyi_entropies(correlations(SITES, mass), intervals()), exact, atol=1e-11)


def test_limits():
    np.testing.assert_allclose(renyi_entropies(correlations(SITES, 1.0), intervals()), 0, atol=1e-12)
    np.testing.assert_allclose(renyi_entropies(correlations(SITES, -1.0), intervals()), np.log(2), atol=1e-12)


def test_critical_correlations_in_closed_form():
    i = np.arange(SITES)
    closed = 1 / (SITES * np.sin(np.pi * (i - i[:, None] + 0.5) / SITES))
    np.testing.assert_allclose(correlations(SITES, 0.0), closed, atol=1e-12)


def test_half_of_a_long_critical_chain_grows_with_c_over_4():
    """S2 = (c/4) ln(chord) for c = 1/2; corrections fall like 1/length."""
    sites = 256
    regions = np.arange(sites) < np.array([32, 64, 128])[:, None]
    S = renyi_entropies(correlations(sites, 0.0), regions)
    chord = np.log(np.sin(np.pi * np.array([32, 64, 128]) / sites))
    assert 4 * np.diff(S) / np.diff(chord) == pytest.approx([0.5, 0.5], abs=0.02)


@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), mass=st.floats(-0.9, 0.9))
def test_a_region_and_its_complement(seed, mass):
    regions = np.random.default_rng(seed).random((5, SITES)) < 0.5
    G = correlations(SITES, mass)
    np.testing.assert_allclose(G @ G.T, np.eye(SITES), atol=1e-12)
    np.testing.assert_allclose(renyi_entropies(G, regions), renyi_entropies(G, ~regions), atol=1e-11)
    np.testing.assert_allclose(renyi_entropies(G, regions), renyi_entropies(G, np.roll(regions, 3, axis=1)), atol=1e-11)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: correlations(1, 0.0),
        lambda: correlations(8, 1.1),
        lambda: correlations(8, float("nan")),
        lambda: renyi_entropies(np.eye(4), np.ones((1, 5), dtype=bool)),
        lambda: renyi_entropies(2 * np.eye(4), np.ones((1, 4), dtype=bool)),
        lambda: check_regions(np.array([[0, 1, 9]]), 8),
        lambda: check_regions([True, False], 2),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
