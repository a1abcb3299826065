r"""From what is measured, (H, M), to what enters the bulk, :math:`(\phi, \pi)` at the boundary layer.

Near the boundary of AdS with :math:`h = d` (units of L) a small field falls off with two exponents,

.. math:: \phi = A\,H\,e^{-\Delta_-(\eta - 1)} + B\,M\,e^{-\Delta_+(\eta - 1)}, \qquad
    \Delta_\pm = \frac d2 \pm \sqrt{\frac{d^2}{4} + m^2 L^2},

the source H and the response M. The normalisations A and B of the two operators are unknown; the constants
:math:`e^{-\Delta_\pm}` and :math:`1/(\Delta_+ - \Delta_-)` that one may write are absorbed in them. ``"falloffs"`` is this map, with
:math:`\pi = \phi'` at :math:`\eta = 1`; ``"linear"`` is the general linear map with four free numbers that public reruns use.
"""

import math

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.emergent_spacetime.magnetisation import _kernels
from nnqg.errors import InvalidArgument

__all__ = ["BOUNDARY_MAPS", "boundary_matrix", "exponents", "mean_mass_squared"]

BOUNDARY_MAPS = {"falloffs": 2, "linear": 4}
"""The maps and their numbers of weights."""


def exponents(m2: float, dimension: float) -> tuple[float, float]:
    r"""The falloffs :math:`(\Delta_-, \Delta_+)`, roots of :math:`\Delta(\Delta - d) = m^2 L^2`.

    Parameters
    ----------
    m2 : float
        :math:`m^2 L^2`, at least :math:`-d^2/4` (Breitenlohner-Freedman bound).
    dimension : float
        d, positive.

    Returns
    -------
    tuple of float
        Smaller and larger root.

    Raises
    ------
    InvalidArgument
        If the roots are not real.

    Examples
    --------
    >>> exponents(-3.0, 4.0)
    (1.0, 3.0)
    """
    half = 0.5 * checks.number("dimension", dimension, above=0)
    checks.number("m2", m2)
    if m2 < -half * half:
        raise InvalidArgument("m2", f"at least -d^2/4 = {-half * half}, the Breitenlohner-Freedman bound", m2, "use a heavier field")
    nu = math.sqrt(half * half + m2)
    return half - nu, half + nu


def boundary_matrix(
    boundary: str, m2: float, extra: Float[np.ndarray, " boundary_weight"], dimension: float = 4.0
) -> Float[np.ndarray, "2 2"]:
    r"""The matrix K in :math:`(\phi, \pi)^T = K\,(H, M)^T`.

    Parameters
    ----------
    boundary : {"falloffs", "linear"}
        Which map.
    m2 : float
        Only for "falloffs": :math:`m^2 L^2` above its bound.
    extra : numpy.ndarray, shape (2,) or (4,)
        (A, B), or K row by row.
    dimension : float
        d, only for "falloffs".

    Returns
    -------
    numpy.ndarray, shape (2, 2)
        K.

    Raises
    ------
    InvalidArgument
        If the map is unknown or its weights are too many or too few.

    Examples
    --------
    >>> boundary_matrix("falloffs", -3.0, np.array([1.0, 2.0]))
    array([[ 1.,  2.],
           [-1., -6.]])
    """
    checks.option("boundary", boundary, tuple(BOUNDARY_MAPS))
    checks.array("extra", extra, shape=(BOUNDARY_MAPS[boundary],))
    matrix = np.empty((2, 2))
    if boundary == "falloffs":
        exponents(m2, dimension)
    _kernels.boundary_matrix(_kernels.KINDS[boundary], float(dimension), float(m2), extra, matrix)
    return matrix


def mean_mass_squared(delta: float, scatter: float, dimension: float) -> float:
    r"""The mean of :math:`m^2 L^2` over an ensemble whose :math:`\Delta_+` has this mean and standard deviation.

    Exact, whatever the distribution, because :math:`m^2 L^2 = \Delta_+(\Delta_+ - d)` is quadratic:

    .. math:: \langle m^2 L^2 \rangle = \langle\Delta_+\rangle^2 + \sigma^2 - d\,\langle\Delta_+\rangle .

    Parameters
    ----------
    delta, scatter : float
        Mean, and standard deviation (with 1/n), of :math:`\Delta_+`.
    dimension : float
        d, the same for every member.

    Returns
    -------
    float
        The mean.

    Raises
    ------
    InvalidArgument
        If a number is out of range.

    Examples
    --------
    >>> mean_mass_squared(3.0, 0.0, 4.0)
    -3.0
    """
    checks.number("delta", delta)
    checks.number("scatter", scatter, minimum=0)
    checks.number("dimension", dimension, above=0)
    return delta * delta + scatter * scatter - dimension * delta
