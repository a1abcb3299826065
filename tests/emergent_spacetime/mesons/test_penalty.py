"""Penalties are integrals, and vanish on what they leave free."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.mesons.penalty import penalty_matrix
from nnqg.errors import InvalidArgument


@pytest.mark.parametrize(("kind", "exact"), [("curvature", 8.0), ("slope", 32.0 / 3), ("ratio", 8.0 / 3)])
def test_penalties_are_integrals(kind, exact):
    """For b = z^2 on [0, 2]: int 2^2 = 8, int (2z)^2 = 32/3, int z^2 = 8/3."""
    errors = []
    for intervals in (20, 40):
        knots = np.linspace(0, 2, intervals + 1)
        penalty = np.sum((penalty_matrix(kind, intervals, 2 / intervals) @ np.diff(knots**2)) ** 2)
        errors.append(abs(penalty - exact))
    assert errors[1] < 0.05 * exact
    assert errors[1] < 0.6 * errors[0]


@pytest.mark.parametrize(("kind", "rank"), [("curvature", 15), ("ratio", 15), ("slope", 16)])
def test_what_penalties_leave_free(kind, rank):
    matrix = penalty_matrix(kind, 16, 0.5)
    assert np.linalg.matrix_rank(matrix) == rank
    if kind != "slope":
        np.testing.assert_allclose(matrix @ np.full(16, 0.5), 0, atol=1e-12)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: penalty_matrix("entropy", 4, 0.5), "kind: expected"),
        (lambda: penalty_matrix("slope", 1, 0.5), "intervals: expected"),
        (lambda: penalty_matrix("slope", 4, 0.0), "interval: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
