"""Hybrid Monte Carlo: reversible, of second order, exact for a Gaussian at any step, and loud when it blows up."""

import numpy as np
import pytest

from nnqg.errors import Diverged, InvalidArgument, NotConverged
from nnqg.hybrid_monte_carlo import estimate, leapfrog, sample

FREQUENCIES = np.array([0.5, 1.0, 3.0])


def action(u):
    return (FREQUENCIES**2 * u * u).sum(1) / 2 + (u**4).sum(1) / 4


def gradient(u):
    return FREQUENCIES**2 * u + u**3


@pytest.fixture
def start():
    rng = np.random.default_rng(5)
    return rng.standard_normal((40, 3)), rng.standard_normal((40, 3))


def energy(u, p):
    return action(u) + (p * p).sum(1) / 2


def test_leapfrog_runs_backwards(start):
    u, p = leapfrog(gradient, *start, 0.11, 17)
    back, p_back = leapfrog(gradient, u, -p, 0.11, 17)
    np.testing.assert_allclose(back, start[0], atol=1e-12)
    np.testing.assert_allclose(-p_back, start[1], atol=1e-12)


def test_leapfrog_keeps_volumes():
    base, shift = np.array([[0.3, -0.4, 0.9, 1.0, 0.2, -0.7]]), 1e-6 * np.eye(6)
    ends = [np.hstack(leapfrog(gradient, z[:, :3], z[:, 3:], 0.1, 7)) for z in (base + shift, base - shift)]
    assert np.linalg.det((ends[0] - ends[1]) / 2e-6) == pytest.approx(1.0, abs=1e-7)


def test_energy_errors_are_of_second_order(start):
    before = energy(*start)
    errors = [abs(energy(*leapfrog(gradient, *start, 0.8 / leaps, leaps)) - before).mean() for leaps in (20, 40, 80)]
    np.testing.assert_allclose(np.log2(np.array(errors[:-1]) / errors[1:]), 2.0, atol=0.03)


def test_a_mode_is_stable_up_to_a_step_of_two_over_its_frequency():
    one = np.ones((1, 1))
    bounded, wild = (abs(leapfrog(lambda u: 9 * u, one, one, step, 400)[0]).max() for step in (1.99 / 3, 2.01 / 3))
    assert bounded < 100 < wild


def run(step, leaps=6, trajectories=400, **extra):
    rng = np.random.default_rng(7)
    extra = {"observe": lambda u: (u * u).T} | extra
    gauss = {"action": lambda u: (FREQUENCIES**2 * u * u).sum(1) / 2, "gradient": lambda u: FREQUENCIES**2 * u}
    return sample(**gauss, start=np.zeros((50, 3)), rng=rng, step=step, leaps=leaps, trajectories=trajectories, discard=40, **extra)


@pytest.mark.parametrize("step", [0.2, 0.45])
def test_variances_are_right_at_any_step(step):
    found = run(step)
    assert found.values.shape == (400, 3, 50) and found.state.shape == (50, 3)
    for j, frequency in enumerate(FREQUENCIES):
        mine = estimate(found.values[:, j])
        assert abs(mine.mean - frequency**-2) < 4 * mine.error
    boltzmann = np.exp(-found.energy_errors)
    assert abs(boltzmann.mean() - 1) < 4 * boltzmann.std() / np.sqrt(boltzmann.size)
    assert (found.accepted.mean() > 0.97) == (step < 0.3)


def test_error_bar_agrees_with_the_spread_of_independent_chains():
    series = run(0.2, leaps=3, trajectories=2000).values[:, 1]
    mine = estimate(series)
    assert mine.tau > 3
    assert mine.error == pytest.approx(series.mean(0).std() / np.sqrt(50), rel=0.3)


def test_a_move_that_keeps_the_distribution_changes_no_mean():
    mine = estimate(run(0.3, move=lambda u, rng: u * rng.choice([-1.0, 1.0], (len(u), 1)), observe=lambda u: u[:, 0]).values)
    assert abs(mine.mean) < 4 * mine.error and mine.tau < 1.5


def test_same_random_numbers_same_chains():
    np.testing.assert_array_equal(run(0.3).state, run(0.3).state)


@pytest.mark.bad_input
def test_a_blow_up_is_an_error_with_its_remedy(start):
    with pytest.raises(Diverged, match="smaller steps"):
        leapfrog(gradient, *start, 5.0, 50)
    with pytest.raises(Diverged, match=r"leapfrog diverged at step 5"):
        sample(action, gradient, start[0], np.random.default_rng(1), step=5.0, leaps=60, trajectories=3, observe=lambda u: u[:, 0])


@pytest.mark.bad_input
def test_an_action_that_is_not_finite_is_an_error(start):
    def broken(u):
        return np.where(u[:, 0] > 1.0, np.nan, action(u))

    with pytest.raises(Diverged, match="action of the start"):
        sample(broken, gradient, start[0] + 2, np.random.default_rng(1), step=0.1, leaps=3, trajectories=3, observe=lambda u: u[:, 0])
    with pytest.raises(Diverged, match="after trajectory"):
        sample(broken, gradient, 0 * start[0], np.random.default_rng(1), step=0.3, leaps=9, trajectories=20, observe=lambda u: u[:, 0])


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "series", [np.random.default_rng(1).standard_normal((40, 1)), np.random.default_rng(1).standard_normal((30, 50)).cumsum(0)]
)
def test_too_few_samples_have_no_error_bar(series):
    with pytest.raises(NotConverged, match="record more sweeps"):
        estimate(series)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("name", "value"), [("step", 0.0), ("step", np.nan), ("leaps", 0), ("trajectories", 0), ("discard", -1), ("start", np.zeros(3))]
)
def test_bad_arguments(start, name, value):
    arguments = {"start": start[0], "step": 0.1, "leaps": 3, "trajectories": 2} | {name: value}
    with pytest.raises(InvalidArgument, match=name):
        sample(action, gradient, rng=np.random.default_rng(1), observe=lambda u: u[:, 0], **arguments)


@pytest.mark.bad_input
def test_one_action_for_each_chain(start):
    with pytest.raises(InvalidArgument, match="action"):
        sample(lambda u: u, gradient, start[0], np.random.default_rng(1), step=0.1, leaps=3, trajectories=2, observe=lambda u: u[:, 0])
