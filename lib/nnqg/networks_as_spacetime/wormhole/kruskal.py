r"""Kruskal coordinates: two null coordinates that run through the horizon.

With :math:`u = t - r_*`, :math:`v = t + r_*` and the surface gravity :math:`\kappa`,

.. math:: |U| = e^{-\kappa u}, \qquad |V| = e^{\kappa v}, \qquad |U V| = e^{2 \kappa r_*}, \qquad ds^2 = -F(r)\,dU\,dV + r^2 dx^2 .

The signs of U and V name the four regions. U V = -1 is the boundary, U V = 0 the horizon. The factor F is finite and positive there:
nothing happens at the horizon. The Killing time t runs up on the right and down on the left. Derived on the page
``networks-as-spacetime/similarity-of-diagrams``.
"""

import math

import numpy as np
from jaxtyping import Float
from scipy.special import digamma

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.wormhole.tortoise import tortoise
from nnqg.quantum_gravity.dictionary.metrics import blackening, surface_gravity

__all__ = ["REGIONS", "kruskal", "kruskal_factor", "kruskal_ingoing"]

REGIONS = {"right": (-1, 1), "future": (1, 1), "left": (1, -1), "past": (-1, -1)}


@checked
def kruskal(
    t: Float[np.ndarray, "*point"], r: Float[np.ndarray, "*point"], d: int, region: str = "right"
) -> tuple[Float[np.ndarray, "*point"], Float[np.ndarray, "*point"]]:
    r"""Kruskal coordinates :math:`U = \pm e^{\kappa(r_* - t)}`, :math:`V = \pm e^{\kappa(r_* + t)}` of points of one region.

    t is the Killing time. The region is "right" or "left", with r > 1, or "future" or "past", with r < 1.

    Examples
    --------
    >>> U, V = kruskal(np.array([0.0]), np.array([1e9]), d=4)
    >>> (U * V).round(6)
    array([-1.])
    """
    checks.array("t", t)
    checks.array("r", r, shape=t.shape)
    sign_U, sign_V = REGIONS[checks.option("region", region, tuple(REGIONS))]
    if not ((r > 1) if sign_U * sign_V < 0 else (r < 1)).all():
        side = "above 1" if sign_U * sign_V < 0 else "below 1"
        raise InvalidArgument("r", f"radii {side} in the region {region}", f"{r.min()} to {r.max()}", "choose the region to the radius")
    kappa, star = surface_gravity(d), tortoise(r, d)
    return sign_U * np.exp(kappa * (star - t)), sign_V * np.exp(kappa * (star + t))


@checked
def kruskal_ingoing(
    v: Float[np.ndarray, "*point"], r: Float[np.ndarray, "*point"], d: int
) -> tuple[Float[np.ndarray, "*point"], Float[np.ndarray, "*point"]]:
    r"""Kruskal coordinates from the ingoing coordinate v, through the future horizon: :math:`V = e^{\kappa v}`.

    :math:`v = t + r_*`; the radius may lie on any side of the horizon and on it: the right and the future region.

    Examples
    --------
    >>> U, V = kruskal_ingoing(np.array([0.0, 0.0]), np.array([1.0, 1e9]), d=4)
    >>> U.round(6), V
    (array([ 0., -1.]), array([1., 1.]))
    """
    checks.array("v", v)
    checks.array("r", r, shape=v.shape)
    kappa, at = surface_gravity(d), r == 1
    star = tortoise(np.where(at, 2.0, r), d)
    U = np.where(at, 0.0, -np.sign(r - 1) * np.exp(kappa * (2 * star - v)))
    return U, np.exp(kappa * v)


@checked
def kruskal_factor(r: Float[np.ndarray, "*point"], d: int) -> Float[np.ndarray, "*point"]:
    r"""Metric coefficient in :math:`ds^2 = -F\,dU\,dV + r^2 dx^2`: :math:`F = |f|\,e^{-2\kappa r_*}/\kappa^2`.

    Positive and smooth. At the horizon it is :math:`\frac{4}{d^2} e^{-\psi(1/d) - \gamma}`, with the digamma function and Euler's
    constant: 4 for BTZ and :math:`2 e^{\pi/2}` for d = 4.

    Examples
    --------
    >>> kruskal_factor(np.array([0.5, 1.0, 2.0]), d=2)
    array([2.25, 4.  , 9.  ])
    """
    kappa, at = surface_gravity(d), checks.array("r", r) == 1
    limit, away = math.exp(-float(digamma(1 / d)) - np.euler_gamma) / kappa**2, np.where(at, 2.0, r)
    return np.where(at, limit, np.abs(blackening(away, d)) * np.exp(-2 * kappa * tortoise(away, d)) / kappa**2)
