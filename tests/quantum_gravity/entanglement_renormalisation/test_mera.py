"""The MERA graph has the right counts, and the cut of a well-placed interval is two bonds for each layer."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.entanglement_renormalisation.mera import fewest_cut, mera_bonds


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_every_tensor_has_its_legs(depth):
    bonds, sites = mera_bonds(depth)
    legs = np.bincount(bonds.ravel()) + np.bincount(sites, minlength=bonds.max() + 1)
    top = legs[-1]
    assert len(sites) == 3**depth
    assert sorted(set(legs[:-1].tolist())) in ([4], [])
    assert top == 3  # the topmost isometry keeps no upper leg


def test_cut_of_well_placed_intervals_grows_by_two():
    bonds, sites = mera_bonds(5)
    ring = np.arange(3**5)
    best = [min(fewest_cut(bonds, sites, (ring - k) % len(ring) < 3**n) for k in range(0, 27)) for n in range(5)]
    assert best == [1, 3, 5, 7, 9]


def test_region_and_complement_have_the_same_cut():
    bonds, sites = mera_bonds(3)
    rng = np.random.default_rng(0)
    for _ in range(10):
        region = rng.random(27) < 0.4
        assert fewest_cut(bonds, sites, region) == fewest_cut(bonds, sites, ~region)


def test_cut_of_a_chain():
    chain = np.array([[0, 1], [1, 2], [2, 3]])
    assert fewest_cut(chain, np.array([0, 0, 3, 3]), np.array([True, True, False, False])) == 1


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: mera_bonds(0),
        lambda: fewest_cut(*mera_bonds(1), np.ones(3)),
        lambda: fewest_cut(*mera_bonds(1), np.array([True, False])),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
