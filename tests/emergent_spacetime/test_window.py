"""The window: its marks, its symmetry, its slope, and that the compiled twin is the same function."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nnqg.emergent_spacetime._training_kernels import window_and_slope
from nnqg.emergent_spacetime.window import window
from nnqg.errors import InvalidArgument


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def test_marks_and_infinity():
    t = window(tensor([0.0, 0.1, 1.0, float("inf"), -float("inf")]))
    np.testing.assert_allclose(t.numpy(), [0.0, 0.5, 1.0, 1.0, 1.0], atol=1e-7)
    open_window = window(tensor([0.0, 0.3, -0.3, float("inf")]), opening=0.3)
    np.testing.assert_allclose(open_window.numpy(), [0.0, 0.5, 0.5, 1.0], atol=1e-14)


@given(st.floats(-5, 5), st.sampled_from([0.0, 0.4]))
def test_even_and_bounded(value, opening):
    t = window(tensor([value, -value]), opening=opening)
    assert t[0].item() == pytest.approx(t[1].item(), abs=1e-12)
    assert 0 <= t[0] <= 1


@pytest.mark.parametrize("opening", [0.0, 0.7])
@pytest.mark.parametrize("steepness", [3.0, 30.0, 400.0])
def test_the_compiled_twin_and_its_slope_are_those_of_autograd(opening, steepness):
    for value in (-40.0, -0.3, -0.11, -0.1, -1e-9, 0.0, 0.02, 0.1, 0.5, 1e6):
        at = tensor(value).requires_grad_()
        output = window(at, 0.1, steepness, opening)
        output.backward()
        assert window_and_slope(value, (0.1, steepness, opening)) == pytest.approx((output.item(), at.grad.item()), abs=1e-13, rel=1e-11)


@pytest.mark.bad_input
def test_bad_input_is_refused():
    for name, call in (
        ("value", lambda: window(torch.tensor([np.nan]).double())),
        ("value", lambda: window(torch.tensor([]))),
        ("value", lambda: window(torch.tensor([1]))),
        ("value", lambda: window([0.1])),
        ("half_width", lambda: window(torch.ones(1).double(), half_width=0.0)),
        ("steepness", lambda: window(torch.ones(1).double(), steepness=-1.0)),
        ("opening", lambda: window(torch.ones(1).double(), opening=-1.0)),
    ):
        with pytest.raises(InvalidArgument, match=name):
            call()
