"""The patch of the tiling is what it should be, and the code on it obeys the cut formula."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.entanglement_renormalisation.mera import fewest_cut
from nnqg.quantum_gravity.holographic_codes import stabilisers
from nnqg.quantum_gravity.holographic_codes.pentagon_code import HexagonPatch, PentagonPatch


@pytest.mark.parametrize(("layers", "tiles", "legs"), [(0, 1, 5), (1, 6, 20), (2, 21, 55), (3, 61, 145), (4, 166, 380), (5, 441, 995)])
def test_counts(layers, tiles, legs):
    patch = PentagonPatch(layers)
    assert (len(patch.tiles), len(patch.boundary)) == (tiles, legs)
    assert 5 * tiles == legs + 2 * len(patch.bonds)
    assert patch.layer_of.max() == layers


def test_layers_grow_by_the_golden_ratio_squared():
    """The numbers of tiles obey a(n + 1) = 3 a(n) - a(n - 1) once they are larger than the first."""
    tiles = np.bincount(PentagonPatch(4).layer_of)
    assert (tiles[3:] == 3 * tiles[2:-1] - tiles[1:-2]).all()


def test_a_tile_hangs_on_one_or_two_tiles_of_the_layer_inside():
    patch = PentagonPatch(3)
    inner = patch.layer_of[patch.bonds]
    assert (abs(inner[:, 0] - inner[:, 1]) == 1).all()  # edges join neighbouring layers
    parents = np.bincount(patch.bonds[np.arange(len(patch.bonds)), inner.argmax(axis=1)], minlength=len(patch.tiles))
    assert parents[0] == 0 and set(parents[1:].tolist()) <= {1, 2}


def test_pentagons_have_right_angles():
    """Four tiles meet in each corner: hyperbolic distances of middle, corner and edge fit the triangle with angles 36, 45, 90 degrees."""
    patch = PentagonPatch(2)

    def distance(a, b):
        return np.arccosh(1 + 2 * abs(a - b) ** 2 / ((1 - abs(a) ** 2) * (1 - abs(b) ** 2)))

    reach = distance(patch.tiles[:, None], patch.edges)
    corner = distance(patch.tiles[:, None], patch.corners)
    half = distance(patch.edges, patch.corners)
    np.testing.assert_allclose(np.cosh(corner), np.cosh(reach) * np.cosh(half), rtol=1e-6)  # Pythagoras
    np.testing.assert_allclose(np.sin(np.pi / 4) * np.sinh(corner), np.sinh(reach), rtol=1e-6)


def test_neighbours_along_the_boundary_share_a_corner():
    patch = PentagonPatch(3)
    tile, side = patch.boundary // 6, patch.boundary % 6
    ends = np.stack([patch.corners[tile, side - 1], patch.corners[tile, side]], axis=1)
    gaps = abs(ends[:, :, None] - np.roll(ends, 1, axis=0)[:, None, :]).min(axis=(1, 2))
    assert gaps.max() < 1e-6


@pytest.mark.parametrize("layers", [1, 2])
def test_the_code_is_an_isometry(layers):
    """The bulk is maximally entangled with the boundary: nothing that is encoded gets lost."""
    patch = PentagonPatch(layers)
    bulk = [6 * tile + 5 for tile in range(len(patch.tiles))]
    assert stabilisers.entropy(patch.code(), bulk) == len(bulk)


def test_entropy_of_a_mixed_bulk():
    patch = PentagonPatch(2)
    rows, legs = patch.code(), len(patch.boundary)
    around = np.concatenate([patch.boundary // 6, np.arange(len(patch.tiles))])
    for start in range(0, legs, 9):
        for length in (1, 4, 11, 20, 27):
            region = (np.arange(legs) - start) % legs < length
            found = stabilisers.entropy(rows, patch.boundary[region].tolist())
            assert found == fewest_cut(patch.bonds, around, np.append(region, np.zeros(len(patch.tiles), dtype=bool)))
            greedy, wedge = patch.wedge(region)
            assert found == greedy + wedge.sum()
            assert greedy >= patch.cut(region)


def test_pure_bulk_is_bounded_by_the_cut():
    patch = PentagonPatch(1)
    rows = patch.code("zero")
    for start in range(20):
        for length in range(1, 11):
            region = (np.arange(20) - start) % 20 < length
            found = stabilisers.entropy(rows, patch.boundary[region].tolist())
            covered = (patch.wedge(region)[1] | patch.wedge(~region)[1]).all()
            assert found <= patch.cut(region)
            assert (found == patch.cut(region)) == covered


@pytest.mark.parametrize("layers", [1, 2])
def test_the_cut_is_the_entropy_if_neighbours_are_in_different_states(layers):
    patch = PentagonPatch(layers)
    rows, legs = patch.code("alternating"), len(patch.boundary)
    for start in range(0, legs, 3):
        for length in range(1, legs // 2 + 1, 2):
            region = (np.arange(legs) - start) % legs < length
            assert stabilisers.entropy(rows, patch.legs_of(region)) == patch.cut(region)


def test_hexagons_obey_the_cut_formula():
    """Proved in arXiv:1503.06237, section 4.1: perfect tensors without a bulk, any interval."""
    patch = HexagonPatch(1)
    rows, legs = patch.code(), len(patch.boundary)
    assert (len(patch.tiles), legs, 6 * len(patch.tiles)) == (7, 30, legs + 2 * len(patch.bonds))
    for start in range(5):
        for length in range(1, 16):
            region = (np.arange(legs) - start) % legs < length
            assert stabilisers.entropy(rows, patch.legs_of(region)) == patch.cut(region)


def test_the_centre_can_be_kept():
    patch = PentagonPatch(1)
    for bulk in ("zero", "alternating"):
        rows = patch.code(bulk, centre=True)
        assert len(rows) == 21 and stabilisers.entropy(rows, [5]) == 1
        assert len(patch.code(bulk)) == 20


@pytest.mark.parametrize("patch", [PentagonPatch(2), HexagonPatch(1)], ids=["pentagons", "hexagons"])
def test_outlines_are_geodesics_between_the_corners(patch):
    sides = patch.outlines.reshape(len(patch.tiles), patch.sides, 10)
    np.testing.assert_allclose(sides[..., -1], patch.corners, atol=1e-12)
    np.testing.assert_allclose(sides[..., 0], np.roll(patch.corners, 1, axis=1), atol=1e-12)
    a, b = sides[..., :-1], sides[..., 1:]
    pieces = np.arccosh(1 + 2 * abs(a - b) ** 2 / ((1 - abs(a) ** 2) * (1 - abs(b) ** 2)))
    ends = np.arccosh(1 + 2 * abs(sides[..., 0] - sides[..., -1]) ** 2 / ((1 - abs(sides[..., 0]) ** 2) * (1 - abs(sides[..., -1]) ** 2)))
    np.testing.assert_allclose(pieces.sum(axis=-1), ends, rtol=1e-6)  # no way is shorter


def test_wedges_are_no_criterion_for_regions_of_several_pieces():
    patch, region = PentagonPatch(1), np.zeros(20, dtype=bool)
    region[[5, 7, 8, 11, 13, 14]] = True
    found = stabilisers.entropy(patch.code("zero"), patch.boundary[region].tolist())
    assert found == patch.cut(region) == 6
    assert not (patch.wedge(region)[1] | patch.wedge(~region)[1]).all()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: PentagonPatch(-1),
        lambda: PentagonPatch(9),
        lambda: PentagonPatch(0).code("one"),
        lambda: PentagonPatch(0).wedge(np.array([0, 1])),
        lambda: PentagonPatch(0).cut(np.ones(4, dtype=bool)),
        lambda: PentagonPatch(0).legs_of(np.ones(6, dtype=bool)),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
