"""The compiled loops behind `nnqg.emergent_spacetime.condensate.shooting`, whose docstring has the equations."""

from typing import no_type_check

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
@no_type_check
def slopes(state, h, layer, lambda_, m2, out):
    """Right-hand side for the field and its tangents; column 0 is (phi, pi), then d/dphi_h, d/dlambda, d/dh_n."""
    phi, pi_ = state[0, 0], state[1, 0]
    stiffness = m2 + 3.0 * lambda_ * phi * phi
    for j in range(state.shape[1]):
        out[0, j] = state[1, j]
        out[1, j] = -h * state[1, j] + stiffness * state[0, j]
    out[1, 0] = -h * pi_ + (m2 + lambda_ * phi * phi) * phi
    out[1, 2] += phi * phi * phi
    out[1, 3 + layer] -= pi_


@njit(cache=True, nogil=True)
@no_type_check
def shoot(h, lambda_, horizon_value, m2, width, substeps):
    """Runge-Kutta of order 4 from the horizon, where pi = 0, outwards; h is listed from the boundary inwards."""
    layers = h.size
    state = np.zeros((2, 3 + layers))
    state[0, 0], state[0, 1] = horizon_value, 1.0
    step = width / substeps
    k1, k2, k3, k4 = np.empty_like(state), np.empty_like(state), np.empty_like(state), np.empty_like(state)
    for layer in range(layers - 1, -1, -1):
        for _ in range(substeps):
            slopes(state, h[layer], layer, lambda_, m2, k1)
            slopes(state + 0.5 * step * k1, h[layer], layer, lambda_, m2, k2)
            slopes(state + 0.5 * step * k2, h[layer], layer, lambda_, m2, k3)
            slopes(state + step * k3, h[layer], layer, lambda_, m2, k4)
            state += step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return state
