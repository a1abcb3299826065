"""The Jacobian against exact derivatives, the spectrum against its definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg import identifiability
from nnqg.errors import Diverged, InvalidArgument


def nonlinear(x: np.ndarray) -> np.ndarray:
    return np.array([np.sin(x[0]) * x[1], np.exp(x[1]), x[0] ** 3])


def exact_jacobian(x: np.ndarray) -> np.ndarray:
    return np.array([[np.cos(x[0]) * x[1], np.sin(x[0])], [0.0, np.exp(x[1])], [3 * x[0] ** 2, 0.0]])


@given(st.floats(-2, 2), st.floats(-2, 2))
def test_jacobian_is_exact_to_rounding(a, b):
    x = np.array([a, b])
    assert np.allclose(identifiability.jacobian(nonlinear, x), exact_jacobian(x), atol=1e-8)


def test_jacobian_has_order_two():
    x = np.array([0.7, 0.3])
    errors = [np.abs(identifiability.jacobian(nonlinear, x, step) - exact_jacobian(x)).max() for step in (0.1, 0.05)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.05)


def test_spectrum_rebuilds_the_information_matrix():
    matrix = np.random.default_rng(0).standard_normal((7, 4))
    found = identifiability.spectrum(matrix)
    assert np.allclose(found.directions.T @ np.diag(found.values**2) @ found.directions, matrix.T @ matrix)
    assert (found.directions.max(axis=1) == np.abs(found.directions).max(axis=1)).all()


def test_a_combination_that_the_data_ignore_is_not_determined():
    only_the_sum = identifiability.jacobian(lambda x: np.full(5, x.sum()), np.array([1.0, 2.0, 3.0]))
    assert identifiability.determined(identifiability.spectrum(only_the_sum).values, threshold=1e-6) == 1


@pytest.mark.bad_input
def test_bad_input_is_refused():
    with pytest.raises(InvalidArgument, match="shape"):
        identifiability.jacobian(nonlinear, np.ones((2, 2)))
    with pytest.raises(InvalidArgument, match="step"):
        identifiability.jacobian(nonlinear, np.ones(2), step=0.0)
    with pytest.raises(InvalidArgument, match="jacobian"):
        identifiability.spectrum(np.array([[np.nan]]))
    with pytest.raises(InvalidArgument, match="threshold"):
        identifiability.determined(np.ones(2), threshold=-1.0)
    with pytest.raises(Diverged, match="Jacobian"):
        identifiability.jacobian(lambda x: x * np.nan, np.ones(2))
    for function in (np.sum, np.diag, lambda x: x[None], lambda x: x[: 1 + (x[0] > 1)], lambda x: [1.0], lambda x: None, lambda x: 1j * x):
        with pytest.raises(InvalidArgument, match="function: expected a numpy array of shape"):
            identifiability.jacobian(function, np.ones(2))
