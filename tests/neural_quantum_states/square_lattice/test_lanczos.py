"""The step, summed over all states, against the matrix; sampled, against the sum."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.square_lattice.chains import draw_moves, local_energies, measure, sweep
from nnqg.neural_quantum_states.square_lattice.lanczos import _samples, improve, lowest
from nnqg.neural_quantum_states.square_lattice.lattices import random_spins

from .test_chains import a_state, all_states


def moments(state):
    """Energy, h2 and h3 from all states."""
    s = all_states(16)
    p, E_L = np.exp(2 * state.log_psi(s)), local_energies(state, s)
    p /= p.sum()
    E = p @ E_L
    lookup = dict(zip(map(bytes, s), range(len(s)), strict=True))
    g, log = E_L - E, state.log_psi(s)
    diagonal = (s[:, state.lattice.bonds[:, 0]] * s[:, state.lattice.bonds[:, 1]]).sum(1) / 4
    total = (diagonal - E) * g
    for i, j in state.lattice.bonds:
        after = s.copy()
        after[:, [i, j]] = s[:, [j, i]]
        to = np.array([lookup[bytes(one)] for one in after])
        total -= np.where(s[:, i] != s[:, j], np.exp(log[to] - log) * g[to], 0.0) / 2
    h3 = p @ (g * total)
    return E, p @ g**2, h3


def test_the_step_is_the_best_of_two_states():
    """The lower eigenvalue of H between two vectors of any matrix."""
    rng = np.random.default_rng(1)
    H = rng.standard_normal((6, 6))
    H, psi = H + H.T, rng.standard_normal(6)
    psi /= np.linalg.norm(psi)
    E = psi @ H @ psi
    g = H @ psi - E * psi
    basis = np.linalg.qr(np.stack([psi, g], 1))[0]
    mean, x = lowest(E, g @ g, g @ (H @ g - E * g))
    assert mean == pytest.approx(np.linalg.eigvalsh(basis.T @ H @ basis)[0])
    improved = psi + x * g
    assert improved @ H @ improved / (improved @ improved) == pytest.approx(mean)


def test_samples_and_sum_agree():
    state, rng = a_state(), np.random.default_rng(2)
    exact = lowest(*moments(state))[0]
    series, s = measure(state, rng, 512, 60)
    found = improve(state, series, s, rng)
    assert abs(found.mean - exact) < 3 * found.error
    assert exact < moments(state)[0] - 10 * found.error


def test_bonds_drawn_at_random_give_the_same_mean():
    state, rng = a_state(6, 3), np.random.default_rng(3)
    s = sweep(state, random_spins(state.lattice, 8, rng), *draw_moves(state, 8, rng))
    whole = _samples(state, s, np.tile(np.arange(72), (8, 1)))
    some = _samples(state, s.repeat(300, axis=0), rng.integers(72, size=(2400, 8)))
    for name in ("ratios", "after"):
        many = getattr(some, name).reshape(8, 300)
        assert (abs(many.mean(1) - getattr(whole, name)) < 4.5 * many.std(1) / np.sqrt(300)).all()
    assert whole.diagonal - whole.ratios / 2 == pytest.approx(whole.E, rel=1e-5)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: _samples(a_state(), np.ones((1, 16)), np.zeros((1, 1), int)), "s: expected as many spins up as down"),
        (lambda: _samples(a_state(), all_states(16)[:2], np.full((2, 3), 32)), "picks: expected a row of bonds"),
        (lambda: _samples(a_state(), all_states(16)[:2], np.zeros((3, 3), int)), "picks: expected a row of bonds"),
        (lambda: lowest(0.0, 0.0, 1.0), "h2: expected a number above 0"),
        (lambda: improve(a_state(), np.ones((2, 2)), all_states(16)[:2], np.random.default_rng(1)), "groups: expected an integer"),
        (lambda: improve(a_state(), np.ones((2, 3)), all_states(16)[:2], np.random.default_rng(1), groups=2), "s: expected shape"),
        (lambda: improve(a_state(), np.ones((2, 2)), all_states(16)[:2], np.random.default_rng(1), 0), "rounds: expected an integer"),
        (lambda: improve(a_state(), np.ones((2, 2)), all_states(16)[:2], np.random.default_rng(1), 1, 0), "bonds: expected an integer"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
