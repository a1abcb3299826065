"""The talk's network: exactly an Euler step, its order, its areas, its Hamiltonian."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg import identifiability
from nnqg.errors import Diverged, InvalidArgument
from nnqg.networks_as_spacetime.hamiltonian.oscillators import PENDULUM, flow
from nnqg.networks_as_spacetime.hamiltonian.talk_network import CUBE, SINE, TANH, Activation, TalkNetwork, evolve

NETWORK = TalkNetwork(w11=0.3, w12=0.8, w21=-0.5, v=1.5, u=2.0, lambda_1=0.4, lambda_2=-0.7, f=TANH, g=SINE)
PENDULUM_NETWORK = TalkNetwork(w12=1.0, lambda_2=-1.0)
HARMONIC_NETWORK = TalkNetwork(w12=1.0, w21=-1.0)
LEAPFROG = [(PENDULUM_NETWORK.kick(), 0.5), (PENDULUM_NETWORK.drift(), 1.0), (PENDULUM_NETWORK.kick(), 0.5)]
SYMPLECTIC_EULER = [(PENDULUM_NETWORK.drift(), 1.0), (PENDULUM_NETWORK.kick(), 1.0)]

coordinate = st.floats(-3, 3)


def rates(network, state):
    """Right-hand side of Hamilton's equations from central differences of the network's Hamiltonian."""
    gradient = identifiability.jacobian(lambda z: network.hamiltonian(z[:1], z[1:]), state)[0]
    return np.array([gradient[1], -gradient[0]])


@given(coordinate, coordinate)
def test_one_layer_is_an_euler_step_of_its_hamiltonian(q, p):
    state = np.array([q, p])
    assert NETWORK.layer(state, 0.1) == pytest.approx(state + 0.1 * rates(NETWORK, state), abs=1e-8)


@given(coordinate, coordinate)
def test_one_layer_multiplies_out_the_slide(q, p):
    after = NETWORK.layer(np.array([q, p]), 0.1)
    assert after[0] == pytest.approx(q + 0.1 * (0.3 * q + 0.8 * p + 0.4 * np.tanh(1.5 * p)), abs=1e-14)
    assert after[1] == pytest.approx(p + 0.1 * (-0.5 * q - 0.3 * p - 0.7 * np.sin(2 * q)), abs=1e-14)


def test_layer_acts_on_every_point_of_an_array():
    states = np.random.default_rng(0).normal(size=(4, 3, 2))
    together = NETWORK.layer(states, 0.1)
    assert together.shape == (4, 3, 2)
    assert together[2, 1] == pytest.approx(NETWORK.layer(states[2, 1], 0.1), abs=1e-15)


def test_matrices_stand_as_on_the_slide():
    W, tilde = NETWORK.first_weights(0.1), NETWORK.second_weights()
    assert W[2, 2] == pytest.approx(1 - 0.1 * 0.3) and W[0, 2] == 1.5 and W[3, 1] == 2.0
    assert tilde[1, 0] == 0.4 and tilde[2, 3] == -0.7 and np.count_nonzero(tilde) == 4


@pytest.mark.parametrize(("layers", "order"), [([(PENDULUM_NETWORK, 1.0)], 1), (SYMPLECTIC_EULER, 1), (LEAPFROG, 2)])
def test_order(layers, order):
    start = np.array([1.0, 0.5])
    goal = flow(PENDULUM, start[None], np.array([2.0]))[0, 0]
    errors = [np.linalg.norm(evolve(layers, start, 2 / n, n)[-1] - goal) for n in (100, 200)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.05)


def test_misprinted_entry_does_not_converge():
    start, misprint = np.array([1.0, 0.5]), replace(NETWORK, w22=NETWORK.w12)
    fine = evolve([(NETWORK, 1.0)], start, 2 / 4000, 4000)[-1]
    errors = [np.linalg.norm(evolve([(misprint, 1.0)], start, 2 / n, n)[-1] - fine) for n in (100, 1000)]
    assert min(errors) > 0.5 and errors[1] == pytest.approx(errors[0], rel=0.1)


@pytest.mark.parametrize("layers", [SYMPLECTIC_EULER, LEAPFROG])
@given(q=coordinate, p=coordinate, step=st.floats(0.01, 1))
def test_drift_and_kick_preserve_areas_for_any_step(layers, q, p, step):
    area = np.linalg.det(identifiability.jacobian(lambda z: evolve(layers, z, step, 1)[-1], np.array([q, p])))
    assert area == pytest.approx(1, abs=1e-7)


def test_euler_area_is_one_plus_step_squared_times_hessian():
    q, step = 0.7, 0.2
    area = np.linalg.det(identifiability.jacobian(lambda z: PENDULUM_NETWORK.layer(z, step), np.array([q, 0.3])))
    assert area == pytest.approx(1 + step**2 * np.cos(q), abs=1e-8)


def test_symplectic_euler_conserves_its_own_oscillator():
    layers = [(HARMONIC_NETWORK.drift(), 1.0), (HARMONIC_NETWORK.kick(), 1.0)]
    q, p = evolve(layers, np.array([1.0, -0.3]), 0.4, 2000).T
    assert np.ptp(q**2 + p**2 + 0.4 * q * p) < 1e-12
    assert np.ptp(q**2 + p**2) > 0.1


def test_leapfrog_can_be_reversed():
    start = np.array([1.0, 0.5])
    there = evolve(LEAPFROG, start, 0.1, 50)[-1]
    back = evolve(LEAPFROG, there * np.array([1.0, -1.0]), 0.1, 50)[-1]
    assert back == pytest.approx(start * np.array([1.0, -1.0]), abs=1e-12)


@pytest.mark.parametrize("activation", [SINE, TANH, CUBE])
def test_integral_has_the_activation_as_derivative(activation):
    x = np.linspace(-2, 2, 9)
    slope = np.diag(identifiability.jacobian(activation.integral, x))
    assert slope == pytest.approx(activation.function(x), abs=1e-8)


def test_diverging_network_is_an_error():
    steep = TalkNetwork(w12=1.0, lambda_2=1.0, g=CUBE)
    with pytest.raises(Diverged, match="time step"):
        evolve([(steep, 1.0)], np.array([3.0, 0.0]), 0.5, 50)


@pytest.mark.bad_input
@pytest.mark.parametrize("weights", [{"v": 0.0}, {"u": 0}, {"w11": np.nan}, {"w12": "1"}, {"lambda_1": np.inf}, {"w22": True}])
def test_bad_weights(weights):
    with pytest.raises(InvalidArgument, match=next(iter(weights))):
        TalkNetwork(**weights)


@pytest.mark.bad_input
@given(st.sampled_from([np.zeros(3), np.zeros((2, 0)), np.array([1, 2]), np.array([np.nan, 0]), [1.0, 0.0], np.float64(1.0), None, 1.0]))
def test_bad_state(state):
    with pytest.raises(InvalidArgument, match="state"):
        NETWORK.layer(state, 0.1)
    with pytest.raises(InvalidArgument, match="state"):
        evolve([(NETWORK, 1.0)], state, 0.1, 2)


@pytest.mark.bad_input
@given(st.one_of(st.floats(max_value=0), st.just(np.nan), st.just(np.inf), st.just("0.1"), st.just(True)))
def test_bad_step(step):
    with pytest.raises(InvalidArgument, match="step"):
        evolve([(NETWORK, 1.0)], np.zeros(2), step, 2)


@pytest.mark.bad_input
@given(st.one_of(st.integers(max_value=0), st.floats(), st.just(None), st.just(False), st.just(10**7)))
def test_bad_number_of_steps(steps):
    with pytest.raises(InvalidArgument, match="steps"):
        evolve([(NETWORK, 1.0)], np.zeros(2), 0.1, steps)


@pytest.mark.bad_input
@pytest.mark.parametrize("bad", [lambda x: None, lambda x: 1j * x, lambda x: np.ones((5, 5)), lambda x: "x", lambda: 0])
def test_activations_that_return_no_numbers_are_named(bad):
    network, states = TalkNetwork(f=Activation(bad, bad), lambda_1=1.0), np.ones((3, 2))
    for call in (
        lambda: network.layer(states, 0.1),
        lambda: network.hamiltonian(*states.T),
        lambda: evolve([(network, 1.0)], states, 0.1, 2),
    ):
        with pytest.raises(InvalidArgument, match="(f or g|layers): expected"):
            call()


@pytest.mark.bad_input
def test_bad_use():
    with pytest.raises(InvalidArgument, match="layers"):
        evolve([], np.zeros(2), 0.1, 1)
    with pytest.raises(InvalidArgument, match="w22"):
        replace(NETWORK, w22=0.8).hamiltonian(np.zeros(1), np.zeros(1))
    for part in (NETWORK.drift, NETWORK.kick):
        with pytest.raises(InvalidArgument, match="w11"):
            part()
    with pytest.raises(InvalidArgument, match="step"):
        NETWORK.first_weights(np.nan)
    for call in (NETWORK.activate, NETWORK.layer):
        with pytest.raises(InvalidArgument, match="step"):
            call(np.zeros(4 if call == NETWORK.activate else 2), np.nan)
    with pytest.raises(Diverged, match="one layer"):
        TalkNetwork(lambda_1=1.0, f=CUBE).layer(np.array([0.0, 1e200]), 0.1)
    with pytest.raises(Diverged, match="time step 1"):
        evolve([(TalkNetwork(u=1e200), 1.0)], np.array([1e200, 0.0]), 0.1, 2)
    with pytest.raises(InvalidArgument, match="units"):
        NETWORK.activate(np.zeros(3), 0.1)
    with pytest.raises(InvalidArgument, match="p: expected shape"):
        NETWORK.hamiltonian(np.zeros(2), np.zeros(3))
