"""The magnetisation curve of a network."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.magnetisation.critical_curve import critical_curve
from nnqg.emergent_spacetime.magnetisation.objective import Objective, evaluate
from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_gravity.dictionary.metrics import boundary_powers

FIELD = np.linspace(0.0, 5.8, 30)
WEIGHTS = np.array([5.0, 5.0, 4.9, 4.7, 4.4, 3.9, 3.1, 1.6, -1.2, -6.8, 1.5, -0.1, 0.29, 0.02])


def test_a_free_field_has_a_straight_curve():
    free = np.where(np.arange(14) == 11, 0.0, WEIGHTS)
    curve = critical_curve(free, FIELD)
    assert curve == pytest.approx(curve[-1] * FIELD / FIELD[-1], abs=1e-12)


def test_one_layer_by_hand():
    objective = Objective("linear", layers=2, eta_ini=1.0, eta_fin=0.2)  # step -0.4
    h1, h2, m2, lam = 1.0, 2.0, 0.5, 0.0
    weights = np.array([h1, h2, m2, lam, 1.0, 0.0, 0.0, 1.0])  # phi = H, pi = M
    field = 1.5

    def last(moment):
        phi, pi_ = field, moment
        for h in (h1, h2):
            phi, pi_ = phi - 0.4 * pi_, pi_ + 0.4 * (h * pi_ - m2 * phi)
        return pi_

    slope = last(1.0) - last(0.0)
    assert critical_curve(weights, np.array([field]), objective)[0] == pytest.approx(-last(0.0) / slope)


def test_points_on_the_curve_are_accepted_and_others_not():
    curve = critical_curve(WEIGHTS, FIELD)
    on = np.stack([FIELD, curve, np.zeros(30)])
    assert evaluate(WEIGHTS, on).misfit < 1e-6
    off = np.stack([FIELD, curve + 1.0, np.ones(30)])
    assert evaluate(WEIGHTS, off).misfit < 1e-6


def test_the_curve_is_odd_in_the_normalisations_together():
    flipped = WEIGHTS.copy()
    flipped[12:] *= -1
    assert critical_curve(flipped, FIELD) == pytest.approx(critical_curve(WEIGHTS, FIELD), abs=1e-12)


def test_the_field_may_be_rescaled():
    scaled = WEIGHTS.copy()
    scaled[12:] *= 7.0
    scaled[11] /= 49.0
    assert critical_curve(scaled, FIELD) == pytest.approx(critical_curve(WEIGHTS, FIELD), abs=1e-11)


def test_the_stride_does_not_matter():
    assert critical_curve(WEIGHTS, FIELD, stride=0.1) == pytest.approx(critical_curve(WEIGHTS, FIELD, stride=0.005), abs=1e-11)


def test_layers_converge_to_first_order_for_a_free_field_in_ads():
    m2, (small, large) = 1.0, boundary_powers(1.0, 4)
    depth = 0.9  # pi = 0 at the end: -small A e^(small x) H - large B e^(large x) M = 0, x = 0.9
    exact = -small * np.exp(small * depth) / (large * np.exp(large * depth))
    errors = []
    for layers in (40, 80, 160):
        objective = Objective(layers=layers)
        weights = np.concatenate([np.full(layers, 4.0), [m2, 0.0, 1.0, 1.0]])
        errors.append(abs(critical_curve(weights, np.array([1.0]), objective)[0] - exact))
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert orders == pytest.approx(1.0, abs=0.1)


def test_a_lost_branch_is_an_error_or_nan():
    lost = np.concatenate([np.zeros(10), [0.0, 0.0, 0.0, 1.0, 1.0, 0.0]])  # pi = H: no M helps
    with pytest.raises(NotConverged, match="lost at"):
        critical_curve(lost, FIELD, Objective("linear"))
    assert np.isnan(critical_curve(lost, FIELD, Objective("linear"), lost_as_nan=True)[1:]).all()


@pytest.mark.bad_input
def test_refused():
    for field, stride in ((FIELD[::-1].copy(), 0.02), (FIELD - 1.0, 0.02), (FIELD, 0.0)):
        with pytest.raises(InvalidArgument):
            critical_curve(WEIGHTS, field, stride=stride)
    with pytest.raises(InvalidArgument):
        critical_curve(WEIGHTS[:-1], FIELD)
