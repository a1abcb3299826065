"""The sum over meeting points obeys conformal symmetry and has the coefficient of the closed form."""

import numpy as np
import pytest

from nnqg.errors import InvalidArgument
from nnqg.quantum_gravity.dictionary.witten_diagram import closed_form, three_point

LINE, DELTA = np.array([[0.0], [1.0], [3.0]]), (1.2, 0.9, 1.4)
PLANE, DELTA_2 = np.array([[0.0, 0.0], [1.0, 0.0], [0.4, 1.3]]), (1.5, 1.5, 2.0)


@pytest.mark.parametrize("dimensions", [DELTA, (0.5, 0.6, 0.7), (3.0, 2.0, 2.5)])
def test_line(dimensions):
    assert three_point(LINE, dimensions) == pytest.approx(closed_form(LINE, dimensions), rel=3e-5)


def test_plane():
    assert three_point(PLANE, DELTA_2) == pytest.approx(closed_form(PLANE, DELTA_2), rel=1e-5)
    assert closed_form(PLANE, DELTA_2) == pytest.approx(0.82836985, rel=1e-7)


def test_error_falls_faster_than_any_power():
    exact = closed_form(LINE, DELTA)
    errors = [abs(three_point(LINE, DELTA, step) / exact - 1) for step in (0.4, 0.2, 0.1)]
    assert errors[0] > 100 * errors[1] > 1e4 * errors[2]


def test_inversion_and_dilatation_are_symmetries():
    moved, inverted = 200 * LINE - 7, 1 / (LINE + 1)
    assert three_point(moved, DELTA) * 200 ** sum(DELTA) == pytest.approx(three_point(LINE, DELTA), rel=1e-5)
    factor = np.prod((LINE[:, 0] + 1) ** (2 * np.array(DELTA)))
    assert three_point(inverted, DELTA) == pytest.approx(factor * three_point(LINE, DELTA), rel=1e-5)


def test_order_of_the_points_does_not_matter():
    order = [2, 0, 1]
    shuffled = three_point(LINE[order], [DELTA[i] for i in order])
    assert shuffled == pytest.approx(three_point(LINE, DELTA), rel=1e-12)


@pytest.mark.bad_input
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: three_point(LINE, (3.0, 0.9, 1.4)), "dimensions: expected each less than the sum of the others"),
        (lambda: closed_form(LINE, (0.3, 0.3, 0.3)), "dimensions: expected each less"),
        (lambda: closed_form(LINE, (1.0, 1.0)), "dimensions: expected three numbers"),
        (lambda: closed_form(np.zeros((3, 1)), DELTA), "points: expected three different points"),
        (lambda: three_point(np.eye(3), (2.0, 2.0, 2.0)), "points: expected a boundary of 1 or 2 dimensions"),
        (lambda: three_point(LINE, DELTA, step=0.0), "step: expected"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(InvalidArgument, match=message):
        call()
