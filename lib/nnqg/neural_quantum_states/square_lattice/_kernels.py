"""Compiled ratios of amplitudes, in single precision; the rational form needs no function of a hidden field.

A ratio is a product over units of (s kappa - t tau) with tau = kappa tanh D, where the geometric mean kappa of cosh D keeps it in range;
the sign s drops out, because the number of units is even. Rows are walked with plain ranges, which is what lets the compiler use vectors.
"""

from typing import no_type_check

import numpy as np
from numba import njit

GROUP, CROWD = 4, 32  # chains that look at a bond together, while its table is at hand: in a sweep, and for the energies


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
@no_type_check
def tanh_and_log_cosh(theta, decay):
    """Tanh of each entry, and the sum of ln cosh over each row, from decay = exp(-2 |theta|)."""
    t, logs = np.empty_like(theta), np.empty(len(theta))
    for row in range(len(theta)):
        x, e, out = theta[row], decay[row], t[row]
        total = -len(x) * np.log(2.0)
        for start in range(0, len(x), 64):
            product = 1.0
            for k in range(start, min(start + 64, len(x))):
                product *= 1 + e[k]
                total += abs(x[k])
            total += np.log(product)
        for k in range(len(x)):
            out[k] = np.copysign((1 - e[k]) / (1 + e[k]), x[k])
        logs[row] = total
    return t, logs


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
@no_type_check
def ratio(t, tau, kappa, spin, shares, factors):
    """Machine's amplitude after over before the exchange; `factors` receives the ratio of each of the eight images."""
    total = 0.0
    for p in range(8):
        row, change, level = t[p], tau[p], spin * kappa[p]
        product = np.float32(1)
        for k in range(row.shape[0]):
            product *= level - row[k] * change[k]
        factors[p] = product
        total += shares[p] * product
    return total


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
@no_type_check
def update(t, tau, kappa, spin):
    """Tanh of the hidden fields after the exchange, in place."""
    for p in range(8):
        row, change, level = t[p], tau[p], spin * kappa[p]
        for k in range(row.shape[0]):
            row[k] = (level * row[k] - change[k]) / (level - row[k] * change[k])


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
@no_type_check
def sweep(s, t, shares, h, tau, kappa, V, bonds, moves, uniforms):
    """Metropolis exchanges in place."""
    chains, factors = len(s), np.empty(8)
    for first in range(0, chains, GROUP):
        for n in range(moves.shape[1]):
            for c in range(first, min(first + GROUP, chains)):
                m = moves[c, n]
                i, j = bonds[m]
                spin = s[c, i]
                if s[c, j] == spin:
                    continue
                machine = ratio(t[c], tau[m], kappa[m], spin, shares[c], factors)
                if uniforms[c, n] < (machine * np.exp(-2 * spin * (h[c, i] - h[c, j]) - 4 * V[i, j])) ** 2:
                    update(t[c], tau[m], kappa[m], spin)
                    for p in range(8):
                        shares[c, p] *= factors[p] / machine
                    for k in range(len(V)):
                        h[c, k] += 2 * spin * (V[j, k] - V[i, k])
                    s[c, i], s[c, j] = -spin, spin


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
@no_type_check
def four_ratios(t, tau, kappa, chains, spins, shares, machines):
    """As `ratio`, without the factors, for four chains at one bond, which read its table together."""
    a, b, c, d = chains[0], chains[1], chains[2], chains[3]
    machines[:] = 0.0
    for p in range(8):
        ta, tb, tc, td, change = t[a, p], t[b, p], t[c, p], t[d, p], tau[p]
        la, lb, lc, ld = spins[0] * kappa[p], spins[1] * kappa[p], spins[2] * kappa[p], spins[3] * kappa[p]
        A = B = C = D = np.float32(1)
        for k in range(change.shape[0]):
            A *= la - ta[k] * change[k]
            B *= lb - tb[k] * change[k]
            C *= lc - tc[k] * change[k]
            D *= ld - td[k] * change[k]
        machines[0] += shares[a, p] * A
        machines[1] += shares[b, p] * B
        machines[2] += shares[c, p] * C
        machines[3] += shares[d, p] * D


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
@no_type_check
def energies(s, t, shares, h, tau, kappa, V, bonds):
    """Local energies, sum over bonds of s_i s_j / 4 minus half the ratio of every possible exchange."""
    E, waiting, spins, machines = np.zeros(len(s)), np.zeros(4, np.int64), np.empty(4, np.float32), np.empty(4)
    for first in range(0, len(s), CROWD):
        last = min(first + CROWD, len(s)) - 1
        for m in range(len(bonds)):
            i, j = bonds[m]
            number = 0
            for c in range(first, last + 1):
                E[c] += s[c, i] * s[c, j] / 4
                if s[c, i] != s[c, j]:
                    waiting[number], spins[number] = c, s[c, i]
                    number += 1
                if number == 4 or (c == last and number):
                    four_ratios(t, tau[m], kappa[m], waiting, spins, shares, machines)
                    for n in range(number):
                        d, spin = waiting[n], spins[n]
                        E[d] -= machines[n] * np.exp(-2 * spin * (h[d, i] - h[d, j]) - 4 * V[i, j]) / 2
                    number = 0
    return E
