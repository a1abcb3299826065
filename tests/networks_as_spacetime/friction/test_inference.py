"""Levenberg-Marquardt recovers what it can, and says when it cannot."""

import numpy as np
import pytest
from friction_cases import LINEAR, network

from nnqg import identifiability
from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.friction.data import stop_points
from nnqg.networks_as_spacetime.friction.inference import infer
from nnqg.networks_as_spacetime.friction.residual import stop_jacobian
from nnqg.networks_as_spacetime.friction.spline import spline_basis

one = network(layers=80, duration=6.0)
basis = spline_basis(one, 4)
truths = np.array([[-0.1, -0.3, -0.2, -0.1], [-0.2, -0.1, -0.15, -0.3]])
points = np.stack([stop_points(one, basis @ truth, (4.0, 4.0), 40, np.random.default_rng(0)) for truth in truths])


@pytest.mark.parametrize("normalisation", ["newton", "distance"])
def test_a_friction_within_the_model_is_recovered_exactly(normalisation):
    fits = infer(one, truths + 0.03, points, normalisation=normalisation, gain=1e-12)
    assert fits.converged.all()
    assert fits.misfit.max() < 1e-7
    assert fits.values == pytest.approx(truths, abs=1e-4)
    assert fits.friction == pytest.approx(fits.values @ basis.T)


def test_the_jacobian_of_a_fit_is_that_of_its_end():
    fits = infer(one, truths + 0.02, points)
    expected = stop_jacobian(one, fits.friction, points, "distance") @ basis
    assert fits.jacobian == pytest.approx(expected)


def test_fits_of_a_batch_do_not_see_each_other():
    together = infer(one, truths + 0.03, points)
    alone = infer(one, truths[1:] + 0.03, points[1:])
    assert together.values[1:] == pytest.approx(alone.values, abs=1e-9)


def test_a_particle_of_weight_zero_counts_for_nothing():
    spoilt = points[:1].copy()
    spoilt[0, 7] += 0.5
    weights = (np.arange(40) != 7).astype(float)[None]
    assert infer(one, truths[:1] + 0.02, spoilt, weights=weights, gain=1e-12).values == pytest.approx(truths[:1], abs=1e-4)
    assert np.abs(infer(one, truths[:1] + 0.02, spoilt).values - truths[:1]).max() > 0.01


def test_a_linear_force_determines_one_number():
    linear = network(layers=80, duration=6.0, particle=LINEAR)
    line = stop_points(linear, basis @ truths[0], (4.0, 4.0), 40, np.random.default_rng(0))
    values = identifiability.spectrum(infer(linear, truths[:1] + 0.02, line[None], gain=1e-12).jacobian[0]).values
    assert identifiability.determined(values, 1e-4 * values[0]) == 1


def test_a_fit_that_has_no_time_says_so():
    fits = infer(one, np.full((1, 4), -0.15), points[:1], max_steps=1)
    assert not fits.converged[0]


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("start", {"start": np.zeros(4)}),
        ("start", {"start": np.full((2, 4), np.nan)}),
        ("knots", {"start": np.zeros((2, 2))}),
        ("initial", {"initial": points[0]}),
        ("initial", {"initial": np.concatenate([points, points])}),
        ("normalisation", {"normalisation": "length"}),
        ("weights", {"weights": np.ones((2, 3))}),
        ("weights", {"weights": -np.ones((2, 40))}),
        ("max_steps", {"max_steps": 0}),
        ("gain", {"gain": -1.0}),
    ],
)
def test_bad_input_is_refused(name, change):
    call = {"start": truths, "initial": points} | change
    with pytest.raises(InvalidArgument, match=name):
        infer(one, **call)


@pytest.mark.bad_input
def test_a_start_that_overflows_is_an_error():
    with pytest.raises(Diverged, match="friction network"):
        infer(one, np.full((2, 4), 400.0), points)
    with pytest.raises(Diverged, match="sum of squares"):
        infer(one, truths, points, weights=np.full((2, 40), 1e200))
