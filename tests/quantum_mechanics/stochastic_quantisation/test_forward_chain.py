"""The forward chain against the lattice oscillator and a diffusion whose ground state is known."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_mechanics.stochastic_quantisation.forward_chain import forward_chain

GRID = np.linspace(-6, 6, 121)


def test_oscillator_on_the_lattice_is_an_autoregression():
    dtau, m, hbar = 0.5, 1.3, 0.8
    P, weight = forward_chain(lambda x: m * x**2 / 2, dtau, GRID, m=m, hbar=hbar)
    q = np.exp(-2 * np.arcsinh(dtau / 2))
    spread = hbar / (2 * m * np.sqrt(1 + dtau**2 / 4))
    inner = slice(20, 101)
    np.testing.assert_allclose((P @ GRID)[inner], q * GRID[inner], atol=1e-8)
    np.testing.assert_allclose((P @ GRID**2 - (P @ GRID) ** 2)[inner], (1 - q * q) * spread, rtol=1e-8)
    assert weight @ GRID**2 == pytest.approx(spread, rel=1e-8)


def test_chain_preserves_its_weight_and_runs_both_ways_alike():
    P, weight = forward_chain(lambda x: (x * x - 1) ** 2, 0.2, np.linspace(-3.2, 3.2, 129))
    np.testing.assert_allclose(P.sum(axis=1), 1)
    np.testing.assert_allclose(weight @ P, weight, atol=1e-9)
    np.testing.assert_allclose(weight[:, None] * P, (weight[:, None] * P).T, atol=1e-10)


def test_drift_converges_to_the_slope_of_the_logarithm_with_the_first_order():
    grid = np.linspace(-3, 3, 241)  # psi_0 = exp(-x^4 / 4)
    errors = []
    for dtau in (0.02, 0.01):
        P, _ = forward_chain(lambda x: x**6 / 2 - 1.5 * x**2, dtau, grid)
        errors.append(((P @ grid - grid) / dtau + grid**3)[140])
    assert grid[140] == pytest.approx(0.5)
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05)


@pytest.mark.bad_input
def test_unbounded_potentials_and_steps_backwards_are_refused():
    with pytest.raises(NotConverged, match="bound the potential from below"):
        forward_chain(lambda x: -(x**2), 0.1, GRID)
    with pytest.raises(InvalidArgument, match="dtau"):
        forward_chain(lambda x: x**2, -0.1, GRID)
