r"""Kernels of :math:`H = p^2/2 + V(x)` in imaginary time, on a grid of positions.

*Sliced*: the integral over the corners of the path is a sum over the grid,

.. math:: K = \int\prod_{n=1}^{N-1}dx_n\prod_{n=1}^{N}\frac{1}{\sqrt{2\pi\Delta t_n}}
    \exp\Big[-\frac{(x_n - x_{n-1})^2}{2\Delta t_n} - \frac{\Delta t_n}{2}\big(V(x_n) + V(x_{n-1})\big)\Big] ,

which is exact to rounding where the grid is finer than the root of the shortest step. *Exact*: :math:`\langle x'|e^{-HT}|x\rangle` from the
eigenstates of H in the sinc basis (Colbert and Miller 1992).
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_mechanics.time_slicing.paths import time_steps

__all__ = ["exact_kernel", "grid_kernel"]


@checked
def grid_kernel(
    times: Float[np.ndarray, " time"],
    potential: Callable[[np.ndarray], np.ndarray],
    ends: tuple[float, float],
    grid: Float[np.ndarray, " x"],
) -> float:
    """Return K of paths with corners at the given times.

    Parameters
    ----------
    times : numpy.ndarray
        A division of the time, at least two steps.
    potential : callable
        V(x) of an array.
    ends : tuple of float
        Final and initial position.
    grid : numpy.ndarray
        Equidistant positions, not wider apart than the root of the shortest step; V must be large at its ends.

    Examples
    --------
    >>> K = grid_kernel(np.linspace(0.0, 2.0, 81), lambda x: x**2 / 2, (0.0, 0.0), np.linspace(-6.0, 6.0, 121))
    >>> round(float(K * (2 * np.pi * np.sinh(2.0)) ** 0.5 - 1), 6)
    6.6e-05
    """
    steps, dx = time_steps(times), _spacing(grid)
    checks.number("distance of grid points in units of the root of the shortest step", dx / steps.min() ** 0.5, maximum=1.0)
    x_fin, x_ini = (np.array([checks.number("ends", end)]) for end in ends)
    V_ini, V, V_fin = (checks.array("potential", potential(x), shape=x.shape) for x in (x_ini, grid, x_fin))

    def jump(apart, dt):
        return np.exp(-(apart**2) / (2 * dt)) / np.sqrt(2 * np.pi * dt)

    psi = jump(grid - x_ini, steps[0]) * np.exp(-steps[0] / 2 * (V + V_ini))
    between = dx * np.arange(1 - len(grid), len(grid))
    for dt in steps[1:-1]:  # a jump depends on the distance alone: a convolution
        half = np.exp(-dt / 2 * V)
        psi = half * np.convolve(jump(between, dt), half * psi, "valid") * dx
    return float(jump(x_fin - grid, steps[-1]) @ (np.exp(-steps[-1] / 2 * (V + V_fin)) * psi) * dx)


@checked
def exact_kernel(
    duration: float, potential: Callable[[np.ndarray], np.ndarray], ends: tuple[float, float], grid: Float[np.ndarray, " x"]
) -> float:
    """Return K of all paths; both ends must be points of the grid, otherwise as `grid_kernel`.

    Examples
    --------
    >>> K = exact_kernel(2.0, lambda x: x**2 / 2, (0.0, 0.0), np.linspace(-8.0, 8.0, 161))
    >>> round(float(K * (2 * np.pi * np.sinh(2.0)) ** 0.5), 10)
    1.0
    """
    dx = _spacing(grid)
    here = [int(abs(grid - checks.number("ends", end)).argmin()) for end in ends]
    if max(abs(grid[here] - ends)) > 1e-9 * dx:
        raise InvalidArgument("ends", "points of the grid", ends, "choose the grid so that it holds them")
    apart = np.arange(len(grid))[:, None] - np.arange(len(grid))
    kinetic = np.where(apart == 0, np.pi**2 / 3, 2 / np.where(apart == 0, 1, apart) ** 2) * (-1.0) ** apart / (2 * dx**2)
    energies, psi = np.linalg.eigh(kinetic + np.diag(checks.array("potential", potential(grid), shape=grid.shape)))
    decay = np.exp(-energies * checks.number("duration", duration, above=0))
    return float((psi[here[0]] * decay) @ psi[here[1]] / dx)


def _spacing(grid: np.ndarray) -> float:
    """The distance of neighbours on an equidistant grid."""
    steps = np.diff(checks.array("grid", grid, shape=("x",)))
    if len(steps) < 2 or steps.min() <= 0 or np.ptp(steps) > 1e-6 * steps.mean():
        raise InvalidArgument("grid", "growing equidistant positions", f"{len(grid)} of them", "make them with np.linspace")
    return float(steps.mean())
