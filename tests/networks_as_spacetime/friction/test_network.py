"""The particle and its layers against polynomial calculus."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction.network import SCHEMES, FrictionNetwork, Particle

coefficients = st.lists(st.floats(-3, 3), min_size=2, max_size=6).map(tuple)


@given(coefficients, st.floats(0.1, 5), st.floats(-2, 2))
def test_the_force_is_plus_the_slope_of_the_potential(potential, mass, x):
    expected = np.polynomial.Polynomial(potential).deriv()
    for derivative in range(3):
        found = Particle(potential, mass).acceleration(np.array([x]), derivative)[0]
        assert found == pytest.approx(expected.deriv(derivative)(x) / mass if derivative else expected(x) / mass, abs=1e-9)


def test_the_rate_is_the_equation_of_motion_and_its_linearisation():
    network = FrictionNetwork(Particle((0.0, 0.3, -0.5, 0.0, -0.125), mass=2.0))
    state = np.array([[0.7, -1.1], [0.2, 0.5]]).reshape(2, 2, 1, 1)
    rate = network.rate(state, np.array([[-0.4]]))[..., 0, 0]
    assert rate[0] == pytest.approx([-1.1, (-0.4 * -1.1 + 0.3 - 0.7 - 0.5 * 0.7**3) / 2])
    assert rate[1] == pytest.approx([0.5, (-0.4 * 0.5 + (-1 - 1.5 * 0.7**2) * 0.2) / 2])


def test_the_network_reads_the_friction_twice_a_layer():
    network = FrictionNetwork(Particle((0.0, 0.0)), duration=3.0, layers=3)
    assert network.step == 1.0
    assert network.times == pytest.approx(np.arange(7) / 2)
    assert [time for time, _, _ in network.stages(np.zeros((1, 2, 1, 1)), np.zeros((1, 7)), 1)] == [2, 3, 3, 4]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_weights_of_a_scheme_sum_to_one(scheme):
    nodes, weights = SCHEMES[scheme]
    assert sum(weights) == pytest.approx(1.0)
    assert len(nodes) == len(weights)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("mass", lambda: Particle((0.0, 1.0), mass=0.0)),
        ("mass", lambda: Particle((0.0, 1.0), mass=float("nan"))),
        ("coefficients", lambda: Particle((1.0,))),
        ("potential", lambda: Particle((0.0, float("inf")))),
        ("derivative", lambda: Particle((0.0, 1.0)).acceleration(np.zeros(1), 3)),
        ("x: .* int64", lambda: Particle((0.0, 0.0, 0.25)).acceleration(np.array([1]))),
        ("x: .* finite", lambda: Particle((0.0, 1.0)).acceleration(np.array([np.nan]))),
        ("x: .* list", lambda: Particle((0.0, 1.0)).acceleration([1.0])),
        ("duration", lambda: FrictionNetwork(Particle((0.0, 1.0)), duration=-1.0)),
        ("layers", lambda: FrictionNetwork(Particle((0.0, 1.0)), layers=0)),
        ("layers", lambda: FrictionNetwork(Particle((0.0, 1.0)), layers=2.5)),
        ("scheme", lambda: FrictionNetwork(Particle((0.0, 1.0)), scheme="leapfrog")),
    ],
)
def test_bad_input_is_refused(name, call):
    with pytest.raises(InvalidArgument, match=name):
        call()
