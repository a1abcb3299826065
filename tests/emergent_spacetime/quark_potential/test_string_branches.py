"""Branches of strings: the black hole, a wall, the zero of V against quadrature by another routine."""

import numpy as np
import pytest
from scipy.integrate import quad

from nnqg import data_sets
from nnqg.emergent_spacetime.quark_potential.metric_reconstruction import reconstruct
from nnqg.emergent_spacetime.quark_potential.profile_continuation import continue_profile, polynomial_through
from nnqg.emergent_spacetime.quark_potential.string_branches import find_branches
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.metrics import ads_schwarzschild, hawking_temperature


def hole(eta):
    return ads_schwarzschild(eta, d=4)


@pytest.fixture(scope="module")
def published():
    h = data_sets.load("published-condensate-metric").columns["h"]
    return continue_profile(polynomial_through(np.linspace(1, 1 / 15, 15), h), 1 / 15)


def test_black_hole_has_one_branch_and_no_wall():
    found, temperature = find_branches(hole), hawking_temperature(4)
    assert len(found.strings) == 1
    assert (found.wall, found.tension) == (0.0, 0.0)
    assert found.breaking_length * temperature == pytest.approx(0.2400, abs=1e-4)  # 0.754 / pi
    assert found.longest * temperature == pytest.approx(0.2766, abs=1e-4)  # 0.869 / pi


def test_distances_scale_with_the_horizon_radius():
    twice = find_branches(lambda eta: ads_schwarzschild(eta, d=4, horizon_radius=2.0))
    assert twice.breaking_length == pytest.approx(find_branches(hole).breaking_length / 2, rel=1e-9)


@pytest.mark.parametrize("shape", ["exponential", "cosh", "einstein"])
def test_published_wall_gives_a_linear_potential(published, shape):
    found = find_branches(reconstruct(published, shape, 1.0))
    outer = found.strings[-1]
    assert found.longest == np.inf
    assert len(found.strings) == 2
    slope = np.diff(outer.energy[:2])[0] / np.diff(outer.length[:2])[0]
    assert slope == pytest.approx(found.tension, rel=1e-4)


@pytest.mark.parametrize("shape", ["exponential", "einstein"])
def test_the_zero_of_v_is_one_for_another_quadrature_too(published, shape):
    metric = reconstruct(published, shape, 1.0)
    found = find_branches(metric)
    eta_0 = float(found.zeros.turning_points[-1])

    def at(eta):
        here = metric(np.array([eta]))
        return float(here.f[0]), float(here.g[0])

    held = np.prod(at(eta_0))

    def connected(log_u):
        u = np.exp(log_u)
        f, g = at(eta_0 + u * u)
        return 4 * u * u * np.sqrt(f) * (np.sqrt(f * g / (f * g - held)) - 1)

    energy = quad(connected, np.log(1e-5), np.log(3.0), limit=400, epsrel=1e-9)[0]
    straight = 2 * quad(lambda eta: np.sqrt(at(eta)[0]), 1e-12, eta_0, limit=200)[0]
    assert energy == pytest.approx(straight, rel=1e-4)


@pytest.mark.bad_input
def test_bad_arguments_are_refused():
    for bad in (0.0, 1.0, -1.0, np.nan, "x"):
        with pytest.raises(InvalidArgument, match="deepest"):
            find_branches(hole, deepest=bad)
    for bad in (3, 1.5, True):
        with pytest.raises(InvalidArgument, match="number"):
            find_branches(hole, number=bad)
    with pytest.raises(InvalidArgument, match="metric"):
        find_branches(hole(np.array([1.0])))
