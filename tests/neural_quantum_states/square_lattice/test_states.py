"""The state has the symmetries of the lattice, its derivatives are those of its logarithm."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.neural_quantum_states.square_lattice.lattices import SquareLattice, random_spins
from nnqg.neural_quantum_states.square_lattice.states import SymmetricState


def a_state(length=4, features=2, seed=1, size=0.2):
    lattice, rng = SquareLattice(length), np.random.default_rng(seed)
    return SymmetricState(lattice, size * rng.standard_normal((features, length**2)), 0.1 * rng.standard_normal(lattice.distances))


@pytest.mark.parametrize("length", [4, 6])
def test_the_state_has_all_symmetries(length):
    state = a_state(length)
    s = random_spins(state.lattice, 5, np.random.default_rng(2))
    for image in state.lattice.images.reshape(-1, length**2)[::17]:
        assert state.log_psi(s[:, image]) == pytest.approx(state.log_psi(s), abs=1e-10)
    assert state.log_psi(-s) == pytest.approx(state.log_psi(s), abs=1e-10)


def test_the_state_is_its_formula():
    state = a_state()
    s = random_spins(state.lattice, 3, np.random.default_rng(3))
    for one, found in zip(s, state.log_psi(s), strict=True):
        total = 0.0
        for images in state.lattice.images:
            theta = np.array([[sum(w[image[i]] * one[i] for i in range(16)) for image in images] for w in state.w])
            total += np.cosh(theta).prod()
        pairs = sum(state.v[state.lattice.distance[a, b] - 1] * one[a] * one[b] for a in range(16) for b in range(a))
        assert found == pytest.approx(pairs + np.log(total), abs=1e-10)


@pytest.mark.parametrize("length", [4, 6])
def test_derivatives_are_those_of_the_logarithm(length):
    state = a_state(length)
    s = random_spins(state.lattice, 4, np.random.default_rng(4))
    found = state.log_derivatives(s)
    for k in range(0, found.shape[1], 3 if length == 4 else 11):
        step = np.zeros(found.shape[1])
        step[k] = 1e-4
        slope = (state.moved(step).log_psi(s) - state.moved(-step).log_psi(s)) / 2e-4
        assert found[:, k] == pytest.approx(slope, abs=2e-5)


def test_large_fields_do_not_overflow():
    state = a_state(6, 8, size=3.0)
    s = random_spins(state.lattice, 4, np.random.default_rng(5))
    fields, logs = state.fields(s)
    assert logs == pytest.approx(state.log_psi(s), rel=1e-5)
    assert fields.shares.sum(1) == pytest.approx(1.0)
    assert np.isfinite(state.tables.tau).all() and abs(fields.t).max() <= 1


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SymmetricState(SquareLattice(4), np.zeros((1, 9)), np.zeros(5)), "w: expected shape"),
        (lambda: SymmetricState(SquareLattice(4), np.zeros((0, 16)), np.zeros(5)), "w: expected at least one entry"),
        (lambda: SymmetricState(SquareLattice(4), np.full((1, 16), np.nan), np.zeros(5)), "w: expected finite entries"),
        (lambda: SymmetricState(SquareLattice(4), np.zeros((1, 16)), np.zeros(4)), "v: expected shape"),
        (lambda: a_state().moved(np.zeros(3)), "change: expected shape"),
        (lambda: a_state().log_psi(np.ones((1, 16))), "s: expected as many spins up"),
        (lambda: a_state().log_derivatives(np.zeros((1, 16))), "s: expected spins"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
