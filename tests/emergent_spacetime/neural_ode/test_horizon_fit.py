"""Fits by shooting: planted models come back, the lattice data are met, the wrong sign is said."""

import numpy as np
import pytest

from nnqg import data_sets
from nnqg.emergent_spacetime.neural_ode.horizon_fit import fit, fit_scales
from nnqg.emergent_spacetime.neural_ode.horizon_shooting import predict
from nnqg.errors import InvalidArgument, NotConverged

MASS = np.array([0.001, 0.005, 0.02])
PLANTED = np.array([2.5, 1.0, 3.0, 50.0, 2.0])  # h = 2.5 + t + 3 t^2


def test_scales_of_a_planted_model():
    condensate = predict(PLANTED, 10 * MASS)
    found = fit_scales(PLANTED[:-2], 10 * MASS, condensate, 0.001 * condensate)
    np.testing.assert_allclose(found.condensate, condensate, rtol=1e-3)
    assert found.weights[-1] == pytest.approx(2.0, rel=0.01)
    assert found.weights[-2] == pytest.approx(50.0, rel=0.05)


def test_wrong_sign_has_no_scales():
    assert fit_scales(np.array([4.0, 1.0]), MASS, MASS, MASS) is None


def test_fit_of_the_friction():
    condensate = predict(PLANTED, 10 * MASS)
    found = fit(np.array([2.0, 1.0, 1.0, 1.0, 1.0]), 10 * MASS, condensate, 0.01 * condensate)
    assert found.chi_squared < 1.0
    np.testing.assert_allclose(predict(found.weights, 10 * MASS), found.condensate, rtol=0.01)


def test_friction_is_kept_when_it_is_not_fitted():
    condensate = predict(PLANTED, 10 * MASS)
    found = fit(PLANTED, 10 * MASS, 1.01 * condensate, condensate, friction=False)
    np.testing.assert_array_equal(found.weights[:-2], PLANTED[:-2])


def test_lattice_data_within_a_label_width():
    columns = data_sets.load("chiral-condensate").columns
    start = np.array([2.0, 0.0, 0.0, 0.005, 0.78])
    found = fit(start, columns["quark_mass"], columns["condensate"], np.full(6, 0.004))
    assert np.abs(found.condensate - columns["condensate"]).max() < 0.004
    np.testing.assert_allclose(predict(found.weights, columns["quark_mass"]), found.condensate, rtol=0.02)


def test_too_few_steps_are_not_converged():
    condensate = predict(PLANTED, 10 * MASS)
    with pytest.raises(NotConverged, match="mass"):
        fit(PLANTED * [1, 1, 1, 1, 100], 10 * MASS, condensate, 0.01 * condensate, evaluations=1)


@pytest.mark.bad_input
def test_bad_input_is_named():
    with pytest.raises(InvalidArgument, match="error"):
        fit(PLANTED, MASS, MASS, MASS[:2])
    with pytest.raises(InvalidArgument, match="evaluations"):
        fit(PLANTED, MASS, MASS, MASS, evaluations=0)
    with pytest.raises(InvalidArgument, match="condensate"):
        fit_scales(PLANTED[:-2], MASS, MASS[:2], MASS)
