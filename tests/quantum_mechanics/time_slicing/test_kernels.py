"""Sliced kernels are exact for the free particle, and converge to Mehler's with the order of their rule."""

import numpy as np
import pytest
from scipy.integrate import quad

from nnqg.errors import InvalidArgument
from nnqg.quantum_mechanics.time_slicing.kernels import RULES, GaussianKernel, oscillator_kernel, sliced_kernel

ANGLES = (0.0, 0.7, np.pi / 2)


def division(steps, duration=0.9):
    return np.linspace(0, duration, steps + 1)


def distance(first, second):
    return max(abs(getattr(first, part) / getattr(second, part) - 1) for part in ("norm", "final", "mixed", "initial"))


@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize("steps", [2, 7, 200])
def test_the_free_kernel_is_exact_on_any_division(angle, steps):
    times = np.cumsum(np.random.default_rng(steps).uniform(0.1, 1, steps + 1))
    exact = oscillator_kernel(times[-1] - times[0], angle=angle, m=1.3, hbar=0.7)
    assert distance(sliced_kernel(times, angle=angle, m=1.3, hbar=0.7), exact) < 1e-12


@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize(("rule", "order"), [("trapezoid", 2), ("network", 1), ("midpoint", 1)])
def test_order_and_prefactor_of_the_rules(angle, rule, order):
    m, omega, T = 1.3, 1.4, 0.9
    exact = oscillator_kernel(T, omega, angle, m=m, hbar=0.7)(0.0, 0.0)
    errors = [abs(sliced_kernel(division(n), m * omega**2, angle, rule, m=m, hbar=0.7)(0.0, 0.0) / exact - 1) for n in (100, 200)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.02)
    if order == 1:
        assert errors[1] == pytest.approx(RULES[rule] * omega**2 * T * T / 200 / 2, rel=0.02)


@pytest.mark.parametrize("duration", [1.0, 4.0, 7.0, 10.0])
def test_phase_beyond_the_caustics(duration):
    exact = oscillator_kernel(duration, 1.0)
    assert distance(sliced_kernel(division(4000, duration), 1.0), exact) < 1e-5
    assert np.angle(exact.norm) == pytest.approx(np.angle(np.exp(-1j * np.pi * (0.25 + 0.5 * (duration // np.pi)))))


def test_exact_kernels_compose():
    for angle, first, second in ((0.0, 0.4, 5.0), (0.3, 1.0, 2.0), (np.pi / 2, 0.1, 3.0)):
        whole = oscillator_kernel(first + second, 1.7, angle)
        assert distance(oscillator_kernel(first, 1.7, angle) @ oscillator_kernel(second, 1.7, angle), whole) < 1e-12


def test_composition_is_the_integral_over_the_point_between():
    first, second = oscillator_kernel(0.5, 1.0, np.pi / 2), sliced_kernel(division(3), np.array([0.0, 1.0, 4.0, 9.0]), np.pi / 2)
    by_hand = quad(lambda y: (first(0.3, y) * second(y, -0.7)).real, -np.inf, np.inf)[0]
    assert complex((first @ second)(0.3, -0.7)) == pytest.approx(by_hand, rel=1e-9)


def test_a_soft_oscillator_is_free_and_a_long_imaginary_time_leaves_the_ground_state():
    assert distance(oscillator_kernel(1.1, 1e-7), oscillator_kernel(1.1)) < 1e-12
    late = oscillator_kernel(30.0, 2.0, np.pi / 2)(0.4, -0.1)
    assert complex(late) == pytest.approx(np.sqrt(2 / np.pi) * np.exp(-0.16 - 0.01 - 30.0), rel=1e-12)


def test_imaginary_time_is_real_and_positive():
    kernel = oscillator_kernel(0.6, 1.2, np.pi / 2)(np.linspace(-1, 1, 5), 0.3)
    assert (abs(kernel.imag) == 0).all() and (kernel.real > 0).all()


def test_a_stiffness_in_time_is_taken_at_its_times():
    times, k = np.array([0.0, 0.4, 1.0]), np.array([1.0, 2.0, 5.0])
    kinetic = 1 / 0.4 + 1 / 0.6  # at both ends x = 1
    at_ends = (0.4 * 1.0 + 0.6 * 5.0) / 2
    middle = kinetic + 2.0 * (0.4 + 0.6) / 2
    integral = np.sqrt(2 * np.pi / middle) * np.exp(kinetic**2 / (2 * middle) - (kinetic + at_ends) / 2)
    expected = integral / np.sqrt(2 * np.pi * 0.4 * 2 * np.pi * 0.6)
    assert complex(sliced_kernel(times, k, np.pi / 2)(1.0, 1.0)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.bad_input
@pytest.mark.parametrize("duration", [0.0, -1.0, np.nan, np.pi, 2 * np.pi])
def test_times_that_are_none_and_caustics_are_refused(duration):
    with pytest.raises(InvalidArgument, match="duration"):
        oscillator_kernel(duration, 1.0)


@pytest.mark.bad_input
def test_a_caustic_of_the_lattice_is_refused():
    one_step = GaussianKernel(1, -1j, -1j, -1j)
    with pytest.raises(InvalidArgument, match="caustic"):
        one_step @ GaussianKernel(1, 1j, 1j, 1j)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "change", [{"angle": 2.0}, {"angle": -0.1}, {"rule": "simpson"}, {"m": 0.0}, {"hbar": -1.0}, {"k": np.ones(3)}, {"k": np.inf}]
)
def test_other_bad_input(change):
    with pytest.raises(InvalidArgument, match=next(iter(change))):
        sliced_kernel(division(8), **change)
    with pytest.raises(InvalidArgument, match="time steps"):
        sliced_kernel(division(1))
    with pytest.raises(InvalidArgument, match="omega"):
        oscillator_kernel(1.0, -1.0)
