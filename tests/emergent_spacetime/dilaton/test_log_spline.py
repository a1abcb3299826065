"""Zeros on a spline in the logarithm: exact roots, only the rising ones, none."""

import numpy as np
import pytest

from nnqg.emergent_spacetime.dilaton._log_spline import upward_zeros

r = np.geomspace(0.1, 30.0, 400)


def test_only_where_the_function_rises():
    assert upward_zeros(r, np.sin(np.log(r))) == pytest.approx([1.0], abs=1e-9)  # falls through zero at exp(pi)
    assert upward_zeros(r, (r - 1) * (r - 3) * (r - 7)) == pytest.approx([1.0, 7.0], abs=1e-6)


def test_none():
    assert len(upward_zeros(r, -r)) == 0


def test_order_four():
    errors = [abs(upward_zeros(x, x - 2 - np.log(x))[0] - 3.1461932206205825) for x in (np.geomspace(1.2, 30, n) for n in (20, 80))]
    assert errors[1] < errors[0] / 50
