"""A change of frame keeps the layer, and what cannot be undone is refused."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.symmetries.rescaling.attention_frames import change_frame


def layer(x, q, k, v):
    return np.maximum((x @ q) @ (x @ k).T, 0) @ (x @ v)


@pytest.fixture
def problem():
    rng = np.random.default_rng(2)
    return rng.standard_normal((9, 4)), tuple(rng.standard_normal((3, 4, 3)))


@pytest.mark.parametrize("alpha", [(1.0, 1.0, 1.0), (2.0, 3.0, 1 / 6), (-2.0, -3.0, 1 / 6), (2.0, 0.5, 1.0)])
@pytest.mark.parametrize("seed", range(3))
def test_the_layer_stays_as_it_was(problem, alpha, seed):
    x, weights = problem
    A = np.random.default_rng(seed).standard_normal((3, 3))
    np.testing.assert_allclose(layer(x, *change_frame(weights, A, alpha)), layer(x, *weights), rtol=1e-10, atol=1e-10)


def test_a_change_and_its_inverse_are_none(problem):
    _, weights = problem
    A = np.array([[2.0, 1.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 0.5]])
    back = change_frame(change_frame(weights, A, (2.0, 3.0, 1 / 6)), np.linalg.inv(A), (0.5, 1 / 3, 6.0))
    for one, other in zip(back, weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)


def test_factors_of_different_signs_do_not_keep_it(problem):
    x, weights = problem
    moved = layer(x, *change_frame(weights, np.eye(3), (-2.0, 3.0, -1 / 6)))
    assert abs(moved - layer(x, *weights)).max() > 1


ONE = (np.eye(2), np.eye(2), np.eye(2))


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: change_frame(ONE, np.ones((2, 2))), "A: expected an invertible matrix, got condition number"),
        (lambda: change_frame(ONE, np.zeros((2, 2))), "A: expected an invertible matrix"),
        (lambda: change_frame(ONE, np.eye(3)), "A: expected shape"),
        (lambda: change_frame(ONE, np.eye(2), (1.0, 0.0, 1.0)), "alpha: expected factors other than 0"),
        (lambda: change_frame(ONE, np.eye(2), (1.0, np.nan, 1.0)), "alpha.1.: expected a finite number"),
        (lambda: change_frame((np.eye(2), np.ones((2, 3)), np.eye(2)), np.eye(2)), r"w\(k\): expected shape"),
        (lambda: change_frame((np.ones(2), np.eye(2), np.eye(2)), np.eye(2)), r"weights.0.: expected shape"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
