"""The network of cosines against the oscillator and against integrals."""

import numpy as np
import pytest
from scipy.integrate import quad

from nnqg.errors import InvalidArgument
from nnqg.quantum_mechanics.wide_networks.cosine_network import excess_kurtosis, propagator, sample_paths


def test_cutoff_propagator_at_equal_times():
    assert [propagator(0.0, L) for L in (10.0, 20.0, 40.0)] == pytest.approx([np.arctan(L) / np.pi for L in (10, 20, 40)], abs=1e-12)


@pytest.mark.parametrize(("tau", "omega"), [(0.5, 1.0), (2.0, 1.0), (1.0, 2.0)])
def test_propagator_goes_to_the_oscillator(tau, omega):
    """The tail beyond the cutoff is at most 2 / (2 pi tau cutoff^2), after one integration by parts."""
    for cutoff in (50.0, 400.0):
        assert abs(propagator(tau, cutoff, omega) - np.exp(-omega * tau) / (2 * omega)) < 2 / (np.pi * tau * cutoff**2)


def test_sampled_paths_have_this_propagator():
    tau = np.array([0.0, 0.7])
    x = sample_paths(tau, 4, 100_000, np.random.default_rng(1), cutoff=6.0, omega=1.5)
    for row in (0, 1):
        products = x[:, 0] * x[:, row]
        assert abs(products.mean() - propagator(tau[row], 6.0, 1.5)) < 4 * products.std() / len(x) ** 0.5


@pytest.mark.parametrize(("cutoff", "omega"), [(3.0, 1.0), (10.0, 0.5)])
def test_kurtosis_from_the_integrals(cutoff, omega):
    moments = [quad(lambda b, p=p: (b**2 + omega**2) ** -p, 0, cutoff)[0] / cutoff for p in (1, 2)]
    R = moments[1] / moments[0] ** 2
    assert excess_kurtosis(7, cutoff, omega) == pytest.approx((4.5 * R - 3) / 7)
    assert excess_kurtosis(7, cutoff, omega, fourth=1.0) == pytest.approx((1.5 * R - 3) / 7)


def test_kurtosis_of_a_small_and_of_a_large_cutoff():
    assert excess_kurtosis(1, 1e-3) == pytest.approx(1.5, abs=1e-5)  # all units alike
    assert excess_kurtosis(1, 1e6) / 1e6 == pytest.approx(4.5 / np.pi, rel=1e-5)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: sample_paths(np.zeros(1), 0, 5, rng, cutoff=1.0), "width: expected"),
        (lambda rng: sample_paths(np.zeros(1), 2, 5, rng, cutoff=0.0), "cutoff: expected a number above 0"),
        (lambda rng: sample_paths(np.array([np.inf]), 2, 5, rng, cutoff=1.0), "tau: expected"),
        (lambda rng: propagator(1.0, 5.0, 0.0), "omega: expected a number above 0"),
        (lambda rng: propagator(np.nan, 5.0), "tau: expected a finite number"),
        (lambda rng: excess_kurtosis(4, 5.0, fourth=0.5), "fourth: expected values >= 1"),
    ],
)
def test_bad_numbers(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call(np.random.default_rng(0))
