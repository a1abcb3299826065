"""Kruskal coordinates: the four regions, the metric through the horizon, and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.wormhole.kruskal import REGIONS, kruskal, kruskal_factor, kruskal_ingoing
from nnqg.networks_as_spacetime.wormhole.tortoise import tortoise
from nnqg.quantum_gravity.dictionary.metrics import blackening, surface_gravity

OUTSIDE, INSIDE = np.array([1.01, 1.5, 4.0]), np.array([0.1, 0.6, 0.99])
TIMES = np.array([-1.0, 0.2, 0.7])


def horizon_factor(d):
    return kruskal_factor(np.array([1.0]), d)[0]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("d", [2, 3, 4])
def test_the_product_knows_the_radius_and_the_ratio_the_time(region, d):
    r = OUTSIDE if region in ("right", "left") else INSIDE
    U, V = kruskal(TIMES, r, d, region)
    assert np.log(np.abs(U * V)) == pytest.approx(d * tortoise(r, d), abs=1e-12)
    assert np.log(np.abs(V / U)) == pytest.approx(d * TIMES, abs=1e-12)
    assert (np.sign(U), np.sign(V)) == (pytest.approx(REGIONS[region][0]), pytest.approx(REGIONS[region][1]))


@pytest.mark.parametrize("d", [2, 3, 4])
def test_metric_is_the_original_one(d):
    h, kappa = 1e-5, surface_gravity(d)
    for t, r in ((0.3, 1.4), (-0.2, 2.5)):
        at = {k: np.array(kruskal(np.array([t + k * h]), np.array([r]), d)) for k in (-1, 1)}
        U_t, V_t = (at[1] - at[-1]).ravel() / (2 * h)
        at = {k: np.array(kruskal(np.array([t]), np.array([r + k * h]), d)) for k in (-1, 1)}
        U_r, V_r = (at[1] - at[-1]).ravel() / (2 * h)
        F, f = kruskal_factor(np.array([r]), d)[0], blackening(np.array([r]), d)[0]
        assert -F * U_t * V_t == pytest.approx(-f, rel=1e-8)
        assert -F * U_r * V_r == pytest.approx(1 / f, rel=1e-8)
        assert U_t * V_r + U_r * V_t == pytest.approx(0, abs=1e-8 * kappa)


@given(st.floats(-2, 2), st.floats(0.05, 5.0))
def test_ingoing_coordinates_are_the_same_place(v, r):
    if abs(r - 1) < 1e-6:
        return
    t = v - float(tortoise(np.array([r]), 4)[0])
    other = kruskal(np.array([t]), np.array([r]), 4, "right" if r > 1 else "future")
    ours = kruskal_ingoing(np.array([v]), np.array([r]), 4)
    assert np.concatenate(ours) == pytest.approx(np.concatenate(other), rel=1e-9)


def test_horizon_is_a_place_like_any_other():
    U, V = kruskal_ingoing(np.full(3, 0.4), np.array([1 - 1e-9, 1.0, 1 + 1e-9]), 4)
    assert pytest.approx(0, abs=1e-7) == U and U[0] > 0 > U[2] and U[1] == 0
    assert pytest.approx(np.exp(0.8)) == V


def test_factor_at_the_horizon_is_known():
    assert horizon_factor(2) == pytest.approx(4)
    assert horizon_factor(4) == pytest.approx(2 * np.exp(np.pi / 2))


@pytest.mark.parametrize("d", [2, 3, 4, 7])
def test_factor_is_continuous_with_order_one(d):
    gaps = np.array([1e-3, 1e-4])
    for sign in (1, -1):
        away = np.abs(kruskal_factor(1 + sign * gaps, d) / horizon_factor(d) - 1)
        assert away[1] < 10 * gaps[1] * d
    two_sided = (kruskal_factor(1 + gaps, d) + kruskal_factor(1 - gaps, d)) / 2 - horizon_factor(d)
    assert np.log10(two_sided[0] / two_sided[1]) == pytest.approx(2, abs=0.05)


def test_btz_factor_is_a_square():
    r = np.array([0.2, 1.0, 3.0])
    assert kruskal_factor(r, 2) == pytest.approx((1 + r) ** 2)


@pytest.mark.bad_input
def test_bad_input_is_refused():
    t = np.zeros(2)
    for r, region, message in (
        (np.array([0.5, 2.0]), "right", "above 1"),
        (np.array([0.5, 2.0]), "future", "below 1"),
        (np.array([2.0]), "right", "shape"),
        (np.array([2.0, 2.0]), "north", "region"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            kruskal(t, r, 4, region)
    with pytest.raises(InvalidArgument, match="v: expected"):
        kruskal_ingoing(np.array([np.inf]), np.array([2.0]), 4)
    with pytest.raises(InvalidArgument, match="positive"):
        kruskal_ingoing(np.zeros(1), np.array([-2.0]), 4)
    with pytest.raises(InvalidArgument, match="positive"):
        kruskal_factor(np.array([0.0]), 4)
    with pytest.raises(InvalidArgument, match="d: expected"):
        horizon_factor(1)
