"""Compiled chains against plain ones on the same random numbers, and against sums over all states."""

from itertools import combinations

import numpy as np
import pytest

from nnqg.errors import Diverged, InvalidArgument, NotConverged
from nnqg.neural_quantum_states.spin_chains.models import heisenberg, square_bonds
from nnqg.neural_quantum_states.square_lattice.chains import draw_moves, energy, local_energies, measure, sweep, visit
from nnqg.neural_quantum_states.square_lattice.lattices import SquareLattice, random_spins
from nnqg.neural_quantum_states.square_lattice.states import SymmetricState


def a_state(length=4, features=2, seed=1, size=0.1):
    lattice, rng = SquareLattice(length), np.random.default_rng(seed)
    return SymmetricState(lattice, size * rng.standard_normal((features, length**2)), 0.05 * rng.standard_normal(lattice.distances))


def all_states(spins):
    """All configurations with as many spins up as down."""
    up = np.array(list(combinations(range(spins), spins // 2)))
    s = -np.ones((len(up), spins))
    s[np.arange(len(up))[:, None], up] = 1.0
    return s


def plain_sweep(state, s, moves, uniforms):
    s = s.copy()
    for c in range(len(s)):
        for m, u in zip(moves[c], uniforms[c], strict=True):
            after = s[c : c + 1].copy()
            after[:, state.lattice.bonds[m]] = after[:, state.lattice.bonds[m][::-1]]
            if u < np.exp(2 * (state.log_psi(after) - state.log_psi(s[c : c + 1])))[0]:
                s[c] = after[0]
    return s


@pytest.mark.parametrize("length", [4, 6])
def test_compiled_and_plain_chains_are_the_same_walk(length):
    state, rng = a_state(length), np.random.default_rng(2)
    s = random_spins(state.lattice, 6, rng)
    moves, uniforms = rng.integers(2 * length**2, size=(6, 60)), rng.random((6, 60))
    before = s.copy()
    found = sweep(state, s, moves, uniforms)
    assert (found == plain_sweep(state, s, moves, uniforms)).all()
    assert (s == before).all() and (found != s).any() and (found.sum(1) == 0).all()


def test_what_is_carried_along_a_sweep_is_what_is_computed_afresh():
    state, rng = a_state(6, 4), np.random.default_rng(3)
    s = random_spins(state.lattice, 300, rng)
    seen = visit(state, s, *draw_moves(state, 300, rng), derivatives=True)
    afresh = local_energies(state, seen.s)
    assert afresh == pytest.approx(seen.E, rel=1e-4, abs=1e-3)
    assert state.log_derivatives(seen.s) == pytest.approx(seen.derivatives, abs=1e-3)


def test_local_energy_is_that_of_the_operator():
    """Held against the sparse matrix of the model, whose sign Marshall's rule turns."""
    state, s = a_state(), all_states(16)
    H = heisenberg(16, square_bonds(4, periodic=True)).sparse
    index = ((s < 0) @ 2.0 ** np.arange(15, -1, -1)).astype(int)
    sublattice = np.add(*state.lattice.places) % 2 == 0
    psi = np.zeros(2**16)
    psi[index] = np.exp(state.log_psi(s)) * np.where((s[:, sublattice] > 0).sum(1) % 2, -1, 1)
    assert local_energies(state, s) == pytest.approx((H @ psi)[index] / psi[index], rel=1e-4, abs=1e-4)


def test_chains_visit_configurations_as_often_as_the_state_says():
    state, s = a_state(), all_states(16)
    p = np.exp(2 * state.log_psi(s))
    p, E = p / p.sum(), local_energies(state, s)
    found = energy(measure(state, np.random.default_rng(5), 1000, 60)[0])
    assert abs(found.mean - p @ E) < 3 * found.error
    assert found.variance == pytest.approx(p @ E**2 - (p @ E) ** 2, rel=0.05)


def test_weights_too_large_for_single_precision_are_an_error():
    rng = np.random.default_rng(3)
    state = SymmetricState(SquareLattice(6), 5 * rng.standard_normal((8, 36)), np.zeros(9))
    with pytest.raises(Diverged, match="sampling diverged at .* of 64 configurations.*smaller first step"):
        measure(state, rng, 64, 5)


def test_a_stuck_chain_is_an_error():
    series = np.random.default_rng(6).standard_normal((50, 40))
    energy(series)
    apart = series.copy()
    apart[:, 3] += 22.0
    with pytest.raises(NotConverged, match="1 of 40 chains stay apart, one at 2"):
        energy(apart)
    frozen = series.copy()
    frozen[:, 3] = series[:, 3].mean()
    with pytest.raises(NotConverged, match="1 of 40 chains are stuck"):
        energy(frozen)


def test_a_chain_on_a_hill_is_found_by_fresh_chains():
    """A factor that likes halves: what starts there stays there."""
    state = a_state(size=0.0)
    hill = SymmetricState(state.lattice, state.w, np.array([0.5, 0.0, 0.0, 0.0, 0.0]))
    halves, rng = np.repeat([1.0, -1.0], 8), np.random.default_rng(7)
    series, _ = measure(hill, rng, sweeps=30, start=np.tile(halves, (8, 1)))
    with pytest.raises(NotConverged, match="chains are stuck|stay apart"):
        energy(np.hstack([series, np.random.default_rng(8).standard_normal((30, 60)) - 11]))


def good(chains=2):
    return a_state(), np.tile([1.0, -1.0], (chains, 8))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sweep(*good(), np.zeros((2, 3), int), np.ones((2, 4))), "uniforms: expected shape"),
        (lambda: sweep(*good(), np.zeros((2, 3), int), 2 * np.ones((2, 3))), "uniforms: expected values <= 1"),
        (lambda: sweep(*good(), np.full((2, 3), 32), np.ones((2, 3))), "moves: expected a row of bonds"),
        (lambda: sweep(*good(), np.zeros((3, 3), int), np.ones((3, 3))), "moves: expected shape"),
        (lambda: local_energies(a_state(), np.ones((2, 16))), "s: expected as many spins up as down"),
        (lambda: local_energies(a_state(), np.zeros((2, 16))), "s: expected spins"),
        (lambda: measure(a_state(), np.random.default_rng(1), chains=0), "chains: expected an integer >= 1"),
        (lambda: measure(a_state(), np.random.default_rng(1), sweeps=0), "sweeps: expected an integer >= 1"),
        (lambda: draw_moves(a_state(), 0, np.random.default_rng(1)), "chains: expected an integer >= 1"),
        (lambda: energy(np.ones((0, 2))), "series: expected at least one entry"),
        (lambda: energy(np.array([[np.nan, 1.0]])), "series: expected finite entries"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
