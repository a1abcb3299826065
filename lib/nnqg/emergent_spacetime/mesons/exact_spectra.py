r"""The soft wall, and a family of different bulks with one and the same spectrum.

In anti-de Sitter space, :math:`A = -\log z`, a meson of spin S has :math:`B = \Phi + (2S - 1)\log z` in the chain of
`sturm_liouville` (arXiv:hep-ph/0602229: S = 1 for the rho, 2 for the a_2). With :math:`\Phi = c z^2` the masses are
:math:`m_n^2 = 4c(n + S)`, n = 0, 1, ... Positions z > 0 in any unit of length.
"""

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["isospectral_exponent"]


@checked
def isospectral_exponent(z: Float[np.ndarray, " z"], g: float, c: float = 1.0) -> Float[np.ndarray, " z"]:
    r"""Bulks for S = 1 with the spectrum of the soft wall (g = 0) to the last mass, one for each g > -1.

    .. math:: e^{-B_g/2} = e^{-B/2} \Big[1 + g\,\frac{e^{-B} v_0 v_0'}{m_0^2\,(1 + g\int_0^z e^{-B} v_0^2)}\Big]
              = e^{-B/2}\,\frac{1 + g - g\,e^{-x}}{1 + g - g\,(1 + x)\,e^{-x}}, \qquad x = c z^2 .

    All :math:`B_g` agree at z = 0 and for :math:`z \to \infty`. The ground state's amplitude at the boundary,
    :math:`\lim \psi_0^2 / z^3`, is (1 + g) times that of the soft wall: the decay constants tell the members apart.

    Raises
    ------
    Diverged
        If z is so large that B overflows.

    Examples
    --------
    >>> z = np.array([0.001, 1.0, 6.0])
    >>> (isospectral_exponent(z, g=3.0) - (z**2 + np.log(z))).round(4)
    array([-0.    , -0.9594, -0.    ])
    """
    g = checks.number("g", g, above=-1)
    c, lowest = checks.number("c", c, above=0), checks.array("z", z, shape=("z",)).min()
    if lowest <= 0:
        raise InvalidArgument("z", "positions behind the boundary at 0", float(lowest), "start the grid above 0")
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow is reported below
        x = c * z**2
        factor = (1 + g - g * np.exp(-x)) / (1 + g - g * (1 + x) * np.exp(-x))
        exponent = x + np.log(z) - 2 * np.log(factor)
    return checks.finite_result("the exponent", exponent, where="large z", remedy="stop the grid earlier")
