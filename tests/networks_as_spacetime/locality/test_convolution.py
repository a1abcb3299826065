"""Convolutional layers as differential operators: exactness, order, invariants and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnqg.errors import InvalidArgument
from nnqg.networks_as_spacetime.locality.convolution import circulant, coefficients, convolve, operator_weights

NUMBERS = st.floats(min_value=-5, max_value=5)


def test_convolution_is_numpys_and_torchs():
    import torch

    rng = np.random.default_rng(0)
    field, weights = rng.standard_normal((4, 12)), rng.standard_normal(5)
    padded = np.concatenate([field[:, -2:], field, field[:, :2]], axis=1)
    assert convolve(field[0], weights) == pytest.approx(np.correlate(padded[0], weights, "valid"), abs=1e-14)
    layer = torch.nn.functional.conv1d(torch.tensor(padded)[:, None], torch.tensor(weights)[None, None])
    assert convolve(field, weights) == pytest.approx(layer[:, 0].numpy(), abs=1e-14)


def test_the_right_weight_looks_right():
    assert np.array_equal(convolve(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 0.0, 1.0])), [1, 2, 3, 0])


def test_matrix_and_layer_agree_and_translations_commute():
    rng = np.random.default_rng(1)
    field, weights = rng.standard_normal(9), rng.standard_normal(3)
    matrix = circulant(weights, 9)
    assert matrix @ field == pytest.approx(convolve(field, weights), abs=1e-14)
    assert convolve(np.roll(field, 4), weights) == pytest.approx(np.roll(convolve(field, weights), 4), abs=1e-14)
    assert (matrix != 0).sum() == 27


@given(NUMBERS, NUMBERS, NUMBERS, st.floats(min_value=0.01, max_value=2))
def test_three_weights_and_three_coefficients(a, b, c, spacing):
    weights = operator_weights(np.array([a, b, c]), spacing)
    formula = np.array([c / spacing**2 - b / 2 / spacing, a - 2 * c / spacing**2, c / spacing**2 + b / 2 / spacing])
    assert weights == pytest.approx(formula, rel=1e-12, abs=1e-9)
    assert coefficients(weights, spacing) == pytest.approx(np.array([a, b, c]), abs=1e-10)


@pytest.mark.parametrize("points", [3, 5, 7])
def test_exact_on_polynomials_up_to_the_number_of_weights(points):
    rng = np.random.default_rng(points)
    wanted, h, x = rng.standard_normal(points), points // 2, np.arange(15) * 0.3
    weights = operator_weights(wanted, 0.3)
    for m in range(points + 1):
        polynomial = np.polynomial.Polynomial.basis(m)
        exact = sum(c * (polynomial.deriv(k) if k else polynomial)(x) for k, c in enumerate(wanted))
        gap = abs(convolve(polynomial(x), weights) - exact)[h:-h].max() / abs(exact).max()
        assert gap < 1e-10 if m < points else gap > 1e-6


def test_the_first_coefficients_that_are_not_free():
    a, b, c = 0.7, -1.3, 0.4
    higher = coefficients(np.pad(operator_weights(np.array([a, b, c]), 0.2), 1), 0.2)[3:]  # two neighbours more, of weight 0
    assert higher == pytest.approx(np.array([0.2**2 * b / 6, 0.2**2 * c / 12]))


@pytest.mark.parametrize("derivative", [1, 2])
def test_order_two_on_a_smooth_function(derivative):
    errors = []
    for n in (32, 64):
        x = 2 * np.pi * np.arange(n) / n
        weights = operator_weights(np.eye(3)[derivative], 2 * np.pi / n)
        exact = (np.cos(x), np.cos(x) ** 2 - np.sin(x))[derivative - 1] * np.exp(np.sin(x))
        errors.append(abs(convolve(np.exp(np.sin(x)), weights) - exact).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2, abs=0.05)


def test_gradient_by_the_weights_is_the_shifted_field():
    field, weights = np.random.default_rng(0).standard_normal(8), np.array([0.1, -0.4, 2.0])
    for k in range(3):
        step = 1e-6 * np.eye(3)[k]
        numeric = (convolve(field, weights + step) - convolve(field, weights - step)) / 2e-6
        assert numeric == pytest.approx(np.roll(field, 1 - k), abs=1e-9)


@pytest.mark.bad_input
def test_bad_input():
    three = np.ones(3)
    for bad in (np.ones(2), np.ones((3, 3)), np.array([np.nan]), [1.0], None):
        with pytest.raises(InvalidArgument, match="weights"):
            convolve(np.zeros(9), bad)
        with pytest.raises(InvalidArgument, match="weights"):
            coefficients(bad, 0.1)
        with pytest.raises(InvalidArgument, match="wanted"):
            operator_weights(bad, 0.1)
    with pytest.raises(InvalidArgument, match="weights"):
        circulant(np.ones(5), 4)
    with pytest.raises(InvalidArgument, match="field"):
        convolve(np.array([np.inf, 0.0, 0.0]), three)
    for bad in (0, -0.1, np.nan, "1"):
        with pytest.raises(InvalidArgument, match="spacing"):
            coefficients(three, bad)
        with pytest.raises(InvalidArgument, match="spacing"):
            operator_weights(three, bad)
    for bad in (0, 2.5, True):
        with pytest.raises(InvalidArgument, match="sites"):
            circulant(three, bad)
