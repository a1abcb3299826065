r"""What the compiled trainings of a bulk metric share, besides the window: the smoothness term, a step of Adam, random draws.

Numba's cache looks at one file: after a change here, delete the ``__pycache__`` folders of the rooms that call it.
"""

import math
from typing import no_type_check

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
@no_type_check
def add_roughness(weights, layers, smooth, gradient):
    """Return sum_n smooth_n (h_{n+1} - h_n)^2 and add its gradient; the first weights are h_1 ... h_layers."""
    total = 0.0
    for n in range(layers - 1):
        rise = weights[n + 1] - weights[n]
        total += smooth[n] * rise * rise
        gradient[n + 1] += 2.0 * smooth[n] * rise
        gradient[n] -= 2.0 * smooth[n] * rise
    return total


@njit(cache=True, nogil=True)
@no_type_check
def adam(weights, gradient, moments, count, rate, tilt):
    """Step number ``count`` of Adam with the usual decay rates; tilt multiplies the rate weight by weight."""
    first, second = rate / (1.0 - 0.9**count), 1.0 / (1.0 - 0.999**count)
    for j in range(weights.size):
        moments[0, j] = 0.9 * moments[0, j] + 0.1 * gradient[j]
        moments[1, j] = 0.999 * moments[1, j] + 0.001 * gradient[j] * gradient[j]
        weights[j] -= first * tilt[j] * moments[0, j] / (math.sqrt(moments[1, j] * second) + 1e-8)


@njit(cache=True, nogil=True)
@no_type_check
def draw(bits, below):
    """A random integer in [0, below), from Marsaglia's 64-bit xorshift; bits is its state."""
    bits[0] ^= bits[0] << np.uint64(13)
    bits[0] ^= bits[0] >> np.uint64(7)
    bits[0] ^= bits[0] << np.uint64(17)
    return np.int64(((bits[0] >> np.uint64(33)) * np.uint64(below)) >> np.uint64(31))
