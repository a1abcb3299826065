"""Sums over fields, and over fields and widths: against direct sums, sums by hand, and their classical limits."""

import numpy as np
import pytest
from stacks import ball, rings

from nnqg.discussion.deep_boltzmann.depth_quadrature import clamp
from nnqg.discussion.three_steps.field_sums import sum_fields, sum_widths_and_fields
from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_gravity.dictionary.saddle_point import one_loop, response
from nnqg.quantum_gravity.triangulations.random_widths import RandomWidths, classical_widths

DISC = RandomWidths(4, 3, 0.5, 40)


def test_fields_on_a_square_of_points():
    stack, hbar, source = rings(np.array([10.0, 7.0, 4.0]), 0.3, 2.0, 1.0), 0.4, 0.8
    points = np.linspace(-4, 4, 401)
    a, b = np.meshgrid(points, points)
    weight = np.exp(-stack.energy(np.stack([np.full_like(a, source), a, b], axis=-1)) / hbar).sum() * 0.02**2
    norm = np.log(stack.links / (2 * np.pi * hbar)).sum() / 2
    assert float(sum_fields(stack, source, hbar)[0]) == pytest.approx(np.log(weight) + norm, abs=1e-9)


def test_fields_by_the_other_quadrature():
    """`clamp` integrates without Fourier transforms, on other points, and without the norm of the links."""
    stack, hbar = ball(), 0.2
    norm = np.log(stack.links / (2 * np.pi * hbar)).sum() / 2
    assert float(sum_fields(stack, 1.0, hbar)[0]) == pytest.approx(clamp(stack, 1.0, hbar).log_z + norm, abs=1e-9)


def test_response_is_the_derivative_of_log_z():
    stack, hbar, step = ball(), 0.2, 1e-4
    logs = [sum_fields(stack, 1 + sign * step, hbar)[0] for sign in (1, -1)]
    assert float(sum_fields(stack, 1.0, hbar)[1]) == pytest.approx(-hbar * (logs[0] - logs[1]) / (2 * step), abs=1e-7)


def test_free_machine_responds_classically():
    stack = ball(lam=0.0)
    for hbar in (0.05, 0.3):
        assert float(sum_fields(stack, 1.0, hbar, 12.0)[1]) == pytest.approx(float(response(stack, 1.0)), abs=1e-9)


def test_classical_limit_and_one_loop():
    stack, hbars = ball(), np.array([0.1, 0.05, 0.025])
    shift = np.array([sum_fields(stack, 1.0, hbar)[1] for hbar in hbars]) - response(stack, 1.0)
    rest = shift - hbars * one_loop(stack, 1.0).response
    assert np.log2(shift[:-1] / shift[1:]) == pytest.approx([1, 1], abs=0.03)
    assert np.log2(rest[:-1] / rest[1:]) == pytest.approx([2, 2], abs=0.1)


def test_batch_agrees_with_its_members():
    widths = np.array([[9.0, 5.0, 2.0], [9.0, 8.0, 6.0]])
    batch = sum_fields(rings(widths, 0.2, 1.0, 0.5), 0.7, 0.3, 9.0)
    for k, row in enumerate(widths):
        np.testing.assert_allclose([x[k] for x in batch], sum_fields(rings(row, 0.2, 1.0, 0.5), 0.7, 0.3, 9.0), rtol=1e-9)


def test_quadrature_has_converged():
    """A wider box also has another spacing of its grid; nothing may depend on either."""
    np.testing.assert_allclose(sum_fields(ball(), 1.0, 0.1), sum_fields(ball(), 1.0, 0.1, 11.3), rtol=1e-10)


def test_the_response_grows_with_the_source_and_is_odd():
    """d^2 W / dJ^2 > 0 for a convex action (Brascamp and Lieb)."""
    responses = np.array([float(sum_fields(ball(), source, 0.3)[1]) for source in np.linspace(-1.5, 1.5, 7)])
    assert (np.diff(responses) > 0).all()
    np.testing.assert_allclose(responses, -responses[::-1], atol=1e-10)


def by_hand(source, hbar, lam):
    """Sum over the two free widths one stack at a time."""
    joint = DISC.steps[3][:, None] * DISC.steps * DISC.closings[-1]
    first, second = np.indices(joint.shape) + 1.0
    widths = np.stack([np.full(first.shape, 4.0), first, second], axis=-1)
    log_z, responses = sum_fields(rings(widths, 0.5, 2.0, lam), source, hbar, 8.0)
    weight = joint / joint.sum() * np.exp(log_z)
    return np.log(weight.sum()), (weight * responses).sum() / weight.sum()


@pytest.mark.parametrize("lam", [0.0, 1.0])
def test_widths_by_hand(lam):
    np.testing.assert_allclose(sum_widths_and_fields(DISC, 0.8, 0.3, 2.0, lam, 8.0), by_hand(0.8, 0.3, lam), rtol=1e-8)


def test_response_of_the_summed_widths_is_the_derivative_of_log_z():
    step, hbar = 1e-4, 0.3
    logs = [sum_widths_and_fields(DISC, 0.8 + sign * step, hbar, 2.0, 1.0)[0] for sign in (1, -1)]
    found = sum_widths_and_fields(DISC, 0.8, hbar, 2.0, 1.0)[1]
    assert found == pytest.approx(-hbar * (logs[0] - logs[1]) / (2 * step), abs=1e-7)


def test_massless_field_without_source_does_not_act_on_the_geometry():
    log_z, found = sum_widths_and_fields(DISC, 0.0, 0.05, 1e-9, 0.0, 12.0)
    assert log_z == pytest.approx(0, abs=1e-6)
    assert found == pytest.approx(0, abs=1e-10)


def test_wide_rings_are_classical_geometry():
    """At fixed hbar the distance to one classical stack falls like 1 / width."""
    stack = rings(classical_widths(3, 0.3), 0.3, 3.0, 1.0)
    discs = [RandomWidths(n, 3, 0.3, int(1.3 * n + 100)) for n in (50, 100, 200)]
    gaps = np.array([sum_widths_and_fields(disc, 1.0, 0.3, 3.0, 1.0)[1] for disc in discs])
    gaps = abs(gaps - sum_fields(stack, 1.0, 0.3)[1])
    assert np.log2(gaps[:-1] / gaps[1:]) == pytest.approx([1, 1], abs=0.25)


def test_free_field_is_attracted_by_itself():
    stiffness = [sum_widths_and_fields(DISC, source, 0.3, 2.0, 0.0)[1] / source for source in (0.1, 0.5, 1.0)]
    assert stiffness[0] > stiffness[1] > stiffness[2]


def test_too_small_a_grid_is_refused():
    with pytest.raises(NotConverged, match="half_width"):
        sum_fields(ball(), 1.0, 0.4, half_width=0.8)
    with pytest.raises(NotConverged, match="half_width"):
        sum_widths_and_fields(DISC, 0.8, 0.3, 2.0, 0.0, half_width=1.0)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    "call",
    [
        lambda: sum_fields(ball(), 1.0, 0.0),
        lambda: sum_fields(ball(), np.nan, 0.1),
        lambda: sum_fields(ball(), 1.0, 0.1, 0.0),
        lambda: sum_fields(rings(np.array([2.0, 1.0]), 0.3, -1.0, 1.0), 1.0, 0.1),
        lambda: sum_widths_and_fields(DISC, np.nan, 0.1, 1.0, 1.0),
        lambda: sum_widths_and_fields(DISC, 1.0, 0.0, 1.0, 1.0),
        lambda: sum_widths_and_fields(DISC, 1.0, 0.1, -1.0, 1.0),
        lambda: sum_widths_and_fields(DISC, 1.0, 0.1, 1.0, -1.0),
    ],
)
def test_bad_input(call):
    with pytest.raises(InvalidArgument):
        call()
