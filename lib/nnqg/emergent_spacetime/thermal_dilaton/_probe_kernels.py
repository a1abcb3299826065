"""The compiled loop behind `nnqg.emergent_spacetime.thermal_dilaton.condensate_probe`, whose docstring has the equations."""

from typing import no_type_check

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
@no_type_check
def shoot(conduct, pull, start, step, horizon_values, lam):
    """Field and current at the last point for each horizon value; the coefficients are given at twice as many points as steps."""
    steps = (conduct.size - 1) // 2
    out = np.empty((2, horizon_values.size))
    for k in range(horizon_values.size):
        phi = horizon_values[k]
        force = (-3.0 + lam * phi * phi) * phi
        current = start[0] * force  # series up to the second point
        phi = phi + start[1] * force
        for i in range(1, steps):
            a0, a1, a2 = conduct[2 * i], conduct[2 * i + 1], conduct[2 * i + 2]
            b0, b1, b2 = pull[2 * i], pull[2 * i + 1], pull[2 * i + 2]
            k1 = a0 * current
            l1 = b0 * (-3.0 + lam * phi * phi) * phi
            p, c = phi + 0.5 * step * k1, current + 0.5 * step * l1
            k2 = a1 * c
            l2 = b1 * (-3.0 + lam * p * p) * p
            p, c = phi + 0.5 * step * k2, current + 0.5 * step * l2
            k3 = a1 * c
            l3 = b1 * (-3.0 + lam * p * p) * p
            p, c = phi + step * k3, current + step * l3
            k4 = a2 * c
            l4 = b2 * (-3.0 + lam * p * p) * p
            phi += step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
            current += step / 6.0 * (l1 + 2.0 * l2 + 2.0 * l3 + l4)
        out[0, k] = phi
        out[1, k] = current
    return out
