r"""A classical field with one unit for each vertex of a triangulated disc.

It has the finite-element action of equilateral triangles, whose edges all weigh the same,

.. math:: S = \frac{1}{2 l_0 \Delta} \sum_{\langle vw \rangle} \tfrac12 (\phi_v - \phi_w)^2 + \frac{\Delta}{l_0} \sum_v{}' V(\phi_v) ,

where the prime halves the outermost ring and leaves out the closing vertex. A field that is constant on each ring has the energy of a
layered stack. Derived in the page ``discussion/three-steps``.
"""

import numpy as np
from jaxtyping import Float
from scipy.sparse import diags_array
from scipy.sparse.linalg import spsolve

from nnqg import checks
from nnqg.boundary import checked
from nnqg.quantum_gravity.dictionary.saddle_point import minimise
from nnqg.quantum_gravity.triangulations.triangulated_disc import TriangulatedDisc

__all__ = ["classical_field"]


@checked
def classical_field(
    disc: TriangulatedDisc, source: float, spacing: float, m2: float, lam: float
) -> tuple[float, float, Float[np.ndarray, " vertex"]]:
    """Return the action, the response dS/dJ and the field, with the source J on the whole outermost ring.

    Examples
    --------
    >>> from nnqg.quantum_gravity.triangulations.triangulated_disc import sample_disc
    >>> disc = sample_disc(np.random.default_rng(0), np.array([4, 3, 1]))
    >>> action, response, phi = classical_field(disc, 1.0, 0.4, m2=3.0, lam=0.0)
    >>> round(response / action, 12)  # a free field: S = K J^2 / 2
    2.0
    """
    source, spacing = checks.number("source", source), checks.number("spacing", spacing, above=0)
    m2, lam = checks.number("m2", m2, minimum=0), checks.number("lam", lam, minimum=0)
    first = int(disc.widths[0])
    stiffness = (disc.laplacian / (2 * first * spacing)).tocsc()
    volume = np.full(disc.vertices, spacing / first)
    volume[:first] /= 2
    volume[-1] = 0.0  # the closing vertex has no width

    def action(phi: np.ndarray) -> np.ndarray:
        return np.asarray(phi @ (stiffness @ phi) / 2 + volume @ (phi**2 * (m2 / 2 + lam / 4 * phi**2)))

    def slope(phi: np.ndarray) -> np.ndarray:
        return stiffness @ phi + volume * phi * (m2 + lam * phi**2)

    def newton_step(phi: np.ndarray) -> np.ndarray:
        hessian = stiffness[first:, first:] + diags_array((volume * (m2 + 3 * lam * phi**2))[first:])
        return spsolve(hessian.tocsc(), slope(phi)[first:])

    phi = minimise(action, newton_step, np.full(disc.vertices, source), held=first)
    return float(action(phi)), float(slope(phi)[:first].sum()), phi
