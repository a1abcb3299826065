"""The compiled loops behind `nnqg.emergent_spacetime.magnetisation.training`; the layers are those of `_training_kernels`.

The weights are (h_1 ... h_N, m2, lambda, boundary weights). ``grid`` = (step, layers) and ``output`` = (half_width, steepness, opening)
are tuples, ``space`` is a `workspace`. A point whose window is flat has no gradient.
"""

import math
from typing import no_type_check

import numpy as np
from numba import njit

from nnqg import _compiled_adam
from nnqg.emergent_spacetime._training_kernels import add_roughness, carry_inwards, carry_outwards, draw, total, window_and_slope

FLAT = 8.0  # edge widths beyond which the window's slope, below 1e-6, is dropped
FALLOFF, LINEAR = 0, 1
KINDS = {"falloffs": FALLOFF, "linear": LINEAR}  # boundary maps
BOUND = 1e-2  # m2 stays this far above -d^2/4, where the two falloffs coincide

adam = _compiled_adam.step


def workspace(layers, points):
    """What enters every layer, and six rows: phi and pi behind the last layer, their adjoints, the derivatives by m2 and lambda."""
    return np.empty((2, layers, points)), np.empty((6, points))


@njit(cache=True, nogil=True)
@no_type_check
def boundary_matrix(kind, dimension, m2, extra, matrix):
    """Write the 2 x 2 matrix from (H, M) to (phi, pi) at the boundary layer."""
    if kind == FALLOFF:
        half = 0.5 * dimension
        nu = math.sqrt(half * half + m2)
        matrix[0, 0], matrix[0, 1] = extra[0], extra[1]
        matrix[1, 0], matrix[1, 1] = -(half - nu) * extra[0], -(half + nu) * extra[1]
    else:
        matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1] = extra[0], extra[1], extra[2], extra[3]


@njit(cache=True, nogil=True)
@no_type_check
def boundary_gradient(kind, dimension, m2, extra, by_matrix, gradient, layers):
    """Turn derivatives by the matrix into derivatives by m2 and the boundary weights."""
    if kind == FALLOFF:
        half = 0.5 * dimension
        nu = math.sqrt(half * half + m2)
        gradient[layers] += 0.5 / nu * (extra[0] * by_matrix[1, 0] - extra[1] * by_matrix[1, 1])
        gradient[layers + 2] = by_matrix[0, 0] - (half - nu) * by_matrix[1, 0]
        gradient[layers + 3] = by_matrix[0, 1] - (half + nu) * by_matrix[1, 1]
    else:
        for k in range(4):
            gradient[layers + 2 + k] = by_matrix[k // 2, k % 2]


@njit(cache=True, nogil=True)
@no_type_check
def distance(value, label, output):
    """Return abs(t(F) - label) and its derivative by F, which is dropped where the window is flat."""
    half_width, steepness, opening = output
    if abs(value) > 1e6 * opening if opening > 0.0 else abs(abs(value) - half_width) > FLAT / steepness:
        return abs((1.0 if abs(value) > half_width else 0.0) - label), 0.0
    t, slope = window_and_slope(value, output)
    return (t - label, slope) if t > label else (label - t, -slope)


@njit(cache=True, nogil=True)
@no_type_check
def misfit(weights, kind, dimension, grid, points, output, space, gradient):
    """Return the mean of abs(t(F) - label) over points = (H, M, label) and write its derivative by the weights."""
    step, layers = grid
    history, rows = space
    phi, pi_, u, v, by_m2, by_lam = rows[0], rows[1], rows[2], rows[3], rows[4], rows[5]
    h, m2, lam, count = weights[:layers], weights[layers], weights[layers + 1], points.shape[1]
    matrix, by_matrix, summed = np.empty((2, 2)), np.zeros((2, 2)), 0.0
    boundary_matrix(kind, dimension, m2, weights[layers + 2 :], matrix)
    for k in range(count):
        phi[k] = matrix[0, 0] * points[0, k] + matrix[0, 1] * points[1, k]
        pi_[k] = matrix[1, 0] * points[0, k] + matrix[1, 1] * points[1, k]
    carry_inwards(h, m2, lam, step, phi, pi_, history)
    for k in range(count):
        missed, slope = distance(pi_[k], points[2, k], output)
        summed += missed
        u[k], v[k], by_m2[k], by_lam[k] = 0.0, slope / count, 0.0, 0.0
    carry_outwards(h, m2, lam, step, history, u, v, by_m2, by_lam, gradient)
    gradient[layers], gradient[layers + 1] = total(by_m2), total(by_lam)
    for k in range(count):
        for j in range(2):
            by_matrix[0, j] += u[k] * points[j, k]
            by_matrix[1, j] += v[k] * points[j, k]
    boundary_gradient(kind, dimension, m2, weights[layers + 2 :], by_matrix, gradient, layers)
    return summed / count


@njit(cache=True, nogil=True)
@no_type_check
def train(weights, rates, kind, dimension, grid, data, output, smooth, moments, counts, bits, space):
    """Minibatch Adam from rates[0] to rates[1] (per weight: times rates[2:]); the window narrows over the first counts[1] steps.

    ``counts`` = (steps, steps with an open window, batch, steps done before).
    """
    steps, opening_steps, size, done = counts
    step, layers = grid
    gradient, batch = np.zeros(weights.size), np.empty((3, size))
    rate, decay = rates[0], (rates[1] / rates[0]) ** (1.0 / steps)
    for s in range(steps):
        for k in range(size):
            j = draw(bits, data.shape[1])
            for row in range(3):
                batch[row, k] = data[row, j]
        now = done + s
        opening = max(output[0], output[2] * (1.0 - now / opening_steps) ** 2) if now < opening_steps else 0.0
        missed = misfit(weights, kind, dimension, grid, batch, (output[0], output[1], opening), space, gradient)
        for j in range(weights.size):
            gradient[j] *= 2.0 * missed
        add_roughness(weights, layers, smooth, gradient)
        adam(weights, gradient, moments, now + 1, rate, rates[2:])
        if kind == FALLOFF:
            weights[layers] = max(weights[layers], BOUND - 0.25 * dimension * dimension)
        rate *= decay


@njit(cache=True, nogil=True)
@no_type_check
def last_momentum(weights, matrix, step, layers, field, magnetisation):
    """Return pi behind the last layer and its derivative by the magnetisation."""
    m2, lam = weights[layers], weights[layers + 1]
    f, df = matrix[0, 0] * field + matrix[0, 1] * magnetisation, matrix[0, 1]
    p, dp = matrix[1, 0] * field + matrix[1, 1] * magnetisation, matrix[1, 1]
    for n in range(layers):
        keep = 1.0 - step * weights[n]
        next_p = keep * p + step * f * (m2 + lam * f * f)
        next_dp = keep * dp + step * df * (m2 + 3.0 * lam * f * f)
        f, df, p, dp = f + step * p, df + step * dp, next_p, next_dp
    return p, dp


@njit(cache=True, nogil=True)
@no_type_check
def follow_curve(weights, kind, dimension, grid, fields, stride, curve):
    """Write M with pi = 0 behind the last layer, for ascending fields, by Newton's method from (0, 0) on; NaN where it is lost."""
    step, layers = grid
    matrix = np.empty((2, 2))
    boundary_matrix(kind, dimension, weights[layers], weights[layers + 2 :], matrix)
    reached, m = 0.0, 0.0
    for i in range(fields.size):
        parts = max(1, int(math.ceil((fields[i] - reached) / stride)))
        for part in range(1, parts + 1):
            field, before, change = reached + (fields[i] - reached) * part / parts, m, 1.0
            for _ in range(40):
                if not abs(change) > 1e-13 * (1.0 + abs(m)):
                    break
                p, dp = last_momentum(weights, matrix, step, layers, field, m)
                change = p / dp if dp != 0.0 else np.nan
                m -= change
            if not (abs(change) < 1e-9 and abs(m - before) < 0.5):
                m = np.nan
        reached, curve[i] = fields[i], m
