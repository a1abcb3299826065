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

__all__ = ["Estimate", "estimate", "local_energies", "measure", "sweep", "visit"]

Features = Float[np.ndarray, "feature spin"]
Spins = Float[np.ndarray, "chain spin"]
Hidden = Float[np.ndarray, "chain hidden"]
Changes = tuple[np.ndarray, np.ndarray]


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
    return _walk(ring, w, _changes(ring, w), checked_spins(s, ring.spins), moves, uniforms)[0]


@checked
def local_energies(ring: Ring, w: Features, s: Spins) -> Float[np.ndarray, " chain"]:
    r"""Return :math:`E_L(s) = c\sum_m s_m s_{m+1} - g\sum_m\psi(s^{(m)})/\psi(s)`.

    Examples
    --------
    >>> from nnqg.neural_quantum_states.boltzmann_states.rings import ising_ring
    >>> local_energies(ising_ring(3, 1.0), np.zeros((1, 3)), np.ones((1, 3)))
    array([-6.])
    """
    changes = _changes(ring, w)
    return _local_energies(ring, changes, s, _hidden(w, checked_spins(s, ring.spins)))


@checked
def visit(ring: Ring, w: Features, s: Spins, rng: np.random.Generator) -> tuple[Spins, Hidden, Float[np.ndarray, " chain"]]:
    r"""Return the chains after a random `sweep`, with the :math:`t = \tanh\theta` that they end with, and the local energies there.

    Examples
    --------
    >>> from nnqg.neural_quantum_states.boltzmann_states.rings import ising_ring
    >>> visit(ising_ring(3, 1.0), np.zeros((1, 3)), np.ones((1, 3)), np.random.default_rng(1))[1] + 0.0
    array([[0., 0., 0.]])
    """
    changes = _changes(ring, w)
    s, t = _walk(ring, w, changes, checked_spins(s, ring.spins), rng.integers(ring.spins, size=s.shape), rng.random(s.shape))
    return s, t, _local_energies(ring, changes, s, t)


@checked
def measure(
    ring: Ring, w: Features, rng: np.random.Generator, chains: int = 256, sweeps: int = 100, start: Spins | None = None
) -> Float[np.ndarray, "sweep chain"]:
    """Return local energies along fresh chains, after a fifth of the sweeps again to forget the start, which is random if not given."""
    checks.count("sweeps", sweeps, maximum=checks.MOST_STEPS)
    s, series = random_spins(ring, chains, rng) if start is None else start, []
    for _ in range(sweeps // 5 + sweeps):
        s, _, E = visit(ring, w, s, rng)
        series.append(E)
    return np.array(series[sweeps // 5 :])


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


def _walk(ring: Ring, w: Features, changes: Changes, s: Spins, moves: np.ndarray, uniforms: np.ndarray) -> tuple[Spins, Hidden]:
    after, t = s.copy(), _hidden(w, s)
    _kernels.sweep(after, t, *changes, ring.exchange, moves, uniforms)
    return after, t


def _local_energies(ring: Ring, changes: Changes, s: Spins, t: Hidden) -> np.ndarray:
    ratios = _kernels.sum_of_ratios(s, t, *changes, ring.exchange)
    return ring.bond * (s * np.roll(s, -1, axis=1)).sum(1) - ring.move * ratios


def _hidden(w: Features, s: Spins) -> Hidden:
    """Tanh of the hidden fields."""
    return np.tanh(s @ couplings(w))


def _changes(ring: Ring, w: Features) -> Changes:
    """Tanh of what each move changes the hidden fields by, and the product of its cosh."""
    checks.array("w", w, shape=(None, ring.spins))
    J = couplings(w)
    D = J - np.roll(J, -1, axis=0) if ring.exchange else J
    return np.tanh(2 * D), np.cosh(2 * D).prod(1)
