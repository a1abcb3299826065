r"""Metropolis chains of a Boltzmann state on a ring, compiled, many at once; their local energies, and the error of a mean.

A move changes all hidden fields by :math:`-2 s_m D_{mA}`; with :math:`t = \tanh\theta` and :math:`\tau = \tanh 2D` the ratio of the
amplitudes is :math:`\prod_A \cosh 2D_{mA}\,(1 - s_m t_A\tau_{mA})`, and no function is evaluated in a chain. t is computed afresh
before each sweep.
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

__all__ = ["Estimate", "estimate", "local_energies", "measure", "sweep"]

Features = Float[np.ndarray, "feature spin"]
Spins = Float[np.ndarray, "chain spin"]


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
    checks.array("uniforms", uniforms, shape=moves.shape, minimum=0, maximum=1)
    if moves.min() < 0 or moves.max() >= ring.spins or len(moves) != len(s):
        raise InvalidArgument("moves", f"a row of sites 0 to {ring.spins - 1} for each chain", f"shape {moves.shape}", "draw them anew")
    t, tau, factor = _prepared(ring, w, s)
    after = s.copy()
    _kernels.sweep(after, t, tau, factor, ring.exchange, moves, uniforms)
    return after


@checked
def local_energies(ring: Ring, w: Features, s: Spins) -> Float[np.ndarray, " chain"]:
    r"""Return :math:`E_L(s) = c\sum_m s_m s_{m+1} - g\sum_m\psi(s^{(m)})/\psi(s)`.

    Examples
    --------
    >>> from nnqg.neural_quantum_states.boltzmann_states.rings import ising_ring
    >>> local_energies(ising_ring(3, 1.0), np.zeros((1, 3)), np.ones((1, 3)))
    array([-6.])
    """
    t, tau, factor = _prepared(ring, w, s)
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
        s = sweep(ring, w, s, rng.integers(ring.spins, size=s.shape), rng.random(s.shape))
        if number >= forget:
            series.append(local_energies(ring, w, s))
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


def _prepared(ring: Ring, w: Features, s: Spins) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tanh of the hidden fields, tanh of what each move changes them by, and the product of its cosh."""
    checks.array("w", w, shape=(None, ring.spins))
    J = couplings(w)
    D = J - np.roll(J, -1, axis=0) if ring.exchange else J
    return np.tanh(checked_spins(s, ring.spins) @ J), np.tanh(2 * D), np.cosh(2 * D).prod(1)
