r"""Metropolis chains of a symmetric state, compiled; their local energies, and a mean that knows whether a chain is stuck.

.. math::

    E_L(s) = \sum_{\langle ij\rangle}\Big[\tfrac14 s_is_j - \tfrac12\,\frac{\psi(s^{(ij)})}{\psi(s)}\,[s_i \ne s_j]\Big] .

Chains are treated in blocks, and their hidden fields are computed afresh before each sweep: rounding must not add up.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32, Int

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import Diverged, InvalidArgument, NotConverged
from nnqg.neural_quantum_states.boltzmann_states.sampling import Estimate, estimate

from . import _kernels
from .lattices import checked_spins, random_spins
from .states import SymmetricState

__all__ = ["Visit", "draw_moves", "energy", "local_energies", "measure", "sweep", "visit"]

BLOCK = 256  # chains whose hidden fields are in memory together

Spins = Float[np.ndarray, "chain spin"]
Moves = Int[np.ndarray, "chain move"]
Uniforms = Float[np.ndarray, "chain move"]


@checked(empty=("E", "derivatives"))
class Visit(NamedTuple):
    """Chains after a sweep, local energies there, and logarithmic derivatives (what was not asked for is empty)."""

    s: Spins
    E: Float[np.ndarray, " energy"]
    derivatives: Float32[np.ndarray, "row parameter"]


@checked
def draw_moves(state: SymmetricState, chains: int, rng: np.random.Generator) -> tuple[Moves, Uniforms]:
    """Return the bonds and uniform numbers of one sweep of N proposals.

    Four chains look at the same bonds, which is quicker. Their errors are independent all the same: whatever the sequence of bonds,
    a chain in equilibrium stays there, so that given the bonds every chain has the same mean.
    """
    N = state.lattice.spins
    moves = rng.integers(2 * N, size=(-(-checks.count("chains", chains, maximum=10 * checks.MOST_STEPS) // _kernels.GROUP), N))
    return moves.repeat(_kernels.GROUP, axis=0)[:chains], rng.random((chains, N))


@checked
def visit(state: SymmetricState, s: Spins, moves: Moves, uniforms: Uniforms, energies: bool = True, derivatives: bool = False) -> Visit:
    """Return the chains after these proposed exchanges, each accepted if its uniform number is below the ratio of probabilities.

    Raises
    ------
    Diverged
        If a local energy is not finite.
    """
    return _visit(state, s, moves, uniforms, energies, derivatives)


def _visit(state: SymmetricState, s: Spins, moves: Moves, uniforms: Uniforms, energies: bool, derivatives: bool) -> Visit:
    """The same; there may be no moves."""
    lattice = state.lattice
    checked_spins(lattice, s)
    if uniforms.size:
        checks.array("uniforms", uniforms, shape=moves.shape, minimum=0, maximum=1)
    if len(moves) != len(s) or (moves.size and not 0 <= moves.min() <= moves.max() < len(lattice.bonds)):
        raise InvalidArgument("moves", f"a row of bonds 0 to {len(lattice.bonds) - 1} for each chain", f"shape {moves.shape}", "draw anew")
    after, E, slopes = s.astype(np.float32), [np.empty(0)], [np.empty((0, state.w.size + state.v.size), np.float32)]
    for first in range(0, len(s), BLOCK):
        block = slice(first, first + BLOCK)
        fields, _ = state.fields(s[block])
        known = (after[block], *fields, *state.tables, lattice.bonds)
        _kernels.sweep(*known, moves[block], uniforms[block])
        E += [_kernels.energies(*known)] if energies else []
        slopes += [state.log_derivatives(after[block].astype(float), fields)] if derivatives else []
    found = np.concatenate(E)
    if lost := np.count_nonzero(~np.isfinite(found)):
        raise Diverged("sampling", f"{lost} of {len(s)} configurations", "the weights are too large; train again with a smaller first step")
    return Visit(after.astype(float), found, np.concatenate(slopes))


@checked
def sweep(state: SymmetricState, s: Spins, moves: Moves, uniforms: Uniforms) -> Spins:
    """Return the chains only, which is quicker than `visit`."""
    return visit(state, s, moves, uniforms, energies=False).s


@checked
def local_energies(state: SymmetricState, s: Spins) -> Float[np.ndarray, " chain"]:
    """Return the local energies of these configurations."""
    return _visit(state, s, np.empty((len(s), 0), int), np.empty((len(s), 0)), energies=True, derivatives=False).E


@checked
def measure(
    state: SymmetricState, rng: np.random.Generator, chains: int = 1024, sweeps: int = 60, start: Spins | None = None
) -> tuple[Float[np.ndarray, "sweep chain"], Spins]:
    """Return local energies along fresh chains, after ten sweeps to forget the start, which is random if not given; and their last spins.

    `energy` turns the series into an estimate, or refuses.
    """
    checks.count("sweeps", sweeps, maximum=checks.MOST_STEPS)
    s, series = random_spins(state.lattice, chains, rng) if start is None else start, []
    for n in range(10 + sweeps):
        seen = visit(state, s, *draw_moves(state, len(s), rng), energies=n >= 10)
        s = seen.s
        series += [seen.E] if n >= 10 else []
    return np.array(series), s


@checked
def energy(series: Float[np.ndarray, "sweep chain"], far: float = 10.0) -> Estimate:
    """Return mean, error, variance and autocorrelation time of the local energies of many chains.

    The mean of a chain that is further than `far` robust standard deviations from the median of all of them says that it is stuck, even
    if it moves: it sits on a hill of the amplitudes that the training has not seen.

    Raises
    ------
    NotConverged
        If a chain is stuck.

    Examples
    --------
    >>> round(energy(np.random.default_rng(1).standard_normal((100, 100))).error, 2)
    0.01
    """
    means = checks.array("series", series, shape=("sweep", "chain")).mean(0)
    away = abs(means - np.median(means))
    stuck = away > checks.number("far", far, above=0) * 1.4826 * np.median(away)
    if np.median(away) > 0 and stuck.any():
        reached = f"{stuck.sum()} of {len(means)} chains stay apart, one at {means[away.argmax()]:.4g}, median {np.median(means):.4g}"
        raise NotConverged("sampling", reached, "weigh the place where they sit, or train on with chains started there")
    return estimate(series)
