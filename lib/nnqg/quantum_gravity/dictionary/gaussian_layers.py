r"""The free machine: integrating out its layers one by one, from the horizon to the boundary.

Without quartic couplings the sum over layers k + 1 to N leaves :math:`\exp(-K_k\phi_k^2/2)`, and one more layer gives

.. math:: K_N = M_N, \qquad K_k = M_k + \frac{a_k K_{k+1}}{a_k + K_{k+1}}, \qquad Z[J] \propto e^{-J^2K_0/2} .

:math:`K_0` is the Schur complement of the hidden block of the energy's matrix. For small steps the recursion is the Riccati equation
:math:`dK/d\eta = s\,(q^2/g + \omega^2/f + m^2) - K^2/s` of :math:`K = s\,\pi/\phi`.
"""

import numpy as np
from jaxtyping import Float

from nnqg.boundary import checked
from nnqg.errors import Diverged
from nnqg.quantum_gravity.dictionary.layered_stack import LayeredStack

__all__ = ["layer_recursion"]


@checked
def layer_recursion(stack: LayeredStack) -> Float[np.ndarray, "*stack layer"]:
    r"""Return all :math:`K_k` of the recursion; :math:`K_0` is that of the visible unit. Quartic couplings are ignored.

    Raises
    ------
    Diverged
        If :math:`a_k + K_{k+1} \le 0`: the integral over layer k + 1 does not exist.

    Examples
    --------
    >>> layer_recursion(LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2)))
    array([2., 2.])

    Notes
    -----
    Derived in the page ``discussion/deep-boltzmann-holography``.
    """
    kernel = stack.quadratic.copy()
    for k in range(stack.links.shape[-1] - 1, -1, -1):
        a, inner = stack.links[..., k], kernel[..., k + 1]
        if (a + inner).min() <= 0:
            remedy = "raise the mass above the Breitenlohner-Freedman bound, or end space earlier"
            raise Diverged("the Gaussian integral", f"layer {k + 1}, with a + K = {(a + inner).min():.3g}", remedy)
        kernel[..., k] += a * inner / (a + inner)
    return kernel
