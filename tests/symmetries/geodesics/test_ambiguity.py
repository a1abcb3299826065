"""The equations for the metric hold for the true one, and count the parallel and the Killing tensors."""

import numpy as np
import pytest
import torch

from nnqg.errors import InvalidArgument
from nnqg.identifiability import spectrum
from nnqg.symmetries.geodesics.ambiguity import combination, metric_rows, rational
from nnqg.symmetries.geodesics.paths import acceleration


@pytest.fixture
def states():
    rng = np.random.default_rng(4)
    return torch.as_tensor(0.6 * rng.uniform(-1, 1, (400, 2))), torch.as_tensor(rng.standard_normal((400, 2)))


@pytest.mark.parametrize(
    ("c", "timed", "expected"), [(1, True, 1), (-1, True, 1), (0, True, 3), (1, False, 6), (-1, False, 6), (0, False, 6)]
)
def test_metrics_with_the_same_paths_are_counted(states, c, timed, expected):
    def metric(x):
        return torch.eye(2) * (4 / (1 + c * (x**2).sum(-1)) ** 2)[:, None, None]

    rows = metric_rows(rational(4, float(c)), *states, acceleration(metric, *states), timed=timed)
    assert rows.shape == (400 * (1 + timed), 45)
    values = spectrum(rows.numpy()).values
    assert (values < 1e-12 * values[0]).sum() == expected


@pytest.mark.parametrize("timed", [True, False])
def test_a_metric_solves_its_own_equations(states, timed):
    basis = rational(2, 0.5)
    coefficients = torch.zeros(18, dtype=torch.float64)
    coefficients[[0, 12]] = 5.0
    coefficients += 0.3 * torch.sin(torch.arange(18.0))
    rows = metric_rows(basis, *states, acceleration(combination(coefficients, basis), *states), timed=timed)
    assert float((rows @ coefficients).abs().max() / rows.abs().max()) < 1e-13


@pytest.mark.bad_input
def test_bad_input_is_refused(states):
    x, v = states
    for degree in (-1, 10**7):
        with pytest.raises(InvalidArgument, match="degree"):
            rational(degree, 1.0)
    with pytest.raises(InvalidArgument, match="c"):
        rational(2, float("nan"))
    with pytest.raises(InvalidArgument, match="a"):
        metric_rows(rational(2, 1.0), x, v, v[:3], timed=True)
