"""What the meson problem is given: measured masses, and how the bulk is cut into pieces. Masses in GeV, lengths in 1/GeV."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.emergent_spacetime.mesons.sturm_liouville import Chain
from nnqg.errors import InvalidArgument

__all__ = ["Grid", "Tower"]


@checked(quantities={"masses": "a meson's mass", "errors": "the error of a meson's mass"})
@dataclass(frozen=True)
class Tower:
    """Masses of the mesons of spin S (1 for the rho, 2 for the a_2), ascending and without gaps, and how exactly to reproduce them, in GeV.

    Examples
    --------
    >>> Tower(1, np.array([0.775, 1.465]), np.full(2, 0.003)).spin
    1
    """

    spin: int
    masses: Float[np.ndarray, " state"]
    errors: Float[np.ndarray, " state"]

    def __post_init__(self) -> None:
        checks.count("spin", self.spin)
        checks.array("masses", self.masses, shape=("state",), minimum=np.finfo(float).tiny)
        checks.array("errors", self.errors, shape=self.masses.shape, minimum=np.finfo(float).tiny)
        if (np.diff(self.masses) <= 0).any():
            raise InvalidArgument("masses", "ascending masses", self.masses, "sort them, and leave no state out")


@checked(quantities=dict.fromkeys(("box", "interval"), "a length in the bulk"))
@dataclass(frozen=True)
class Grid:
    """How the bulk is cut into pieces.

    v = 0 at ``box`` behind all walls; b has ``intervals`` pieces of length ``interval`` and goes on as a straight line behind them.

    Examples
    --------
    >>> Grid(box=18.0, sites=800).chain.number
    800
    """

    box: float = 14.0
    sites: int = 600
    intervals: int = 16
    interval: float = 0.5

    def __post_init__(self) -> None:
        checks.count("sites", self.sites, minimum=2)
        checks.count("intervals", self.intervals, minimum=2)
        checks.number("interval", self.interval, above=0)
        checks.number("box", self.box, minimum=self.intervals * self.interval)

    @property
    def chain(self) -> Chain:
        """The chain that the modes live on."""
        return Chain(self.box, self.sites)
