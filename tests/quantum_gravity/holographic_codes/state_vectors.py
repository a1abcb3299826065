"""The network as state vectors: independent of everything in the room that counts modulo 2."""

from functools import reduce

import numpy as np

MATRICES = {"I": np.eye(2), "X": np.array([[0, 1], [1, 0]]), "Z": np.diag([1, -1]), "Y": np.array([[0, -1j], [1j, 0]])}
WORDS = ("XZZXII", "IXZZXI", "XIXZZI", "ZXIXZI", "XXXXXX", "ZZZZZZ")


def perfect_tensor():
    """The state that all six words leave alone, one axis a leg."""
    state = np.arange(1.0, 65.0) + 0j
    for word in WORDS:
        state = (state + reduce(np.kron, [MATRICES[letter] for letter in word]) @ state) / 2
    return (state / np.linalg.norm(state)).reshape(6 * [2])


def encoded(patch, bulk):
    """V|0> and V|1> of the centre, normalised, one axis a leg of the boundary in its order; bulk states of the other tiles given."""
    tensor, labels, state = perfect_tensor(), [], np.ones(())
    partner = dict(patch.joined.tolist()) | {b: a for a, b in patch.joined.tolist()}
    for tile in range(len(patch.tiles)):
        block, legs = tensor, list(range(6 * tile, 6 * tile + 6))
        if tile:
            block, legs = block @ bulk[tile], legs[:5]
        shared = [leg for leg in labels if partner.get(leg) in legs]
        axes = ([labels.index(leg) for leg in shared], [legs.index(partner[leg]) for leg in shared])
        state = np.tensordot(state, block, axes=axes)
        labels = [leg for leg in labels if leg not in shared] + [leg for leg in legs if partner.get(leg) not in shared]
    state = state.transpose([labels.index(leg) for leg in (5, *patch.boundary.tolist())])
    return state / np.linalg.norm(state[0])


def apply(word, state):
    """A word of letters on the axes of a state."""
    for axis, letter in enumerate(word):
        if letter != "I":
            state = np.moveaxis(np.tensordot(MATRICES[letter], state, axes=(1, axis)), 0, axis)
    return state
