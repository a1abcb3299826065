"""The compiled loops behind `nnqg.emergent_spacetime.condensate.shooting`, whose docstring has the equations.

A state has two rows, phi and pi; column 0 is the solution, then come its derivatives by phi_h, lambda and h_0 ... h_{N-1}.
"""

import math
from typing import no_type_check

import numpy as np
from numba import njit

from nnqg.emergent_spacetime.condensate.data import SOURCE_SCALE, VEV_SCALE

MASS_TOLERANCE = 1e-3  # relative: the masses are the shooting target and have no error of their own
LARGEST_LOGARITHM = 50.0  # of L and of phi_h
DECAY_1, DECAY_3 = math.exp(-1.0), math.exp(-3.0)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def slopes(state, h, layer, lam, m2, out):
    """Right-hand side of the field equation and of its tangents."""
    phi, pi_ = state[0, 0], state[1, 0]
    stiffness = m2 + 3.0 * lam * phi * phi
    for j in range(state.shape[1]):
        out[0, j] = state[1, j]
        out[1, j] = stiffness * state[0, j] - h * state[1, j]
    out[1, 0] = -h * pi_ + (m2 + lam * phi * phi) * phi
    out[1, 2] += phi * phi * phi
    out[1, 3 + layer] -= pi_


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def shoot(h, lam, horizon_value, m2, width, substeps, state, trial, slope, result):
    """Runge-Kutta of order 4 from the horizon, where pi = 0, outwards; h is listed from the boundary inwards. Fills state."""
    columns, step = state.shape[1], width / substeps
    for row in range(2):
        for j in range(columns):
            state[row, j] = 0.0
    state[0, 0], state[0, 1] = horizon_value, 1.0
    for number in range(4 * substeps * h.size):
        layer, stage = h.size - 1 - number // (4 * substeps), number % 4
        slopes(state if stage == 0 else trial, h[layer], layer, lam, m2, slope)
        share = step / 6.0 if stage in (0, 3) else step / 3.0
        ahead = 0.5 * step if stage < 2 else step
        for row in range(2):
            for j in range(columns):
                result[row, j] = share * slope[row, j] + (state[row, j] if stage == 0 else result[row, j])
                trial[row, j] = state[row, j] + ahead * slope[row, j]
        if stage == 3:
            for row in range(2):
                for j in range(columns):
                    state[row, j] = result[row, j]


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def shots(unknowns, mass, condensate, error, m2, width, substeps, values, jacobian):
    """Write both residuals of every shot and their derivatives; jacobian has the shape (data, 2, unknowns) and is zero before."""
    layers = unknowns.size - 2 - mass.size
    lam, radius = unknowns[layers], math.exp(min(unknowns[layers + 1], LARGEST_LOGARITHM))
    state, trial, slope, result = (
        np.empty((2, 3 + layers)), np.empty((2, 3 + layers)), np.empty((2, 3 + layers)), np.empty((2, 3 + layers))
    )  # fmt: skip
    for i in range(mass.size):
        horizon_value = math.exp(min(unknowns[layers + 2 + i], LARGEST_LOGARITHM))
        shoot(unknowns[:layers], lam, horizon_value, m2, width, substeps, state, trial, slope, result)
        alpha = SOURCE_SCALE * radius * mass[i]
        cubic = lam * alpha**3 * DECAY_3
        scale, unit = 2.0 * alpha * DECAY_1 * MASS_TOLERANCE, VEV_SCALE * radius**3 * DECAY_3 * error[i]
        for j in range(3 + layers):  # the two combinations of the boundary map, with their tangents
            trial[0, j], trial[1, j] = 3.0 * state[0, j] + state[1, j], -0.5 * (state[0, j] + state[1, j])
        beta = (trial[1, 0] + 0.25 * cubic) / unit
        values[i, 0] = (trial[0, 0] - 2.0 * alpha * DECAY_1 + 0.5 * cubic) / scale
        values[i, 1] = beta - condensate[i] / error[i]
        for j in range(layers):
            jacobian[i, 0, j], jacobian[i, 1, j] = trial[0, 3 + j] / scale, trial[1, 3 + j] / unit
        jacobian[i, 0, layers] = (trial[0, 2] + 0.5 * alpha**3 * DECAY_3) / scale
        jacobian[i, 1, layers] = (trial[1, 2] + 0.25 * alpha**3 * DECAY_3) / unit
        jacobian[i, 0, layers + 1] = (cubic - trial[0, 0]) / scale
        jacobian[i, 1, layers + 1] = 0.75 * cubic / unit - 3.0 * beta
        jacobian[i, 0, layers + 2 + i] = trial[0, 1] * horizon_value / scale
        jacobian[i, 1, layers + 2 + i] = trial[1, 1] * horizon_value / unit
