"""The natural gradient in closed cases, and training against exact energies."""

import numpy as np
import pytest

from nnqg.errors import Diverged, InvalidArgument
from nnqg.neural_quantum_states.boltzmann_states.reconfiguration import natural_gradient, train
from nnqg.neural_quantum_states.boltzmann_states.rings import heisenberg_ring, ising_ring
from nnqg.neural_quantum_states.boltzmann_states.sampling import estimate, measure


def test_the_natural_gradient_does_not_care_about_units():
    rng = np.random.default_rng(1)
    derivatives, units = rng.standard_normal((50, 4)), np.diag([1.0, 10.0, 0.1, 3.0])
    S, F = derivatives.T @ derivatives, rng.standard_normal(4)
    assert units @ natural_gradient(units @ S @ units, units @ F, 0.0) == pytest.approx(natural_gradient(S, F, 0.0), rel=1e-9)


@pytest.mark.parametrize(("ring", "exact"), [(ising_ring(8, 1.0), -2 / np.sin(np.pi / 16)), (heisenberg_ring(8), -3.6510934089371783)])
def test_training_finds_the_ground_state(ring, exact):
    rng = np.random.default_rng(2)
    run = train(ring, 0.02 * rng.standard_normal((2, 8)), rng, 200, chains=256)
    found = estimate(measure(ring, run.w, rng, 256, 100))
    assert found.mean == pytest.approx(exact, rel=1e-3)
    assert found.mean > exact - 3 * found.error
    assert run.energies[-1] < run.energies[0] and run.variances[-1] < 0.05 * run.variances[0]


def test_one_spin_up_too_many_leads_to_the_triplet():
    ring, rng = heisenberg_ring(4), np.random.default_rng(3)
    start = rng.permuted(np.tile([1.0, 1.0, 1.0, -1.0], (128, 1)), axis=1)
    assert train(ring, 0.02 * rng.standard_normal((1, 4)), rng, 100, 128, start=start).energies[-1] == pytest.approx(-1.0, abs=1e-2)


def test_a_diverging_energy_is_an_error():
    """Weights that put all of the state where the chains are not yet."""
    w, halves = np.array([[2.0, -2.0] * 4]), np.array([[1.0] * 4 + [-1.0] * 4] * 64)
    with pytest.raises(Diverged, match="training diverged at iteration 0"):
        train(heisenberg_ring(8), w, np.random.default_rng(4), 3, chains=64, start=halves)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: natural_gradient(-np.eye(2), np.ones(2), 0.0), "S: expected a positive covariance"),
        (lambda: natural_gradient(np.array([[1.0, 1.0], [0.0, 1.0]]), np.ones(2), 0.0), "S: expected a covariance, which is symmetric"),
        (lambda: natural_gradient(np.eye(3), np.ones(2), 0.0), "F: expected shape"),
        (lambda: natural_gradient(np.eye(2), np.array([1.0, np.nan]), 0.0), "F: expected finite entries"),
        (lambda: natural_gradient(np.eye(2), np.ones(2), -1.0), "damping: expected values >= 0"),
        (lambda: train(ising_ring(4, 1.0), np.zeros((1, 4)), np.random.default_rng(1), 0), "iterations: expected an integer >= 1"),
        (lambda: train(ising_ring(4, 1.0), np.zeros((1, 4)), np.random.default_rng(1), 2, chains=0), "chains: expected an integer >= 1"),
        (lambda: train(ising_ring(4, 1.0), np.zeros((1, 4)), np.random.default_rng(1), 2, eta=-1.0), "eta: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
