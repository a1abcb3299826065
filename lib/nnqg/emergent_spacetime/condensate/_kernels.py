r"""The compiled loops behind `nnqg.emergent_spacetime.condensate.adjoint`, whose docstring has the equations.

``fixed`` is a Constants and ``room`` a Workspace of that module. A point whose output is saturated has no gradient,
and a point that runs away is held at RUNAWAY: its output is 1 long before. Sums run over four lanes, so that the compiler may
vectorise them and the result does not depend on the machine's vector width.
"""

import math
from typing import no_type_check

import numpy as np
from numba import njit

from nnqg.emergent_spacetime._training_kernels import adam, add_roughness, draw
from nnqg.emergent_spacetime.condensate.data import SOURCE_SCALE, VEV_SCALE

DECAY_1, DECAY_3 = math.exp(-1.0), math.exp(-3.0)  # e^-eta and e^-3eta at the boundary layer, eta = 1
SATURATED = 9.0  # widths of the window's edge beyond which its slope, below 1e-7, is dropped
RUNAWAY = 1e20


@njit(cache=True, nogil=True)
@no_type_check
def forward(weights, mass, condensate, fixed, room):
    """Fill room.phi and room.pi_, layer by layer."""
    layers, points = weights.size - 2, mass.size
    lambda_, radius = weights[layers], weights[layers + 1]
    source_scale, vev_scale = SOURCE_SCALE * radius, VEV_SCALE * radius**3
    for k in range(points):
        source, vev = source_scale * mass[k], vev_scale * condensate[k]
        cubic = lambda_ * source * source * source
        room.phi[0, k] = source * DECAY_1 + (vev - 0.5 * cubic) * DECAY_3
        room.pi_[0, k] = -source * DECAY_1 + (cubic - 3.0 * vev) * DECAY_3
    for n in range(layers):
        phi, pi_, next_phi, next_pi = room.phi[n], room.pi_[n], room.phi[n + 1], room.pi_[n + 1]
        keep, mass_step, cubic_step = 1.0 - fixed.step * weights[n], fixed.step * fixed.m2, fixed.step * lambda_
        for k in range(points):
            p, f = pi_[k], phi[k]
            next_phi[k] = min(max(f + fixed.step * p, -RUNAWAY), RUNAWAY)
            next_pi[k] = keep * p + (mass_step + cubic_step * f * f) * f


@njit(cache=True, nogil=True)
@no_type_check
def window(label, fixed, room):
    """Write the signed slope of |t(F) - label| to room.slope; return the summed distance and the number of points with a slope."""
    outcome_ = room.pi_[room.phi.shape[0] - 1]
    gap = math.exp(-4.0 * fixed.half_width / fixed.edge)
    missed, active = 0.0, 0
    for k in range(label.size):
        size = abs(outcome_[k])
        distance = (size - fixed.half_width) / fixed.edge
        output, slope = (0.0 if distance < 0.0 else 1.0), 0.0
        if abs(distance) < SATURATED:
            growth = math.exp(2.0 * distance)
            near = (growth - 1.0) / (growth + 1.0)  # tanh((|F| - window) / edge)
            far = (growth - gap) / (growth + gap)  # tanh((|F| + window) / edge)
            output = 1.0 + 0.5 * (near - far)
            slope = 0.5 * (far * far - near * near) / fixed.edge
            active += 1
        room.slope[k] = slope if (outcome_[k] > 0.0) == (label[k] < 0.5) else -slope
        missed += abs(output - label[k])
    return missed, active


@njit(cache=True, nogil=True)
@no_type_check
def inner(x, y):
    """Scalar product in four lanes."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    whole = x.size - x.size % 4
    for k in range(0, whole, 4):
        a += x[k] * y[k]
        b += x[k + 1] * y[k + 1]
        c += x[k + 2] * y[k + 2]
        d += x[k + 3] * y[k + 3]
    for k in range(whole, x.size):
        a += x[k] * y[k]
    return (a + b) + (c + d)


@njit(cache=True, nogil=True)
@no_type_check
def backward(weights, mass, condensate, fixed, room, gradient):
    """Write sum_k slope_k dF_k/dweights to gradient."""
    layers, points = weights.size - 2, mass.size
    u, v, by_lambda = room.u, room.v, room.by_lambda
    for k in range(points):
        u[k], v[k], by_lambda[k] = 0.0, room.slope[k], 0.0
    for n in range(layers - 1, -1, -1):
        phi = room.phi[n]
        gradient[n] = -fixed.step * inner(room.pi_[n], v)
        keep, mass_step, cubic_step = 1.0 - fixed.step * weights[n], fixed.step * fixed.m2, fixed.step * weights[layers]
        for k in range(points):
            square, old_v = phi[k] * phi[k], v[k]
            by_lambda[k] += square * phi[k] * old_v
            v[k] = keep * old_v + fixed.step * u[k]
            u[k] += (mass_step + 3.0 * cubic_step * square) * old_v
    input_gradient(weights, mass, condensate, fixed.step, room, gradient)


@njit(cache=True, nogil=True)
@no_type_check
def input_gradient(weights, mass, condensate, step, room, gradient):
    """Add what lambda and L do through the boundary values."""
    layers, points = weights.size - 2, mass.size
    lambda_, radius = weights[layers], weights[layers + 1]
    by_lambda, by_radius = 0.0, 0.0
    for k in range(points):
        u, v = room.u[k], room.v[k]
        source = SOURCE_SCALE * radius * mass[k]
        cubic = lambda_ * source * source * DECAY_3
        by_lambda += step * room.by_lambda[k] + (v - 0.5 * u) * source * source * source * DECAY_3
        by_source = u * (DECAY_1 - 1.5 * cubic) + v * (3.0 * cubic - DECAY_1)
        by_vev = (u - 3.0 * v) * DECAY_3
        by_radius += by_source * SOURCE_SCALE * mass[k] + by_vev * 3.0 * VEV_SCALE * radius * radius * condensate[k]
    gradient[layers], gradient[layers + 1] = by_lambda, by_radius


@njit(cache=True, nogil=True)
@no_type_check
def penalty(weights, fixed, gradient):
    """Return the penalty and add its gradient."""
    layers = weights.size - 2
    short = fixed.dimension - weights[0]
    gradient[0] -= 2.0 * fixed.penalty[0] * short
    return fixed.penalty[0] * short * short + add_roughness(weights, layers, fixed.penalty[1:], gradient)


@njit(cache=True, nogil=True)
@no_type_check
def loss_and_gradient(weights, mass, condensate, label, fixed, room, gradient):
    """Return window loss, penalty and the share of points with a slope; write the gradient of the sum."""
    forward(weights, mass, condensate, fixed, room)
    missed, active = window(label, fixed, room)
    points = mass.size
    mean_miss = missed / points
    backward(weights, mass, condensate, fixed, room, gradient)
    for j in range(gradient.size):
        gradient[j] *= 2.0 * mean_miss / points
    return mean_miss * mean_miss, penalty(weights, fixed, gradient), active / points


@njit(cache=True, nogil=True)
@no_type_check
def train(weights, moments, count, data, order, bits, steps, rates, tilt, fixed, room, batch, mean):
    """Minibatch steps, each point once an epoch, the rate going from rates[0] to rates[1] geometrically.

    Writes the mean of the weights over the run to mean; returns the mean window loss and the mean share of points with a slope.
    """
    size, gradient = batch.shape[1], np.zeros(weights.size)
    rate, decay = rates[0], (rates[1] / rates[0]) ** (1.0 / steps)
    lost, active, start = 0.0, 0.0, data.shape[1]
    mean[:] = 0.0
    for _ in range(steps):
        start = 0 if start + size > data.shape[1] else start
        for k in range(start, start + size):
            other = k + draw(bits, data.shape[1] - k)
            order[k], order[other] = order[other], order[k]
            for row in range(3):
                batch[row, k - start] = data[row, order[k]]
        start += size
        window_loss, _, share = loss_and_gradient(weights, batch[0], batch[1], batch[2], fixed, room, gradient)
        lost, active, count = lost + window_loss, active + share, count + 1
        adam(weights, gradient, moments, count, rate, tilt)
        rate *= decay
        for j in range(weights.size):
            mean[j] += weights[j] / steps
    return lost / steps, active / steps
