"""The compiled layers of the friction network: all steps of `PARTICLES` particles at a time, forward and back.

Rows of a state are (x, v) of the trajectory, then of each tangent. The page writes the same layers in numpy; the tests hold both together.
"""

from typing import no_type_check

import numpy as np
from numba import njit

PARTICLES = 32  # that stay in the processor's cache together


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def _rates(state, accelerations, h, rate, force, n):
    """Rates of the rows of a state of n particles; force[q] becomes the q-th derivative of the acceleration (Horner's scheme)."""
    for q in range(len(force)):
        for d in range(n):
            force[q, d] = accelerations[q, 0]
        for k in range(1, accelerations.shape[1]):
            for d in range(n):
                force[q, d] = force[q, d] * state[0, d] + accelerations[q, k]
    for d in range(n):
        rate[0, d] = state[1, d]
        rate[1, d] = h * state[1, d] + force[0, d]
    for x in range(2, len(state), 2):
        for d in range(n):
            rate[x, d] = state[x + 1, d]
            rate[x + 1, d] = h * state[x + 1, d] + force[1, d] * state[x, d]


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def march(start, friction, accelerations, step, nodes, weights, out):
    """Fill out [state, row, fit, data] with all states, or with the last if it holds one; friction [fit, time] is h / m."""
    rows, fits, data = start.shape
    layers = (friction.shape[1] - 1) // 2
    block = min(PARTICLES, data)
    state, at, rate, total = np.empty((rows, block)), np.empty((rows, block)), np.empty((rows, block)), np.empty((rows, block))
    force = np.empty((1 if rows == 2 else 2, block))
    for f in range(fits):
        for first in range(0, data, block):
            n = min(block, data - first)
            for i in range(rows):
                for d in range(n):
                    state[i, d] = start[i, f, first + d]
                    rate[i, d] = total[i, d] = 0.0
            for layer in range(layers + 1):
                for i in range(rows):
                    for d in range(n):
                        state[i, d] += step * total[i, d]
                        total[i, d] = 0.0
                        if layer < len(out):
                            out[layer, i, f, first + d] = state[i, d]
                if layer == layers:
                    break
                for k in range(len(nodes)):
                    for i in range(rows):
                        for d in range(n):
                            at[i, d] = state[i, d] + nodes[k] * step * rate[i, d]
                    _rates(at, accelerations, friction[f, 2 * layer + int(2 * nodes[k])], rate, force, n)
                    for i in range(rows):
                        for d in range(n):
                            total[i, d] += weights[k] * rate[i, d]
            if len(out) == 1:
                for i in range(rows):
                    for d in range(n):
                        out[0, i, f, first + d] = state[i, d]


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def pull(states, friction, cotangent, accelerations, step, nodes, weights, kernel):
    """Add m times the gradient by h to kernel [fit, time, data]; states from `march`, cotangent [row, fit, data] of the last."""
    rows, fits, data = cotangent.shape
    stages, block = len(nodes), min(PARTICLES, data)
    at, force = np.empty((stages, rows, block)), np.empty((stages, 3, block))
    rate, back, before = np.empty((rows, block)), np.empty((rows, block)), np.empty((rows, block))
    into, later = np.empty((rows, block)), np.empty((rows, block))
    for f in range(fits):
        for first in range(0, data, block):
            n = min(block, data - first)
            for i in range(rows):
                for d in range(n):
                    back[i, d] = cotangent[i, f, first + d]
                    rate[i, d] = later[i, d] = 0.0
            for layer in range(len(states) - 2, -1, -1):
                for k in range(stages):
                    for i in range(rows):
                        for d in range(n):
                            at[k, i, d] = states[layer, i, f, first + d] + nodes[k] * step * rate[i, d]
                    _rates(at[k], accelerations, friction[f, 2 * layer + int(2 * nodes[k])], rate, force[k], n)
                for i in range(rows):
                    for d in range(n):
                        before[i, d] = back[i, d]
                for k in range(stages - 1, -1, -1):
                    time = 2 * layer + int(2 * nodes[k])
                    h, own, next_ = friction[f, time], weights[k] * step, nodes[k + 1] * step if k < stages - 1 else 0.0
                    for i in range(rows):
                        for d in range(n):
                            into[i, d] = own * back[i, d] + next_ * later[i, d]
                    for x in range(0, rows, 2):
                        for d in range(n):
                            later[x, d] = force[k, 1, d] * into[x + 1, d]
                            later[x + 1, d] = h * into[x + 1, d] + into[x, d]
                            kernel[f, time, first + d] += at[k, x + 1, d] * into[x + 1, d]
                    for x in range(2, rows, 2):
                        for d in range(n):
                            later[0, d] += force[k, 2, d] * at[k, x, d] * into[x + 1, d]
                    for i in range(rows):
                        for d in range(n):
                            before[i, d] += later[i, d]
                for i in range(rows):
                    for d in range(n):
                        back[i, d] = before[i, d]
