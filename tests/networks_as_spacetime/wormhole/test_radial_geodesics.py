"""Radial geodesics: exact rays, conserved quantities, exact fall in BTZ, and refusals."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.wormhole.kruskal import kruskal_ingoing
from nnqg.networks_as_spacetime.wormhole.radial_geodesics import radial_geodesic
from nnqg.networks_as_spacetime.wormhole.tortoise import tortoise
from nnqg.quantum_gravity.dictionary.metrics import blackening


def slopes(U, V):
    """Slopes dT/dX in the Penrose diagram between neighbouring points."""
    T, X = np.arctan(V) + np.arctan(U), np.arctan(V) - np.arctan(U)
    return np.diff(T) / np.diff(X)


def redshift(r, d):
    return float(blackening(np.array([r]), d)[0])


@pytest.mark.parametrize("d", [2, 3, 4])
def test_ingoing_light_keeps_v_and_its_speed(d):
    ray = radial_geodesic(0.4, 20.0, 0.0, -2.0, d)
    assert (ray.v == 0.4).all()
    assert ray.r == pytest.approx(20 - 2 * ray.parameter, abs=1e-9)
    assert ray.r[-1] == pytest.approx(0.01)


@pytest.mark.parametrize("d", [2, 3, 4])
@pytest.mark.parametrize("r", [0.8, 1.2])
def test_outgoing_light_keeps_u_and_runs_at_45_degrees(d, r):
    ray = radial_geodesic(0.0, r, 1.0, redshift(r, d) / 2, d, outer=200.0)
    u = ray.v - 2 * tortoise(ray.r, d)
    assert u == pytest.approx(u[0], abs=1e-7)
    assert ray.norm == pytest.approx(0, abs=1e-8)
    assert slopes(*kruskal_ingoing(ray.v, ray.r, d)) == pytest.approx(1, abs=1e-5)
    assert ray.r[-1] == pytest.approx(0.01 if r < 1 else 200.0)


def test_matter_in_btz_falls_like_a_pendulum():
    fall = radial_geodesic(0.0, 2.0, 1 / np.sqrt(3.0), 0.0, 2)
    assert fall.r == pytest.approx(2 * np.cos(fall.parameter), abs=1e-9)  # r'' = -r for d = 2
    assert fall.norm == pytest.approx(-1, abs=1e-9)


@pytest.mark.parametrize("d", [3, 4])
def test_matter_keeps_its_norm_and_energy_and_stays_inside_the_light_cone(d):
    fall = radial_geodesic(-0.3, 2.0, redshift(2.0, d) ** -0.5, 0.0, d, inner=0.05)
    assert fall.norm == pytest.approx(-1, abs=1e-8)
    rates = np.gradient(fall.r, fall.parameter)[5:-5]
    energy2 = rates**2 + blackening(fall.r, d)[5:-5]
    assert energy2 == pytest.approx(redshift(2.0, d), rel=0.05)
    assert np.abs(slopes(*kruskal_ingoing(fall.v, fall.r, d))).min() > 1


def test_it_stops_when_its_time_is_up():
    ray = radial_geodesic(0.0, 5.0, 0.0, -1.0, 4, duration=2.0)
    assert (ray.parameter[-1], ray.r[-1]) == (pytest.approx(2.0), pytest.approx(3.0))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((0.0, 0.005, 0.0, -1.0, 4), {}, "r: expected"),
        ((0.0, 5.0, 0.0, -1.0, 4), {"outer": 4.0}, "outer"),
        ((0.0, 5.0, 0.0, -1.0, 4), {"inner": 0.0}, "inner"),
        ((np.nan, 5.0, 0.0, -1.0, 4), {}, "v: expected"),
        ((0.0, 5.0, np.inf, -1.0, 4), {}, "v_rate"),
        ((0.0, 5.0, 0.0, "in", 4), {}, "r_rate"),
        ((0.0, 5.0, 0.0, -1.0, 1), {}, "d: expected"),
        ((0.0, 5.0, 0.0, -1.0, 4), {"duration": 0.0}, "duration"),
    ],
)
def test_bad_input_is_refused(arguments, options, message):
    with pytest.raises(InvalidArgument, match=message):
        radial_geodesic(*arguments, **options)
