"""The three residuals: what they are for a line, their derivatives, and how they behave when everything stops."""

import numpy as np
import pytest
from friction_cases import LINEAR, damped, network, wavy

from nnqg import identifiability
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction.residual import TANGENTS, normalise, stop_jacobian, stop_residual

initial = np.array([[[1.5, -0.5], [-2.0, 1.0], [0.3, 2.5]]])


def test_for_a_linear_force_they_are_exact():
    one, h = network(particle=LINEAR, layers=200), np.full((1, 401), -0.3)
    x0, v0 = initial[0].T
    slope_x, slope_v = damped(1.0, 0.0, -0.3, 4.0)[1], damped(0.0, 1.0, -0.3, 4.0)[1]
    velocity = slope_x * x0 + slope_v * v0
    assert stop_residual(one, h, initial, "none")[0] == pytest.approx(velocity, abs=1e-7)
    assert stop_residual(one, h, initial, "newton")[0] == pytest.approx(v0 + slope_x / slope_v * x0, abs=1e-7)
    assert stop_residual(one, h, initial, "distance")[0] == pytest.approx(velocity / np.hypot(slope_x, slope_v), abs=1e-7)


@pytest.mark.parametrize("normalisation", TANGENTS)
def test_jacobian_agrees_with_finite_differences(normalisation):
    one = network(layers=10)
    exact = stop_jacobian(one, wavy(one), initial, normalisation)[0]
    numeric = identifiability.jacobian(lambda h: stop_residual(one, h[None], initial, normalisation)[0], wavy(one)[0])
    assert exact == pytest.approx(numeric, abs=1e-6 * np.abs(numeric).max())


def test_creeping_fools_the_bare_velocity_but_not_the_distance():
    one = network(particle=LINEAR, layers=400)
    weak, strong = (np.full((1, 801), h) for h in (-0.1, -20.0))
    rms = {name: [np.sqrt((stop_residual(one, h, initial, name) ** 2).mean()) for h in (weak, strong)] for name in ("none", "distance")}
    assert rms["none"][1] < 0.1 * rms["none"][0]
    assert rms["distance"][1] > 0.5


@pytest.mark.bad_input
def test_bad_input_is_refused():
    one = network(layers=4)
    for function in (stop_residual, stop_jacobian):
        with pytest.raises(InvalidArgument, match="normalisation"):
            function(one, wavy(one), initial, "size")
        with pytest.raises(InvalidArgument, match="initial"):
            function(one, wavy(one), initial[0], "none")
    with pytest.raises(InvalidArgument, match="pairs"):
        normalise(np.zeros((1, 2, 1, 1)), "distance")
    with pytest.raises(InvalidArgument, match="normalisation"):
        normalise(np.zeros((1, 2, 1, 1)), "bare")
