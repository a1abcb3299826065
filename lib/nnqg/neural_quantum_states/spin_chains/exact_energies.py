r"""Exact ground state energies of chains: free fermions for Ising, Bethe roots for Heisenberg, closed or open.

Ising (Pfeuty 1970; :math:`H = -\sum ZZ - h\sum X`): the singular values of the matrix with h on the diagonal and 1 beside it, on a ring
:math:`\sqrt{1 + h^2 - 2h\cos k}`, :math:`k = (2m+1)\pi/N`, sum up to :math:`-E_0`.

Heisenberg (Bethe 1931; open: Alcaraz et al. 1987; :math:`H = \sum\vec S\cdot\vec S`, N even, M = N/2): with
:math:`\theta(x) = 2\arctan x` the roots solve

.. math::

    \text{ring:}\quad N\theta(2\lambda_j) &= 2\pi(j - \tfrac{M+1}2) + \sum_k \theta(\lambda_j - \lambda_k), \\
    \text{open:}\quad (2N + 1)\,\theta(2\lambda_j) &= 2\pi j + \sum_k [\theta(\lambda_j - \lambda_k) + \theta(\lambda_j + \lambda_k)],

and :math:`E_0 = \tfrac14\,(\text{number of bonds}) - \tfrac12\sum_j (\lambda_j^2 + \tfrac14)^{-1}`.
"""

import numpy as np
from jaxtyping import Float
from scipy.optimize import root

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["heisenberg_energy", "ising_energy"]


@checked
def ising_energy(spins: int, field: float, ring: bool = False) -> float:
    r"""Return the ground state energy of the Ising chain with a field :math:`h > 0`; rings have an even number of spins.

    Examples
    --------
    >>> round(ising_energy(2, 1.0) + 5**0.5, 9) == 0
    True
    """
    spins, h = checks.count("spins", spins, minimum=2), checks.number("field", field, above=0)
    if ring:
        k = (2 * np.arange(_even(spins)) + 1) * np.pi / spins
        return float(-np.sqrt(1 + h**2 - 2 * h * np.cos(k)).sum())
    return float(-np.linalg.svd(h * np.eye(spins) + np.eye(spins, k=1), compute_uv=False).sum())


@checked
def heisenberg_energy(spins: int, ring: bool = False) -> float:
    """Return the ground state energy of the Heisenberg chain with an even number of spins.

    Raises
    ------
    NotConverged
        If the Bethe roots are not found.

    Examples
    --------
    >>> round(heisenberg_energy(2), 12), round(heisenberg_energy(4, ring=True), 12)
    (-0.75, -2.0)
    """
    spins = _even(checks.count("spins", spins, minimum=4 if ring else 2))
    j = np.arange(1, spins // 2 + 1)
    number = j - (spins // 2 + 1) / 2 if ring else j  # Bethe's quantum numbers

    def theta(x: Float[np.ndarray, " *any"]) -> Float[np.ndarray, " *any"]:
        return 2 * np.arctan(x)

    def equations(roots: Float[np.ndarray, " root"]) -> Float[np.ndarray, " root"]:
        scattered = theta(roots[:, None] - roots).sum(1)
        if ring:
            return spins * theta(2 * roots) - 2 * np.pi * number - scattered
        return (2 * spins + 1) * theta(2 * roots) - 2 * np.pi * number - scattered - theta(roots[:, None] + roots).sum(1)

    start = np.arctanh(np.sin(2 * np.pi * number / (spins + 1) if ring else np.pi * number / (spins + 2))) / np.pi
    found = root(equations, start, tol=1e-13)
    worst = abs(equations(found.x)).max()
    if worst > 1e-9:
        raise NotConverged("Bethe roots", f"equations hold to {worst:.1e}", "use fewer spins")
    bonds = spins if ring else spins - 1
    return float(bonds / 4 - 0.5 * (1 / (found.x**2 + 0.25)).sum())


def _even(spins: int) -> int:
    if spins % 2:
        raise InvalidArgument("spins", "an even number", spins, "take one spin more or less")
    return spins
