"""Compiled ratios of amplitudes: after a move, cosh(theta - 2 s D)/cosh(theta) = cosh(2D) (1 - s tanh(theta) tanh(2D))."""

from typing import no_type_check

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
@no_type_check
def ratio(t, tau, factor, spin):
    """Amplitude after over before the move, for one configuration with tanh of its hidden fields t."""
    result = factor
    for A in range(t.shape[0]):
        result *= 1.0 - spin * t[A] * tau[A]
    return result


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
@no_type_check
def sweep(s, t, tau, factor, exchange, moves, uniforms):
    """Metropolis moves in place; returns how many each chain accepted."""
    spins = s.shape[1]
    accepted = np.zeros(s.shape[0], np.int64)
    for c in range(s.shape[0]):
        for p in range(moves.shape[1]):
            m = moves[c, p]
            n = m + 1 if m + 1 < spins else 0
            spin = s[c, m]
            if exchange and s[c, n] == spin:
                continue
            if uniforms[c, p] < ratio(t[c], tau[m], factor[m], spin) ** 2:
                for A in range(t.shape[1]):
                    t[c, A] = (t[c, A] - spin * tau[m, A]) / (1.0 - spin * t[c, A] * tau[m, A])
                s[c, m] = -spin
                if exchange:
                    s[c, n] = spin
                accepted[c] += 1
    return accepted


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
@no_type_check
def sum_of_ratios(s, t, tau, factor, exchange):
    """Sum of the amplitude ratios over all moves that change something, for each chain."""
    spins = s.shape[1]
    total = np.zeros(s.shape[0])
    for c in range(s.shape[0]):
        for m in range(spins):
            n = m + 1 if m + 1 < spins else 0
            if not exchange or s[c, m] != s[c, n]:
                total[c] += ratio(t[c], tau[m], factor[m], s[c, m])
    return total
