"""The torus: its bonds are those of the spin models, and its symmetries keep them."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.spin_chains.models import square_bonds
from nnqg.neural_quantum_states.square_lattice.lattices import SquareLattice, checked_spins, random_spins, spin_wave_factor

NEEL = np.tile(np.array([1.0, -1.0, 1.0, -1.0, -1.0, 1.0, -1.0, 1.0]), (1, 2))


@pytest.mark.parametrize("length", [4, 6])
def test_bonds_are_those_of_the_spin_model(length):
    assert sorted(map(tuple, np.sort(SquareLattice(length).bonds, axis=1).tolist())) == square_bonds(length, periodic=True)


@pytest.mark.parametrize("length", [4, 6])
def test_symmetries_are_permutations_that_keep_bonds_and_distances(length):
    lattice = SquareLattice(length)
    images = lattice.images.reshape(-1, lattice.spins)
    assert (np.sort(images, axis=1) == np.arange(lattice.spins)).all()
    assert len(np.unique(images, axis=0)) == (8 * lattice.spins)
    bonds = set(map(frozenset, lattice.bonds.tolist()))
    for image in images[:: lattice.spins // 2 + 1]:
        assert set(map(frozenset, image[lattice.bonds].tolist())) == bonds
        assert (lattice.distance[np.ix_(image, image)] == lattice.distance).all()
    assert (lattice.distance[*lattice.bonds.T] == 1).all() and (np.diag(lattice.distance) == 0).all()


def test_spin_wave_factor_is_the_sum_over_waves():
    v, q = spin_wave_factor(SquareLattice(6)), 2 * np.pi * np.arange(6) / 6
    gamma = (np.cos(q)[:, None] + np.cos(q)) / 2
    wave = np.zeros((6, 6))
    wave.ravel()[1:] = -0.5 * np.sqrt(np.maximum((1 + gamma) / np.where(gamma < 1, 1 - gamma, 1), 0)).ravel()[1:]
    neighbour = (wave * np.cos(q)).sum() / 36
    across = (wave * np.cos(3 * q)[:, None] * np.cos(3 * q)).sum() / 36
    assert v[[0, -1]] == pytest.approx([neighbour, across], abs=1e-12)


def test_random_starts_have_spin_zero():
    assert (random_spins(SquareLattice(6), 50, np.random.default_rng(1)).sum(1) == 0).all()


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SquareLattice(5), "length: expected an even number"),
        (lambda: SquareLattice(2), "length: expected an integer >= 4"),
        (lambda: random_spins(SquareLattice(4), 0, np.random.default_rng(1)), "chains: expected an integer >= 1"),
        (lambda: checked_spins(SquareLattice(4), 0.5 * NEEL), "s: expected spins"),
        (lambda: checked_spins(SquareLattice(4), np.ones((2, 16))), "s: expected as many spins up as down, got a total of 16"),
        (lambda: checked_spins(SquareLattice(6), NEEL), "s: expected shape"),
        (lambda: checked_spins(SquareLattice(4), np.ones((0, 16))), "s: expected at least one entry"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
