"""The step of `nnqg.adam` for compiled loops, weight by weight."""

import math
from typing import no_type_check

from numba import njit

from nnqg.adam import EPS


@njit(cache=True, nogil=True)
@no_type_check
def step(weights, gradient, moments, count, rate, factors):
    """Step number ``count`` (from 1) of Adam, in place; moments holds two rows, and factors multiplies the rate weight by weight.

    Examples
    --------
    >>> import numpy as np
    >>> weights = np.ones(2)
    >>> step(weights, np.array([3.0, -1e-3]), np.zeros((2, 2)), 1, 0.1, np.ones(2))
    >>> weights.round(5)
    array([0.9, 1.1])
    """
    first, second = rate / (1.0 - 0.9**count), 1.0 / (1.0 - 0.999**count)
    for j in range(weights.size):
        moments[0, j] = 0.9 * moments[0, j] + 0.1 * gradient[j]
        moments[1, j] = 0.999 * moments[1, j] + 0.001 * gradient[j] * gradient[j]
        weights[j] -= first * factors[j] * moments[0, j] / (math.sqrt(moments[1, j] * second) + EPS)
