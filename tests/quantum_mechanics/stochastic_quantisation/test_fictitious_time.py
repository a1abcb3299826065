"""Fictitious time against the stationary variances of both schemes, which are known for quadratic actions."""

import numpy as np
import pytest

from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_mechanics.stochastic_quantisation.fictitious_time import action_slope, evolve


def action(x, dtau, m, hbar):
    V = 0.3 * x**4 - x**2
    return (m * (x - np.roll(x, 1)) ** 2 / (2 * dtau) + dtau * V).sum() / hbar


def test_slope_is_the_gradient_of_the_action():
    x = np.random.default_rng(1).standard_normal(7)
    found = action_slope(x[:, None], 0.3, lambda x: -1.2 * x**3 + 2 * x, m=1.4, hbar=0.6)[:, 0]
    for n, unit in enumerate(1e-5 * np.eye(7)):
        expected = (action(x + unit, 0.3, 1.4, 0.6) - action(x - unit, 0.3, 1.4, 0.6)) / 2e-5
        assert found[n] == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(("scheme", "expected"), [("euler", 1 / (2 * (1 - 0.3))), ("averaged", 0.5)])
def test_stationary_variance_of_one_mode(scheme, expected):
    rng = np.random.default_rng(2)
    seen = evolve(np.zeros((1, 20_000)), lambda x: 2 * x, 0.3, 60, rng, lambda x: (x**2).mean(), scheme=scheme, every=3)[5:]
    assert seen.mean() == pytest.approx(expected, abs=4 * expected * np.sqrt(2 / 20_000 / 10))


def test_averaged_noise_is_nearer_on_a_quartic_action():
    """One degree of freedom, slope x^3: <x^2> = 2 Gamma(3/4) / Gamma(1/4) = .675978. The measured means have an error of .0006."""
    bias = []
    for scheme in ("euler", "averaged"):
        rng = np.random.default_rng(3)
        start = rng.standard_normal((20, 1000))
        seen = evolve(start, lambda x: x * x * x, 0.1, 1000, rng, lambda x: (x**2).mean(), scheme=scheme, every=4)[25:]
        bias.append(seen.mean() - 0.675978)
    assert bias[0] > 0.007
    assert abs(bias[1]) < bias[0] / 2


def test_start_is_left_alone_and_without_a_slope_paths_diffuse():
    start = np.zeros((4, 5000))
    seen = evolve(start, np.zeros_like, 0.25, 8, np.random.default_rng(4), np.copy, scheme="euler", every=8)
    assert seen.shape == (1, 4, 5000)
    assert not start.any()
    assert seen.var() == pytest.approx(2 * 0.25 * 8, rel=0.05)


@pytest.mark.bad_input
def test_steps_that_are_too_large_diverge():
    with pytest.raises(Diverged, match="smaller epsilon"):
        evolve(np.ones((3, 3)), lambda x: x**3, 3.0, 50, np.random.default_rng(1), np.copy)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("x", {"x": np.full((2, 2), np.nan)}),
        ("epsilon", {"epsilon": 0.0}),
        ("steps", {"steps": 0}),
        ("every", {"every": 11}),
        ("scheme", {"scheme": "heun"}),
    ],
)
def test_bad_arguments_are_refused(name, bad):
    arguments = {"x": np.zeros((2, 2)), "epsilon": 0.1, "steps": 10, **bad}
    with pytest.raises(InvalidArgument, match=name):
        evolve(slope=np.zeros_like, rng=np.random.default_rng(1), observe=np.copy, **arguments)


@pytest.mark.bad_input
@pytest.mark.parametrize("name", ["dtau", "m", "hbar"])
def test_slopes_without_a_step_or_a_mass_are_refused(name):
    with pytest.raises(InvalidArgument, match=name):
        action_slope(**{"x": np.ones((2, 2)), "dtau": 0.1, "force": np.zeros_like, name: 0.0})
