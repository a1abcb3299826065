"""Training: same draws, same weights; a planted line is learned; the start is not touched."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.condensate.data import LabelledData, augment
from nnqg.emergent_spacetime.neural_ode.inwards import window_loss
from nnqg.emergent_spacetime.neural_ode.training import random_start, train
from nnqg.errors import InvalidArgument


@pytest.fixture
def line():
    return augment(np.polynomial.Polynomial([0.0, 5.0]), np.random.default_rng(5), each=500)


def test_start_is_the_published_one():
    start = random_start(np.random.default_rng(0))
    assert start.shape == (11,)
    assert start[:-2].min() >= 0 and start[:-2].max() <= 2
    np.testing.assert_array_equal(start[-2:], [0.005, 0.78])


def test_same_draws_same_weights(line):
    start = random_start(np.random.default_rng(1))
    kept = start.copy()
    one, two = (train(start, line, np.random.default_rng(2), iterations=50, records=5) for _ in range(2))
    np.testing.assert_array_equal(one.weights, two.weights)
    np.testing.assert_array_equal(start, kept)
    assert one.history.shape == (5,)


def test_first_update_is_one_rate_long(line):
    """Adam's first step is the rate in every weight that has a gradient."""
    start = random_start(np.random.default_rng(1))
    moved = train(start, line, np.random.default_rng(2), iterations=1, records=1, rates=(1e-3, 1e-3)).weights - start
    assert np.abs(moved).max() == pytest.approx(1e-3, rel=1e-3)


def test_a_line_is_learned(line):
    start = random_start(np.random.default_rng(1), degree=8)
    trained = train(start, line, np.random.default_rng(2), iterations=7000, rates=(1e-2, 1e-3), steps=30)
    assert window_loss(trained.weights, line, steps=200).missed < 0.3 < window_loss(start, line).missed
    assert trained.history[-1] < trained.history[0]


@pytest.mark.bad_input
def test_bad_input_is_named(line):
    start = random_start(np.random.default_rng(1))
    only = LabelledData(np.full(2, 0.1), np.ones(2), np.ones(2))
    with pytest.raises(InvalidArgument, match="rarer label"):
        train(start, only, np.random.default_rng(1), iterations=60)
    with pytest.raises(InvalidArgument, match="rates"):
        train(start, line, np.random.default_rng(1), rates=(0.0, 1e-3))
    with pytest.raises(InvalidArgument, match="iterations"):
        train(start, line, np.random.default_rng(1), iterations=10, records=60)
    with pytest.raises(InvalidArgument, match="degree"):
        random_start(np.random.default_rng(1), degree=-1)
