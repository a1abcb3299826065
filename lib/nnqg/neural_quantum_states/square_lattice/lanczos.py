r"""One Lanczos step: the lowest energy among the states :math:`(1 + x(H - E))\psi`.

With :math:`h_n = \langle(H - E)^n\rangle` it is E plus the lower eigenvalue of

.. math::

    \begin{pmatrix}0&\sqrt{h_2}\\\sqrt{h_2}&h_3/h_2\end{pmatrix}, \quad h_2 = \langle g^2\rangle, \quad
    h_3 = \Big\langle g(s)\Big[\big(d(s) - E\big)g(s) - \tfrac12\sum_b r_b\,g(s^{(b)})\Big]\Big\rangle, \quad g = E_L - E ,

where d is the diagonal part of H, and :math:`r_b` the ratio of the amplitudes for an exchange at the bond b. The sum over all bonds may be
replaced by a few drawn at random: its mean is the same, and the time goes into more configurations.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from nnqg import checks
from nnqg.errors import InvalidArgument

from . import _kernels
from .chains import draw_moves, local_energies, sweep
from .lattices import checked_spins
from .states import SymmetricState

__all__ = ["Improved", "Samples", "improve", "lanczos_samples", "lowest"]

BLOCK = 256


@dataclass(frozen=True)
class Samples:
    """For each configuration the local energy, d, and the sums over bonds of r and of r E_L after the exchange."""

    E: Float[np.ndarray, " sample"]
    diagonal: Float[np.ndarray, " sample"]
    ratios: Float[np.ndarray, " sample"]
    after: Float[np.ndarray, " sample"]


@dataclass(frozen=True)
class Improved:
    """The energy after the step with its standard error, and x."""

    mean: float
    error: float
    x: float


def lanczos_samples(
    state: SymmetricState, s: Float[np.ndarray, "sample spin"], picks: Int[np.ndarray, "sample pick"] | None = None
) -> Samples:
    """Return what the step needs from these configurations, with the sums over the picked bonds scaled up to all; by default all."""
    lattice, tables = state.lattice, state.tables
    checked_spins(lattice, s)
    number = len(lattice.bonds)
    picks = np.tile(np.arange(number), (len(s), 1)) if picks is None else picks
    if len(picks) != len(s) or not 0 <= picks.min() <= picks.max() < number:
        raise InvalidArgument("picks", f"a row of bonds 0 to {number - 1} for each sample", f"shape {picks.shape}", "draw anew")
    found = []
    for first in range(0, len(s), BLOCK):
        spins = s[first : first + BLOCK].astype(np.float32)
        fields = state.fields(spins)
        known = (spins, fields.t, fields.shares, fields.h, tables.tau, tables.kappa, tables.V, lattice.bonds)
        r, after = _kernels.neighbours(*known, picks[first : first + BLOCK])
        found.append(np.stack([r.sum(1), (r * after).sum(1)]) * number / picks.shape[1])
    i, j = lattice.bonds.T
    return Samples(local_energies(state, s), (s[:, i] * s[:, j]).sum(1) / 4, *np.concatenate(found, axis=1))


def lowest(E: float, h2: float, h3: float) -> tuple[float, float]:
    """Return the lowest energy of the step, and its x.

    Examples
    --------
    >>> lowest(0.0, 1.0, 0.0)
    (-1.0, -1.0)
    """
    checks.number("h2", h2, above=0)
    mean = (h3 - np.sqrt(h3**2 + 4 * h2**3)) / (2 * h2)
    return float(E + mean), float(mean / h2)


def improve(
    state: SymmetricState,
    series: Float[np.ndarray, "sweep chain"],
    s: Float[np.ndarray, "chain spin"],
    rng: np.random.Generator,
    rounds: int = 4,
    bonds: int = 8,
    groups: int = 16,
) -> Improved:
    """Return the energy after the step, from what `measure` returned: the series of local energies of many chains and their last spins.

    E and h2 come from the series; the chains walk on for h3, `rounds` times two sweeps, with that many drawn `bonds` each time. The error
    is that of a jackknife over groups of chains at fixed x, which keeps a drawback small: a step fitted to its own samples is too good.
    """
    chains = checks.array("series", series, shape=("sweep", "chain")).shape[1]
    checks.count("rounds", rounds)
    checks.count("bonds", bonds)
    checks.count("groups", groups, minimum=2, maximum=chains)
    checks.array("s", s, shape=(chains, None))
    seen = []
    for _ in range(rounds):
        for _ in range(2):
            s = sweep(state, s, *draw_moves(state, chains, rng))
        one = lanczos_samples(state, s, rng.integers(len(state.lattice.bonds), size=(chains, bonds)))
        seen.append([one.E, one.diagonal, one.ratios, one.after])
    E_L, diagonal, ratios, after = np.array(seen).transpose(1, 0, 2)

    def moments(keep: np.ndarray) -> tuple[float, float, float]:
        E, h2 = series[:, keep].mean(), series[:, keep].var()
        g = E_L - E
        h3 = g * ((diagonal - E) * g - (after - E * ratios) / 2)
        return E, h2, h3[:, keep].mean()

    mean, x = lowest(*moments(np.ones(chains, bool)))
    without = []
    for part in np.array_split(np.arange(chains), groups):
        E, h2, h3 = moments(~np.isin(np.arange(chains), part))
        without.append(E + (2 * x * h2 + x * x * h3) / (1 + x * x * h2))
    return Improved(mean, float(np.sqrt((groups - 1) * np.var(without))), x)
