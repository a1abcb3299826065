"""Zeros of a sampled function of a positive variable, by a cubic spline in its logarithm."""

import numpy as np
from scipy.interpolate import CubicSpline

__all__ = ["upward_zeros"]


def upward_zeros(position: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Positions, in ascending order, where values rise through zero."""
    spline = CubicSpline(np.log(position), values)
    zeros = spline.roots(extrapolate=False)
    return np.exp(zeros[spline(zeros, 1) > 0])
