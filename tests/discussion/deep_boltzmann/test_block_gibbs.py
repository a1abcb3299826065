"""Samples have the exact distribution, and free chains forget at the rate of linear algebra."""

import numpy as np
import pytest
from scipy.stats import kstest
from stacks import black_brane, two_layers

from nnqg.autocorrelation import integrated_autocorrelation
from nnqg.discussion.deep_boltzmann.block_gibbs import sample
from nnqg.discussion.deep_boltzmann.depth_quadrature import clamp
from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.dictionary.layered_stack import LayeredStack


@pytest.mark.parametrize("b", [-40.0, -1e-9, 0.0, 0.3, 7.0])
@pytest.mark.parametrize("quartic", [0.0, 1e-12, 0.5, 30.0])
def test_mode_solves_the_cubic(b, quartic):
    """Without fluctuations a unit sits at its mode."""
    stack = LayeredStack(np.ones(2), np.array([0.9]), np.array([1.0, 0.8]), np.array([0.0, quartic]))
    mu = sample(stack, b / 0.9, hbar=1e-60, chains=1, sweeps=1, burn_in=0, rng=np.random.default_rng(2))[0, 0, 1]
    assert 1.7 * mu + quartic * mu**3 == pytest.approx(b, rel=1e-12, abs=1e-20)


@pytest.mark.parametrize("hbar", [1.0, 0.3])
def test_one_hidden_unit_is_drawn_without_error(hbar):
    stack = two_layers(quartic=5.0)
    drawn = sample(stack, 1.5, hbar=hbar, chains=4000, sweeps=1, burn_in=0, rng=np.random.default_rng(3))[0, :, 1]
    exact = clamp(stack, 1.5, hbar)
    cumulative = np.cumsum(exact.density[0]) * (exact.points[0, 1] - exact.points[0, 0])
    assert kstest(drawn, lambda x: np.interp(x, exact.points[0], cumulative)).pvalue > 1e-3


def test_cumulants_agree_with_the_quadrature():
    stack = black_brane(6)
    states = sample(stack, 1.0, chains=1600, sweeps=200, burn_in=100, rng=np.random.default_rng(4))[:, :, 1:]
    exact = clamp(stack, 1.0).cumulants()
    by_chain = states.mean(0)
    error = by_chain.std(0, ddof=1) / 40
    assert (abs(by_chain.mean(0) - exact[0]) < 4.5 * error).all()
    squares = ((states - exact[0]) ** 2).mean(0)
    assert (abs(squares.mean(0) - exact[1]) < 4.5 * squares.std(0, ddof=1) / 40).all()


def test_free_chains_forget_at_the_known_rate():
    """The slowest mode of the odd-even sweep decays with the square of the largest eigenvalue of a Jacobi step, whatever the noise."""
    stack = black_brane(6, lam=0.0)
    hidden = stack.precision[1:, 1:]
    lower = hidden.copy()
    odd, even = np.arange(0, 6, 2), np.arange(1, 6, 2)
    lower[np.ix_(odd, even)] = 0  # the new odd layers stand on the left: Gauss-Seidel in blocks
    sweep = np.eye(6) - np.linalg.solve(lower, hidden)
    root = np.sqrt(np.diag(hidden))
    rate = np.linalg.eigvalsh(np.eye(6) - hidden / np.outer(root, root))[-1] ** 2
    assert abs(np.linalg.eigvals(sweep)).max() == pytest.approx(rate, rel=1e-10)
    values, modes = np.linalg.eig(sweep.T)
    slow = modes[:, abs(values).argmax()].real
    states = sample(stack, 0.0, chains=400, sweeps=600, burn_in=100, rng=np.random.default_rng(5))[:, :, 1:]
    assert integrated_autocorrelation(states @ slow, mean=0.0) == pytest.approx((1 + rate) / (1 - rate), rel=0.1)


def test_same_generator_same_states():
    first, second = (sample(black_brane(4), 1.0, chains=3, sweeps=5, burn_in=1, rng=np.random.default_rng(7)) for _ in range(2))
    assert (first == second).all()
    assert first.shape == (5, 3, 5)
    assert (first[:, :, 0] == 1.0).all()


def test_a_machine_that_does_not_exist():
    with pytest.raises(Diverged):
        sample(black_brane(8, m2=-30.0), 1.0, chains=2, sweeps=1, burn_in=0, rng=np.random.default_rng(1))


def drawn(**changed):
    arguments = {"chains": 2, "sweeps": 2, "burn_in": 0, "rng": np.random.default_rng(1)}
    return sample(two_layers(), 1.0, **(arguments | changed))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: drawn(chains=0), "chains: expected"),
        (lambda: drawn(sweeps=0), "sweeps: expected"),
        (lambda: drawn(burn_in=-1), "burn_in: expected"),
        (lambda: drawn(hbar=0.0), "hbar: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
