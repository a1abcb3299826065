r"""The compiled loops behind `nnqg.emergent_spacetime.neural_ode.inwards`, whose docstring has the equations.

``h`` holds the friction at the 2 N + 1 nodes t = 0, s/2, s, ... of N Runge-Kutta steps of length s. A point that runs away is held at
the limits below; its output is saturated long before, so it carries no gradient.
"""

from typing import no_type_check

from numba import njit

FIELD_LIMIT, MOMENTUM_LIMIT = 1e4, 1e8


@njit(cache=True, nogil=True)
@no_type_check
def forward(h, lambda_, s, phi, pi_):
    """Fill rows 1 ... N of phi and pi_, shape (N + 1, point), from row 0."""
    steps, points = phi.shape[0] - 1, phi.shape[1]
    for n in range(steps):
        first, middle, last = h[2 * n], h[2 * n + 1], h[2 * n + 2]
        for k in range(points):
            a, b = phi[n, k], pi_[n, k]
            b1 = first * b + (3.0 - lambda_ * a * a) * a
            a2, b2 = a - 0.5 * s * b, b + 0.5 * s * b1
            c2 = middle * b2 + (3.0 - lambda_ * a2 * a2) * a2
            a3, b3 = a - 0.5 * s * b2, b + 0.5 * s * c2
            c3 = middle * b3 + (3.0 - lambda_ * a3 * a3) * a3
            a4, b4 = a - s * b3, b + s * c3
            c4 = last * b4 + (3.0 - lambda_ * a4 * a4) * a4
            a -= s / 6.0 * (b + 2.0 * b2 + 2.0 * b3 + b4)
            b += s / 6.0 * (b1 + 2.0 * c2 + 2.0 * c3 + c4)
            phi[n + 1, k] = min(max(a, -FIELD_LIMIT), FIELD_LIMIT)
            pi_[n + 1, k] = min(max(b, -MOMENTUM_LIMIT), MOMENTUM_LIMIT)


@njit(cache=True, nogil=True)
@no_type_check
def backward(h, lambda_, s, phi, pi_, u, v, by_h, by_lambda):
    """Pull (u, v), the derivatives at the horizon, back to the boundary; add sum_k dF_k/dh to by_h, write dF_k/dlambda to by_lambda."""
    steps, points = phi.shape[0] - 1, phi.shape[1]
    for k in range(points):
        by_lambda[k] = 0.0
    for n in range(steps - 1, -1, -1):
        first, middle, last = h[2 * n], h[2 * n + 1], h[2 * n + 2]
        g1, g2, g3 = 0.0, 0.0, 0.0
        for k in range(points):
            a, b, p, q = phi[n, k], pi_[n, k], u[k], v[k]  # the stages again
            a2, b2 = a - 0.5 * s * b, b + 0.5 * s * (first * b + (3.0 - lambda_ * a * a) * a)
            a3, b3 = a - 0.5 * s * b2, b + 0.5 * s * (middle * b2 + (3.0 - lambda_ * a2 * a2) * a2)
            a4, b4 = a - s * b3, b + s * (middle * b3 + (3.0 - lambda_ * a3 * a3) * a3)
            p4, q4 = s / 6.0 * p, s / 6.0 * q  # adjoint of the slopes, last stage first
            x4, y4 = (3.0 - 3.0 * lambda_ * a4 * a4) * q4, last * q4 - p4  # adjoint of the stage
            p3, q3 = s / 3.0 * p + s * x4, s / 3.0 * q + s * y4
            x3, y3 = (3.0 - 3.0 * lambda_ * a3 * a3) * q3, middle * q3 - p3
            p2, q2 = s / 3.0 * p + 0.5 * s * x3, s / 3.0 * q + 0.5 * s * y3
            x2, y2 = (3.0 - 3.0 * lambda_ * a2 * a2) * q2, middle * q2 - p2
            p1, q1 = s / 6.0 * p + 0.5 * s * x2, s / 6.0 * q + 0.5 * s * y2
            g1 += b * q1
            g2 += b2 * q2 + b3 * q3
            g3 += b4 * q4
            by_lambda[k] -= a * a * a * q1 + a2 * a2 * a2 * q2 + a3 * a3 * a3 * q3 + a4 * a4 * a4 * q4
            u[k] = p + (3.0 - 3.0 * lambda_ * a * a) * q1 + x2 + x3 + x4
            v[k] = q + first * q1 - p1 + y2 + y3 + y4
        by_h[2 * n] += g1
        by_h[2 * n + 1] += g2
        by_h[2 * n + 2] += g3
