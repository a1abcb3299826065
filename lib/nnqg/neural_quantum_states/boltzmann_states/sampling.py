r"""Metropolis chains of a Boltzmann state on a ring, compiled, many at once; their local energies, and the error of a mean.

A move changes all hidden fields by :math:`-2 s_m D_{mA}`; with :math:`t = \tanh\theta` and :math:`\tau = \tanh 2D` the ratio of the
amplitudes is :math:`\prod_A \cosh 2D_{mA}\,(1 - s_m t_A\tau_{mA})`, and no function is evaluated in a chain. t is computed afresh
before each sweep; what the sweep leaves of it serves the local energies and the derivatives.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from nnqg import checks
from nnqg.autocorrelation import integrated_autocorrelation
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument, NotConverged

from . import _kernels
from .rings import Ring, checked_spins, couplings, random_spins

__all__ = ["Estimate", "estimate", "local_energies", "measure", "sweep", "walk"]

Features = Float[np.ndarray, "feature spin"]
Spins = Float[np.ndarray, "chain spin"]
Hidden = Float[np.ndarray, "chain hidden"]


@checked
@dataclass(frozen=True)
class Estimate:
    """A mean over chains with its standard error, the variance of one value, and the autocorrelation time in sweeps."""

    mean: float
    error: float
    variance: float
    tau: float


@checked
def sweep(ring: Ring, w: Features, s: Spins, moves: Int[np.ndarray, "chain move"], uniforms: Float[np.ndarray, "chain move"]) -> Spins:
    """Return the chains after these proposed moves, each accepted if its uniform number is below the ratio of probabilities.

    Examples
    --------
    >>> from nnqg.neural_quantum_states.boltzmann_states.rings import ising_ring
    >>> sweep(ising_ring(3, 1.0), np.zeros((1, 3)), np.ones((1, 3)), np.array([[1]]), np.array([[0.5]]))
    array([[ 1., -1.,  1.]])
    """
    return walk(ring, w, s, moves, uniforms)[0]


@checked
def walk(
    ring: Ring, w: Features, s: Spins, moves: Int[np.ndarray, "chain move"], uniforms: Float[np.ndarray, "chain move"]
) -> tuple[Spins, Hidden]:
    r"""Return the chains after these moves, as `sweep` does, and the :math:`t = \tanh\theta` that they end with.

    Examples
    --------
    >>> from nnqg.neural_quantum_states.boltzmann_states.rings import ising_ring
    >>> walk(ising_ring(3, 1.0), np.zeros((1, 3)), np.ones((1, 3)), np.array([[1]]), np.array([[0.5]]))[1] + 0.0
    array([[0., 0., 0.]])
    """
    checks.array("uniforms", uniforms, shape=moves.shape, minimum=0, maximum=1)
    if moves.min() < 0 or moves.max() >= ring.spins or len(moves) != len(s):
        raise InvalidArgument("moves", f"a row of sites 0 to {ring.spins - 1} for each chain", f"shape {moves.shape}", "draw them anew")
    tau, factor = _changes(ring, w)
    t, after = _hidden(w, checked_spins(s, ring.spins)), s.copy()
    _kernels.sweep(after, t, tau, factor, ring.exchange, moves, uniforms)
    return after, t


@checked
def local_energies(ring: Ring, w: Features, s: Spins, t: Hidden | None = None) -> Float[np.ndarray, " chain"]:
    r"""Return :math:`E_L(s) = c\sum_m s_m s_{m+1} - g\sum_m\psi(s^{(m)})/\psi(s)`, with t from `walk` if it is at hand.

    Examples
    --------
    >>> from nnqg.neural_quantum_states.boltzmann_states.rings import ising_ring
    >>> local_energies(ising_ring(3, 1.0), np.zeros((1, 3)), np.ones((1, 3)))
    array([-6.])
    """
    tau, factor = _changes(ring, w)
    checked_spins(s, ring.spins)
    t = _hidden(w, s) if t is None else checks.array("t", t, shape=(len(s), w.size))
    ratios = _kernels.sum_of_ratios(s, t, tau, factor, ring.exchange)
    return ring.bond * (s * np.roll(s, -1, axis=1)).sum(1) - ring.move * ratios


@checked
def measure(
    ring: Ring, w: Features, rng: np.random.Generator, chains: int = 256, sweeps: int = 100, start: Spins | None = None
) -> Float[np.ndarray, "sweep chain"]:
    """Return local energies along fresh chains, after a fifth of the sweeps again to forget the start, which is random if not given."""
    checks.count("sweeps", sweeps)
    s = random_spins(ring, chains, rng) if start is None else start
    forget, series = sweeps // 5, []
    for number in range(forget + sweeps):
        s, t = walk(ring, w, s, rng.integers(ring.spins, size=s.shape), rng.random(s.shape))
        if number >= forget:
            series.append(local_energies(ring, w, s, t))
    return np.array(series)


@checked
def estimate(series: Float[np.ndarray, "sweep chain"]) -> Estimate:
    r"""Return the mean of chains with the error :math:`\sqrt{\tau\sigma^2/n}`, where n counts all values.

    Raises
    ------
    NotConverged
        If a chain never moves while others do, or the series is shorter than its memory.

    Examples
    --------
    >>> round(estimate(np.random.default_rng(1).standard_normal((100, 100))).error, 2)
    0.01
    """
    checks.array("series", series, shape=("sweep", "chain"))
    stuck = int((np.ptp(series, axis=0) == 0).sum())
    if stuck:
        raise NotConverged("sampling", f"{stuck} of {series.shape[1]} chains are stuck", "start from weaker couplings, or mix moves")
    tau, variance = integrated_autocorrelation(series), float(series.var())
    return Estimate(float(series.mean()), float(np.sqrt(max(tau, 1.0) * variance / series.size)), variance, tau)


def _hidden(w: Features, s: Spins) -> Hidden:
    """Tanh of the hidden fields."""
    return np.tanh(s @ couplings(w))


def _changes(ring: Ring, w: Features) -> tuple[np.ndarray, np.ndarray]:
    """Tanh of what each move changes the hidden fields by, and the product of its cosh."""
    checks.array("w", w, shape=(None, ring.spins))
    J = couplings(w)
    D = J - np.roll(J, -1, axis=0) if ring.exchange else J
    return np.tanh(2 * D), np.cosh(2 * D).prod(1)
