"""Trees are uniform, and each is a triangulated disc."""

from collections import Counter
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.triangulations.plane_trees import disc_of_tree, height_profile, level_widths, sample_children


def test_all_trees_are_equally_likely():
    rng, number = np.random.default_rng(4), 14000
    counts = Counter(tuple(sample_children(rng, 5).tolist()) for _ in range(number))
    assert len(counts) == 14  # Catalan's number of 4 edges
    chi2 = sum((count - number / 14) ** 2 for count in counts.values()) / (number / 14)
    assert chi2 < 35  # 13 degrees of freedom, one in a thousand


@settings(max_examples=40)
@given(vertices=st.integers(2, 60), seed=st.integers(0, 1000))
def test_a_tree_is_a_disc(vertices, seed):
    children = sample_children(np.random.default_rng(seed), vertices)
    widths, disc = level_widths(children), disc_of_tree(children)
    assert widths.sum() == vertices == disc.vertices
    assert disc.widths.tolist() == widths[:0:-1].tolist()
    triangles = (disc.widths[:-1] + disc.widths[1:]).sum() + disc.widths[-1]
    assert disc.vertices - len(disc.links) + triangles == 1  # Euler's number
    ring = np.append(np.repeat(np.arange(len(disc.widths)), disc.widths), len(disc.widths))
    assert set(abs(np.diff(ring[disc.links], axis=1)).ravel()) <= {0, 1}
    strips = Counter(min(pair) for pair in ring[disc.links].tolist() if pair[0] != pair[1])
    inner = np.append(disc.widths[1:], 0)  # a strip has a link for each of its triangles
    assert [strips[k] for k in range(len(disc.widths))] == (disc.widths + inner).tolist()


def test_links_go_round_in_order():
    """Neighbours in the next ring follow each other, and the last of one vertex is the first of the next."""
    disc = disc_of_tree(np.array([3, 1, 0, 2, 0, 0, 0]))
    links = {tuple(sorted(6 - np.array(link))) for link in disc.links.tolist()}
    assert links == {(0, 1), (0, 2), (0, 3), (1, 2), (2, 3), (1, 3), (1, 4), (1, 5), (2, 5), (3, 5), (3, 6), (3, 4), (4, 5), (5, 6), (4, 6)}


def test_profile_by_enumeration():
    """All trees of five vertices, as balanced words."""
    profile, number = np.zeros(5), 0
    for code in range(256):
        steps = [1 if code >> k & 1 else -1 for k in range(8)]
        path = np.cumsum(steps)
        if path[-1] == 0 and path.min() >= 0:
            number += 1
            profile[0] += 1
            for height, step in zip(path, steps, strict=True):
                profile[height] += step == 1
    np.testing.assert_allclose(height_profile(5), profile / number, rtol=1e-12)


def test_mean_height_is_exact():
    for n in (2, 10, 300):
        profile, m = height_profile(n), n - 1
        assert profile.sum() == pytest.approx(n, rel=1e-10)
        assert profile @ np.arange(n) / n + 0.5 == pytest.approx(4**m / comb(2 * m, m) / 2, rel=1e-10)


def test_samples_follow_the_profile():
    rng, n = np.random.default_rng(3), 60
    heights = np.zeros((3000, n))
    for row in heights:
        widths = level_widths(sample_children(rng, n))
        row[: len(widths)] = widths
    often = height_profile(n) > 0.5
    often[0] = False
    score = (heights.mean(axis=0) - height_profile(n))[often] / (heights.std(axis=0)[often] / np.sqrt(3000))
    assert abs(score).max() < 3.5


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: sample_children(np.random.default_rng(0), 1),
        lambda: height_profile(1),
        lambda: level_widths(np.array([0, 1])),
        lambda: level_widths(np.array([2, 0])),
        lambda: level_widths(np.array([2, -1, 0])),
        lambda: disc_of_tree(np.array([1, 1])),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
