r"""The coordinate in which the radial light rays of a planar AdS-Schwarzschild black hole are straight.

In units in which the AdS radius L and the radius of the horizon are 1, the black brane with a boundary of d dimensions is

.. math:: ds^2 = -f\,dt^2 + \frac{dr^2}{f} + r^2 dx^2

with f from `nnqg.quantum_gravity.dictionary.metrics.blackening` and d - 1 coordinates x; d = 2 is the BTZ black hole. Radial light rays
have :math:`t \pm r_* = const` with :math:`dr_* = dr/f`. We fix :math:`r_* = 0` at the boundary and take the principal value through the
horizon. Derived on the page ``networks-as-spacetime/similarity-of-diagrams``.
"""

import math

import numpy as np
from jaxtyping import Float
from scipy.special import hyp2f1

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

__all__ = ["tortoise"]


@checked
def tortoise(r: Float[np.ndarray, "*point"], d: int) -> Float[np.ndarray, "*point"]:
    r"""Tortoise coordinate, the principal value of :math:`r_* = -\int_r^\infty dr/f`.

    .. math::

        r > 1: \quad -\frac1r\,{}_2F_1\big(1, \tfrac1d; 1 + \tfrac1d; r^{-d}\big), \\
        r < 1: \quad -\tfrac{\pi}{d}\cot\tfrac{\pi}{d} - \frac{r^{d-1}}{d-1}\,{}_2F_1\big(1, 1 - \tfrac1d; 2 - \tfrac1d; r^d\big) .

    It is 0 at the boundary and minus infinity at the horizon, where it is refused. At the singularity it is
    :math:`-\tfrac{\pi}{d}\cot\tfrac{\pi}{d} = -\tilde\beta/4`, which vanishes for d = 2 only (arXiv:hep-th/0306170).

    Examples
    --------
    >>> (tortoise(np.array([2.0]), d=2) - np.log(1 / 3) / 2).round(12)
    array([0.])
    """
    if float(checks.array("r", r).min()) <= 0:
        raise InvalidArgument("r", "positive radii", float(r.min()), "stay away from the singularity r = 0")
    if (r == 1).any():
        raise InvalidArgument("r", "radii away from the horizon r = 1", 1.0, "use Kruskal coordinates there: r_* is infinite")
    a = 1 / checks.count("d", d, minimum=2)
    shift = math.pi * a * math.cos(math.pi * a) / math.sin(math.pi * a)
    outer, inner = np.where(r > 1, r, 2.0), np.where(r < 1, r, 0.5)
    outside = -hyp2f1(1, a, 1 + a, outer**-d) / outer
    inside = -shift - inner ** (d - 1) / (d - 1) * hyp2f1(1, 1 - a, 2 - a, inner**d)
    return np.where(r > 1, outside, inside)
