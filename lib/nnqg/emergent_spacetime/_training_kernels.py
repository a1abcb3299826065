r"""What the compiled trainings of a bulk metric share: the layers and their adjoint, the window, the smoothness term, random draws.

A layer of thickness ``step`` carries the bulk field and its momentum inwards (arXiv:1802.08313, eq. 7; step < 0 where eta falls inwards):

.. math::
    \phi_{n+1} = \phi_n + \Delta\eta\,\pi_n, \qquad
    \pi_{n+1} = (1 - \Delta\eta\,h_n)\,\pi_n + \Delta\eta\,(m^2\phi_n + \lambda\phi_n^3),

and the derivatives (u, v) of some function by the two go the other way:

.. math::
    \frac{\partial}{\partial h_n} = -\Delta\eta\,\pi_n v, \qquad
    \frac{\partial}{\partial m^2} \mathrel{+}= \Delta\eta\,\phi_n v, \qquad
    \frac{\partial}{\partial\lambda} \mathrel{+}= \Delta\eta\,\phi_n^3 v, \qquad
    (u, v) \leftarrow \bigl(u + \Delta\eta\,(m^2 + 3\lambda\phi_n^2)\,v,\; (1 - \Delta\eta\,h_n)\,v + \Delta\eta\,u\bigr).

The condensate and the magnetisation train through them; the step of Adam is `nnqg._compiled_adam`. The loops are written for the compiler:
rows are changed in place, the history is stored backwards, so that both ways read it upwards, and sums run over eight lanes, so that they
are vectorised and do not depend on the machine's vector width.

Numba's cache looks at one file: after a change here, delete the ``__pycache__`` folders of the rooms that call it.
"""

import math
from typing import no_type_check

import numpy as np
from numba import njit

RUNAWAY = 1e15
"""Where a field that runs away is held: its label is 1 long before."""


@njit(cache=True, nogil=True)
@no_type_check
def carry_inwards(h, m2, lam, step, phi, pi_, history):
    """Take phi and pi_, shape (point,), through all layers in place; what enters layer n stays in history[:, N - 1 - n, point]."""
    for n in range(h.size):
        keep, linear, cubic = 1.0 - step * h[n], step * m2, step * lam
        old_phi, old_pi = history[0, h.size - 1 - n], history[1, h.size - 1 - n]
        for k in range(phi.size):
            old_phi[k] = phi[k]
        for k in range(phi.size):
            old_pi[k] = pi_[k]
        for k in range(phi.size):
            f, p = phi[k], pi_[k]
            phi[k] = min(max(f + step * p, -RUNAWAY), RUNAWAY)
            pi_[k] = min(max(keep * p + (linear + cubic * f * f) * f, -RUNAWAY), RUNAWAY)


@njit(cache=True, nogil=True)
@no_type_check
def carry_outwards(h, m2, lam, step, history, u, v, by_m2, by_lam, by_h):
    """Take (u, v), shape (point,), from the last layer to the first in place.

    Writes the sum over points to by_h, adds to by_m2 and by_lam point by point, and uses up the history.
    """
    for back in range(h.size):
        n = h.size - 1 - back
        phi, pi_, keep, linear, cubic = history[0, back], history[1, back], 1.0 - step * h[n], step * m2, step * lam
        for k in range(u.size):
            pi_[k] *= v[k]
        for k in range(u.size):
            f, old_u, old_v = phi[k], u[k], v[k]
            linear_part = step * f * old_v
            by_m2[k] += linear_part
            by_lam[k] += f * f * linear_part
            u[k] = old_u + (linear + 3.0 * cubic * f * f) * old_v
            v[k] = keep * old_v + step * old_u
        by_h[n] = -step * total(pi_)


@njit(cache=True, nogil=True)
@no_type_check
def total(values):
    """Sum, in eight lanes."""
    a, b, c, d, e, f, g, h = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    whole = values.size - values.size % 8
    for k in range(0, whole, 8):
        a += values[k]
        b += values[k + 1]
        c += values[k + 2]
        d += values[k + 3]
        e += values[k + 4]
        f += values[k + 5]
        g += values[k + 6]
        h += values[k + 7]
    for k in range(whole, values.size):
        a += values[k]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))


@njit(cache=True, nogil=True)
@no_type_check
def window_and_slope(value, shape):
    """Return t(F) and dt/dF of one finite F, see `nnqg.emergent_spacetime.window`; shape = (half_width, steepness, opening).

    Examples
    --------
    >>> window_and_slope(0.1, (0.1, 100.0, 0.0))
    (0.5, 50.0)
    """
    half_width, steepness, opening = shape
    if opening > 0.0:
        width = value * value + opening * opening
        return value * value / width, 2.0 * value * opening * opening / (width * width)
    distance = steepness * (abs(value) - half_width)  # t is even in F
    if abs(distance) > 20.0:  # flat to rounding
        return (1.0 if distance > 0.0 else 0.0), 0.0
    growth, gap = math.exp(2.0 * distance), math.exp(-4.0 * steepness * half_width)
    near, far = (growth - 1.0) / (growth + 1.0), (growth - gap) / (growth + gap)  # tanh(steepness (abs(F) -+ half_width))
    slope = 0.5 * steepness * (far * far - near * near)
    return 0.5 * (near - far) + 1.0, (-slope if value < 0.0 else slope)


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
def draw(bits, below):
    """A random integer in [0, below), from Marsaglia's 64-bit xorshift; bits is its state."""
    bits[0] ^= bits[0] << np.uint64(13)
    bits[0] ^= bits[0] >> np.uint64(7)
    bits[0] ^= bits[0] << np.uint64(17)
    return np.int64(((bits[0] >> np.uint64(33)) * np.uint64(below)) >> np.uint64(31))
