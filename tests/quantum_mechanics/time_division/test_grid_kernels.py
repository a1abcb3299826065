"""Kernels on a grid: the oscillator's are known, the sliced ones converge to the exact with the second order."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.quantum_mechanics.time_division.grid_kernels import exact_kernel, grid_kernel
from nnqg.quantum_mechanics.time_slicing.kernels import oscillator_kernel, sliced_kernel

GRID = np.linspace(-6, 6, 241)
UNEVEN = np.cumsum([0.0, 0.1, 0.3, 0.05, 0.2, 0.4, 0.15])


def oscillator(x):
    return 0.72 * x**2  # omega = 1.2


def quartic(x):
    return x * x * x * x


@pytest.mark.parametrize("ends", [(0.0, 0.0), (1.5, -0.4)])
def test_the_grid_sums_over_the_corners_exactly(ends):
    by_gaussians = complex(sliced_kernel(UNEVEN, 1.44, np.pi / 2)(*ends)).real
    assert grid_kernel(UNEVEN, oscillator, ends, GRID) == pytest.approx(by_gaussians, rel=1e-12)


def test_two_steps_have_one_corner():
    free = grid_kernel(np.array([0.0, 0.3, 1.0]), np.zeros_like, (0.5, 0.0), GRID)
    assert free == pytest.approx(np.exp(-0.125) / np.sqrt(2 * np.pi), rel=1e-12)


@pytest.mark.parametrize("ends", [(0.0, 0.0), (1.5, -0.4), (2.0, 2.0)])
def test_the_exact_kernel_is_mehlers(ends):
    mehler = complex(oscillator_kernel(1.3, 1.2, np.pi / 2)(*ends)).real
    assert exact_kernel(1.3, oscillator, ends, np.linspace(-8, 8, 161)) == pytest.approx(mehler, rel=1e-9)


def test_a_late_kernel_holds_the_ground_state_of_the_quartic_oscillator():
    grid = np.linspace(-5, 5, 201)
    late, later = (exact_kernel(T, quartic, (0.0, 0.0), grid) for T in (10.0, 11.0))
    assert np.log(late / later) == pytest.approx(0.66798626, abs=1e-8)


@pytest.mark.parametrize("ends", [(0.0, 1.0), (2.0, 2.0)])
def test_second_order(ends):
    grid = np.linspace(-4, 4, 321)
    exact = exact_kernel(1.0, quartic, ends, grid)
    errors = [grid_kernel(np.linspace(0, 1, n + 1) ** 1.2, quartic, ends, grid) / exact - 1 for n in (40, 80)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.05)


def test_both_ways_are_the_same():
    there, back = (grid_kernel(t, quartic, ends, GRID) for t, ends in ((UNEVEN, (1.0, -0.3)), (1.2 - UNEVEN[::-1], (-0.3, 1.0))))
    assert there == pytest.approx(back, rel=1e-12)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("times", "grid", "message"),
    [
        (np.array([0.0, 1.0]), GRID, "time steps"),
        (np.array([0.0, 1.0, 0.5]), GRID, "shortest time step"),
        (np.array([0.0, 0.001, 1.0]), GRID, "root of the shortest step"),
        (UNEVEN, GRID**3, "equidistant"),
        (UNEVEN, GRID[::-1].copy(), "growing"),
    ],
)
def test_bad_divisions_and_grids_are_refused(times, grid, message):
    with pytest.raises(InvalidArgument, match=message):
        grid_kernel(times, quartic, (0.0, 0.0), grid)


@pytest.mark.bad_input
def test_ends_potentials_and_durations_are_checked():
    with pytest.raises(InvalidArgument, match="ends"):
        exact_kernel(1.0, quartic, (0.01, 0.0), GRID)
    with pytest.raises(InvalidArgument, match="duration"):
        exact_kernel(0.0, quartic, (0.0, 0.0), GRID)
    with pytest.raises(InvalidArgument, match="potential"):
        grid_kernel(UNEVEN, lambda x: x + np.nan, (0.0, 0.0), GRID)
