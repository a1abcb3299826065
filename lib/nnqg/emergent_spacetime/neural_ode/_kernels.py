r"""The compiled loops behind `nnqg.emergent_spacetime.neural_ode.inwards`, whose docstring has the equations.

``nodes`` holds the friction h at the 2 N + 1 nodes t = 0, s/2, s, ... of N Runge-Kutta steps of length s, and below it the derivatives by
these. ``state`` holds phi, pi_, their adjoints u, v, and four rows of sums, one column a point; ``past`` what entered each step, phi and
pi_, the last step first, so that the way back walks through memory upwards. A point that runs away is held at the limits below; its
output is saturated long before, so it carries no gradient. Sums run over four lanes: the result does not depend on the machine's vectors.
"""

import math
from typing import no_type_check

import numpy as np
from numba import njit

from nnqg import _compiled_adam
from nnqg.emergent_spacetime.condensate.data import SOURCE_SCALE, VEV_SCALE

DECAY_1, DECAY_3 = math.exp(-1.0), math.exp(-3.0)  # e^-eta and e^-3eta at eta = 1
FIELD_LIMIT, MOMENTUM_LIMIT = 1e4, 1e8


@njit(cache=True, nogil=True)
@no_type_check
def enter(weights, mass, condensate, state):
    """The boundary map: phi and pi_ at t = 0."""
    lam, radius = weights[weights.size - 2], weights[weights.size - 1]
    phi, pi_ = state[0], state[1]
    for k in range(mass.size):
        source, response = SOURCE_SCALE * radius * mass[k], VEV_SCALE * radius**3 * condensate[k]
        cubic = lam * source * source * source
        phi[k] = source * DECAY_1 + (response - 0.5 * cubic) * DECAY_3
        pi_[k] = -source * DECAY_1 + (cubic - 3.0 * response) * DECAY_3


@njit(cache=True, nogil=True)
@no_type_check
def march(h, lam, state, past):
    """N steps of the classical Runge-Kutta method, in place."""
    steps, points = past.shape[1], past.shape[2]
    s, phi, pi_ = 1.0 / steps, state[0], state[1]
    for n in range(steps):
        first, middle, last = h[2 * n], h[2 * n + 1], h[2 * n + 2]
        old_phi, old_pi = past[0, steps - 1 - n], past[1, steps - 1 - n]
        for k in range(points):
            a, b = phi[k], pi_[k]
            old_phi[k] = a
            old_pi[k] = b
            b1 = first * b + (3.0 - lam * a * a) * a
            a2, b2 = a - 0.5 * s * b, b + 0.5 * s * b1
            c2 = middle * b2 + (3.0 - lam * a2 * a2) * a2
            a3, b3 = a - 0.5 * s * b2, b + 0.5 * s * c2
            c3 = middle * b3 + (3.0 - lam * a3 * a3) * a3
            a4, b4 = a - s * b3, b + s * c3
            c4 = last * b4 + (3.0 - lam * a4 * a4) * a4
            a -= s / 6.0 * (b + 2.0 * b2 + 2.0 * b3 + b4)
            b += s / 6.0 * (b1 + 2.0 * c2 + 2.0 * c3 + c4)
            phi[k] = min(max(a, -FIELD_LIMIT), FIELD_LIMIT)
            pi_[k] = min(max(b, -MOMENTUM_LIMIT), MOMENTUM_LIMIT)


@njit(cache=True, nogil=True)
@no_type_check
def march_all(h, lam, state, past):
    """The same for many models, one row each."""
    for k in range(lam.size):
        march(h[k], lam[k], state[k], past)


@njit(cache=True, nogil=True)
@no_type_check
def total(x):
    """Sum in four lanes."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    whole = x.size - x.size % 4
    for k in range(0, whole, 4):
        a += x[k]
        b += x[k + 1]
        c += x[k + 2]
        d += x[k + 3]
    for k in range(whole, x.size):
        a += x[k]
    return (a + b) + (c + d)


@njit(cache=True, nogil=True)
@no_type_check
def pull_back(nodes, lam, state, past):
    """Pull (u, v), the derivatives at the horizon, back to the boundary; write sum_k dF_k/dh, and dF_k/dlam to row 7 of state."""
    steps, points = past.shape[1], past.shape[2]
    s, h, by_h = 1.0 / steps, nodes[0], nodes[1]
    u, v, by_first, by_middle, by_last, by_lam = state[2], state[3], state[4], state[5], state[6], state[7]
    for k in range(points):
        by_lam[k] = 0.0
    for j in range(by_h.size):
        by_h[j] = 0.0
    for m in range(steps):
        n = 2 * (steps - 1 - m)
        first, middle, last = h[n], h[n + 1], h[n + 2]
        phi, pi_ = past[0, m], past[1, m]
        for k in range(points):
            a, b, p, q = phi[k], pi_[k], u[k], v[k]  # the stages again
            a2, b2 = a - 0.5 * s * b, b + 0.5 * s * (first * b + (3.0 - lam * a * a) * a)
            a3, b3 = a - 0.5 * s * b2, b + 0.5 * s * (middle * b2 + (3.0 - lam * a2 * a2) * a2)
            a4, b4 = a - s * b3, b + s * (middle * b3 + (3.0 - lam * a3 * a3) * a3)
            p4, q4 = s / 6.0 * p, s / 6.0 * q  # adjoint of the slopes, last stage first
            x4, y4 = (3.0 - 3.0 * lam * a4 * a4) * q4, last * q4 - p4  # adjoint of the stage
            p3, q3 = s / 3.0 * p + s * x4, s / 3.0 * q + s * y4
            x3, y3 = (3.0 - 3.0 * lam * a3 * a3) * q3, middle * q3 - p3
            p2, q2 = s / 3.0 * p + 0.5 * s * x3, s / 3.0 * q + 0.5 * s * y3
            x2, y2 = (3.0 - 3.0 * lam * a2 * a2) * q2, middle * q2 - p2
            p1, q1 = s / 6.0 * p + 0.5 * s * x2, s / 6.0 * q + 0.5 * s * y2
            by_first[k] = b * q1
            by_middle[k] = b2 * q2 + b3 * q3
            by_last[k] = b4 * q4
            by_lam[k] -= a * a * a * q1 + a2 * a2 * a2 * q2 + a3 * a3 * a3 * q3 + a4 * a4 * a4 * q4
            u[k] = p + (3.0 - 3.0 * lam * a * a) * q1 + x2 + x3 + x4
            v[k] = q + first * q1 - p1 + y2 + y3 + y4
        by_h[n] += total(by_first)
        by_h[n + 1] += total(by_middle)
        by_h[n + 2] += total(by_last)


@njit(cache=True, nogil=True)
@no_type_check
def leave(weights, mass, condensate, powers, nodes, state, gradient):
    """Gradient by all weights, from what `pull_back` left; row 4 of state becomes the derivative by each condensate."""
    size = weights.size - 2
    lam, radius, by_lam, by_radius = weights[size], weights[size + 1], 0.0, 0.0
    for k in range(mass.size):
        u, v = state[2, k], state[3, k]
        source = SOURCE_SCALE * radius * mass[k]
        square = lam * source * source
        by_source = u * (DECAY_1 - 1.5 * square * DECAY_3) + v * (3.0 * square * DECAY_3 - DECAY_1)
        state[4, k] = (u - 3.0 * v) * DECAY_3 * VEV_SCALE * radius**3
        by_lam += state[7, k] + DECAY_3 * (v - 0.5 * u) * source * source * source
        by_radius += (by_source * source + 3.0 * state[4, k] * condensate[k]) / radius
    for k in range(size):
        gradient[k] = 0.0
        for j in range(nodes.shape[1]):
            gradient[k] += powers[k, j] * nodes[1, j]
    gradient[size], gradient[size + 1] = by_lam, by_radius


@njit(cache=True, nogil=True)
@no_type_check
def loss(weights, points, powers, objective, gradient, nodes, state, past):
    """Mean of |t(F) - label|; the gradient is that of its square and of the boundary value. Objective: width, edge, weight, dimension."""
    mass, condensate, label = points[0], points[1], points[2]
    for j in range(nodes.shape[1]):
        nodes[0, j] = 0.0
        for k in range(powers.shape[0]):
            nodes[0, j] += powers[k, j] * weights[k]
    lam = weights[weights.size - 2]
    enter(weights, mass, condensate, state)
    march(nodes[0], lam, state, past)
    missed, momentum = 0.0, state[1]
    for k in range(label.size):
        upper = math.tanh((momentum[k] - objective[0]) / objective[1])
        lower = math.tanh((momentum[k] + objective[0]) / objective[1])
        miss = 1.0 + 0.5 * (upper - lower) - label[k]
        missed += abs(miss) / label.size
        slope = 0.5 * (lower * lower - upper * upper) / objective[1] / label.size
        state[2, k], state[3, k] = 0.0, slope if miss > 0.0 else -slope
    for k in range(label.size):
        state[3, k] *= 2.0 * missed
    pull_back(nodes, lam, state, past)
    leave(weights, mass, condensate, powers, nodes, state, gradient)
    gradient[0] += 2.0 * objective[2] * (weights[0] - objective[3])
    return missed


@njit(cache=True, nogil=True)
@no_type_check
def train(weights, data, chosen, powers, objective, rates, missed):
    """Adam on one batch a row of chosen, in place; missed gets the mean distance of each."""
    updates, batch = chosen.shape
    size, number = weights.size, powers.shape[1]
    points, gradient, nodes = np.empty((3, batch)), np.empty(size), np.empty((2, number))
    state, past, moments, ones = np.empty((8, batch)), np.empty((2, number // 2, batch)), np.zeros((2, size)), np.ones(size)
    for n in range(updates):
        for k in range(batch):
            for row in range(3):
                points[row, k] = data[row, chosen[n, k]]
        missed[n] = loss(weights, points, powers, objective, gradient, nodes, state, past)
        _compiled_adam.step(weights, gradient, moments, n + 1, rates[n], ones)
