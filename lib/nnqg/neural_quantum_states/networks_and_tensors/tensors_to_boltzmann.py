r"""A matrix product state is a deep Boltzmann machine, exactly (slide ② 6/6, item 2).

The statement is that of Gao and Duan (arXiv:1701.05039) and of Huang and Moore (arXiv:1701.06246); the construction is the page's own.
Write a bond of dimension :math:`2^m` as m *deep* units. Then a tensor is a function without zeros of n units :math:`x = \pm1`, and

.. math:: \log T(x) = \sum_{A} c_A \prod_{i \in A} x_i .

A hidden unit with bias b and the weight w to each unit of a set A of size p has, as its coefficient of this set,

.. math:: \kappa_p(b, w) = 2^{-p} \sum_{k=0}^{p} (-1)^k \binom{p}{k} \log 2\cosh\big(b + (p - 2k) w\big) .

For a given w, :math:`\kappa_p = c_A` is a polynomial equation in :math:`u = e^{2b}`, which has a root. So one hidden unit for each set,
the largest sets first, takes away all coefficients but those of single units, which are biases: :math:`2^n - n - 1` hidden units.
A positive tensor gets real weights: w is doubled until there is a positive root. Pairs have the closed form
:math:`b = 0, \cosh 2w = e^{2c_A}`.

An entry that is zero has no logarithm. A change of basis of the bonds, :math:`A \to X A Y^{-1}`, leaves the state alone and removes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from jaxtyping import Inexact

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged
from nnqg.neural_quantum_states.imaginary_time.ising_ring import spin_states

__all__ = ["DeepMachine", "TableUnits", "deep_machine", "table_to_units"]


@checked(empty=("bias", "weights"))
@dataclass(frozen=True)
class TableUnits:
    r"""The function :math:`T(x) = \exp(c + \beta\cdot x)\,\prod_h 2\cosh(b_h + \sum_i w_{hi} x_i)` of n units :math:`\pm1`.

    Parameters
    ----------
    log_constant : number
        c.
    linear, bias, weights : numpy.ndarray
        :math:`\beta`, b and w, all real if the table is positive.
    """

    log_constant: complex | float
    linear: Inexact[np.ndarray, " unit"]
    bias: Inexact[np.ndarray, " hidden"]
    weights: Inexact[np.ndarray, "hidden unit"]

    def table(self) -> Inexact[np.ndarray, "..."]:
        """Return the function as an array with one axis of two entries, first +1, for each unit."""
        x = spin_states(len(self.linear))
        values = np.exp(self.log_constant + x @ self.linear) * np.prod(2 * np.cosh(self.bias + x @ self.weights.T), axis=1)
        return values.reshape((2,) * len(self.linear))


@checked
def table_to_units(table: Inexact[np.ndarray, "..."]) -> TableUnits:
    """Return the hidden units whose sum is a table without zeros, of two entries along each of at most 6 axes.

    Raises
    ------
    NotConverged
        If the sum over the units misses the table by more than 1e-11, relative.

    Examples
    --------
    >>> units = table_to_units(np.array([[2.0, 1.0], [1.0, 2.0]]))
    >>> units.weights.round(4), units.table().round(12)
    (array([[0.6585, 0.6585]]), array([[2., 1.], [1., 2.]]))
    """
    n = checks.count("axes of the table", table.ndim, maximum=6)
    checks.array("table", np.abs(table), shape=(2,) * n)
    if (table == 0).any():
        raise InvalidArgument("table", "entries that are not zero", "a zero", "change the basis of the bonds, A -> X A Y^-1")
    positive = not np.iscomplexobj(table) and bool((table > 0).all())
    x, logs = spin_states(n), np.log(table.ravel().astype(complex))
    weights, bias = [], []
    for p in range(n, 1, -1):
        for members in combinations(range(n), p):
            sign, together = x[:, members].prod(axis=1), (x[:, members] == 1).all(axis=1)
            b, w = _unit(2**p * (sign @ logs) / 2**n, p, positive)
            row = np.zeros(n, dtype=complex)
            row[list(members)] = w
            logs = logs - _log_two_cosh(b + x @ row)
            logs -= together * (sign @ logs) / 2 ** (n - p)  # what is left is a multiple of 2 pi i: another branch of the logarithm
            weights.append(row)
            bias.append(b)
    parts = [np.array(weights, dtype=complex).reshape(-1, n), np.array(bias, dtype=complex), x.T @ logs / 2**n]
    w, b, linear, constant = [part.real for part in (*parts, logs.mean())] if positive else (*parts, logs.mean())
    units = TableUnits(constant.item(), linear, b, w)
    missed = abs(units.table() / table - 1).max()
    if not missed <= 1e-11:
        raise NotConverged("the sum over the units", f"it misses the table by {missed:.1e}, relative", "change the basis of the bonds")
    return units


def _unit(target: complex, order: int, positive: bool) -> tuple[complex, np.ndarray]:
    r"""Bias and weights of a hidden unit with :math:`2^p\kappa_p(b, w)` equal to the target, up to multiples of :math:`2\pi i`."""
    weights = np.ones(order, dtype=complex)
    if order == 2 and abs(target.real) < 600:
        weights[1] = -1 if positive and target.real < 0 else 1  # cosh 2w >= 1 if w is real
        return 0.0, weights * np.arccosh(np.exp(target * weights[1] / 2)) / 2
    counts = np.array([(-1) ** k * comb(order, k) for k in range(order + 1)])
    for w in 0.5 * 2.0 ** np.arange(8):
        fields = w * (order - 2.0 * np.arange(order + 1))
        if abs(fields * counts).sum() + abs(target.real) > 600:
            break  # the coefficients would overflow
        zeros = -np.exp(-2 * fields)  # of the hyperbolic cosines, in u
        above, below = (np.poly(np.repeat(zeros[k::2], np.abs(counts[k::2]).tolist())) for k in (0, 1))
        u = np.roots(above - np.exp(target) * below).astype(complex)
        u = u[(abs(u.imag) < 1e-6 * abs(u)) & (u.real > 0)].real if positive else u[u != 0]
        if not u.size:
            continue
        b, excess = _polish(np.log(u) / 2, target, fields, counts)
        good = excess < 1e-13 * max(1, abs(target))
        if good.any():
            size = np.ptp(_log_two_cosh(b[good] + fields[:, None]).real, axis=0)
            return b[good][size.argmin()], w * weights
    raise NotConverged("the bias of a hidden unit", f"no root for the coefficient {target / 2**order:.3g}", "change the basis of the bonds")


def _polish(b: np.ndarray, target: complex, fields: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Newton steps for the bias from every root of the polynomial, and what each misses the target by."""

    def excess() -> np.ndarray:
        missing = counts @ _log_two_cosh(b + fields[:, None]) - target
        return missing - 2j * np.pi * np.round(missing.imag / (2 * np.pi))

    for _ in range(6):
        slope = counts @ np.tanh(b + fields[:, None])
        step = excess() / np.where(slope == 0, np.inf, slope)
        step = step / np.maximum(1, abs(step))
        b = b - (step.real if np.isrealobj(b) else step)
    return b, abs(excess())


def _log_two_cosh(y: np.ndarray) -> np.ndarray:
    """A logarithm of 2 cosh y that does not overflow."""
    outer = np.where(np.real(y) < 0, -y, y).astype(complex)
    return outer + np.log(1 + np.exp(-2 * outer))


@checked
@dataclass(frozen=True)
class DeepMachine:
    r"""A deep Boltzmann machine: hidden units h between spins s and deep units d, all :math:`\pm1`, and no other links.

    .. math:: \psi(s) = \sum_d e^{c + a\cdot s + \beta\cdot d} \prod_h 2\cosh\Big(b_h + \sum_i V_{hi}s_i + \sum_k D_{hk}d_k\Big)

    Parameters
    ----------
    log_constant : number
        c.
    visible_bias, deep_bias, hidden_bias, to_visible, to_deep : numpy.ndarray
        a, :math:`\beta`, b, V and D.
    """

    log_constant: complex | float
    visible_bias: Inexact[np.ndarray, " spin"]
    deep_bias: Inexact[np.ndarray, " deep"]
    hidden_bias: Inexact[np.ndarray, " hidden"]
    to_visible: Inexact[np.ndarray, "hidden spin"]
    to_deep: Inexact[np.ndarray, "hidden deep"]

    def amplitudes(self, spins: Inexact[np.ndarray, "state spin"]) -> Inexact[np.ndarray, " state"]:
        """Return the state on rows of +1 and -1, by brute force: a sum over all states of at most 16 deep units."""
        checks.array("spins", spins, shape=("state", len(self.visible_bias)))
        if (abs(spins) != 1).any():
            raise InvalidArgument("spins", "entries +1 and -1", "others", "write up as +1 and down as -1")
        checks.count("deep units", len(self.deep_bias), maximum=16)
        deep = spin_states(len(self.deep_bias))
        own, inner = self.log_constant + deep @ self.deep_bias, self.hidden_bias + deep @ self.to_deep.T
        outer = spins @ self.to_visible.T
        sums = [(np.exp(own) * np.prod(2 * np.cosh(inner + row), axis=1)).sum() for row in outer]
        return np.exp(spins @ self.visible_bias) * np.array(sums)


@checked
def deep_machine(tensors: Sequence[Inexact[np.ndarray, "_ _ _"]]) -> DeepMachine:
    """Return the deep machine of a matrix product state, open or closed to a ring, whose bonds have dimensions 1, 2 or 4.

    Examples
    --------
    >>> machine = deep_machine([np.ones((2, 2, 2))] * 5)
    >>> machine.to_visible.shape, machine.to_deep.shape, complex(machine.amplitudes(np.ones((1, 5)))[0]).real.__round__(9)
    ((20, 5), (20, 5), 32.0)
    """
    checks.count("number of tensors", len(tensors))
    sizes = [checks.option(f"left bond of tensor {k}", tensor.shape[0], (1, 2, 4)) for k, tensor in enumerate(tensors)]
    for k, tensor in enumerate(tensors):
        checks.array(f"tensor {k}", np.abs(tensor), shape=(sizes[k], 2, sizes[(k + 1) % len(sizes)]))
    bits = [size.bit_length() - 1 for size in sizes]
    begins, spins, deep = np.cumsum([0, *bits]), len(tensors), sum(bits)
    constant: complex | float = 0.0
    linear, bias, rows = np.zeros(spins + deep), [], []
    for site, tensor in enumerate(tensors):
        after = (site + 1) % spins
        legs = [*range(begins[site], begins[site + 1]), deep + site, *range(begins[after], begins[after + 1])]
        units = table_to_units(tensor.reshape((2,) * len(legs)))
        place = np.eye(spins + deep)[legs]
        constant, linear = constant + units.log_constant, linear + units.linear @ place
        rows.append(units.weights @ place)
        bias.append(units.bias)
    weights = np.concatenate(rows)
    return DeepMachine(constant, linear[deep:], linear[:deep], np.concatenate(bias), weights[:, deep:], weights[:, :deep])
