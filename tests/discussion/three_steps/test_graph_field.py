"""A field on the vertices of a disc obeys the variational principle, and is the folded field where it has no room to vary."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stacks import rings

from nnqg.discussion.three_steps.graph_field import classical_field
from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.saddle_point import classical_profile, response
from nnqg.quantum_gravity.triangulations.triangulated_disc import sample_disc

WIDTHS = np.array([9, 7, 4, 2])


def disc(seed, widths=WIDTHS):
    return sample_disc(np.random.default_rng(seed), widths)


@settings(max_examples=15)
@given(seed=st.integers(0, 1000), source=st.floats(0.2, 2))
def test_action_is_below_that_of_the_folded_field(seed, source):
    folded = rings(WIDTHS.astype(float), 0.2, 3.0, 1.0)
    action = classical_field(disc(seed), source, 0.2, 3.0, 1.0)[0]
    assert action <= float(folded.energy(classical_profile(folded, source))) + 1e-13


def test_rings_of_one_vertex_are_the_folded_field():
    folded = rings(np.ones(4), 0.2, 3.0, 1.0)
    _, found, phi = classical_field(disc(0, np.array([1, 1, 1, 1])), 1.0, 0.2, 3.0, 1.0)
    assert found == pytest.approx(float(response(folded, 1.0)), abs=1e-11)
    np.testing.assert_allclose(phi[:4], classical_profile(folded, 1.0), atol=1e-11)


def test_response_is_the_derivative_of_the_action():
    step = 1e-5
    actions = [classical_field(disc(3), 1 + sign * step, 0.2, 3.0, 1.0)[0] for sign in (1, -1)]
    assert classical_field(disc(3), 1.0, 0.2, 3.0, 1.0)[1] == pytest.approx((actions[0] - actions[1]) / (2 * step), abs=1e-8)


@pytest.mark.bad_input
@pytest.mark.parametrize("arguments", [(np.nan, 0.1, 1.0, 0.0), (1.0, 0.1, -1.0, 0.0), (1.0, 0.0, 1.0, 0.0), (1.0, 0.1, 1.0, -1.0)])
def test_bad_input(arguments):
    with pytest.raises(InvalidArgument):
        classical_field(disc(0), *arguments)
