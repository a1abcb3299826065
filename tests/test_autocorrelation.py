"""The memory of a chain whose memory is known."""

import numpy as np
import pytest

from nnqg.autocorrelation import integrated_autocorrelation
from nnqg.errors import InvalidArgument, NotConverged


def test_autocorrelation_of_a_known_process():
    rng, decay = np.random.default_rng(6), 0.8
    series = np.empty((2000, 100))
    series[0] = rng.standard_normal(100)
    for t in range(1, 2000):
        series[t] = decay * series[t - 1] + np.sqrt(1 - decay**2) * rng.standard_normal(100)
    assert integrated_autocorrelation(series) == pytest.approx(9.0, rel=0.05)


def test_independent_numbers_remember_nothing():
    assert integrated_autocorrelation(np.random.default_rng(1).standard_normal((500, 200))) == pytest.approx(1.0, abs=0.03)


def test_scale_and_offset_do_not_matter():
    series = np.random.default_rng(2).standard_normal((300, 20))
    series[1:] += series[:-1]
    assert integrated_autocorrelation(series) == pytest.approx(integrated_autocorrelation(5 - 3 * series), rel=1e-10)


def test_a_series_shorter_than_its_memory():
    with pytest.raises(NotConverged, match="record more sweeps"):
        integrated_autocorrelation(np.cumsum(np.random.default_rng(2).standard_normal((20, 20)), axis=0), mean=0.0)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: integrated_autocorrelation(np.ones((5, 2))), "series: expected at least two sweeps"),
        (lambda: integrated_autocorrelation(np.ones(5)), "series: expected"),
        (lambda: integrated_autocorrelation(np.eye(4), window=0.0), "window: expected"),
        (lambda: integrated_autocorrelation(np.eye(4), mean=np.nan), "mean: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
