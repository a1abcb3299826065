r"""The paths of a ground state, drawn forwards in imaginary time (Nelson 1966; on slide *Generality* 2).

In the middle of a long path the point that follows :math:`x` is distributed as

.. math:: P(x'|x) = \frac{T(x', x)\,\psi_0(x')}{e^{-E_0\Delta\tau/\hbar}\,\psi_0(x)} ,

with the transfer matrix T of one step and its first eigenvector :math:`\psi_0`, which stands for all the steps to come. As
:math:`\Delta\tau \to 0` this is the diffusion :math:`dx = \frac\hbar m(\ln\psi_0)'d\tau + \sqrt{\hbar/m}\,dB`. Without :math:`\psi_0` and
without a potential it is a random walk.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from nnqg.boundary import checked
from nnqg.quantum_mechanics.time_slicing.lattice import transfer_matrix

__all__ = ["forward_chain"]


@checked
def forward_chain(
    potential: Callable[[np.ndarray], np.ndarray], dtau: float, grid: Float[np.ndarray, " x"], *, m: float = 1.0, hbar: float = 1.0
) -> tuple[Float[np.ndarray, "x x"], Float[np.ndarray, " x"]]:
    r"""Return :math:`P(x'|x)` on a grid, the row is x and sums to 1, and the probabilities :math:`\psi_0(x)^2 dx` that it preserves.

    Parameters
    ----------
    potential, dtau, grid, m, hbar
        As in `transfer_matrix`, which also says what is refused.

    Examples
    --------
    >>> x = np.linspace(-6.0, 6.0, 121)
    >>> P, _ = forward_chain(lambda x: x**2 / 2, 0.01, np.linspace(-6.0, 6.0, 121))
    >>> ((P @ x - x) / 0.01)[[60, 70]].round(3) + 0.0
    array([ 0.   , -0.995])
    """
    _, psi = transfer_matrix(potential, dtau, grid, m=m, hbar=hbar)
    V = potential(grid)
    exponent = -m * (grid[:, None] - grid) ** 2 / (2 * hbar * dtau) - dtau * (V - V.min()) / (2 * hbar)
    steps = np.exp(exponent) * np.abs(psi[0])
    weight = psi[0] ** 2
    return steps / steps.sum(axis=1, keepdims=True), weight / weight.sum()
