"""From the horizon outwards: closed forms, inverse of the inward network."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.condensate.data import SOURCE_SCALE, VEV_SCALE
from nnqg.emergent_spacetime.neural_ode.horizon_shooting import linear_response, outwards, predict
from nnqg.emergent_spacetime.neural_ode.inwards import horizon_momentum
from nnqg.errors import InvalidArgument, NotConverged

MASS = np.array([0.001, 0.005, 0.02])
PLANTED = np.array([2.5, 1.0, 3.0, 50.0, 2.0])  # h = 2.5 + t + 3 t^2


def test_rotation_without_friction():
    phi, pi_ = outwards(np.array([0.0, 0.0, 1.0]), np.array([1.0, 2.0]), 400)
    np.testing.assert_allclose(phi, np.cos(np.sqrt(3.0)) * np.array([1.0, 2.0]), rtol=1e-9)
    np.testing.assert_allclose(pi_, -np.sqrt(3.0) * np.sin(np.sqrt(3.0)) * np.array([1.0, 2.0]), rtol=1e-9)


def test_order_four():
    exact = outwards(PLANTED, np.array([0.3]), 3200)[0]
    errors = [abs(outwards(PLANTED, np.array([0.3]), n)[0] - exact)[0] for n in (20, 40, 80)]
    assert np.all(np.abs(np.log2(np.array(errors[:-1]) / errors[1:]) - 4) < 0.4)


def test_linear_response_of_ads():
    """For h = 4 the field alpha e^-eta + beta e^-3eta has pi = 0 at eta = 0 when alpha = -3 beta."""
    assert linear_response(np.array([4.0, 0.0, 1.0]), 400) == pytest.approx(-1 / 3, rel=1e-8)


def test_linear_response_ignores_the_scales():
    assert linear_response(PLANTED) == linear_response(np.append(PLANTED[:-2], [-7.0, 0.3]))


def test_prediction_is_a_zero_of_the_inward_network():
    condensate = predict(PLANTED, MASS, 200)
    F = horizon_momentum(PLANTED, MASS, condensate, 2000)
    beside = horizon_momentum(PLANTED, MASS, 1.001 * condensate, 2000)
    assert np.all(np.abs(F) < 1e-3 * np.abs(beside))


def test_prediction_of_a_linear_model():
    flat = np.array([2.0, 0.0, 0.5])
    expected = linear_response(flat) * SOURCE_SCALE * MASS / VEV_SCALE / 0.5**2
    np.testing.assert_allclose(predict(flat, MASS), expected, rtol=1e-8)


def test_prediction_scales_with_the_unit():
    scaled = np.append(PLANTED[:-1], PLANTED[-1] / 0.7)
    np.testing.assert_allclose(predict(scaled, 0.7 * MASS), 0.343 * predict(PLANTED, MASS), rtol=1e-8)


def test_a_mass_out_of_reach_is_not_converged():
    """A cubic of the wrong sign for this source: the boundary expansion has no room for it."""
    with pytest.raises(NotConverged, match="mass"):
        predict(np.array([2.0, 1.0, 100.0]), np.array([0.3]))


@pytest.mark.bad_input
def test_bad_input_is_named():
    with pytest.raises(InvalidArgument, match="horizon"):
        outwards(PLANTED, np.array([np.nan]))
    with pytest.raises(InvalidArgument, match="smallest mass"):
        predict(PLANTED, np.array([-0.1]))
