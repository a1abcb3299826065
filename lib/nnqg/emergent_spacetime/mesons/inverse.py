r"""From measured masses to the exponent B of the bulk.

.. math:: \min_{\Delta \ge 0}\ \sum_n \frac{(m_n(\Delta) - M_n)^2}{\sigma_n^2} + \tau\,|R\Delta - \rho|^2

Towers of mesons of different spin S are fitted together; each has its own profile b, and the penalty may tie them. Masses in GeV,
lengths in 1/GeV. The derivatives are those of Hellmann and Feynman in `sturm_liouville`, the search is scipy's bounded least squares.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from scipy.optimize import least_squares

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.mesons._problem import MesonProblem
from nnqg.emergent_spacetime.mesons.penalty import penalty_matrix
from nnqg.emergent_spacetime.mesons.profile import DilatonProfile
from nnqg.emergent_spacetime.mesons.sturm_liouville import Chain, Modes, modes
from nnqg.emergent_spacetime.mesons.towers import Grid, Tower

__all__ = ["MesonFit", "fit_towers", "learn_profile", "profile_modes"]

MISSED = 3.0
"""How many errors a mass of a converged fit may be off."""


@checked
@dataclass(frozen=True)
class MesonFit:
    """A bulk that reproduces measured masses.

    Attributes
    ----------
    profiles : tuple of DilatonProfile
        B, one for each tower.
    cost : float
        What was minimised.
    penalty : float
        Its second part, divided by its weight.
    steps : int
        Tried steps.
    converged : bool
        Whether the search met its criterion and found every mass to within three errors; if not, it stopped in a local minimum, or the
        box, the pieces of b, or the start do not fit the masses.
    grid : Grid
        Where it was done.
    """

    profiles: tuple[DilatonProfile, ...]
    cost: float
    penalty: float
    steps: int
    converged: bool
    grid: Grid

    def masses(self, count: int, tower: int = 0) -> Float[np.ndarray, " mode"]:
        """Lowest masses of a tower in GeV: the fitted ones, and those that the regulariser predicts."""
        tower = checks.count("tower", tower, minimum=0, maximum=len(self.profiles) - 1)
        return np.sqrt(profile_modes(self.profiles[tower], self.grid.chain, count).masses2)


@checked(quantities={"masses": "a meson's mass", "errors": "the error of a meson's mass"})
def learn_profile(
    masses: Float[np.ndarray, " state"],
    penalty: Literal["curvature", "ratio", "slope"] = "curvature",
    *,
    errors: Float[np.ndarray, " state"] | None = None,
    grid: Grid | None = None,
) -> MesonFit:
    """Learn B from the masses of the rho and its excitations, in GeV and to 3 MeV unless told, with one of three regularisers.

    ``fit.profiles[0].exponent(z)`` is B(z), ``fit.profiles[0].slope(z)`` is b(z) = B' - 1/z. The regulariser decides everything that
    the masses leave open.

    Examples
    --------
    >>> fit = learn_profile(np.array([0.775, 1.465]), "curvature")
    >>> fit.masses(2).round(3)
    array([0.775, 1.465])
    """
    grid = Grid() if grid is None else grid
    tower = Tower(1, masses, np.full_like(masses, 3e-3) if errors is None else errors)
    return fit_towers([tower], penalty_matrix(penalty, grid.intervals, grid.interval), grid=grid)


@checked
def fit_towers(
    towers: Sequence[Tower],
    penalty: Float[np.ndarray, "row weight"],
    *,
    weight: float = 0.1,
    target: Float[np.ndarray, " row"] | None = None,
    start: Float[np.ndarray, " weight"] | None = None,
    grid: Grid | None = None,
    monotone: bool = True,
) -> MesonFit:
    r"""Fit one profile for each tower, converged or not.

    The weights are the gains of the first tower's profile, then those of the second, and so on; ``penalty`` is R, ``weight`` is tau > 0,
    ``target`` is rho (zero unless told). The search starts from a soft wall unless told. ``monotone`` is whether b must rise.

    Examples
    --------
    >>> rho = Tower(1, np.array([1.0, np.sqrt(2.0)]), np.full(2, 1e-3))  # a soft wall with 4 c = 1/GeV^2
    >>> fit = fit_towers([rho], penalty_matrix("curvature", 16, 0.5))
    >>> np.allclose(fit.profiles[0].slope(np.array([1.0, 4.0])), [0.5, 2.0], rtol=1e-3)
    True
    """
    grid = Grid() if grid is None else grid
    problem = MesonProblem(towers, penalty, checks.number("weight", weight, above=0), target, grid)
    first = np.full(problem.size, 0.3 * grid.interval) if start is None else start
    checks.array("start", first, shape=(problem.size,), minimum=0.0 if monotone else None)
    found = least_squares(
        lambda gains: problem.linearise(gains)[0],
        first,
        jac=lambda gains: problem.linearise(gains)[1],
        bounds=(0.0 if monotone else -np.inf, np.inf),
    )
    profiles = tuple(
        DilatonProfile(gains, grid.interval, tower.spin)
        for gains, tower in zip(found.x.reshape(len(towers), grid.intervals), towers, strict=True)
    )
    part = float(((problem.penalty @ found.x) ** 2).sum())
    missed = np.abs(problem.linearise(found.x)[0][: sum(len(tower.masses) for tower in towers)]).max()
    return MesonFit(profiles, float(2 * found.cost), part, int(found.nfev), bool(found.success and missed <= MISSED), grid)


@checked
def profile_modes(profile: DilatonProfile, chain: Chain, count: int) -> Modes:
    """Lowest modes of a chain in the bulk of a profile.

    Examples
    --------
    >>> profile_modes(DilatonProfile(np.full(4, 2.0), 1.0), Chain(6.0, 600), 2).masses2.round(3)  # B' = 2z + 1/z
    array([4., 8.])
    """
    return modes(chain, profile.exponent(chain.sites), profile.exponent(chain.links), count)
