"""The transfer matrix has the exact spectrum, and one map explains torus, loops and continuum."""

from math import comb

import numpy as np
import pytest
from scipy.special import i1

from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_gravity.triangulations.transfer_matrix import loop_to_loop, torus, torus_widths, transfer_matrix


@pytest.mark.parametrize("g", [0.3, 0.4, 0.45, 0.48])
def test_spectrum(g):
    F = (1 - np.sqrt(1 - 4 * g * g)) / (2 * g)
    np.testing.assert_allclose(np.linalg.eigvalsh(transfer_matrix(g, 160))[::-1][:4], F ** (2 * np.arange(1, 5)), rtol=1e-9)


@pytest.mark.parametrize("slices", [2, 5, 8])
def test_torus_is_the_trace(slices):
    trace = np.trace(np.linalg.matrix_power(transfer_matrix(0.42, 150), slices))
    assert torus(0.42, slices).sum == pytest.approx(trace, rel=1e-10)


def test_mean_volume_is_a_derivative():
    step = 1e-4
    logs = [np.log(torus(0.45 * np.exp(x), 8).sum) for x in (-step, step)]
    assert torus(0.45, 8).mean == pytest.approx((logs[1] - logs[0]) / (2 * step), rel=1e-6)


def test_smallest_tori():
    """At small g two strips of two triangles are left, which is one torus with a symmetry of order one."""
    g = 1e-3
    assert torus(g, 2).sum / g**4 == pytest.approx(1, abs=1e-4)
    assert torus(g, 2).mean == pytest.approx(4, abs=1e-4)


def test_widths_are_normalised_and_have_the_mean_volume():
    chances = torus_widths(0.45, 8, 120)
    assert chances.sum() == pytest.approx(1, abs=1e-12)
    assert 2 * 8 * (chances @ np.arange(1, 121)) == pytest.approx(torus(0.45, 8).mean, rel=1e-9)


def test_one_strip_between_loops():
    g, once = 0.4, loop_to_loop(0.4, 1, 30)
    expected = [[g ** (a + b) * comb(a + b - 1, b) for b in range(1, 31)] for a in range(1, 31)]
    np.testing.assert_allclose(once, expected, rtol=1e-12)


@pytest.mark.parametrize(("g", "steps"), [(0.4, 2), (0.4, 6), (0.47, 3)])
def test_strips_compose(g, steps):
    many = np.linalg.matrix_power(loop_to_loop(g, 1, 200), steps)
    np.testing.assert_allclose(many[:15, :15], loop_to_loop(g, steps, 15), rtol=1e-9)


def test_loops_as_coefficients_of_the_generating_function():
    g, t, x, y = 0.43, 4, 0.2, 0.3
    F = (1 - np.sqrt(1 - 4 * g * g)) / (2 * g)
    A, B, C = 1 - F ** (2 * t + 2), F * (1 - F ** (2 * t)), F**2 * (1 - F ** (2 * t - 2))
    whole = F ** (2 * t) * (1 - F**2) ** 2 * x * y / ((A - B * x) * (A - B * (x + y) + C * x * y))
    power = np.arange(1, 41)
    assert x**power @ loop_to_loop(g, t, 40) @ y**power == pytest.approx(whole, rel=1e-12)


def test_continuum_is_reached_at_order_two():
    L, last, tau = 1.0, 0.5, 0.5
    exact = np.sqrt(L / last) * np.exp(-(L + last) / np.tanh(tau)) / np.sinh(tau) * i1(2 * np.sqrt(L * last) / np.sinh(tau))
    errors = []
    for n in (10, 20, 40):
        matrix = loop_to_loop(0.5 / np.cosh(1 / n), n // 2, n)
        errors.append(abs(matrix[n - 1, n // 2 - 1] * n / exact - 1))
    assert np.log2(np.divide(errors[:-1], errors[1:])) == pytest.approx([2, 2], abs=0.05)


def test_too_few_widths_are_refused():
    with pytest.raises(NotConverged, match="largest"):
        torus_widths(0.49, 4, 20)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: transfer_matrix(0.5, 10),
        lambda: transfer_matrix(0.6, 10),
        lambda: transfer_matrix(-0.1, 10),
        lambda: transfer_matrix(0.4, 0),
        lambda: torus(0.7, 4),
        lambda: torus(0.4, 0),
        lambda: torus_widths(0.4, 0, 30),
        lambda: loop_to_loop(0.5, 2, 10),
        lambda: loop_to_loop(0.4, 0, 10),
        lambda: loop_to_loop(0.4, 1, 301),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
