"""Rings as moves, held against their operators; the state that shares their translations."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.boltzmann_states.rings import (
    Ring,
    checked_spins,
    couplings,
    heisenberg_ring,
    ising_ring,
    log_derivatives,
    random_spins,
)


def log_psi(w, s):
    return np.log(np.cosh(s @ couplings(w))).sum(1)


def test_derivatives_are_those_of_the_logarithm():
    rng = np.random.default_rng(1)
    w, s = rng.standard_normal((2, 5)), rng.choice([-1.0, 1.0], (7, 5))
    found = log_derivatives(w, s).reshape(7, 2, 5)
    for f, k in np.ndindex(2, 5):
        step = np.zeros_like(w)
        step[f, k] = 1e-5
        assert found[:, f, k] == pytest.approx((log_psi(w + step, s) - log_psi(w - step, s)) / 2e-5, abs=1e-8)


def test_the_state_is_the_same_from_every_site_and_upside_down():
    rng = np.random.default_rng(2)
    w, s = rng.standard_normal((2, 6)), rng.choice([-1.0, 1.0], (9, 6))
    assert log_psi(w, np.roll(s, 2, axis=1)) == pytest.approx(log_psi(w, s), abs=1e-12)
    assert log_psi(w, -s) == pytest.approx(log_psi(w, s), abs=1e-12)


def test_random_starts():
    assert (random_spins(heisenberg_ring(10), 50, np.random.default_rng(1)).sum(1) == 0).all()
    assert set(np.unique(random_spins(ising_ring(10, 1.0), 50, np.random.default_rng(1)))) == {-1.0, 1.0}


def test_no_eigenvalue_is_beyond_the_bound():
    assert ising_ring(8, 1.0).bound >= 2 / np.sin(np.pi / 16)
    assert heisenberg_ring(4).bound >= 2.0


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: heisenberg_ring(5), "spins: expected an even number"),
        (lambda: ising_ring(2, 1.0), "spins: expected an integer >= 3"),
        (lambda: ising_ring(4, np.nan), "field: expected a finite number"),
        (lambda: Ring(4, np.inf, 1.0, exchange=False), "bond: expected a finite number"),
        (lambda: Ring(4, 1.0, "1", exchange=False), "move: expected a real number"),
        (lambda: random_spins(ising_ring(4, 1.0), 0, np.random.default_rng(1)), "chains: expected an integer >= 1"),
        (lambda: couplings(np.ones(4)), "w: expected shape"),
        (lambda: log_derivatives(np.ones((1, 4)), np.zeros((2, 4))), "s: expected spins"),
        (lambda: log_derivatives(np.ones((1, 4)), np.ones((2, 5))), "s: expected shape"),
        (lambda: log_derivatives(np.ones((1, 4)), np.ones((2, 4)), np.ones((2, 5))), "t: expected shape"),
        (lambda: checked_spins(np.array([[1.0, 0.5]]), 2), "s: expected spins"),
        (lambda: checked_spins(np.ones((0, 2)), 2), "s: expected at least one entry"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
