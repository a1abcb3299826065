r"""The compiled loops behind `nnqg.emergent_spacetime.condensate.adjoint`, whose docstring has the equations.

``fixed`` is a Constants and ``space`` a Workspace of that module; the layers themselves are those of
`nnqg.emergent_spacetime._training_kernels`. A point whose output is saturated has no gradient.
"""

import math
from typing import no_type_check

import numpy as np
from numba import njit

from nnqg import _compiled_adam
from nnqg.emergent_spacetime._training_kernels import add_roughness, carry_inwards, carry_outwards, draw, window_and_slope
from nnqg.emergent_spacetime.condensate.data import SOURCE_SCALE, VEV_SCALE

DECAY_1, DECAY_3 = math.exp(-1.0), math.exp(-3.0)  # e^-eta and e^-3eta at the boundary layer, eta = 1
SATURATED = 9.0  # widths of the window's edge beyond which its slope, below 1e-7, is dropped

adam = _compiled_adam.step


@njit(cache=True, nogil=True)
@no_type_check
def forward(weights, mass, condensate, fixed, space):
    """Boundary map, then all layers: space.pi_ ends as the momentum at the horizon."""
    layers = weights.size - 2
    lam, radius = weights[layers], weights[layers + 1]
    source_scale, vev_scale = SOURCE_SCALE * radius, VEV_SCALE * radius**3
    for k in range(mass.size):
        source, vev = source_scale * mass[k], vev_scale * condensate[k]
        cubic = lam * source * source * source
        space.phi[k] = source * DECAY_1 + (vev - 0.5 * cubic) * DECAY_3
        space.pi_[k] = -source * DECAY_1 + (cubic - 3.0 * vev) * DECAY_3
    carry_inwards(weights[:layers], fixed.m2, lam, fixed.step, space.phi, space.pi_, space.history)


@njit(cache=True, nogil=True)
@no_type_check
def window(label, fixed, space):
    """Write the slope of abs(t(F) - label) to space.v; return the summed distance and the number of points with a slope."""
    shape, missed, active = (fixed.half_width, 1.0 / fixed.edge, 0.0), 0.0, 0
    for k in range(label.size):
        distance = (abs(space.pi_[k]) - fixed.half_width) / fixed.edge
        output, slope = (0.0 if distance < 0.0 else 1.0), 0.0
        if abs(distance) < SATURATED:
            output, slope = window_and_slope(space.pi_[k], shape)
            active += 1
        space.v[k] = slope if label[k] < 0.5 else -slope
        missed += abs(output - label[k])
    return missed, active


@njit(cache=True, nogil=True)
@no_type_check
def backward(weights, mass, condensate, fixed, space, gradient):
    """Write sum_k v_k dF_k/dweights to gradient, v being what space.v holds."""
    layers = weights.size - 2
    lam, radius = weights[layers], weights[layers + 1]
    for k in range(mass.size):
        space.u[k], space.by_m2[k], space.by_lam[k] = 0.0, 0.0, 0.0
    carry_outwards(weights[:layers], fixed.m2, lam, fixed.step, space.history, space.u, space.v, space.by_m2, space.by_lam, gradient)
    by_lam, by_radius = 0.0, 0.0
    for k in range(mass.size):  # what lambda and L do through the boundary values
        u, v, source = space.u[k], space.v[k], SOURCE_SCALE * radius * mass[k]
        cubic = lam * source * source * DECAY_3
        by_source, by_vev = u * (DECAY_1 - 1.5 * cubic) + v * (3.0 * cubic - DECAY_1), (u - 3.0 * v) * DECAY_3
        by_lam += space.by_lam[k] + (v - 0.5 * u) * source * source * source * DECAY_3
        by_radius += by_source * SOURCE_SCALE * mass[k] + by_vev * 3.0 * VEV_SCALE * radius * radius * condensate[k]
    gradient[layers], gradient[layers + 1] = by_lam, by_radius


@njit(cache=True, nogil=True)
@no_type_check
def loss_and_gradient(weights, mass, condensate, label, fixed, space, gradient):
    """Return window loss, penalty and the share of points with a slope; write the gradient of the sum."""
    layers, points = weights.size - 2, mass.size
    forward(weights, mass, condensate, fixed, space)
    missed, active = window(label, fixed, space)
    mean_miss, short = missed / points, fixed.dimension - weights[0]
    backward(weights, mass, condensate, fixed, space, gradient)
    for j in range(gradient.size):
        gradient[j] *= 2.0 * mean_miss / points
    gradient[0] -= 2.0 * fixed.penalty[0] * short
    penalty = fixed.penalty[0] * short * short + add_roughness(weights, layers, fixed.penalty[1:], gradient)
    return mean_miss * mean_miss, penalty, active / points


@njit(cache=True, nogil=True)
@no_type_check
def train(weights, moments, count, data, order, bits, steps, rates, factors, fixed, space, batch, mean):
    """Minibatch steps, each point once an epoch, the rate going from rates[0] to rates[1] geometrically; data has a row for each point.

    Writes the mean of the weights over the run to mean; returns the mean window loss and the mean share of points with a slope.
    """
    size, gradient = batch.shape[1], np.zeros(weights.size)
    rate, decay = rates[0], (rates[1] / rates[0]) ** (1.0 / steps)
    lost, active, start = 0.0, 0.0, data.shape[0]
    for j in range(weights.size):
        mean[j] = 0.0
    for _ in range(steps):
        start = 0 if start + size > data.shape[0] else start
        for k in range(start, start + size):
            other = k + draw(bits, data.shape[0] - k)
            chosen = order[other]
            order[other], order[k] = order[k], chosen
            for row in range(3):
                batch[row, k - start] = data[chosen, row]
        start += size
        window_loss, _, share = loss_and_gradient(weights, batch[0], batch[1], batch[2], fixed, space, gradient)
        lost, active, count = lost + window_loss, active + share, count + 1
        adam(weights, gradient, moments, count, rate, factors)
        rate *= decay
        for j in range(weights.size):
            mean[j] += weights[j] / steps
    return lost / steps, active / steps
