"""The thermofield double of two-level systems: brute force, limits, and refusals."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.wormhole.thermofield import log_rank


def weights(systems, beta):
    energies = np.array([sum(bits) for bits in itertools.product((0, 1), repeat=systems)], dtype=float)
    boltzmann = np.exp(-beta * energies)
    return np.sort(boltzmann / boltzmann.sum())[::-1]


def entropy_and_spread(systems, beta):
    excited = 1 / (1 + np.exp(beta))
    return systems * (beta * excited + np.log1p(np.exp(-beta))), systems * beta**2 * excited * (1 - excited)


@pytest.mark.parametrize("loss", [0.5, 0.1, 0.003, 1e-9])
def test_rank_against_all_states(loss):
    p = weights(8, 0.7)
    kept = np.append(0.0, np.cumsum(p))
    exact = np.interp(1 - loss, kept, np.arange(kept.size))
    assert np.exp(log_rank(8, 0.7, loss)) == pytest.approx(exact, rel=1e-10)


def test_rank_is_that_of_the_truncated_singular_values():
    p = weights(5, 1.0)
    state = np.diag(np.sqrt(p))
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((32, 32)))[0]
    values = np.linalg.svd(turn @ state)[1] ** 2
    chi = int(np.ceil(np.exp(log_rank(5, 1.0, 0.1)) - 1e-9))
    assert values[:chi].sum() >= 0.9 > values[: chi - 1].sum()


def test_infinite_temperature_is_flat():
    assert log_rank(10, 1e-10, 0.25) == pytest.approx(np.log(0.75 * 2**10), rel=1e-8)


@pytest.mark.parametrize("loss", [0.5, 0.1, 0.01])
def test_entropy_is_the_log_of_the_rank_for_many_systems(loss):
    errors = []
    for n in (100, 10_000, 1_000_000):
        S, spread = entropy_and_spread(n, 1.0)
        errors.append(abs((log_rank(n, 1.0, loss) - S) / np.sqrt(spread) - norm.ppf(1 - loss)))
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.03
    assert log_rank(1_000_000, 1.0, loss) / S == pytest.approx(1, abs=0.003)


@given(st.integers(1, 200), st.floats(0.1, 5.0), st.floats(0.01, 0.9))
def test_a_larger_loss_needs_no_more_states(systems, beta, loss):
    assert log_rank(systems, beta, loss) >= log_rank(systems, beta, min(loss * 1.1, 0.99)) - 1e-9
    assert log_rank(systems, beta, loss) <= systems * np.log(2) + 1e-9


@pytest.mark.bad_input
def test_bad_input_is_refused():
    for systems, beta, message in ((0, 1.0, "systems"), (1.5, 1.0, "systems"), (3, 0.0, "beta"), (3, np.nan, "beta")):
        with pytest.raises(InvalidArgument, match=message):
            log_rank(systems, beta, 0.1)
    for loss in (0.0, 1.0, -0.2, 1e-17):
        with pytest.raises(InvalidArgument, match="loss"):
            log_rank(3, 1.0, loss)
