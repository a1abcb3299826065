"""Regularisers of the profile b: what decides where the measured masses are silent."""

from typing import Literal

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked

__all__ = ["penalty_matrix"]


@checked
def penalty_matrix(kind: Literal["curvature", "ratio", "slope"], intervals: int, interval: float) -> Float[np.ndarray, "row interval"]:
    r"""A regulariser as a matrix R: its integral is :math:`|R\Delta|^2`.

    ============= =================================== =======================================
    kind          integral                            what it leaves free
    ============= =================================== =======================================
    curvature     :math:`\int b''^2\,dz`              b = const z: soft walls
    ratio         :math:`\int (z\,(b/z)')^2\,dz`      b = const z: soft walls
    slope         :math:`\int b'^2\,dz`               b = 0: anti-de Sitter space, no dilaton
    ============= =================================== =======================================

    Derivatives are taken in the middle of the ``intervals`` (at least 2) of length ``interval``, second ones on knots.

    Examples
    --------
    >>> soft_wall = np.full(4, 0.5)
    >>> [float(round(np.sum((penalty_matrix(kind, 4, 0.5) @ soft_wall) ** 2), 9)) for kind in ("curvature", "ratio", "slope")]
    [0.0, 0.0, 2.0]
    """
    checks.option("kind", kind, ("curvature", "ratio", "slope"))
    intervals, interval = checks.count("intervals", intervals, minimum=2), checks.number("interval", interval, above=0)
    rise = np.eye(intervals) / interval  # b' on each interval
    if kind == "slope":
        return rise * np.sqrt(interval)
    if kind == "curvature":
        return np.diff(rise, axis=0) / interval * np.sqrt(interval)
    middle = interval * (np.arange(intervals) + 0.5)
    value = np.tril(np.ones((intervals, intervals)), -1) + np.eye(intervals) / 2  # b in the middle of each interval
    return (rise - value / middle[:, None]) * np.sqrt(interval)
