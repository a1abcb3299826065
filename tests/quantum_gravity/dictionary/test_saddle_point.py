"""The state of lowest energy is a forward network, and one determinant is what it misses at first order."""

import numpy as np
import pytest
from scipy.optimize import minimize
from stacks import ball, black_brane, rings, two_layers

from nnqg.discussion.deep_boltzmann.depth_quadrature import clamp
from nnqg.errors import Diverged, InvalidArgument
from nnqg.quantum_gravity.dictionary.gaussian_layers import layer_recursion
from nnqg.quantum_gravity.dictionary.saddle_point import classical_profile, minimise, one_loop, response


@pytest.mark.parametrize("source", [-0.3, 1.5, 20.0])
def test_profile_solves_the_field_equation(source):
    stack = black_brane(12)
    profile = classical_profile(stack, source)
    assert profile[0] == source
    scale = stack.links.max() * abs(source)
    assert abs(stack.slope(profile)[1:]).max() < 1e-11 * scale


def test_profile_is_the_minimum_that_scipy_finds():
    stack = black_brane(5)
    found = minimize(
        lambda hidden: float(stack.energy(np.append(1.5, hidden))),
        np.ones(5),
        jac=lambda hidden: stack.slope(np.append(1.5, hidden))[1:],
        tol=1e-12,
    )
    np.testing.assert_allclose(classical_profile(stack, 1.5)[1:], found.x, atol=1e-6)


@pytest.mark.parametrize("source", [0.2, 1.5])
def test_profile_is_the_forward_network(source):
    stack = black_brane(16)
    profile = classical_profile(stack, source)
    rolled, output = stack.roll_out(source, stack.links[0] * (profile[0] - profile[1]))
    np.testing.assert_allclose(rolled, profile, atol=1e-11)
    assert abs(output) < 1e-10


def test_free_response_is_the_recursion():
    stack = black_brane(10, lam=0.0)
    flux = layer_recursion(stack)[0] - stack.quadratic[0]
    assert abs(stack.roll_out(1.0, flux)[1]) < 1e-10
    assert stack.energy(classical_profile(stack, 1.0)) == pytest.approx(layer_recursion(stack)[0] / 2, rel=1e-11)


def test_loop_expansion_has_its_orders():
    stack, hbars = black_brane(6), (0.1, 0.05, 0.025)
    loop = one_loop(stack, 1.5)
    exact = [clamp(stack, 1.5, hbar) for hbar in hbars]
    off = [found.moment(1) - loop.profile[1:] for found in exact]
    tree = [abs(value).max() for value in off]
    corrected = [abs(value - hbar * loop.shift[1:]).max() for value, hbar in zip(off, hbars, strict=True)]
    action = [abs(found.log_z - loop.log_z(hbar)) for found, hbar in zip(exact, hbars, strict=True)]
    for values, order in ((tree, 1), (corrected, 2), (action, 1)):
        np.testing.assert_allclose(np.log2(np.divide(values[:-1], values[1:])), order, atol=0.1)


def test_one_loop_is_exact_for_a_free_machine():
    stack = black_brane(7, lam=0.0)
    loop = one_loop(stack, 1.1)
    assert loop.log_z(0.3) == pytest.approx(clamp(stack, 1.1, 0.3).log_z, rel=1e-11)
    assert abs(loop.shift).max() == 0
    assert loop.half_log_det == pytest.approx(np.linalg.slogdet(stack.precision[1:, 1:])[1] / 2)


def test_free_field_in_hyperbolic_space_at_order_two():
    errors = np.array([float(response(ball(n, lam=0.0), 1.0)) - np.tanh(1) for n in (10, 20, 40)])
    spacing = 1 / (np.array([10, 20, 40]) + 0.5)
    assert np.diff(np.log(errors)) / np.diff(np.log(spacing)) == pytest.approx([2, 2], abs=0.05)


def test_response_is_the_derivative_of_the_action():
    stack, step = ball(), 1e-5
    up, down = (stack.energy(classical_profile(stack, 1 + sign * step)) for sign in (1, -1))
    assert float(response(stack, 1.0)) == pytest.approx(float(up - down) / (2 * step), abs=1e-9)


def test_one_loop_response_is_the_derivative_of_the_determinant():
    stack, step = ball(), 1e-5
    logs = [one_loop(stack, 1 + sign * step).half_log_det for sign in (1, -1)]
    assert float(one_loop(stack, 1.0).response) == pytest.approx(float(logs[0] - logs[1]) / (2 * step), abs=1e-8)


def test_one_loop_scales_with_the_coupling():
    """Rescaling phi by a and lambda by 1/a^2 rescales the action by a^2, so the coefficient of hbar by 1/a."""
    assert float(one_loop(ball(lam=4.0), 0.5).response) == pytest.approx(2 * float(one_loop(ball(lam=1.0), 1.0).response), rel=1e-10)


def test_a_batch_is_its_members():
    widths = np.array([[9.0, 5.0, 2.0], [9.0, 8.0, 6.0]])
    batch = one_loop(rings(widths, 0.2, 1.0, 0.5), 0.7)
    for k, row in enumerate(widths):
        one = one_loop(rings(row, 0.2, 1.0, 0.5), 0.7)
        for name in ("profile", "action", "half_log_det", "shift", "response"):
            np.testing.assert_allclose(getattr(batch, name)[k], getattr(one, name), rtol=1e-12)


def test_a_start_from_which_whole_steps_diverge():
    """log cosh has a minimum at 0, but Newton's steps from beyond 1.09 overshoot further each time."""
    found = minimise(
        lambda x: np.log(np.cosh(x[..., 1])), lambda x: np.sinh(x[..., 1:]) * np.cosh(x[..., 1:]), np.array([[0.0, 1.5], [0.0, 0.3]])
    )
    np.testing.assert_allclose(found, 0, atol=1e-12)


def test_a_machine_that_does_not_exist():
    with pytest.raises(Diverged):
        classical_profile(black_brane(8, m2=-30.0), 1.0)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: classical_profile(two_layers(), np.nan), "source: expected"),
        (lambda: one_loop(two_layers(), 1.0).log_z(0.0), "hbar: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
