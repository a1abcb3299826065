"""The printed coefficients, a moved decimal point, all single slips, the lowest h."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.neural_ode.horizon_shooting import linear_response
from nnqg.emergent_spacetime.neural_ode.printed_polynomial import PRINTED, Slip, lowest, slips
from nnqg.errors import InvalidArgument

MOVED = np.array([value * 10 if power == 1 else value for power, value in enumerate(PRINTED)])
"""With the decimal point of one coefficient moved."""


def test_values_at_the_ends():
    assert PRINTED[0] == 3.7719
    assert sum(PRINTED) == pytest.approx(107.96135, abs=1e-10)


def test_lowest_is_a_zero_of_the_derivative():
    for coefficients in (np.array(PRINTED), MOVED):
        eta, value = lowest(coefficients)
        slope = np.polynomial.Polynomial(coefficients).deriv()(1 - eta)
        assert abs(slope) < 1e-4 and 0 < eta < 1
        assert value == pytest.approx(np.polynomial.polynomial.polyval(1 - eta, coefficients), rel=1e-10)


def test_lowest_at_the_ends():
    assert lowest(np.array([1.0, 2.0])) == pytest.approx((1.0, 1.0))
    assert lowest(np.array([1.0, -2.0])) == pytest.approx((0.0, -1.0))


def test_the_moved_point_changes_the_sign_of_the_condensate():
    printed = linear_response(np.append(PRINTED, [0.0, 1.0]))
    moved = linear_response(np.append(MOVED, [0.0, 1.0]))
    assert printed < 0 < moved


def test_all_slips_of_a_short_number():
    """Each number once, under the first slip that gives it; 1.20 and 01.2 are not other numbers."""
    found = slips(np.array([1.2]))
    kinds = {slip.kind: {other.value for other in found if other.kind == slip.kind} for slip in found}
    assert kinds["point moved"] == {12.0, 0.12}
    assert kinds["sign turned"] == {-1.2}
    assert kinds["digits swapped"] == {2.1}
    assert kinds["digit added"] == {0.2, 1.0}
    assert len(kinds["digit replaced"]) == 16  # nine for each digit, less 0.2 and 1.0
    assert {11.2, 10.2, 1.02, 1.25} <= kinds["digit lost"]


def test_slips_are_different_numbers_and_hold_the_moved_point():
    found = slips(np.array(PRINTED))
    pairs = [(slip.power, slip.value) for slip in found]
    assert len(set(pairs)) == len(pairs)
    assert all(PRINTED[power] != value for power, value in pairs)
    assert Slip("point moved", 1, -22.2235) in found
    assert {"point moved": 18, "sign turned": 9}.items() <= {
        kind: sum(slip.kind == kind for slip in found) for kind in ("point moved", "sign turned")
    }.items()


@pytest.mark.bad_input
def test_bad_input_is_named():
    with pytest.raises(InvalidArgument, match="coefficients"):
        slips(np.array([[1.0]]))
    with pytest.raises(InvalidArgument, match="coefficients"):
        lowest(np.array([np.inf]))
