r"""Exact results on a lattice in imaginary time, trapezoid rule: what samplers over networks are held against.

The weight of a path with the step :math:`\Delta\tau` is :math:`e^{-S_E/\hbar}` with

.. math:: S_E = \sum_{n=1}^{N}\Big[\frac{m(x_n - x_{n-1})^2}{2\Delta\tau} + \frac{\Delta\tau}{2}\big(V(x_n) + V(x_{n-1})\big)\Big] .

*Transfer matrix*: one step is the symmetric matrix

.. math:: T(x', x) = \sqrt{\frac{m}{2\pi\hbar\Delta\tau}}\,\exp\Big[-\frac{m(x' - x)^2}{2\hbar\Delta\tau}
    - \frac{\Delta\tau}{2\hbar}\big(V(x') + V(x)\big)\Big] ,

whose eigenvalues are :math:`e^{-E_n\Delta\tau/\hbar}`. Its first eigenvector squared is the density of a point of a long path.

*Weights*: a free field on a lattice is an oscillator in several dimensions, :math:`V = \tfrac12 x\cdot Kx`, and a path of it is a network
with the bias :math:`b = x_0` and the velocities :math:`W_n`, so :math:`S_E` is a quadratic form of these.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["transfer_matrix", "weight_covariance"]


@checked
def transfer_matrix(
    potential: Callable[[np.ndarray], np.ndarray], dtau: float, grid: Float[np.ndarray, " x"], *, m: float = 1.0, hbar: float = 1.0
) -> tuple[Float[np.ndarray, " state"], Float[np.ndarray, "state x"]]:
    r"""Return the energies of the lattice, growing, and the wave functions :math:`\psi_n(x)` as rows, normalised on the grid.

    Parameters
    ----------
    potential : callable
        V(x) of an array.
    dtau, m, hbar : float
        The step, the mass and Planck's constant.
    grid : numpy.ndarray
        Equidistant positions, not wider apart than :math:`\sqrt{\hbar\Delta\tau/m}`: then the sum over them is exact to 1e-8.

    Raises
    ------
    NotConverged
        If the ground state does not vanish at the ends of the grid, for instance in a potential without a lower bound.

    Examples
    --------
    >>> energies, psi = transfer_matrix(lambda x: x**2 / 2, 0.1, np.linspace(-6.0, 6.0, 121))
    >>> energies[:2].round(5)
    array([0.49979, 1.49938])
    """
    dx = float(np.diff(checks.array("grid", grid, shape=("x",))).mean()) if len(grid) > 2 else 0.0
    if not dx > 0 or abs(np.diff(grid) / dx - 1).max() > 1e-6:
        raise InvalidArgument("grid", "growing equidistant positions", f"{len(grid)} of them", "make them with np.linspace")
    width = np.sqrt(checks.number("hbar", hbar, above=0) * checks.number("dtau", dtau, above=0) / checks.number("m", m, above=0))
    checks.number("distance of grid points in units of sqrt(hbar dtau / m)", dx / width, maximum=1.0)
    V = checks.array("V(grid)", potential(grid), shape=grid.shape)
    half = np.exp(-dtau * (V - V.min()) / (2 * hbar))
    jump = np.exp(-(((grid[:, None] - grid) / width) ** 2) / 2) * dx / (width * np.sqrt(2 * np.pi))
    values, states = np.linalg.eigh(half[:, None] * jump * half)
    keep = values[::-1] > 1e-12 * values[-1]
    psi = states.T[::-1][keep] / np.sqrt(dx)
    if max(psi[0, [0, -1]] ** 2) > 1e-8 * max(psi[0] ** 2):
        raise NotConverged(
            "the ground state", "it does not vanish at the ends of the grid", "widen the grid, or bound the potential from below"
        )
    return V.min() - hbar * np.log(values[::-1][keep]) / dtau, psi * np.sign(psi.sum(axis=1, keepdims=True))


@checked
def weight_covariance(
    steps: int, dtau: float, stiffness: Float[np.ndarray, "site site"], *, m: float = 1.0, hbar: float = 1.0
) -> tuple[Float[np.ndarray, "weight site weight site"], Float[np.ndarray, "time weight"]]:
    r"""Return the covariance of the bias and the velocities of networks with free ends, and the matrix that makes paths of them.

    Parameters
    ----------
    steps : int
        N, at least 2. The weights are b, :math:`W_1 \dots W_N`, and :math:`x_n = b + \Delta\tau\sum_{k\le n}W_k` the matrix times these.
    dtau, m, hbar : float
        The step, the mass and Planck's constant.
    stiffness : numpy.ndarray
        K, symmetric with positive eigenvalues.

    Examples
    --------
    >>> C, M = weight_covariance(200, 0.1, np.eye(1))
    >>> round(float(M[100] @ C[:, 0, :, 0] @ M[100]), 6), round(0.5 / (1 + 0.1**2 / 4) ** 0.5, 6)
    (0.499376, 0.499376)
    """
    N, eps = checks.count("steps", steps, minimum=2), checks.number("dtau", dtau, above=0)
    mass, action = checks.number("m", m, above=0), checks.number("hbar", hbar, above=0)
    K = checks.array("stiffness", stiffness, shape=("site", "site"))
    if not np.allclose(K, K.T) or np.linalg.eigvalsh(K)[0] <= 0:
        raise InvalidArgument("stiffness", "a symmetric matrix with positive eigenvalues", "another", "give each mode a restoring force")
    paths = np.tril(np.full((N + 1, N + 1), eps))
    paths[:, 0] = 1.0
    ends = np.ones(N + 1)
    ends[[0, -1]] = 0.5
    kinetic = np.diag([0.0, *np.full(N, mass * eps)])
    precision = np.kron(kinetic, np.eye(len(K))) + eps * np.kron(paths.T @ (ends[:, None] * paths), K)
    shape = (N + 1, len(K)) * 2
    return action * np.linalg.inv(precision).reshape(shape), paths
