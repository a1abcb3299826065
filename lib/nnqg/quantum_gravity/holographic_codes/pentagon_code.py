r"""A patch of the hyperbolic tiling {5, 4} and the holographic code on it (arXiv:1503.06237).

Four right-angled pentagons meet in each corner. The patch grows from one tile over edges: a layer adds every tile that shares an edge
with the patch. Each tile holds a perfect tensor: one leg for each edge, and a sixth, the bulk leg, for what the code encodes there.
Hexagons, four in a corner as well, need all six legs for their edges: they carry a state and encode nothing.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from jaxtyping import Complex, Int

from nnqg import checks
from nnqg.boundary import checked
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.entanglement_renormalisation.mera import fewest_cut
from nnqg.quantum_gravity.holographic_codes import stabilisers

__all__ = ["HexagonPatch", "PentagonPatch"]

_DIGITS = 8


def _turn(angle: float) -> np.ndarray:
    return np.diag([np.exp(0.5j * angle), np.exp(-0.5j * angle)])


def _across(distance: float) -> np.ndarray:
    half = distance / 2
    return np.array([[np.cosh(half), np.sinh(half)], [np.sinh(half), np.cosh(half)]], dtype=complex)


def _image(moves: np.ndarray, point: float) -> np.ndarray:
    """Where a point of the disc goes under Moebius maps given as matrices."""
    return np.asarray((moves[..., 0, 0] * point + moves[..., 0, 1]) / (moves[..., 1, 0] * point + moves[..., 1, 1]))


@checked
@dataclass(frozen=True)
class PentagonPatch:
    """All tiles within some number of steps (at most 5) over edges from a central one.

    Examples
    --------
    >>> patch = PentagonPatch(2)
    >>> len(patch.tiles), len(patch.boundary)
    (21, 55)
    """

    layers: int
    sides: ClassVar[int] = 5

    def __post_init__(self) -> None:
        checks.count("layers", self.layers, minimum=0, maximum=5)

    @property
    def _inradius(self) -> float:
        return float(np.arccosh(np.cos(np.pi / 4) / np.sin(np.pi / self.sides)))

    @property
    def _turns(self) -> np.ndarray:
        return 2 * np.pi * np.arange(self.sides) / self.sides

    @cached_property
    def _moves(self) -> tuple[np.ndarray, np.ndarray]:
        """Moebius maps that carry the central tile to each tile, and the layer of each."""
        steps = [_turn(turn) @ _across(2 * self._inradius) @ _turn(np.pi) for turn in self._turns]
        found = {0j: (np.eye(2, dtype=complex), 0)}
        border = [found[0j][0]]
        for layer in range(1, self.layers + 1):
            candidates = {complex(np.round(_image(move @ step, 0.0), _DIGITS) + 0.0): move @ step for move in border for step in steps}
            fresh = {place: move for place, move in candidates.items() if place not in found}
            found |= {place: (move, layer) for place, move in fresh.items()}
            border = list(fresh.values())
        return np.array([move for move, _ in found.values()]), np.array([layer for _, layer in found.values()])

    @property
    def tiles(self) -> Complex[np.ndarray, " tile"]:
        """Centres of the tiles in the Poincare disc, the central one first."""
        return _image(self._moves[0], 0.0)

    @property
    def layer_of(self) -> Int[np.ndarray, " tile"]:
        """Number of steps from the central tile."""
        return self._moves[1]

    @cached_property
    def edges(self) -> Complex[np.ndarray, "tile side"]:
        """Middles of the edges of the tiles."""
        reach = np.tanh(self._inradius / 2)
        return np.stack([_image(self._moves[0] @ _turn(turn), reach) for turn in self._turns], axis=1)

    @property
    def corners(self) -> Complex[np.ndarray, "tile side"]:
        """Corners of the tiles, for drawing."""
        reach = np.tanh(np.arccosh(1 / np.tan(np.pi / self.sides)) / 2)
        return np.stack([_image(self._moves[0] @ _turn(turn + np.pi / self.sides), reach) for turn in self._turns], axis=1)

    @cached_property
    def outlines(self) -> Complex[np.ndarray, "tile point"]:
        """Closed lines around the tiles: a side is a geodesic, an arc that meets the rim of the disc at right angles; ten points each."""
        half = np.arccosh(np.cos(np.pi / self.sides) / np.sin(np.pi / 4))
        frames = [self._moves[0] @ _turn(turn) @ _across(self._inradius) @ _turn(np.pi / 2) for turn in self._turns]
        return np.stack([_image(frame, np.tanh(s / 2)) for frame in frames for s in np.linspace(-half, half, 10)], axis=1)

    @cached_property
    def _legs(self) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of legs that share an edge, and single legs in the order of their angle; leg = 6 tile + side."""
        places: dict[complex, list[int]] = {}
        for tile, row in enumerate(np.round(self.edges, _DIGITS) + 0.0):
            for side, place in enumerate(row):
                places.setdefault(complex(place), []).append(6 * tile + side)
        single = [(np.angle(place), legs[0]) for place, legs in places.items() if len(legs) == 1]
        pairs = [legs for legs in places.values() if len(legs) == 2]
        return np.array(pairs, dtype=int).reshape(-1, 2), np.array([leg for _, leg in sorted(single)])

    @property
    def joined(self) -> Int[np.ndarray, "bond 2"]:
        """Pairs of legs that share an edge; leg = 6 tile + side."""
        return self._legs[0]

    @property
    def bonds(self) -> Int[np.ndarray, "bond 2"]:
        """Pairs of tiles that share an edge."""
        return self._legs[0] // 6

    @property
    def boundary(self) -> Int[np.ndarray, " site"]:
        """Legs at the boundary, in the order of their angle."""
        return self._legs[1]

    @property
    def bulk(self) -> list[int]:
        """Legs of the bulk, one a pentagon."""
        return [6 * tile + 5 for tile in range(len(self.tiles)) if self.sides == 5]

    def axes(self, bulk: str) -> list[str]:
        """Return the letter that leaves the state of each bulk qubit alone; none if they are free."""
        kinds = {"free": "", "zero": "ZZ", "alternating": "ZX"}[checks.option("bulk", bulk, ("free", "zero", "alternating"))]
        return [kinds[layer % 2] for layer in self.layer_of] if kinds else []

    @cached_property
    def _network(self) -> list[int]:
        """Stabilisers of the joined tiles, bulk legs included."""
        return stabilisers.contract(stabilisers.product(len(self.tiles)), [(int(a), int(b)) for a, b in self.joined])

    def code(self, bulk: str = "free", centre: bool = False) -> list[int]:
        """Return the stabilisers of the state that the network defines; leg = 6 tile + side, and side 5 is the bulk.

        Parameters
        ----------
        bulk : str
            "free" keeps the bulk legs (traced over, they are maximally mixed), "zero" puts each into the state 0, "alternating" those of
            the even layers into 0 and those of the odd layers into +.
        centre : bool
            Whether the leg of the central tile is kept in any case.
        """
        rows = self._network
        axes = list(zip(self.bulk, self.axes(bulk), strict=False))[centre:]
        for letter in sorted({axis for _, axis in axes}):
            rows = stabilisers.project(rows, [leg for leg, axis in axes if axis == letter], letter)
        return list(rows)

    def legs_of(self, region: np.ndarray) -> list[int]:
        """Return the legs of a region of the boundary, given by one truth value a site."""
        if not isinstance(region, np.ndarray) or region.dtype != bool or region.shape != self.boundary.shape:
            raise InvalidArgument("region", f"{len(self.boundary)} truth values", repr(region), "compare an array of sites with a bound")
        return [int(leg) for leg in self.boundary[region]]

    def cut(self, region: np.ndarray) -> int:
        """Return the fewest edges that separate a region of the boundary, one truth value a site, from the rest."""
        return fewest_cut(self.bonds, self.boundary // 6, region)

    def wedge(self, region: np.ndarray) -> tuple[int, np.ndarray]:
        """Grow the wedge of a region: take every tile with at least three edges on what is taken already. Return edges and tiles."""
        inside = np.zeros(len(self.tiles), dtype=bool)
        touched = np.bincount(np.array(self.legs_of(region), dtype=int) // 6, minlength=len(inside))
        while True:
            taken = touched + np.bincount(self.bonds[:, 0], inside[self.bonds[:, 1]], len(inside))
            taken = taken + np.bincount(self.bonds[:, 1], inside[self.bonds[:, 0]], len(inside))
            grown = inside | (taken >= 3)
            if (grown == inside).all():
                break
            inside = grown
        crossing = inside[self.bonds[:, 0]] != inside[self.bonds[:, 1]]
        legs = region != inside[self.boundary // 6]
        return int(crossing.sum() + legs.sum()), inside


class HexagonPatch(PentagonPatch):
    """The same with hexagons, four in each corner: six edges a tile, no leg for the bulk, a state instead of a code.

    Examples
    --------
    >>> patch = HexagonPatch(1)
    >>> len(patch.tiles), len(patch.boundary), patch.bulk
    (7, 30, [])
    """

    sides: ClassVar[int] = 6
