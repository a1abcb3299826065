"""Compiled chains against plain ones on the same random numbers, and against sums over all states."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.neural_quantum_states.boltzmann_states.rings import Ring, couplings, heisenberg_ring, ising_ring, log_derivatives, random_spins
from nnqg.neural_quantum_states.boltzmann_states.sampling import estimate, local_energies, measure, sweep, visit
from nnqg.neural_quantum_states.imaginary_time.ising_ring import spin_states

RINGS = [ising_ring(8, 0.7), heisenberg_ring(8), Ring(8, 0.25, -0.5, exchange=True)]


def psi(w, s):
    return np.cosh(s @ couplings(w)).prod(1)


def moved(ring, s, m):
    after, n = s.copy(), (m + 1) % ring.spins
    if ring.exchange:
        after[:, [m, n]] = s[:, [n, m]]
    else:
        after[:, m] *= -1
    return after


def plain_sweep(ring, w, s, moves, uniforms):
    s = s.copy()
    for c in range(len(s)):
        for m, u in zip(moves[c], uniforms[c], strict=True):
            after = moved(ring, s[c : c + 1], m)
            if u < (psi(w, after) / psi(w, s[c : c + 1]))[0] ** 2:
                s[c] = after[0]
    return s


def dense(ring):
    """H from Pauli matrices, with spin 0 first."""
    X, Y, Z = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])

    def at(*sites):
        total = np.eye(1)
        for site in range(ring.spins):
            total = np.kron(total, dict(sites).get(site, np.eye(2)))
        return total

    H = 0
    for m in range(ring.spins):
        n = (m + 1) % ring.spins
        H = H + ring.bond * at((m, Z), (n, Z))
        H = H - ring.move * ((at((m, X), (n, X)) + at((m, Y), (n, Y))) / 2 if ring.exchange else at((m, X)))
    return H.real


@pytest.mark.parametrize("ring", RINGS)
def test_compiled_and_plain_chains_are_the_same_walk(ring):
    rng = np.random.default_rng(3)
    w, s = 0.3 * rng.standard_normal((2, 8)), random_spins(ring, 20, rng)
    moves, uniforms = rng.integers(8, size=(20, 60)), rng.random((20, 60))
    before = s.copy()
    found = sweep(ring, w, s, moves, uniforms)
    assert (found == plain_sweep(ring, w, s, moves, uniforms)).all()
    assert (s == before).all() and (found != s).any()


@pytest.mark.parametrize("ring", RINGS)
def test_local_energy_is_that_of_the_operators(ring):
    w, s = 0.3 * np.random.default_rng(4).standard_normal((2, 8)), spin_states(8)
    amplitudes = psi(w, s)
    assert local_energies(ring, w, s) == pytest.approx(dense(ring) @ amplitudes / amplitudes, abs=1e-10)


@pytest.mark.parametrize("ring", RINGS)
def test_what_a_visit_leaves_serves_energies_and_derivatives(ring):
    rng = np.random.default_rng(10)
    w, s = 0.3 * rng.standard_normal((2, 8)), random_spins(ring, 20, rng)
    after, t, E = visit(ring, w, s, np.random.default_rng(3))
    again = np.random.default_rng(3)
    assert (after == sweep(ring, w, s, again.integers(8, size=s.shape), again.random(s.shape))).all()
    assert t == pytest.approx(np.tanh(after @ couplings(w)), abs=1e-10)
    assert local_energies(ring, w, after) == pytest.approx(E, abs=1e-9)
    assert log_derivatives(w, after, t) == pytest.approx(log_derivatives(w, after), abs=1e-9)


@pytest.mark.parametrize("ring", RINGS[:2])
def test_chains_visit_configurations_as_often_as_the_state_says(ring):
    rng = np.random.default_rng(5)
    w, s = 0.15 * rng.standard_normal((1, 8)), spin_states(8)
    s = s[(s.sum(1) == 0) | (not ring.exchange)]
    p = psi(w, s) ** 2
    found = estimate(measure(ring, w, rng, chains=500, sweeps=100))
    E = local_energies(ring, w, s)
    assert abs(found.mean - p @ E / p.sum()) < 3 * found.error
    assert found.variance == pytest.approx(p @ E**2 / p.sum() - (p @ E / p.sum()) ** 2, rel=0.05)


def test_exchange_keeps_the_number_of_up_spins():
    rng, ring = np.random.default_rng(6), heisenberg_ring(8)
    s = np.tile([1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0], (10, 1))
    after = sweep(ring, np.zeros((1, 8)), s, rng.integers(8, size=(10, 50)), rng.random((10, 50)))
    assert (after.sum(1) == 2).all() and (after != s).any()


def test_error_falls_with_the_root_of_the_samples():
    noise = np.random.default_rng(7).standard_normal((400, 400))
    assert estimate(noise[:, :100]).error / estimate(noise).error == pytest.approx(2.0, rel=0.1)


def test_a_chain_that_is_stuck_is_an_error():
    series = np.random.default_rng(8).standard_normal((50, 10))
    series[:, 3] = 2.0
    with pytest.raises(NotConverged, match="1 of 10 chains are stuck"):
        estimate(series)
    ring = heisenberg_ring(8)
    frozen = measure(ring, np.zeros((1, 8)), np.random.default_rng(9), sweeps=20, start=np.ones((4, 8)))
    with pytest.raises(NotConverged, match="4 of 4 chains are stuck"):
        estimate(frozen)


def good():
    return ising_ring(4, 1.0), np.zeros((1, 4)), np.ones((2, 4))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sweep(*good(), np.zeros((2, 3), int), np.ones((2, 4))), "uniforms: expected shape"),
        (lambda: sweep(*good(), np.zeros((2, 3), int), 2 * np.ones((2, 3))), "uniforms: expected values <= 1"),
        (lambda: sweep(*good(), np.full((2, 3), 4), np.ones((2, 3))), "moves: expected a row of sites"),
        (lambda: sweep(*good(), np.zeros((3, 3), int), np.ones((3, 3))), "moves: expected shape"),
        (lambda: local_energies(good()[0], np.zeros((1, 5)), np.ones((2, 5))), "w: expected shape"),
        (lambda: local_energies(*good()[:2], np.zeros((2, 4))), "s: expected spins"),
        (lambda: local_energies(*good()[:2], np.ones((2, 3))), "s: expected shape"),
        (lambda: visit(*good()[:2], np.ones((2, 3)), np.random.default_rng(1)), "s: expected shape"),
        (lambda: measure(*good()[:2], np.random.default_rng(1), chains=0), "chains: expected an integer >= 1"),
        (lambda: measure(*good()[:2], np.random.default_rng(1), sweeps=0), "sweeps: expected an integer >= 1"),
        (lambda: estimate(np.ones((0, 2))), "series: expected at least one entry"),
        (lambda: estimate(np.array([[np.nan, 1.0]])), "series: expected finite entries"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
