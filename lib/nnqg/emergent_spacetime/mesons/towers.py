"""What the meson problem is given: measured masses, and how the bulk is cut into pieces. Masses in GeV, lengths in 1/GeV."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from nnqg import checks
from nnqg.emergent_spacetime.mesons.sturm_liouville import Chain
from nnqg.errors import InvalidArgument

__all__ = ["Grid", "Tower"]


@dataclass(frozen=True)
class Tower:
    """Masses of the mesons of one spin.

    Parameters
    ----------
    spin : int
        S: 1 for the rho, 2 for the a_2.
    masses : numpy.ndarray, shape (state,)
        Measured masses, ascending and without gaps, in GeV.
    errors : numpy.ndarray, shape (state,)
        How exactly to reproduce them, in GeV, positive.

    Raises
    ------
    InvalidArgument
        If masses do not ascend, or a number is out of range.
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


@dataclass(frozen=True)
class Grid:
    """How the bulk is cut into pieces.

    Parameters
    ----------
    box : float
        Where v = 0 behind all walls, in 1/GeV.
    sites : int
        Sites of the chain.
    intervals : int
        Pieces of b; behind the last one b goes on as a straight line.
    interval : float
        Length of a piece, in 1/GeV.

    Raises
    ------
    InvalidArgument
        If a number is out of range, or the pieces do not fit into the box.
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
