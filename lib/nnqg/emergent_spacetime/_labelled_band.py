"""Labelled points around a measured curve, drawn as the published trainings on data do."""

from collections.abc import Callable

import numpy as np

from nnqg import checks
from nnqg.errors import InvalidArgument


def draw_band(
    curve: Callable[[np.ndarray], np.ndarray],
    rng: np.random.Generator,
    each: int,
    noise: float,
    ranges: dict[str, tuple[float, float]],
) -> np.ndarray:
    """Draw (x, y) uniformly in the box of ``ranges``; label 0 when ``|y - curve(x)| < |N(0, noise)|``, else 1.

    Returns an array of shape (3, 2 each) with rows x, y, label, the points of label 0 first. What comes beyond a quota is dropped, so that
    no point of label 0 is counted among the others.
    """
    checks.count("each", each, maximum=10 * checks.MOST_STEPS)
    checks.number("noise", noise, above=0)
    for name, (low, high) in ranges.items():
        checks.number(name + " (upper end)", high, above=checks.number(name + " (lower end)", low))
    kept: dict[bool, list[np.ndarray]] = {True: [], False: []}
    found = {True: 0, False: 0}
    for _ in range(1000):
        points = np.stack([rng.uniform(*limits, 4 * each) for limits in ranges.values()])  # [axis, point]
        near = np.abs(points[1] - curve(points[0])) < np.abs(rng.normal(0.0, noise, 4 * each))
        for side in (True, False):
            if found[side] < each:
                kept[side].append(points[:, near == side])
                found[side] += kept[side][-1].shape[1]
        if min(found.values()) >= each:
            break
    else:
        reached = f"{found[True]} points of label 0, {found[False]} of label 1"
        raise InvalidArgument("curve", "a curve that passes through the box", reached, "widen the ranges or the noise")
    chosen = np.concatenate([np.concatenate(kept[side], axis=1)[:, :each] for side in (True, False)], axis=1)
    return np.vstack([chosen, np.repeat([0.0, 1.0], each)])


def checked_points(points: np.ndarray) -> np.ndarray:
    """Return points, shape (3, point): a magnetic field, a magnetisation, and a label 0.0 or 1.0."""
    checks.array("points", points, shape=(3, "point"))
    if not np.isin(points[2], (0.0, 1.0)).all():
        raise InvalidArgument("points", "labels 0.0 (positive) or 1.0 (negative) in the third row", "others", "label each point")
    checks.array("points[0]", points[0], quantity="a magnetic field")
    checks.array("points[1]", points[1], quantity="a magnetisation")
    return points
