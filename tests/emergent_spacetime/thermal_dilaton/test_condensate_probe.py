"""The probe: closed form in AdS-Schwarzschild, another integrator, order, no-go, scaling, bad input."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline
from scipy.special import gamma

from nnqg.emergent_spacetime.thermal_dilaton.condensate_probe import COUPLINGS, boundary_pair, linear_response
from nnqg.emergent_spacetime.thermal_dilaton.steepness import exponential, nodal
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
from nnqg.errors import Diverged, InvalidArgument

EXACT = np.pi**2 / 2 * gamma(-0.25) * gamma(0.75) / gamma(0.25) ** 2


@pytest.fixture(scope="module")
def hole():
    return solve_thermal(lambda x: 0 * x)


@pytest.fixture(scope="module")
def brane():
    return solve_thermal(exponential(60.0, 2.0))


@pytest.mark.parametrize("frame", COUPLINGS)
def test_black_hole_has_the_closed_form(hole, frame):
    assert linear_response(hole, frame) == pytest.approx(EXACT, rel=1e-6)


def test_order_four():
    pairs = [boundary_pair(solve_thermal(exponential(60.0, 2.0), 10.0, h), "S1", np.ones(1)) for h in (0.1, 0.05, 0.025, 0.003125)]
    errors = np.abs(np.array([pair.source[0] for pair in pairs[:3]]) - pairs[3].source[0])
    assert np.all(np.log2(errors[:-1] / errors[1:]) > 3.3)


@pytest.mark.parametrize("frame", COUPLINGS)
def test_another_integrator_agrees(brane, frame):
    friction, stretch = COUPLINGS[frame]
    lam, start = 0.5, 0.4
    splines = CubicSpline(brane.eta[1:], np.stack([brane.h * brane.eta[1:], brane.dilaton[1:], brane.dilaton_slope[1:]], axis=1))

    def slopes(eta, state):
        times_eta, dilaton, climb = splines(eta)
        h = times_eta / eta
        phi, slope = state
        return [slope, -(h + friction * climb) * slope + np.exp(stretch * dilaton) * (-3 + lam * phi**2) * phi]

    first = brane.eta[4]
    force = np.exp(stretch * brane.dilaton[0]) * (-3 + lam * start**2) * start
    state = [start + force * first**2 / 4, force * first / 2]
    end = solve_ivp(slopes, (first, brane.eta[-1]), state, rtol=1e-9, atol=1e-12).y[:, -1]
    z = np.exp(-brane.eta[-1]) / np.sqrt(brane.boundary_warp)
    source = (3 * end[0] + end[1]) / (2 * z)
    source += lam * source**3 * z**2 / 4  # of the logarithm
    assert boundary_pair(brane, frame, np.array([start]), lam).source[0] == pytest.approx(source, rel=1e-5)


def test_no_positive_response_in_the_einstein_frame():
    """E decreases to 16, so h is at least 4, and then the linear response is negative."""
    rng = np.random.default_rng(3)
    for _ in range(30):
        solution = solve_thermal(nodal(np.cumsum(rng.normal(0, 2, 10)) + rng.uniform(-3, 3)))
        assert linear_response(solution, "einstein") < 0


def test_string_frame_can_have_it(brane):
    assert linear_response(brane, "S1") > 0 < linear_response(brane, "S0")


def test_coupling_scales_out(brane):
    values = np.array([0.1, 0.5])
    one, four = boundary_pair(brane, "S1", values, 1.0), boundary_pair(brane, "S1", values / 2, 4.0)
    assert np.allclose(one.source, 2 * four.source, rtol=1e-12)
    assert np.allclose(one.response, 2 * four.response, rtol=1e-12)


def test_weak_fields_are_linear(brane):
    weak = boundary_pair(brane, "S0", np.array([1e-4]), 1.0)
    assert weak.response[0] / weak.source[0] == pytest.approx(linear_response(brane, "S0"), rel=1e-6)


@pytest.mark.parametrize(
    ("frame", "amplitude", "rate", "converged"),
    [("S1", 203.985, 2.0, 140.91), ("S0", 82.93, 2.0, 131.45), ("S1", 48.883, 1.5, 311.13), ("S0", 23.24, 1.5, 192.30)],
)
def test_response_converges_in_box_and_step(frame, amplitude, rate, converged):
    """Near the critical point b/a is a hundred times more sensitive than the string; a box at x = 10 misses up to 60 % of it."""
    ratio = linear_response(solve_thermal(exponential(amplitude, rate)), frame) / np.pi**2
    box = solve_thermal(exponential(amplitude, rate)).x[-1]
    assert linear_response(solve_thermal(exponential(amplitude, rate), box + 6), frame) / np.pi**2 == pytest.approx(ratio, rel=5e-5)
    assert linear_response(solve_thermal(exponential(amplitude, rate), box, 0.005), frame) / np.pi**2 == pytest.approx(ratio, rel=1e-4)
    assert ratio == pytest.approx(converged, rel=2e-4)
    assert linear_response(solve_thermal(exponential(amplitude, rate), 10.0), frame) / np.pi**2 < 0.95 * converged


@pytest.mark.bad_input
def test_refuses_bad_input(hole):
    for frame, values in (("S2", np.ones(1)), ("S1", np.ones((2, 2))), ("S1", np.array([np.nan])), ("S1", np.array([1]))):
        with pytest.raises(InvalidArgument):
            boundary_pair(hole, frame, values)
    with pytest.raises(InvalidArgument):
        boundary_pair(hole, "S1", np.ones(1), np.inf)
    with pytest.raises(InvalidArgument):
        linear_response(hole, "string")


@pytest.mark.bad_input
def test_runaway_is_an_error(hole):
    with pytest.raises(Diverged):
        boundary_pair(hole, "S1", np.array([1e3]), 1.0)
