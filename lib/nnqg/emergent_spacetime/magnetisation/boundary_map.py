r"""From what is measured, (H, M), to what enters the bulk, :math:`(\phi, \pi)` at the boundary layer.

Near the boundary of AdS with :math:`h = d` (units of L) a small field falls off with two exponents,

.. math:: \phi = A\,H\,e^{-\Delta_-(\eta - 1)} + B\,M\,e^{-\Delta_+(\eta - 1)}, \qquad
    \Delta_\pm = \frac d2 \pm \sqrt{\frac{d^2}{4} + m^2 L^2},

the source H and the response M. The normalisations A and B of the two operators are unknown; the constants
:math:`e^{-\Delta_\pm}` and :math:`1/(\Delta_+ - \Delta_-)` that one may write are absorbed in them. ``"falloffs"`` is this map, with
:math:`\pi = \phi'` at :math:`\eta = 1`; ``"linear"`` is the general linear map with four free numbers that public reruns use.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.emergent_spacetime.magnetisation import _kernels
from nnqg.quantum_gravity.dictionary.metrics import boundary_powers

__all__ = ["BOUNDARY_MAPS", "boundary_matrix"]

BOUNDARY_MAPS = {"falloffs": 2, "linear": 4}
"""The maps and their numbers of weights."""


def boundary_matrix(boundary: str, m2: float, extra: Float[np.ndarray, " boundary_weight"], dimension: int = 4) -> Float[np.ndarray, "2 2"]:
    r"""The matrix K in :math:`(\phi, \pi)^T = K\,(H, M)^T`.

    Parameters
    ----------
    boundary : {"falloffs", "linear"}
        Which map.
    m2, dimension : float, int
        :math:`m^2 L^2` above its bound, and d; only for "falloffs".
    extra : numpy.ndarray, shape (2,) or (4,)
        (A, B), or K row by row.

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
        boundary_powers(m2, dimension)  # refuses a mass below the bound
    _kernels.boundary_matrix(_kernels.KINDS[boundary], float(dimension), float(m2), extra, matrix)
    return matrix
