r"""One Lanczos step: the lowest energy among the states :math:`(1 + x(H - E))\psi`.

With :math:`h_n = \langle(H - E)^n\rangle` it is E plus the lower eigenvalue of

.. math::

    \begin{pmatrix}0&\sqrt{h_2}\\\sqrt{h_2}&h_3/h_2\end{pmatrix}, \quad h_2 = \langle g^2\rangle, \quad
    h_3 = \Big\langle g(s)\Big[\big(d(s) - E\big)g(s) - \tfrac12\sum_b r_b\,g(s^{(b)})\Big]\Big\rangle, \quad g = E_L - E ,

where d is the diagonal part of H, and :math:`r_b` the ratio of the amplitudes for an exchange at the bond b. The sum over all bonds may be
replaced by a few drawn at random: its mean is the same, and the time goes into more configurations.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument

from .chains import draw_moves, local_energies, sweep
from .states import SymmetricState

__all__ = ["Improved", "improve", "lowest"]


class _Samples(NamedTuple):
    """For each configuration the local energy, d, and the sums over bonds of r and of r E_L after the exchange."""

    E: Float[np.ndarray, " sample"]
    diagonal: Float[np.ndarray, " sample"]
    ratios: Float[np.ndarray, " sample"]
    after: Float[np.ndarray, " sample"]


@checked
class Improved(NamedTuple):
    """The energy after the step with its standard error, and x."""

    mean: float
    error: float
    x: float


def _samples(state: SymmetricState, s: Float[np.ndarray, "sample spin"], picks: Int[np.ndarray, "sample pick"]) -> _Samples:
    """Return what the step needs from these configurations; the sums over the picked bonds are scaled up to all of them."""
    rows, bonds = np.arange(len(s)), state.lattice.bonds
    if len(picks) != len(s) or not 0 <= picks.min() <= picks.max() < len(bonds):
        raise InvalidArgument("picks", f"a row of bonds 0 to {len(bonds) - 1} for each sample", f"shape {picks.shape}", "draw anew")
    here, amplitude, ratios, after = local_energies(state, s), state.fields(s)[1], np.zeros(len(s)), np.zeros(len(s))
    for i, j in bonds[picks.T].transpose(0, 2, 1):
        there = s.copy()
        there[rows, i], there[rows, j] = s[rows, j], s[rows, i]
        r = np.where(s[rows, i] == s[rows, j], 0.0, np.exp(state.fields(there)[1] - amplitude))
        ratios += r * len(bonds) / picks.shape[1]
        after += r * local_energies(state, there) * len(bonds) / picks.shape[1]
    i, j = bonds.T
    return _Samples(here, (s[:, i] * s[:, j]).sum(1) / 4, ratios, after)


@checked
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


@checked
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
    checks.count("rounds", rounds, maximum=checks.MOST_STEPS)
    checks.count("bonds", bonds, maximum=10_000)
    checks.count("groups", groups, minimum=2, maximum=chains)
    checks.array("s", s, shape=(chains, None))
    seen = []
    for _ in range(rounds):
        for _ in range(2):
            s = sweep(state, s, *draw_moves(state, chains, rng))
        seen.append(_samples(state, s, rng.integers(len(state.lattice.bonds), size=(chains, bonds))))
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
