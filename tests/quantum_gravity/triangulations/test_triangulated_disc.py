"""Strips are drawn uniformly, and sampled rings are triangulated discs."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.triangulations.triangulated_disc import sample_disc

WIDTHS = np.array([9, 7, 4, 2])


def sample_strip(rng, outer, inner):
    """The links between the two rings of a disc, as pairs of places in the rings."""
    links = sample_disc(rng, np.array([outer, inner])).links
    return links[(links[:, 0] < outer) & (links[:, 1] >= outer) & (links[:, 1] < outer + inner)] - [0, outer]


@settings(max_examples=40)
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


def test_sampled_rings_are_a_disc():
    disc = sample_disc(np.random.default_rng(2), WIDTHS)
    triangles = (WIDTHS[:-1] + WIDTHS[1:]).sum() + WIDTHS[-1]
    assert disc.vertices - len(disc.links) + triangles == 1  # Euler's number of a disc
    assert abs(disc.laplacian.sum(axis=1)).max() == 0
    assert (disc.laplacian - disc.laplacian.T).nnz == 0
    values = np.linalg.eigvalsh(disc.laplacian.toarray())
    assert values[1] > 0.01  # connected


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: sample_disc(np.random.default_rng(0), np.array([3, 0])),
        lambda: sample_disc(np.random.default_rng(0), np.array([3.0, 2.0])),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
