"""Training against exact energies; what goes wrong is named."""

import numpy as np
import pytest

from nnqg.errors import Diverged, InvalidArgument
from nnqg.neural_quantum_states.square_lattice.chains import energy, local_energies, measure
from nnqg.neural_quantum_states.square_lattice.states import SymmetricState
from nnqg.neural_quantum_states.square_lattice.training import start, train

from .test_chains import a_state, all_states

EXACT = {4: -11.228483, 6: -24.4393969968, 10: -67.155266}


def test_sixteen_spins_to_a_thousandth():
    rng = np.random.default_rng(1)
    run = train(start(4, 2, rng), rng, 120)
    s = all_states(16)
    p = np.exp(2 * run.state.log_psi(s))
    summed = p @ local_energies(run.state, s) / p.sum()
    assert EXACT[4] < summed < (1 - 1e-3) * EXACT[4]
    found = energy(measure(run.state, rng, 512, 40)[0])
    assert abs(found.mean - summed) < 3 * found.error
    assert run.variances[-1] < 0.2 * run.variances[0]


@pytest.mark.parametrize(("length", "best", "worst"), [(4, 9e-3, 1.5e-2), (6, 1.1e-2, 1.6e-2), (10, 0.9e-2, 1.3e-2)])
def test_spin_waves_alone(length, best, worst):
    state = start(length, 1, np.random.default_rng(2))
    state = SymmetricState(state.lattice, 0 * state.w, state.v)
    found = energy(measure(state, np.random.default_rng(3), 256, 30)[0])
    assert best < 1 - found.mean / EXACT[length] < worst


@pytest.mark.parametrize("length", [6, 8, 10])
def test_larger_tori_go_downhill(length):
    state, rng = start(length, 1, np.random.default_rng(4)), np.random.default_rng(4)
    state = SymmetricState(state.lattice, state.w, 0 * state.v)
    run = train(state, rng, 20, chains=((0.0, 128), (0.5, 200)))
    assert run.energies[-5:].mean() < run.energies[:5].mean() - 1


def test_a_diverging_energy_is_an_error():
    """A factor for which the chains are far from where most of the state is."""
    state = start(10, 1, np.random.default_rng(5))
    wild = SymmetricState(state.lattice, state.w, np.eye(20)[0] * 8)
    with pytest.raises(Diverged, match="training diverged at iteration 0"):
        train(wild, np.random.default_rng(5), 3, chains=((0.0, 64),))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: start(5, 1, rng), "length: expected an even number"),
        (lambda rng: start(4, 0, rng), "features: expected an integer >= 1"),
        (lambda rng: train(a_state(), rng, 0), "iterations: expected an integer >= 1"),
        (lambda rng: train(a_state(), rng, 2, chains=((0.0, 0),)), "chains: expected an integer >= 1"),
        (lambda rng: train(a_state(), rng, 2, chains=((0.5, 64),)), "chains, eta: expected chains from 0 on"),
        (lambda rng: train(a_state(), rng, 2, eta=(0.01, 0.02)), "chains, eta: expected"),
        (lambda rng: train(a_state(), rng, 2, hold=1.0), "hold: expected a number below 1"),
        (lambda rng: train(a_state(), rng, 2, memory=1.0), "memory: expected a number below 1"),
        (lambda rng: train(a_state(), rng, 2, chains=((0.0, 8),), floor=-1.0), "floor: expected values >= 0"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call(np.random.default_rng(1))
