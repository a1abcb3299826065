"""Every refusal names the argument, what was expected and what came."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnqg import checks
from nnqg.errors import Diverged, InvalidArgument

FINITE = arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6))


@given(FINITE)
def test_finite_arrays_pass_unchanged(value):
    assert checks.array("x", value) is value
    as_tensor = torch.as_tensor(value)
    assert checks.tensor("x", as_tensor) is as_tensor


@given(FINITE, st.sampled_from([np.nan, np.inf, -np.inf]), st.data())
def test_one_bad_entry_is_enough(value, bad, data):
    broken = value.copy()
    broken.flat[data.draw(st.integers(0, broken.size - 1))] = bad
    with pytest.raises(InvalidArgument, match="x: expected finite entries, got 1 of"):
        checks.array("x", broken)
    with pytest.raises(InvalidArgument, match="x: expected finite entries, got 1 of"):
        checks.tensor("x", torch.as_tensor(broken))


@pytest.mark.parametrize("value", [[1.0], "1.0", None, 1.0, np.array([1]), np.array([True]), np.array([1j]), np.array(["a"])])
def test_arrays_of_other_kinds_are_refused(value):
    with pytest.raises(InvalidArgument, match="^x: expected a.* array of floats"):
        checks.array("x", value)


@pytest.mark.parametrize("value", [[1.0], np.ones(2), torch.ones(2, dtype=torch.int64), torch.ones(2, dtype=torch.complex128)])
def test_tensors_of_other_kinds_are_refused(value):
    with pytest.raises(InvalidArgument, match="^x: expected a.* tensor of floats"):
        checks.tensor("x", value)


@pytest.mark.parametrize("shape", [(3,), (2, 3), ("n", "n"), (None, None, None)])
def test_wrong_shapes_are_refused(shape):
    with pytest.raises(InvalidArgument, match="expected shape .*got shape \\(3, 2\\)"):
        checks.array("x", np.ones((3, 2)), shape=shape)


@pytest.mark.parametrize("shape", [(3, 2), (None, 2), ("data", "weight")])
def test_right_shapes_pass(shape):
    checks.array("x", np.ones((3, 2)), shape=shape)


def test_empty_data_are_refused():
    with pytest.raises(InvalidArgument, match="at least one entry"):
        checks.array("x", np.empty((0, 2)))


def test_bounds_hold_for_the_extreme_entry():
    with pytest.raises(InvalidArgument, match="values >= 0.0, got -1.0"):
        checks.array("x", np.array([2.0, -1.0]), minimum=0.0)
    with pytest.raises(InvalidArgument, match="values <= 1.0, got 2.0"):
        checks.array("x", np.array([2.0, -1.0]), maximum=1.0)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_finite_numbers_pass(value):
    assert checks.number("x", value) == value


@pytest.mark.parametrize("value", [True, "1", None, 1j, np.nan, np.inf, np.ones(1)])
def test_other_numbers_are_refused(value):
    with pytest.raises(InvalidArgument, match="^x: expected"):
        checks.number("x", value)


@given(st.floats(max_value=0.0, allow_nan=False, allow_infinity=False))
def test_exclusive_and_inclusive_bounds(value):
    with pytest.raises(InvalidArgument, match="above 0"):
        checks.number("step", value, above=0)
    with pytest.raises(InvalidArgument, match="below"):
        checks.number("step", value, below=value)
    assert checks.number("step", value, maximum=value, minimum=value) == value


@pytest.mark.parametrize("value", [0, -1, 1.0, True, "3", 11])
def test_counts_out_of_range_are_refused(value):
    with pytest.raises(InvalidArgument, match="^steps: expected an integer"):
        checks.count("steps", value, maximum=10)


def test_options_list_what_is_known():
    with pytest.raises(InvalidArgument, match="'euler', 'leapfrog', got 'rk4'"):
        checks.option("layer", "rk4", ("euler", "leapfrog"))
    assert checks.option("order", np.int64(2), (1, 2)) == 2
    assert checks.option("odd", True, (True, False)) is True


@pytest.mark.bad_input
@pytest.mark.parametrize("value", [np.array([1]), np.array([1, 2]), torch.tensor(1), torch.ones(2), [1], {1}, None, True, np.True_])
@pytest.mark.parametrize("options", [(1, 2), {1: "a", 2: "b"}])
def test_what_cannot_be_an_option_is_refused(value, options):
    with pytest.raises(InvalidArgument, match="order: expected one of 1, 2"):
        checks.option("order", value, options)


@pytest.mark.parametrize("value", [np.array([1.0, np.nan]), torch.tensor([np.inf]), float("nan")])
def test_a_diverged_result_says_where(value):
    with pytest.raises(Diverged, match="integration diverged at layer 3. Remedy: take smaller steps"):
        checks.finite_result("integration", value, where="layer 3", remedy="take smaller steps")
