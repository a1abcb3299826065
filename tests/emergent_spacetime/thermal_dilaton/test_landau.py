"""Two numbers: the root, recovery, errors, the lattice points."""

import numpy as np
import pytest

from nnqg import data_sets
from nnqg.emergent_spacetime.thermal_dilaton.landau import fit_landau, landau_condensate
from nnqg.errors import InvalidArgument

MASS = np.geomspace(1e-3, 0.1, 8)


def test_root_solves_the_cubic():
    q = landau_condensate(MASS, 8.0, 7.9)
    assert np.allclose(q / 8 + 7.9 * q**3, MASS, rtol=1e-12)


def test_limits():
    assert np.all(landau_condensate(MASS, 3.0, 0.0) == 3 * MASS)
    assert np.allclose(landau_condensate(MASS, 1e12, 2.0), np.cbrt(MASS / 2), rtol=1e-6)


def test_recovers_what_was_put_in():
    found = fit_landau(MASS, landau_condensate(MASS, 5.0, 20.0), np.full(8, 0.01))
    assert (found.response, found.cubic) == pytest.approx((5.0, 20.0), rel=1e-6)


def test_the_order_of_the_points_is_free():
    condensate, error = landau_condensate(MASS, 5.0, 20.0) * (1 + 0.1 * np.cos(np.arange(8))), np.full(8, 0.01)
    forward, backward = fit_landau(MASS, condensate, error), fit_landau(MASS[::-1], condensate[::-1], error)
    assert (backward.response, backward.cubic) == pytest.approx((forward.response, forward.cubic), rel=1e-6)


def test_errors_are_those_of_repeated_data():
    rng, truth = np.random.default_rng(5), landau_condensate(MASS, 5.0, 20.0)
    error = np.full(8, 2e-3)
    found = [fit_landau(MASS, truth + rng.normal(0, error), error) for _ in range(300)]
    spread = np.std([[fit.response, fit.cubic] for fit in found], axis=0)
    assert np.allclose(spread / fit_landau(MASS, truth, error).errors, 1, atol=0.15)
    assert np.mean([fit.chi_squared for fit in found]) == pytest.approx(6, abs=0.6)  # 8 points, 2 numbers


def test_lattice_points_are_two_numbers():
    lattice = data_sets.load("chiral-condensate").columns
    found = fit_landau(lattice["quark_mass"], lattice["condensate"], np.full(6, 0.004))
    assert found.chi_squared == pytest.approx(0.2314, abs=1e-3)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "arguments",
    [
        (np.ones(2), np.ones(2), np.ones(2)),
        (np.zeros(3), np.ones(3), np.ones(3)),
        (np.ones(3), np.ones(4), np.ones(3)),
        (np.arange(1.0, 4.0), np.array([1.0, 2.0, 0.0]), np.ones(3)),
    ],
)
def test_refuses_bad_data(arguments):
    with pytest.raises(InvalidArgument):
        fit_landau(*arguments)


@pytest.mark.bad_input
@pytest.mark.parametrize("arguments", [(np.ones(2), 0.0, 1.0), (np.ones(2), 1.0, -1.0), ([1.0], 1.0, 1.0)])
def test_refuses_bad_numbers(arguments):
    with pytest.raises(InvalidArgument):
        landau_condensate(*arguments)
