"""Connected four-point functions of samples against numbers that are known."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.quantum_mechanics.wide_networks.correlators import connected_four_point


def test_gaussian_variables_have_none():
    x = np.random.default_rng(1).standard_normal((100_000, 4)) @ np.linalg.cholesky(0.4 + 0.6 * np.eye(4)).T
    value, error = connected_four_point(x)
    assert abs(value) < 4 * error < 0.1


def test_it_falls_like_one_over_the_width():
    """Coins: the cumulant of one is -2, of N of them over the root of N it is -2 / N."""
    rng = np.random.default_rng(2)
    for width in (1, 2, 4):
        x = rng.choice([-1.0, 1.0], (200_000, width)).sum(1) / width**0.5
        value, error = connected_four_point(np.repeat(x[:, None], 4, axis=1))
        assert abs(value + 2 / width) < 4 * error + 1e-3


def test_error_is_the_scatter_over_repetitions():
    rng = np.random.default_rng(3)
    runs = np.array([connected_four_point(np.exp(0.3 * rng.standard_normal((500, 1))) * rng.standard_normal((500, 4))) for _ in range(300)])
    assert runs[:, 0].std() == pytest.approx(runs[:, 1].mean(), rel=0.2)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.full((20, 4), np.nan), "x: expected"),
        (np.ones((5, 4)), "networks: expected an integer >= 10"),
    ],
)
def test_bad_samples(x, message):
    with pytest.raises(InvalidArgument, match=message):
        connected_four_point(x)
