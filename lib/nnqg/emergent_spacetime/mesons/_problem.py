"""The meson problem as residuals and Jacobian."""

from collections.abc import Sequence

import numpy as np

from nnqg import checks
from nnqg.emergent_spacetime.mesons.profile import ramp_integrals
from nnqg.emergent_spacetime.mesons.sturm_liouville import exponent_gradients, modes
from nnqg.emergent_spacetime.mesons.towers import Grid, Tower


class MesonProblem:
    """Residuals of masses and penalty, and their exact derivatives with respect to the gains of all towers."""

    def __init__(self, towers: Sequence[Tower], penalty: np.ndarray, weight: float, target: np.ndarray | None, grid: Grid) -> None:
        self.towers, self.grid, self.size = towers, grid, len(towers) * grid.intervals
        self.penalty = checks.array("penalty", penalty, shape=("row", self.size))
        self.root = np.sqrt(weight)
        self.target = np.zeros(len(penalty)) if target is None else checks.array("target", target, shape=(len(penalty),))
        chain = grid.chain
        self.at_sites = ramp_integrals(chain.sites, grid.intervals, grid.interval)
        self.at_links = ramp_integrals(chain.links, grid.intervals, grid.interval)
        self._last: tuple[bytes, tuple[np.ndarray, np.ndarray]] | None = None

    def linearise(self, gains: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Residuals [row] and Jacobian [row, weight]; kept for the last gains, since scipy asks for the two one after the other."""
        if self._last is None or self._last[0] != gains.tobytes():
            self._last = gains.tobytes(), self._linearised(gains)
        return self._last[1]

    def _linearised(self, gains: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        residuals, rows, count = [], [], self.grid.intervals
        for k, tower in enumerate(self.towers):
            residual, derivative = self._tower(tower, gains[k * count : (k + 1) * count])
            residuals.append(residual)
            rows.append(np.zeros((len(residual), self.size)))
            rows[-1][:, k * count : (k + 1) * count] = derivative
        residuals.append(self.root * (self.penalty @ gains - self.target))
        return np.concatenate(residuals), np.vstack([*rows, self.root * self.penalty])

    def _tower(self, tower: Tower, gains: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Errors of a tower's masses in units of sigma [state], and their derivatives [state, interval]."""
        chain = self.grid.chain
        at_boundary = 2 * tower.spin - 1
        site = at_boundary * np.log(chain.sites) + self.at_sites @ gains
        link = at_boundary * np.log(chain.links) + self.at_links @ gains
        found = modes(chain, site, link, len(tower.masses))
        from_sites, from_links = exponent_gradients(chain, site, link, found)
        mass = np.sqrt(found.masses2)
        derivative = (from_sites @ self.at_sites + from_links @ self.at_links) / (2 * mass[:, None])
        return (mass - tower.masses) / tower.errors, derivative / tower.errors[:, None]
