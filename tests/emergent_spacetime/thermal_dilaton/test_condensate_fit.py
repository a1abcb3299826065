"""Fits of the lattice points: recovery of made-up data, two numbers only, the Einstein frame fails."""

import numpy as np
import pytest

from nnqg import data_sets
from nnqg.emergent_spacetime.thermal_dilaton.condensate_fit import CondensateData, fit_family, fit_lam
from nnqg.emergent_spacetime.thermal_dilaton.condensate_probe import boundary_pair
from nnqg.emergent_spacetime.thermal_dilaton.landau import fit_landau
from nnqg.emergent_spacetime.thermal_dilaton.steepness import exponential
from nnqg.emergent_spacetime.thermal_dilaton.thermal_solution import solve_thermal
from nnqg.errors import InvalidArgument, NotConverged


@pytest.fixture(scope="module")
def lattice():
    columns = data_sets.load("chiral-condensate").columns
    return CondensateData(columns["quark_mass"], columns["condensate"], np.full(6, 0.004), 0.207)


def made_up(amplitude, lam, temperature=0.2):
    brane = solve_thermal(exponential(amplitude, 2.0))
    pair = boundary_pair(brane, "S0", np.geomspace(0.05, 0.3, 6), lam)
    mass, condensate = 2 * np.pi / np.sqrt(3) * pair.source, np.sqrt(3) / np.pi * pair.response * temperature**3
    return brane, CondensateData(mass * temperature, condensate, 0.01 * condensate, temperature)


@pytest.mark.parametrize("lam", [0.3, -0.3])
def test_recovers_the_coupling(lam):
    brane, data = made_up(60.0, lam)
    found = fit_lam(brane, "S0", data)
    assert found.lam == pytest.approx(lam, rel=1e-3)
    assert np.allclose(found.condensate, data.condensate, rtol=1e-4)


def test_recovers_amplitude_and_coupling():
    _, data = made_up(80.0, 0.05)
    found = fit_family(lambda amplitude: exponential(amplitude, 2.0), "S0", data)
    assert found.amplitude == pytest.approx(80.0, rel=1e-3)
    assert found.lam == pytest.approx(0.05, rel=0.02)


@pytest.mark.parametrize(("frame", "rate"), [("S1", 2.0), ("S0", 2.0), ("S0", 4.0)])
def test_every_geometry_fits_as_well_as_two_numbers(lattice, frame, rate):
    two = fit_landau(lattice.mass, lattice.condensate, lattice.error).chi_squared
    found = fit_family(lambda amplitude: exponential(amplitude, rate), frame, lattice)
    assert found.chi_squared == pytest.approx(two, abs=1e-3)


@pytest.mark.parametrize("amplitude", [0.0, 60.0, 200.0])
def test_einstein_frame_fails(lattice, amplitude):
    found = fit_lam(solve_thermal(exponential(amplitude, 2.0)), "einstein", lattice)
    assert found.chi_squared > 300
    assert np.all(found.condensate[:2] < 0)


@pytest.mark.bad_input
def test_refuses_bad_input(lattice):
    with pytest.raises(InvalidArgument):
        fit_family(lambda amplitude: exponential(amplitude, 2.0), "einstein", lattice)
    with pytest.raises(InvalidArgument):
        fit_lam(solve_thermal(lambda x: 0 * x), "S2", lattice)
    with pytest.raises(InvalidArgument):
        CondensateData(np.ones(2), np.ones(3), np.ones(2), 0.2)
    with pytest.raises(InvalidArgument):
        CondensateData(np.ones(2), np.ones(2), np.ones(2), 0.0)


@pytest.mark.bad_input
def test_masses_out_of_reach_are_an_error(lattice):
    heavy = CondensateData(np.array([1e-6, 0.1, 0.5]), np.ones(3), np.ones(3), 1e-3)
    with pytest.raises(NotConverged):
        fit_lam(solve_thermal(lambda x: 0 * x), "S1", heavy)
