"""The feed-forward network is the saddle point of the Boltzmann machine, and both have their exact limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import dblquad

from nnqg.discussion.three_steps.layered_field import LayeredField, quadrature_grid, widths_to_weights
from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_gravity.triangulations.random_widths import classical_widths


def ball(layers=10, m2=3.0, lam=1.0):
    spacing = 1 / (layers + 0.5)
    return LayeredField(*widths_to_weights(classical_widths(layers, spacing)), spacing, m2, lam)


def small(lam=1.0):
    return LayeredField(np.array([1.0, 0.7, 0.4]), np.array([0.8, 0.5]), 0.3, 2.0, lam)


def test_free_field_in_hyperbolic_space_at_order_two():
    errors = np.array([float(ball(n, lam=0.0).classical_response(1.0)) - np.tanh(1) for n in (10, 20, 40)])
    spacing = 1 / (np.array([10, 20, 40]) + 0.5)
    assert np.diff(np.log(errors)) / np.diff(np.log(spacing)) == pytest.approx([2, 2], abs=0.05)


@settings(max_examples=20, deadline=None)
@given(source=st.floats(-2, 2), lam=st.floats(0, 3))
def test_network_accepts_the_minimum(source, lam):
    field = ball(lam=lam)
    phi, left_over = field.roll_out(source, field.classical_response(source))
    assert abs(left_over) < 1e-11
    np.testing.assert_allclose(phi, field.saddle(source), atol=1e-11)


def test_response_is_the_derivative_of_the_action():
    field, step = ball(), 1e-5
    up, down = (field.action(field.saddle(1 + sign * step)) for sign in (1, -1))
    slope = float(up - down) / (2 * step)
    assert float(field.classical_response(1.0)) == pytest.approx(slope, abs=1e-9)


def test_action_by_hand():
    """Kinetic 0.8 / 0.6 + 0.5 / 0.6 * 4, potential 0.3 (0 / 2 + 0.7 (1 + 1/4) + 0.4 (1 + 1/4))."""
    assert float(small().action(np.array([0.0, 1.0, -1.0]))) == pytest.approx(2.8 / 0.6 + 0.3 * 1.1 * 1.25, rel=1e-12)


def test_one_loop_is_the_derivative_of_the_determinant():
    field, step = ball(), 1e-5
    logs = [np.linalg.slogdet(field._hessian(field.saddle(1 + sign * step)))[1] for sign in (1, -1)]
    assert float(field.one_loop(1.0)) == pytest.approx((logs[0] - logs[1]) / (4 * step), abs=1e-8)


def test_machine_by_adaptive_integration():
    field, hbar, source = small(), 0.4, 0.8

    def weight(b, a):
        phi = np.array([source, a, b])
        kinetic = (field.links * np.diff(phi) ** 2).sum() / (2 * field.spacing)
        potential = field.spacing * (field.layers * field.potential(phi))
        norm = np.sqrt(field.links / (2 * np.pi * hbar * field.spacing)).prod()
        return norm * np.exp(-(kinetic + potential.sum() - potential[0] / 2) / hbar)

    expected = dblquad(weight, -4, 4, -4, 4, epsabs=1e-11)[0]
    assert float(field.quantum(source, hbar)[0]) == pytest.approx(np.log(expected), abs=1e-8)


def test_quantum_response_is_the_derivative_of_log_z():
    field, hbar, step = ball(), 0.2, 1e-4
    logs = [field.quantum(1 + sign * step, hbar)[0] for sign in (1, -1)]
    assert float(field.quantum(1.0, hbar)[1]) == pytest.approx(-hbar * (logs[0] - logs[1]) / (2 * step), abs=1e-7)


def test_free_machine_responds_classically():
    field = ball(lam=0.0)
    for hbar in (0.05, 0.3):
        assert float(field.quantum(1.0, hbar, 12.0)[1]) == pytest.approx(float(field.classical_response(1.0)), abs=1e-9)


def test_classical_limit_and_one_loop():
    field = ball()
    hbars = np.array([0.1, 0.05, 0.025])
    shift = np.array([field.quantum(1.0, hbar)[1] for hbar in hbars]) - field.classical_response(1.0)
    rest = shift - hbars * field.one_loop(1.0)
    assert np.log2(shift[:-1] / shift[1:]) == pytest.approx([1, 1], abs=0.03)
    assert np.log2(rest[:-1] / rest[1:]) == pytest.approx([2, 2], abs=0.1)


def test_batch_agrees_with_its_members():
    widths = np.array([[9.0, 5.0, 2.0], [9.0, 8.0, 6.0]])
    batch = LayeredField(*widths_to_weights(widths), 0.2, 1.0, 0.5)
    for k, row in enumerate(widths):
        one = LayeredField(*widths_to_weights(row), 0.2, 1.0, 0.5)
        np.testing.assert_allclose(batch.classical_response(0.7)[k], one.classical_response(0.7), rtol=1e-12)
        np.testing.assert_allclose(batch.one_loop(0.7)[k], one.one_loop(0.7), rtol=1e-12)
        np.testing.assert_allclose([x[k] for x in batch.quantum(0.7, 0.3, 9.0)], one.quantum(0.7, 0.3, 9.0), rtol=1e-9)


def test_quadrature_has_converged():
    """A wider box also has another spacing of its grid; nothing may depend on either."""
    field = ball()
    np.testing.assert_allclose(field.quantum(1.0, 0.1), field.quantum(1.0, 0.1, 11.3), rtol=1e-10)


def test_one_loop_scales_with_the_coupling():
    """Rescaling phi by a and lambda by 1/a^2 rescales the action by a^2, so the coefficient of hbar by 1/a."""
    assert float(ball(lam=4.0).one_loop(0.5)) == pytest.approx(2 * float(ball(lam=1.0).one_loop(1.0)), rel=1e-10)


def test_convexity_of_log_z():
    """The response grows with the source: d^2 W / dJ^2 > 0 for a convex action (Brascamp and Lieb)."""
    responses = [float(ball().quantum(source, 0.3)[1]) for source in np.linspace(-1.5, 1.5, 7)]
    assert (np.diff(responses) > 0).all()


def test_odd_in_the_source():
    field = ball()
    assert float(field.quantum(-0.7, 0.1)[1]) == pytest.approx(-float(field.quantum(0.7, 0.1)[1]), abs=1e-10)


def test_too_small_a_grid_is_refused():
    with pytest.raises(NotConverged, match="half_width"):
        ball().quantum(1.0, 0.4, half_width=0.8)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: widths_to_weights(np.array([3, 2])),
        lambda: widths_to_weights(np.array([0.0, 2.0])),
        lambda: quadrature_grid(0.0, 1.0),
        lambda: LayeredField(np.array([1.0, 0.0]), np.array([0.5]), 0.1, 1.0, 0.0),
        lambda: LayeredField(np.array([1.0, 0.5]), np.array([0.5, 0.4]), 0.1, 1.0, 0.0),
        lambda: LayeredField(np.array([1.0, 0.5]), np.array([0.5]), -0.1, 1.0, 0.0),
        lambda: LayeredField(np.array([1.0, 0.5]), np.array([0.5]), 0.1, -1.0, 0.0),
        lambda: small().quantum(1.0, 0.0),
        lambda: small().action(np.array([1.0, 0.5])),
        lambda: small().saddle(float("inf")),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
