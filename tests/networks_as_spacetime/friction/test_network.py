"""The particle and its layers against polynomial calculus."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.friction.network import FrictionNetwork, Particle

coefficients = st.lists(st.floats(-3, 3), min_size=2, max_size=6).map(tuple)


@given(coefficients, st.floats(0.1, 5), st.floats(-2, 2))
def test_the_force_is_plus_the_slope_of_the_potential(potential, mass, x):
    expected = np.polynomial.Polynomial(potential).deriv()
    for derivative, coefficients_ in enumerate(Particle(potential, mass).accelerations):
        wanted = expected.deriv(derivative) if derivative else expected
        assert np.polyval(coefficients_, x) == pytest.approx(wanted(x) / mass, abs=1e-9)


def test_the_network_reads_the_friction_twice_a_layer():
    network = FrictionNetwork(Particle((0.0, 0.0)), duration=3.0, layers=3)
    assert network.step == 1.0
    assert network.times == pytest.approx(np.arange(7) / 2)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("mass", lambda: Particle((0.0, 1.0), mass=0.0)),
        ("mass", lambda: Particle((0.0, 1.0), mass=float("nan"))),
        ("coefficients", lambda: Particle((1.0,))),
        ("potential", lambda: Particle((0.0, float("inf")))),
        ("duration", lambda: FrictionNetwork(Particle((0.0, 1.0)), duration=-1.0)),
        ("layers", lambda: FrictionNetwork(Particle((0.0, 1.0)), layers=0)),
        ("layers", lambda: FrictionNetwork(Particle((0.0, 1.0)), layers=2.5)),
        ("scheme", lambda: FrictionNetwork(Particle((0.0, 1.0)), scheme="leapfrog")),
    ],
)
def test_bad_input_is_refused(name, call):
    with pytest.raises(InvalidArgument, match=name):
        call()
