"""Compiled loops of the black hole: layers for many fields, and the misfit with its gradient by the metric, followed backwards by hand.

Far from the edges of the final window the output is 0 or 1 to six digits and flat, so there a point is only counted; the others are
sent through the layers once more and followed back. The tests hold all of it against autograd of the torch network.
"""

from typing import no_type_check

import numpy as np
from numba import njit

from nnqg.emergent_spacetime._training_kernels import window_and_slope

BLOCK = 128  # points at a time: they stay in the fastest cache on their way through the layers
FLAT = 7.0  # (1 - tanh(7)) / 2 = 8e-7


@njit(cache=True, error_model="numpy")
@no_type_check
def propagate(h, x, y, step, m2, lam, order):
    """Send x = phi and y = pi through the layers of one metric, in place; orders 1, 2 and 4 as in `bulk_network`."""
    half = 0.5 * step
    for n in range(h.size // 2 if order == 4 else h.size):
        if order == 4:
            first, middle, last = h[2 * n], h[2 * n + 1], h[2 * n + 2]
            for i in range(x.size):
                p, q = x[i], y[i]
                a = p * (m2 + lam * p * p) - first * q
                u, v = p + half * q, q + half * a
                b = u * (m2 + lam * u * u) - middle * v
                u, w = p + half * v, q + half * b
                c = u * (m2 + lam * u * u) - middle * w
                u, z = p + step * w, q + step * c
                d = u * (m2 + lam * u * u) - last * z
                x[i] = p + step / 6 * (q + 2 * v + 2 * w + z)
                y[i] = q + step / 6 * (a + 2 * b + 2 * c + d)
        else:
            layer = (step, m2, lam, order == 2)
            decay = _decay(h[n], layer)
            for i in range(x.size):
                x[i], y[i] = _advance(x[i], y[i], decay, layer)


@njit(cache=True, error_model="numpy")
@no_type_check
def misfit(h, phi, pi_, label, layer, condition, window):
    """Return the mean of abs(output - label) of each seed, shape (seed,), and its derivative by h, shape (seed, layer).

    ``layer`` = (step, m2, lam, leapfrog); ``condition`` = (slope, force) of F = slope pi - force dV/dphi;
    ``window`` = (half_width, steepness, opening). Loops instead of slices: they compile in a third of the time.
    """
    seeds, data = phi.shape
    total, gradient = np.zeros(seeds), np.zeros(h.shape)
    x, y, path = np.empty(BLOCK), np.empty(BLOCK), np.empty((2, h.shape[1] + 1))
    half_width, steepness, opening = window
    for s in range(seeds):
        for first in range(0, data, BLOCK):
            size = min(BLOCK, data - first)
            for i in range(size):
                x[i], y[i] = phi[s, first + i], pi_[s, first + i]
            if opening == 0:
                for n in range(h.shape[1]):
                    decay = _decay(h[s, n], layer)
                    for i in range(size):
                        x[i], y[i] = _advance(x[i], y[i], decay, layer)
            for i in range(size):
                value = abs(_condition(x[i], y[i], layer, condition))
                if opening == 0 and not abs(value - half_width) < FLAT / steepness:
                    outside = not value <= half_width  # a field that overflows is outside
                    total[s] += outside != (label[s, first + i] > 0.5)
                else:
                    path[0, 0], path[1, 0] = phi[s, first + i], pi_[s, first + i]
                    total[s] += _follow(h, s, path, label[s, first + i], layer, condition, window, gradient)
        total[s] /= data
        for n in range(h.shape[1]):
            gradient[s, n] /= data
    return total, gradient


@njit(cache=True, error_model="numpy")
@no_type_check
def _decay(h, layer):
    """The factor on pi in one layer."""
    return np.exp(-layer[0] * h) if layer[3] else 1 - layer[0] * h


@njit(cache=True, error_model="numpy")
@no_type_check
def _advance(x, y, decay, layer):
    """Return (phi, pi) behind one Euler or leapfrog layer."""
    step, m2, lam, leapfrog = layer
    if leapfrog:
        half = 0.5 * step
        middle = x + half * y
        kick = half * middle * (m2 + lam * middle * middle)
        y = decay * (y + kick) + kick
        return middle + half * y, y
    return x + step * y, decay * y + step * x * (m2 + lam * x * x)


@njit(cache=True, error_model="numpy")
@no_type_check
def _condition(x, y, layer, condition):
    return condition[0] * y - condition[1] * x * (layer[1] + layer[2] * x * x)


@njit(cache=True, error_model="numpy")
@no_type_check
def _follow(h, s, path, label, layer, condition, window, gradient):
    """Send one point, path[:, 0], through the layers of h[s], return abs(output - label), and add its derivative to gradient[s]."""
    step, m2, lam, leapfrog = layer
    layers = h.shape[1]
    for n in range(layers):
        path[0, n + 1], path[1, n + 1] = _advance(path[0, n], path[1, n], _decay(h[s, n], layer), layer)
    x, y = path[0, layers], path[1, layers]
    output, slope = window_and_slope(_condition(x, y, layer, condition), window)
    slope = slope if output > label else -slope
    u, v = -slope * condition[1] * (m2 + 3 * lam * x * x), slope * condition[0]  # derivatives by phi and pi behind layer n
    for n in range(layers - 1, -1, -1):
        x, y, decay = path[0, n], path[1, n], _decay(h[s, n], layer)
        if leapfrog:
            half = 0.5 * step
            middle = x + half * y
            kick = half * middle * (m2 + lam * middle * middle)
            v += half * u
            gradient[s, n] -= v * step * decay * (y + kick)
            u += v * (decay + 1) * half * (m2 + 3 * lam * middle * middle)
            v = v * decay + half * u
        else:
            gradient[s, n] -= v * step * y
            u, v = u + v * step * (m2 + 3 * lam * x * x), step * u + v * decay
    return abs(output - label)
