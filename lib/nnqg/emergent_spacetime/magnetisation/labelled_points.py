r"""Labelled points around a magnetisation curve M(H), and what the label noise leaves visible of the curve.

A point (H, M), uniform in a box, is positive (label 0) when :math:`|M - M_{fit}(H)| < |N(0, \sigma)|` and negative (label 1) otherwise
(arXiv:1802.08313, second part, as in public reruns with :math:`\sigma = 0.1`). A classifier that accepts a band of half-width w around
any other curve then has a misfit that depends on that curve only through its distance from the fit: `band_loss`.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime._labelled_band import checked_points, draw_band

__all__ = ["band_loss", "draw_points"]

Curve = Callable[[np.ndarray], np.ndarray]


@checked(quantities={"field_range": "a magnetic field"} | dict.fromkeys(("noise", "magnetisation_range"), "a magnetisation"))
def draw_points(
    curve: Curve,
    rng: np.random.Generator,
    *,
    each: int = 10_000,
    noise: float = 0.1,
    field_range: tuple[float, float] = (0.0, 5.8),
    magnetisation_range: tuple[float, float] = (0.0, 2.0),
) -> Float[np.ndarray, "3 point"]:
    """Draw ``each`` positive and as many negative points of a box, in tesla and mu_B/Mn; what comes beyond a quota is dropped.

    So no positive carries label 1. The noise is a standard deviation in mu_B/Mn.

    Examples
    --------
    >>> draw_points(lambda field: 0.2 * field, np.random.default_rng(1), each=2)[2]
    array([0., 0., 1., 1.])
    """
    box = {"field_range": field_range, "magnetisation_range": magnetisation_range}
    return draw_band(curve, rng, each, noise, box)


@checked(quantities={"half_widths": "a magnetisation"})
def band_loss(curve: Curve, points: Float[np.ndarray, "3 point"], half_widths: Float[np.ndarray, " width"]) -> Float[np.ndarray, " width"]:
    """Squared misfit of the classifier that accepts ``abs(M - curve(H)) < w``: no training, only counting.

    Parameters
    ----------
    curve : callable
        From fields to magnetisations, as in `draw_points`.
    points : numpy.ndarray, shape (3, point)
        Rows H, M, label.
    half_widths : numpy.ndarray, shape (width,)
        The values of w in mu_B/Mn, positive.

    Examples
    --------
    >>> points = np.array([[1.0, 1.0], [0.5, 0.9], [0.0, 1.0]])
    >>> band_loss(lambda field: 0.5 * field, points, np.array([0.1, 0.5]))
    array([0.  , 0.25])
    """
    checked_points(points)
    checks.array("half_widths", half_widths, shape=("width",), minimum=1e-12)
    distance = np.abs(points[1] - curve(points[0]))
    wrong = (distance[None] > half_widths[:, None]) != (points[2] > 0.5)  # [width, point]
    return wrong.mean(axis=1) ** 2
