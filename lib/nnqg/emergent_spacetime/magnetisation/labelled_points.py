r"""Labelled points around a magnetisation curve M(H), and what the label noise leaves visible of the curve.

A point (H, M), uniform in a box, is positive (label 0) when :math:`|M - M_{fit}(H)| < |N(0, \sigma)|` and negative (label 1) otherwise
(arXiv:1802.08313, second part, as in public reruns with :math:`\sigma = 0.1`). A classifier that accepts a band of half-width w around
any other curve then has a misfit that depends on that curve only through its distance from the fit: `band_loss`.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.errors import InvalidArgument, NotConverged

__all__ = ["band_loss", "draw_points"]

Curve = Callable[[np.ndarray], np.ndarray]


def draw_points(
    curve: Curve,
    rng: np.random.Generator,
    *,
    each: int = 10_000,
    noise: float = 0.1,
    field_range: tuple[float, float] = (0.0, 5.8),
    magnetisation_range: tuple[float, float] = (0.0, 2.0),
) -> Float[np.ndarray, "3 point"]:
    """Draw as many positive as negative points; what comes beyond a quota is dropped, so that no positive carries label 1.

    Parameters
    ----------
    curve : callable
        From fields, shape (data,), in tesla, to magnetisations, shape (data,), in mu_B/Mn.
    rng : numpy.random.Generator
        Source of points and noise.
    each : int
        How many of each label.
    noise : float
        Sigma in mu_B/Mn.
    field_range, magnetisation_range : tuple of float
        The box.

    Returns
    -------
    numpy.ndarray, shape (3, 2 each)
        Rows H, M, label; the positive points first.

    Raises
    ------
    InvalidArgument
        If a number is out of range.
    NotConverged
        If the curve misses the box.

    Examples
    --------
    >>> draw_points(lambda field: 0.2 * field, np.random.default_rng(1), each=2)[2]
    array([0., 0., 1., 1.])
    """
    checks.count("each", each)
    checks.number("noise", noise, above=0)
    ranges = {"field_range": field_range, "magnetisation_range": magnetisation_range}
    for name, (low, high) in ranges.items():
        checks.number(name + " (upper end)", high, above=checks.number(name + " (lower end)", low))
    kept: dict[bool, list[np.ndarray]] = {True: [], False: []}
    found, draws = {True: 0, False: 0}, 4 * each + 100
    for _ in range(1000):
        points = np.stack([rng.uniform(*limits, draws) for limits in ranges.values()])
        near = np.abs(points[1] - curve(points[0])) < np.abs(rng.normal(0.0, noise, draws))
        for side in (True, False):
            if found[side] < each:
                kept[side].append(points[:, near == side])
                found[side] += kept[side][-1].shape[1]
        if min(found.values()) >= each:
            break
    else:
        raise NotConverged("drawing points", f"{found[True]} positive points", "use a curve that passes through the box, or more noise")
    chosen = np.concatenate([np.concatenate(kept[side], axis=1)[:, :each] for side in (True, False)], axis=1)
    return np.vstack([chosen, np.repeat([0.0, 1.0], each)])


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

    Returns
    -------
    numpy.ndarray, shape (width,)
        (fraction of points with the wrong label) squared; 0.25 when every point gets the same label.

    Raises
    ------
    InvalidArgument
        If the arrays do not fit or a label is neither 0 nor 1.

    Examples
    --------
    >>> points = np.array([[1.0, 1.0], [0.5, 0.9], [0.0, 1.0]])
    >>> band_loss(lambda field: 0.5 * field, points, np.array([0.1, 0.5]))
    array([0.  , 0.25])
    """
    checks.array("points", points, shape=(3, "point"))
    checks.array("half_widths", half_widths, shape=("width",), minimum=1e-12)
    if not np.isin(points[2], (0.0, 1.0)).all():
        raise InvalidArgument("points", "labels 0.0 (positive) or 1.0 (negative) in the third row", "others", "label each point")
    distance = np.abs(points[1] - curve(points[0]))
    wrong = (distance[None] > half_widths[:, None]) != (points[2] > 0.5)  # [width, point]
    return wrong.mean(axis=1) ** 2
