r"""The free machine: integrating out its layers one by one, from the horizon to the boundary.

Without quartic couplings the sum over layers k + 1 to N leaves :math:`\exp(-K_k\phi_k^2/2)`, and one more layer gives

.. math:: K_N = M_N, \qquad K_k = M_k + \frac{a_k K_{k+1}}{a_k + K_{k+1}}, \qquad Z[J] \propto e^{-J^2K_0/2} .

:math:`K_0` is the Schur complement of the hidden block of the energy's matrix. For small steps the recursion is the Riccati equation
:math:`dK/d\eta = s\,(q^2/g + \omega^2/f + m^2) - K^2/s` of :math:`K = s\,\pi/\phi`.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import Diverged
from nnqg.quantum_gravity.dictionary.bulk_energy import BulkStack

__all__ = ["layer_recursion", "precision_matrix", "schur_complement"]


def layer_recursion(stack: BulkStack) -> Float[np.ndarray, " layer"]:
    r"""Return all :math:`K_k` of the recursion; :math:`K_0` is that of the visible unit.

    Parameters
    ----------
    stack : BulkStack
        The machine; its quartic couplings are ignored.

    Returns
    -------
    numpy.ndarray, shape (layer,)
        The flow of K.

    Raises
    ------
    Diverged
        If :math:`a_k + K_{k+1} \le 0`: the integral over layer k + 1 does not exist.

    Examples
    --------
    >>> layer_recursion(BulkStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2)))
    array([2., 2.])

    Notes
    -----
    Derived in the page ``discussion/deep-boltzmann-holography``.
    """
    kernel = stack.quadratic.copy()
    for k in range(len(stack.links) - 1, -1, -1):
        a, inner = stack.links[k], kernel[k + 1]
        if a + inner <= 0:
            remedy = "raise the mass above the Breitenlohner-Freedman bound, or end space earlier"
            raise Diverged("the Gaussian integral", f"layer {k + 1}, with a + K = {a + inner:.3g}", remedy)
        kernel[k] += a * inner / (a + inner)
    return kernel


def precision_matrix(stack: BulkStack) -> Float[np.ndarray, "layer layer"]:
    r"""Return the matrix of the quadratic energy, :math:`E = \frac12\phi^TP\phi`.

    Parameters
    ----------
    stack : BulkStack
        The machine; its quartic couplings are ignored.

    Returns
    -------
    numpy.ndarray, shape (layer, layer)
        Symmetric and tridiagonal.

    Examples
    --------
    >>> precision_matrix(BulkStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2)))
    array([[ 3., -2.],
           [-2.,  4.]])
    """
    padded = np.concatenate([[0.0], stack.links, [0.0]])
    return np.diag(stack.quadratic + padded[:-1] + padded[1:]) - np.diag(stack.links, 1) - np.diag(stack.links, -1)


def schur_complement(matrix: Float[np.ndarray, "unit unit"], visible: int) -> Float[np.ndarray, "visible visible"]:
    r"""Eliminate all units after the first few: :math:`P_{vv} - P_{vh}P_{hh}^{-1}P_{hv}`.

    Parameters
    ----------
    matrix : numpy.ndarray, shape (unit, unit)
        Symmetric, visible units first.
    visible : int
        Number of visible units.

    Returns
    -------
    numpy.ndarray, shape (visible, visible)
        The matrix of the visible units alone.

    Raises
    ------
    InvalidArgument
        If the matrix is not square or the number of visible units too large.

    Examples
    --------
    >>> schur_complement(np.array([[3.0, -2.0], [-2.0, 4.0]]), 1)
    array([[2.]])
    """
    checks.array("matrix", matrix, shape=("unit", "unit"))
    visible = checks.count("visible", visible, maximum=len(matrix) - 1)
    mixed = matrix[visible:, :visible]
    return matrix[:visible, :visible] - mixed.T @ np.linalg.solve(matrix[visible:, visible:], mixed)
