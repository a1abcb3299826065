"""Strips are drawn uniformly, sampled networks are triangulated discs, and their field obeys the variational principle."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.discussion.three_steps.layered_field import LayeredField, widths_to_weights
from nnqg.discussion.three_steps.sampled_architecture import sample_architecture, sample_strip
from nnqg.errors import InvalidArgument

WIDTHS = np.array([9, 7, 4, 2])


@settings(max_examples=40, deadline=None)
@given(outer=st.integers(1, 12), inner=st.integers(1, 12), seed=st.integers(0, 1000))
def test_a_strip_goes_round_both_rings_once(outer, inner, seed):
    links = sample_strip(np.random.default_rng(seed), outer, inner)
    steps = (np.roll(links, -1, axis=0) - links) % [outer, inner]
    assert len(links) == outer + inner
    assert set(links[:, 0]) == set(range(outer)) and set(links[:, 1]) == set(range(inner))
    if outer > 1 and inner > 1:
        assert (steps.sum(axis=1) == 1).all()  # each triangle moves on by one vertex of one ring


def test_strips_are_equally_likely():
    """Two rings of 2: labelled strips are cyclic link sequences up to where one begins; all occur equally often."""
    rng = np.random.default_rng(1)

    def form(links):
        rows = [tuple(row) for row in links.tolist()]
        return min(tuple(rows[k:] + rows[:k]) for k in range(len(rows)))

    counts = Counter(form(sample_strip(rng, 2, 3)) for _ in range(12000))
    labelled = 10 * 6 / 5  # binomial(5, 2) l l' / (l + l')
    assert len(counts) == labelled
    assert abs(np.array(list(counts.values())) / (12000 / labelled) - 1).max() < 5 / np.sqrt(1000)


def test_a_sampled_network_is_a_disc():
    network = sample_architecture(np.random.default_rng(2), WIDTHS)
    triangles = (WIDTHS[:-1] + WIDTHS[1:]).sum() + WIDTHS[-1]
    assert network.units - len(network.links) + triangles == 1  # Euler's number of a disc
    assert abs(network.laplacian.sum(axis=1)).max() == 0
    assert (network.laplacian - network.laplacian.T).nnz == 0
    values = np.linalg.eigvalsh(network.laplacian.toarray())
    assert values[1] > 0.01  # connected


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), source=st.floats(0.2, 2))
def test_action_is_below_that_of_the_folded_field(seed, source):
    network = sample_architecture(np.random.default_rng(seed), WIDTHS)
    folded = LayeredField(*widths_to_weights(WIDTHS.astype(float)), 0.2, 3.0, 1.0)
    assert network.saddle(source, 0.2, 3.0, 1.0)[0] <= float(folded.action(folded.saddle(source))) + 1e-13


def test_a_regular_network_is_its_folded_version():
    """Rings of one unit each have no room to vary: the two actions agree."""
    widths = np.array([1, 1, 1, 1])
    network = sample_architecture(np.random.default_rng(0), widths)
    folded = LayeredField(*widths_to_weights(widths.astype(float)), 0.2, 3.0, 1.0)
    _, response, phi = network.saddle(1.0, 0.2, 3.0, 1.0)
    assert response == pytest.approx(float(folded.classical_response(1.0)), abs=1e-11)
    np.testing.assert_allclose(phi[:4], folded.saddle(1.0), atol=1e-11)


def test_response_is_the_derivative_of_the_action():
    network, step = sample_architecture(np.random.default_rng(3), WIDTHS), 1e-5
    actions = [network.saddle(1 + sign * step, 0.2, 3.0, 1.0)[0] for sign in (1, -1)]
    assert network.saddle(1.0, 0.2, 3.0, 1.0)[1] == pytest.approx((actions[0] - actions[1]) / (2 * step), abs=1e-8)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: sample_strip(np.random.default_rng(0), 0, 3),
        lambda: sample_architecture(np.random.default_rng(0), np.array([3.0, 2.0])),
        lambda: sample_architecture(np.random.default_rng(0), np.array([3, 0])),
        lambda: sample_architecture(np.random.default_rng(0), WIDTHS).saddle(np.nan, 0.1, 1.0, 0.0),
        lambda: sample_architecture(np.random.default_rng(0), WIDTHS).saddle(1.0, 0.1, -1.0, 0.0),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
