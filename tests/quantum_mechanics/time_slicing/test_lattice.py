"""Transfer matrix and covariance of the weights against closed formulas of the lattice oscillator, and known spectra."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_mechanics.time_slicing.kernels import sliced_kernel
from nnqg.quantum_mechanics.time_slicing.lattice import transfer_matrix, weight_covariance

GRID = np.linspace(-6, 6, 161)


def lattice_frequency(omega, dtau):
    return np.arccosh(1 + (omega * dtau) ** 2 / 2) / dtau


@pytest.mark.parametrize("dtau", [0.05, 0.2, 0.5])
def test_oscillator_on_the_lattice(dtau):
    energies, psi = transfer_matrix(lambda x: 1.3 * 1.44 * x**2 / 2, dtau, np.linspace(-7, 7, 141 if dtau > 0.1 else 301), m=1.3, hbar=0.8)
    np.testing.assert_allclose(energies[:4] / 0.8, lattice_frequency(1.2, dtau) * (np.arange(4) + 0.5), rtol=1e-9)
    x, dx = np.linspace(-7, 7, psi.shape[1], retstep=True)
    assert (psi[0] ** 2).sum() * dx == pytest.approx(1)
    width = 0.8 / (2 * 1.3 * 1.2 * np.sqrt(1 + (1.2 * dtau) ** 2 / 4))
    assert (psi[0] ** 2 * x**2).sum() * dx == pytest.approx(width, rel=1e-9)


def test_energies_of_the_quartic_oscillator_converge_to_second_order():
    exact = np.array([0.66798626, 2.39364402, 4.69679539])
    errors = np.array([exact - transfer_matrix(lambda x: x**4, dtau, np.linspace(-4, 4, 161))[0][:3] for dtau in (0.05, 0.025)])
    np.testing.assert_allclose(np.log2(errors[0] / errors[1]), 2, atol=0.03)
    assert abs((4 * errors[1] - errors[0]) / 3).max() < 2e-4


def test_powers_of_the_transfer_matrix_are_the_sliced_kernel():
    energies, psi = transfer_matrix(lambda x: x**2 / 2, 0.25, GRID)
    power = (psi.T * np.exp(-energies * 0.25 * 8)) @ psi
    expected = sliced_kernel(np.linspace(0, 2, 9), 1.0, np.pi / 2)(GRID[90], GRID[70]).real
    assert power[90, 70] == pytest.approx(float(expected), rel=1e-9)


def test_covariance_of_a_lattice_field():
    sites = 6
    shift = np.roll(np.eye(sites), 1, axis=0)
    K = 2.6 * np.eye(sites) - shift - shift.T
    C, paths = weight_covariance(60, 0.3, K, m=1.3, hbar=0.8)
    omega = np.sqrt(np.linalg.eigvalsh(K) / 1.3)
    expected = np.mean(0.8 / (2 * 1.3 * omega * np.sqrt(1 + (0.3 * omega) ** 2 / 4)))
    assert paths[30] @ C[:, 2, :, 2] @ paths[30] == pytest.approx(expected, rel=1e-5)
    assert np.allclose(C, C.transpose(2, 3, 0, 1))


def test_velocities_of_the_oscillator_are_correlated_as_on_the_slides_page_of_stochastic_quantisation():
    dtau = 0.02
    C, _ = weight_covariance(800, dtau, np.eye(1))
    step = 1 - np.exp(-dtau)
    for lag, expected in ((0, step / dtau**2), (1, -(step**2) / (2 * dtau**2)), (20, -(step**2) / (2 * dtau**2) * np.exp(-19 * dtau))):
        assert C[400, 0, 400 + lag, 0] == pytest.approx(expected, rel=2e-3)


@pytest.mark.bad_input
def test_potentials_without_a_bound_and_coarse_grids_are_refused():
    with pytest.raises(NotConverged, match="bound the potential from below"):
        transfer_matrix(lambda x: -(x**2), 0.1, GRID)
    with pytest.raises(InvalidArgument, match="distance of grid points"):
        transfer_matrix(lambda x: x**2, 0.001, GRID)
    with pytest.raises(InvalidArgument, match="equidistant"):
        transfer_matrix(lambda x: x**2, 0.1, GRID**3)
    with pytest.raises(InvalidArgument, match="V"):
        transfer_matrix(lambda x: np.where(x > 0, np.nan, x), 0.1, GRID)
    with pytest.raises(InvalidArgument, match="dtau"):
        transfer_matrix(lambda x: x**2, 0.0, GRID)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "bad", [{"steps": 1}, {"dtau": -0.1}, {"m": 0.0}, {"stiffness": np.array([[1.0, 2.0], [0.0, 1.0]])}, {"stiffness": -np.eye(2)}]
)
def test_one_slice_and_fields_without_a_restoring_force_are_refused(bad):
    with pytest.raises(InvalidArgument, match=next(iter(bad))):
        weight_covariance(**{"steps": 4, "dtau": 0.1, "stiffness": np.eye(2), **bad})
