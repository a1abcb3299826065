"""The sum over widths has the exact spectrum, the exact classical limit, and samples that follow it."""

import itertools
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_gravity.triangulations.random_widths import RandomWidths, classical_widths, strip_weights


@pytest.mark.parametrize("spacing", [0.1, 0.3, 0.7])
def test_spectrum(spacing):
    root = np.sqrt(np.arange(1.0, 401))
    found = np.linalg.eigvalsh(root[:, None] * strip_weights(spacing, 400) * root)[::-1][:4]
    np.testing.assert_allclose(found, np.exp(-2 * spacing * np.arange(1, 5)), rtol=1e-9)


def test_strips_are_counted():
    """Words of l and l' letters, with a first letter chosen: l + l' of them belong to one strip with labelled rings, times l l'."""
    g = 0.5 / np.cosh(0.2)
    weights = strip_weights(0.2, 6)
    for outer, inner in itertools.product(range(1, 7), repeat=2):
        labelled = comb(outer + inner, outer) * outer * inner / (outer + inner)
        np.testing.assert_allclose(weights[outer - 1, inner - 1] * outer * inner, labelled * g ** (outer + inner), rtol=1e-12)


@settings(max_examples=30)
@given(layers=st.integers(3, 30), spacing=st.floats(0.01, 1.0))
def test_classical_widths_are_stationary(layers, spacing):
    widths = classical_widths(layers, spacing)
    ratio = (widths[:-2] + widths[1:-1]) * (widths[1:-1] + widths[2:]) / widths[1:-1] ** 2
    np.testing.assert_allclose(ratio, 4 * np.cosh(spacing) ** 2, rtol=1e-9)


def test_classical_widths_are_hyperbolic_space_at_order_two():
    errors = []
    for layers in (10, 20, 40):
        spacing = 1 / (layers + 0.5)
        eta = (layers + 0.5 - np.arange(layers)) * spacing
        errors.append(abs(classical_widths(layers, spacing) - (np.sinh(eta) / np.sinh(1)) ** 2).max())
    assert np.log2(np.divide(errors[:-1], errors[1:])) == pytest.approx([2, 2], abs=0.15)


def test_wide_rings_follow_the_classical_ones():
    """Each outer vertex has its own family inside; only the condition that not all of them end too early shifts the mean."""
    gaps = []
    for first in (50, 100, 150):
        mean = RandomWidths(first, 4, 0.25, int(1.2 * first + 300)).moments[0] / first
        gaps.append(abs(mean - classical_widths(4, 0.25)[1:]).max())
    rates = -np.diff(np.log(gaps)) / 50
    assert gaps[-1] < 1e-4
    assert rates[1] == pytest.approx(rates[0], rel=0.2)  # exponential in the width


def test_marginals_by_brute_force():
    disc = RandomWidths(3, 3, 0.8, 40)
    steps, caps = disc.steps, disc.closings[-1]
    joint = steps[2][:, None] * steps * caps
    joint /= joint.sum()
    np.testing.assert_allclose(disc.marginals, [joint.sum(axis=1), joint.sum(axis=0)], atol=1e-14)


def test_cutoff_does_not_matter():
    for small, large in zip(RandomWidths(10, 5, 0.2, 120).moments, RandomWidths(10, 5, 0.2, 240).moments, strict=True):
        np.testing.assert_allclose(small, large, rtol=1e-8)


def test_samples_follow_the_marginals():
    disc = RandomWidths(12, 5, 0.2, 120)
    mean, variance = disc.moments
    widths = disc.sample(np.random.default_rng(5), 20000)
    assert (widths[:, 0] == 12).all() and widths.min() >= 1
    assert abs((widths[:, 1:].mean(axis=0) - mean) / np.sqrt(variance / 20000)).max() < 4
    np.testing.assert_allclose(widths[:, 1:].var(axis=0), variance, rtol=0.08)
    neighbours = np.corrcoef(widths[:, 1], widths[:, 2])[0, 1]
    assert neighbours > 0.5  # not drawn from the marginals one by one


def test_very_wide_rings_do_not_warn():
    widths = RandomWidths(1280, 10, 2 / 21, 1826).sample(np.random.default_rng(0), 20)
    assert widths.max() < 1826


def test_too_low_a_cutoff_is_refused():
    with pytest.raises(NotConverged, match="largest"):
        RandomWidths(20, 5, 0.1, 25)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: RandomWidths(0, 5, 0.1, 50),
        lambda: RandomWidths(5, 1, 0.1, 50),
        lambda: RandomWidths(5, 5, -0.1, 50),
        lambda: RandomWidths(5, 5, 0.1, 4),
        lambda: RandomWidths(5, 3, 0.3, 80).sample(np.random.default_rng(0), 0),
        lambda: classical_widths(1, 0.1),
        lambda: classical_widths(4, float("nan")),
        lambda: strip_weights(0.0, 5),
        lambda: strip_weights(0.1, 0),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
