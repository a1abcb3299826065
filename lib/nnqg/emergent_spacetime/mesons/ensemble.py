r"""How far apart bulks can be that the measured masses cannot tell apart: randomise, then optimise.

Each member reproduces masses that are moved by their errors, with a penalty whose target is moved too,

.. math:: \min_{\Delta \ge 0}\ \sum_n \frac{(m_n - M_n - \sigma_n\xi_n)^2}{\sigma_n^2} + |\sqrt\tau R\Delta - \eta|^2,
          \qquad \xi, \eta \sim N(0, 1).

For a linear problem without a bound the members are samples of the posterior. The prior's strength is the one at which the penalty of
the fit itself is typical, :math:`\tau = \mathrm{rank}(R) / |R\Delta|^2`: a choice, as the kind of penalty is one.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.mesons.inverse import MesonFit, fit_towers
from nnqg.emergent_spacetime.mesons.towers import Tower

__all__ = ["ensemble"]


@checked
def ensemble(
    towers: Sequence[Tower], penalty: Float[np.ndarray, "row weight"], fit: MesonFit, count: int, rng: np.random.Generator
) -> list[MesonFit]:
    """Draw bulks that the data do not distinguish; ``fit``, the one without noise, sets the prior's strength and the start.

    Examples
    --------
    >>> from nnqg.emergent_spacetime.mesons.penalty import penalty_matrix
    >>> rho = Tower(1, np.array([0.775, 1.465]), np.array([0.003, 0.025]))
    >>> matrix = penalty_matrix("ratio", 16, 0.5)
    >>> members = ensemble([rho], matrix, fit_towers([rho], matrix), 2, np.random.default_rng(0))
    >>> bool(abs(members[0].masses(1)[0] - 0.775) < 0.015)
    True
    """
    checks.array("penalty", penalty, shape=("row", "weight"))
    weight = float(np.linalg.matrix_rank(penalty)) / checks.number("fit.penalty", fit.penalty, above=0)
    checks.count("number of fit.profiles", len(fit.profiles))
    start = np.concatenate([profile.gains for profile in fit.profiles])
    members = []
    for _ in range(checks.count("count", count, maximum=10_000)):
        moved = [Tower(tower.spin, tower.masses + tower.errors * rng.standard_normal(len(tower.masses)), tower.errors) for tower in towers]
        target = rng.standard_normal(len(penalty)) / np.sqrt(weight)
        members.append(fit_towers(moved, penalty, weight=weight, target=target, start=start, grid=fit.grid))
    return members
