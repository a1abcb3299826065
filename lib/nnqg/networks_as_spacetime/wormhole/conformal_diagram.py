r"""The Penrose diagram: the Kruskal plane squeezed into a finite picture in which light runs at 45 degrees.

.. math:: U = \tan\frac{T - X}{2}, \qquad V = \tan\frac{T + X}{2} .

The boundaries are the straight lines :math:`X = \pm\frac\pi2`, the horizons :math:`T = \pm X`. The singularity lies at

.. math:: \cos T = \tanh\Big(\frac\pi2 \cot\frac\pi d\Big) \cos X ,

a straight line for d = 2, and bent towards the middle for every d > 2 (arXiv:hep-th/0306170).
"""

import math

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.networks_as_spacetime.wormhole.tortoise import singularity_shift

__all__ = ["compactify", "light_slope", "singularity_time"]


def compactify(
    U: Float[np.ndarray, "*point"], V: Float[np.ndarray, "*point"]
) -> tuple[Float[np.ndarray, "*point"], Float[np.ndarray, "*point"]]:
    r"""Place points of the Kruskal plane in the diagram: :math:`T = \arctan V + \arctan U`, :math:`X = \arctan V - \arctan U`.

    Parameters
    ----------
    U, V : numpy.ndarray, shape (...)
        Kruskal coordinates.

    Returns
    -------
    tuple of numpy.ndarray, shape (...)
        Time T and position X in the diagram.

    Raises
    ------
    InvalidArgument
        If the arrays are not finite or of one shape.

    Examples
    --------
    >>> T, X = compactify(np.array([-1.0]), np.array([1.0]))
    >>> T, (X / np.pi).round(6)
    (array([0.]), array([0.5]))

    Notes
    -----
    Derived on the page ``networks-as-spacetime/similarity-of-diagrams``.
    """
    checks.array("U", U)
    checks.array("V", V, shape=U.shape)
    return np.arctan(V) + np.arctan(U), np.arctan(V) - np.arctan(U)


def singularity_time(X: Float[np.ndarray, "*point"], d: int) -> Float[np.ndarray, "*point"]:
    r"""Diagram time T of the future singularity at position X; the past one lies at -T.

    Parameters
    ----------
    X : numpy.ndarray, shape (...)
        Positions between :math:`-\pi/2` and :math:`\pi/2`.
    d : int
        Dimension of the boundary, at least 2.

    Returns
    -------
    numpy.ndarray, shape (...)
        T, between 0 and :math:`\pi/2`.

    Raises
    ------
    InvalidArgument
        If a position is outside or d below 2.

    Examples
    --------
    >>> bool(np.allclose(singularity_time(np.linspace(-1, 1, 5), d=2), np.pi / 2))
    True
    """
    checks.array("X", X, minimum=-math.pi / 2, maximum=math.pi / 2)
    return np.arccos(np.tanh(singularity_shift(d) * d / 2) * np.cos(X))


def light_slope(T: Float[np.ndarray, " point"], X: Float[np.ndarray, " point"]) -> Float[np.ndarray, " step"]:
    r"""Slopes :math:`\Delta T/\Delta X` between neighbouring points of a world line: 1 or -1 for light, steeper for matter.

    Parameters
    ----------
    T, X : numpy.ndarray, shape (point,)
        The line in the diagram, at least two points.

    Returns
    -------
    numpy.ndarray, shape (point - 1,)
        Slopes; infinite where X stands still.

    Raises
    ------
    InvalidArgument
        If the arrays are not finite vectors of one length of at least 2.

    Examples
    --------
    >>> light_slope(np.array([0.0, 0.1]), np.array([0.0, -0.1]))
    array([-1.])
    """
    checks.count("number of points", checks.array("T", T, shape=("point",)).size, minimum=2)
    checks.array("X", X, shape=T.shape)
    with np.errstate(divide="ignore"):
        return np.diff(T) / np.diff(X)
