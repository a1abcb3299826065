"""The joint sum over geometry and field: against a sum by hand, against samples, and in its classical limit."""

import numpy as np
import pytest

from nnqg.discussion.three_steps.layered_field import LayeredField, widths_to_weights
from nnqg.discussion.three_steps.summed_stack import summed_field
from nnqg.errors import InvalidArgument, NotConverged
from nnqg.quantum_gravity.triangulations.random_widths import RandomWidths, classical_widths

DISC = RandomWidths(4, 3, 0.5, 40)


def by_hand(source, hbar, lam):
    """Sum over the two free widths one stack at a time."""
    steps, caps = DISC.steps, DISC.closings[-1]
    joint = steps[3][:, None] * steps * caps
    first, second = np.indices(joint.shape) + 1.0
    widths = np.stack([np.full(first.shape, 4.0), first, second], axis=-1)
    log_z, response = LayeredField(*widths_to_weights(widths), 0.5, 2.0, lam).quantum(source, hbar, 8.0)
    weight = joint / joint.sum() * np.exp(log_z)
    return np.log(weight.sum()), (weight * response).sum() / weight.sum()


@pytest.mark.parametrize("lam", [0.0, 1.0])
def test_sum_by_hand(lam):
    np.testing.assert_allclose(summed_field(DISC, 0.8, 0.3, 2.0, lam, 8.0), by_hand(0.8, 0.3, lam), rtol=1e-8)


def test_response_is_the_derivative_of_log_z():
    step, hbar = 1e-4, 0.3
    logs = [summed_field(DISC, 0.8 + sign * step, hbar, 2.0, 1.0)[0] for sign in (1, -1)]
    response = summed_field(DISC, 0.8, hbar, 2.0, 1.0)[1]
    assert response == pytest.approx(-hbar * (logs[0] - logs[1]) / (2 * step), abs=1e-7)


def test_massless_field_without_source_does_not_act_on_the_geometry():
    log_z, response = summed_field(RandomWidths(4, 3, 0.5, 40), 0.0, 0.05, 1e-9, 0.0, 12.0)
    assert log_z == pytest.approx(0, abs=1e-6)
    assert response == pytest.approx(0, abs=1e-10)


def test_wide_rings_are_classical_geometry():
    """At fixed hbar the distance to one classical stack falls like 1 / width."""
    field = LayeredField(*widths_to_weights(classical_widths(3, 0.3)), 0.3, 3.0, 1.0)
    gaps = [summed_field(RandomWidths(n, 3, 0.3, int(1.3 * n + 100)), 1.0, 0.3, 3.0, 1.0)[1] for n in (50, 100, 200)]
    gaps = abs(np.array(gaps) - field.quantum(1.0, 0.3)[1])
    assert np.log2(gaps[:-1] / gaps[1:]) == pytest.approx([1, 1], abs=0.25)


def test_free_field_is_attracted_by_itself():
    stiffness = [summed_field(DISC, source, 0.3, 2.0, 0.0)[1] / source for source in (0.1, 0.5, 1.0)]
    assert stiffness[0] > stiffness[1] > stiffness[2]


def test_too_small_a_grid_is_refused():
    with pytest.raises(NotConverged, match="half_width"):
        summed_field(DISC, 0.8, 0.3, 2.0, 0.0, half_width=1.0)


@pytest.mark.bad_input
@pytest.mark.parametrize("arguments", [(np.nan, 0.1, 1.0, 1.0), (1.0, 0.0, 1.0, 1.0), (1.0, 0.1, -1.0, 1.0), (1.0, 0.1, 1.0, -1.0)])
def test_bad_input(arguments):
    with pytest.raises(InvalidArgument):
        summed_field(DISC, *arguments)
