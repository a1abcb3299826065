"""Labelled data of a black hole: no leaks, exact quotas, the window, the critical curve, bad input."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.emergent_spacetime.black_hole import _window_kernels, labels
from nnqg.emergent_spacetime.black_hole.labels import LabelledPoints
from nnqg.emergent_spacetime.bulk_network import BulkNetwork, RadialGrid
from nnqg.errors import Diverged, InvalidArgument, NotConverged
from nnqg.quantum_gravity.dictionary import exact_fields, metrics


def tensor(values):
    return torch.as_tensor(values, dtype=torch.float64)


def network(layers=10, order=1, lam=1.0, eta_fin=0.1):
    grid = RadialGrid(1.0, eta_fin, layers)
    return BulkNetwork(tensor(metrics.ads_schwarzschild(grid.metric_depths(order), 3).h), grid, -1.0, lam, order)


def test_regular_field_meets_the_condition():
    deep = network(layers=1, eta_fin=0.01)
    phi, pi_ = exact_fields.black_hole_field(np.array([0.01]), -1.0, 3)
    free = BulkNetwork(deep.h, deep.grid, -1.0, 0.0)
    value = labels.horizon_value(free, tensor(phi), tensor(pi_), "equation")
    assert abs(value.item()) < 1e-4
    assert labels.horizon_value(free, tensor(phi), tensor(pi_), "momentum").item() == pi_[0]


def test_condition_is_the_printed_formula():
    value = labels.horizon_value(network(), tensor([0.5]), tensor([0.2]), "equation")
    assert value.item() == pytest.approx(2 / 0.1 * 0.2 + 0.5 - 0.125)


@given(seed=st.integers(0, 1000), condition=st.sampled_from(labels.CONDITIONS))
@settings(max_examples=10)
def test_no_accepted_point_is_labelled_rejected(seed, condition):
    truth = network()
    points = labels.labelled_points(np.random.default_rng(seed), truth, condition, accepted=20, rejected=600)
    value = labels.horizon_value(truth, *truth(points.phi, points.pi_), condition).abs()
    assert (points.label == 0).sum() == 20
    assert (points.label == 1).sum() == 600
    assert bool((value[points.label == 0] < 0.1).all())
    assert bool((value[points.label == 1] >= 0.1).all())


def test_points_fill_the_rectangle_and_are_reproducible():
    draw = [labels.labelled_points(np.random.default_rng(3), network(), accepted=10, rejected=2000) for _ in range(2)]
    torch.testing.assert_close(draw[0].phi, draw[1].phi, rtol=0, atol=0)
    phi, pi_ = draw[0].phi[10:], draw[0].pi_[10:]
    assert 0 <= phi.min() < 0.01 and 1.49 < phi.max() <= 1.5
    assert -0.2 <= pi_.min() < -0.198 and 0.198 < pi_.max() <= 0.2
    assert phi.mean().item() == pytest.approx(0.75, abs=0.05)


@pytest.mark.parametrize("order", [1, 2, 4])
def test_the_compiled_layers_are_those_of_the_network(order):
    truth, rng = network(layers=7, order=order, lam=0.6), np.random.default_rng(4)
    phi, pi_ = tensor(rng.uniform(0, 1.5, 50)), tensor(rng.uniform(-0.2, 0.2, 50))
    fields = [phi.numpy().copy(), pi_.numpy().copy()]
    _window_kernels.propagate(truth.h.numpy(), *fields, truth.grid.step, -1.0, 0.6, order)
    for compiled, by_torch in zip(fields, truth(phi, pi_), strict=True):
        np.testing.assert_allclose(compiled, by_torch.numpy(), rtol=1e-13, atol=1e-14)


def test_critical_curve_of_a_free_field_is_exact():
    source, _ = exact_fields.black_hole_field(np.array([1.0]), -1.0, 3)
    _, slope = exact_fields.black_hole_field(np.array([1.0]), -1.0, 3)
    free = network(layers=400, order=2, lam=0.0, eta_fin=0.005)
    curve = labels.critical_curve(free, tensor([0.5, 1.0]))
    np.testing.assert_allclose(curve.numpy(), slope / source * np.array([0.5, 1.0]), rtol=2e-4)


def test_points_on_the_critical_curve_are_accepted():
    truth, phi = network(), tensor(np.linspace(0.1, 1.2, 12))
    for condition in labels.CONDITIONS:
        curve = labels.critical_curve(truth, phi, condition)
        value = labels.horizon_value(truth, *truth(phi, curve), condition)
        assert value.abs().max() < 1e-10


def test_stack_puts_members_side_by_side():
    one = LabelledPoints(tensor([0.1]), tensor([0.2]), tensor([0.0]))
    two = LabelledPoints(tensor([0.3]), tensor([0.4]), tensor([1.0]))
    assert labels.stack([one, two]).pi_.tolist() == [[0.2], [0.4]]


def test_quota_that_cannot_be_filled():
    far = {"pi_range": (5.0, 6.0), "max_draws": 40_000, "accepted": 5}
    with pytest.raises(NotConverged, match="0 of 5 accepted"):
        labels.labelled_points(np.random.default_rng(0), network(lam=0.0), **far)


def test_bracket_without_a_sign_change():
    with pytest.raises(NotConverged, match="bracket"):
        labels.critical_curve(network(), tensor([0.5]), bracket=(0.5, 0.6))


RNG = np.random.default_rng(0)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("condition", {"condition": "guess"}),
        ("accepted", {"accepted": 0}),
        ("rejected", {"rejected": 2.5}),
        ("half_width", {"half_width": -0.1}),
        ("phi_range", {"phi_range": (1.0, 0.0)}),
        ("pi_range", {"pi_range": (0.0, np.nan)}),
        ("max_draws", {"max_draws": 0}),
    ],
)
def test_bad_draws_are_refused(name, arguments):
    with pytest.raises(InvalidArgument, match=name):
        labels.labelled_points(RNG, network(), **arguments)


@pytest.mark.bad_input
def test_an_overflow_is_no_change_of_sign():
    with pytest.raises(Diverged, match="end of the search"):
        labels.critical_curve(network(), tensor([0.5]), bracket=(-1e200, 1e200))


@pytest.mark.bad_input
def test_several_metrics_cannot_label():
    grid = RadialGrid(1.0, 0.1, 3)
    several = BulkNetwork(torch.ones(2, 3).double(), grid, -1.0, 1.0)
    with pytest.raises(InvalidArgument, match="network.h"):
        labels.labelled_points(RNG, several)
    with pytest.raises(InvalidArgument, match="network.h"):
        labels.critical_curve(several, torch.ones(1).double())


@pytest.mark.bad_input
def test_bad_values_are_refused():
    at_horizon = BulkNetwork(torch.ones(2).double(), RadialGrid(1.0, 0.0, 2), -1.0, 0.0)
    for name, call in (
        ("condition", lambda: labels.horizon_value(network(), torch.ones(1).double(), torch.ones(1).double(), "pi")),
        ("pi_", lambda: labels.horizon_value(network(), torch.ones(1).double(), torch.ones(2).double(), "momentum")),
        ("phi", lambda: labels.critical_curve(network(), torch.ones(2, 2).double())),
        ("bracket", lambda: labels.critical_curve(network(), torch.ones(2).double(), bracket=(1.0, 1.0))),
        ("condition", lambda: labels.critical_curve(at_horizon, torch.ones(1).double(), "equation")),
        ("condition", lambda: labels.horizon_value(at_horizon, torch.ones(1).double(), torch.ones(1).double(), "equation")),
        ("condition", lambda: labels.labelled_points(RNG, at_horizon, "equation")),
        ("phi", lambda: LabelledPoints(torch.tensor([np.nan]).double(), torch.ones(1).double(), torch.ones(1).double())),
        ("phi", lambda: LabelledPoints(*[torch.ones(0).double()] * 3)),
        ("pi_", lambda: LabelledPoints(torch.ones(2).double(), torch.ones(3).double(), torch.ones(2).double())),
        ("pi_", lambda: LabelledPoints(torch.ones(1).double(), torch.tensor([np.inf]).double(), torch.ones(1).double())),
        ("label", lambda: LabelledPoints(torch.ones(2).double(), torch.ones(2).double(), torch.ones(1).double())),
        ("label", lambda: LabelledPoints(torch.ones(2).double(), torch.ones(2).double(), torch.full((2,), 0.5))),
        ("points", lambda: labels.stack([])),
        ("points", lambda: labels.stack([LabelledPoints(*[torch.ones(n).double()] * 3) for n in (1, 2)])),
    ):
        with pytest.raises(InvalidArgument, match=name):
            call()
