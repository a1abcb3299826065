"""Reference trajectories and the periods that elliptic integrals give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ellipk

from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.hamiltonian import oscillators as osc

HARMONIC = osc.Oscillator(lambda q: q**2 / 2, lambda q: -q)
SYSTEMS = [osc.PENDULUM, osc.DOUBLE_WELL, HARMONIC]


@pytest.mark.parametrize("system", SYSTEMS)
def test_force_is_minus_the_slope_of_the_potential(system):
    q = np.linspace(-2, 2, 11)
    slope = (system.potential(q + 1e-6) - system.potential(q - 1e-6)) / 2e-6
    assert system.force(q) == pytest.approx(-slope, abs=1e-8)


@pytest.mark.parametrize("system", SYSTEMS)
def test_flow_conserves_energy(system):
    starts = np.random.default_rng(0).uniform(-1.5, 1.5, (5, 2))
    path = osc.flow(system, starts, np.linspace(0, 30, 7))
    assert path.shape == (7, 5, 2)
    assert system.energy(path) == pytest.approx(np.broadcast_to(system.energy(starts), (7, 5)), abs=1e-9)


def test_flow_of_the_oscillator_is_a_rotation():
    times = np.linspace(0, 10, 5)
    path = osc.flow(HARMONIC, np.array([[1.0, 0.0]]), times)[:, 0]
    assert path == pytest.approx(np.stack([np.cos(times), -np.sin(times)], axis=-1), abs=1e-9)


@given(st.one_of(st.floats(-0.24, -0.01), st.floats(0.01, 2)))
@settings(max_examples=15)
def test_double_well_period_brings_it_back(energy):
    start = np.array([[np.sqrt(1 + np.sqrt(1 + 4 * energy)), 0.0]])
    assert osc.flow(osc.DOUBLE_WELL, start, np.array([osc.double_well_period(energy)]))[0] == pytest.approx(start, abs=1e-5)


def test_double_well_period_is_the_integral_of_dq_over_p():
    energy, outer = 0.4, np.sqrt(1 + np.sqrt(1 + 1.6))
    # q = outer sin(x) removes the singularity at the turning point
    quarter = quad(lambda x: outer * np.cos(x) / np.sqrt(2 * (energy - osc.DOUBLE_WELL.potential(outer * np.sin(x)))), 0, np.pi / 2 - 1e-9)[
        0
    ]
    assert osc.double_well_period(energy) == pytest.approx(4 * quarter, rel=1e-6)


def test_period_diverges_at_the_separatrix():
    assert osc.double_well_period(1e-12) > osc.double_well_period(1e-6) > osc.double_well_period(1e-3)


def test_launch_has_the_energies_asked_for_and_both_wells():
    energies = np.linspace(-0.2, -0.05, 20)
    states = osc.launch(energies, np.random.default_rng(1))
    assert osc.DOUBLE_WELL.energy(states) == pytest.approx(energies, abs=1e-9)
    assert (states[:, 0] > 0).any() and (states[:, 0] < 0).any()


def test_measured_period_matches_the_exact_one():
    times = np.linspace(0, 100, 5001)
    path = osc.flow(osc.PENDULUM, np.array([[2.0, 0.0]]), times)
    assert osc.measured_period(times, path[:, 0, 1]) == pytest.approx(4 * ellipk(np.sin(1.0) ** 2), rel=1e-5)


def test_measured_period_of_a_runaway_is_not_a_number():
    assert np.isnan(osc.measured_period(np.linspace(0, 1, 10), np.ones(10)))


@pytest.mark.bad_input
@given(
    st.sampled_from([np.zeros(2), np.zeros((2, 3)), np.zeros((0, 2)), np.full((1, 2), np.nan), np.ones((1, 2), dtype=int), [[0.0, 1.0]]])
)
def test_bad_starts(starts):
    with pytest.raises(InvalidArgument, match="starts"):
        osc.flow(HARMONIC, starts, np.array([1.0]))


@pytest.mark.bad_input
@given(st.sampled_from([np.array([1.0, 0.5]), np.array([1.0, 1.0]), np.array([-1.0]), np.array([]), np.array([np.inf]), 1.0]))
def test_bad_times(times):
    with pytest.raises(InvalidArgument, match="times"):
        osc.flow(HARMONIC, np.zeros((1, 2)), times)


@pytest.mark.bad_input
@given(st.one_of(st.floats(max_value=-0.25), st.just(0.0), st.just(np.nan), st.just(np.inf), st.just(None)))
def test_bad_energy(energy):
    with pytest.raises(InvalidArgument, match="energy"):
        osc.double_well_period(energy)


@pytest.mark.bad_input
def test_bad_energies_and_trajectories():
    with pytest.raises(InvalidArgument, match="state"):
        osc.PENDULUM.energy(np.zeros(3))
    with pytest.raises(InvalidArgument, match="energy"):
        osc.launch(np.array([0.1, -0.3]), np.random.default_rng(0))
    with pytest.raises(InvalidArgument, match="energies"):
        osc.launch(np.array([]), np.random.default_rng(0))
    with pytest.raises(InvalidArgument, match="momentum"):
        osc.measured_period(np.arange(3.0), np.zeros(4))
    with pytest.raises(InvalidArgument, match="increasing"):
        osc.measured_period(np.array([0.0, 2.0, 1.0]), np.zeros(3))
    with pytest.raises(InvalidArgument, match="times"):
        osc.measured_period(np.array([0.0, np.nan]), np.zeros(2))


@pytest.mark.bad_input
@pytest.mark.parametrize("bad", [lambda q: None, lambda q: 1j * q, lambda q: np.ones((3, 1)), lambda q: "q", lambda: 0])
def test_functions_that_return_no_numbers_are_named(bad):
    with pytest.raises(InvalidArgument, match="potential"):
        osc.Oscillator(bad, np.sin).energy(np.ones((2, 2)))
    with pytest.raises(InvalidArgument, match="oscillator: expected a function"):
        osc.flow(osc.Oscillator(np.cos, bad), np.ones((2, 2)), np.ones(1))


@pytest.mark.bad_input
def test_a_force_that_is_not_finite_ends_the_motion():
    broken = osc.Oscillator(np.square, lambda q: np.full_like(q, np.nan))
    with pytest.raises(Diverged, match="trajectory diverged at time 0"):
        osc.flow(broken, np.ones((1, 2)), np.array([1.0]))
