"""The comparisons that exercises are checked with: right answers pass, and nothing passes by claiming to be right."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nnqg import grading
from nnqg.grading import CheckFailed, close

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    "value",
    [1, 1.0, np.float64(1.0), np.float32(1.0), np.int64(1), np.uint16(1), 1 + 0j, np.array(1.0), torch.tensor(1.0)],
)
def test_every_kind_of_number_can_be_right(value):
    """Python's, numpy's and torch's own numbers are compared by value."""
    close("one", value, 1.0)
    with pytest.raises(CheckFailed, match="expected 2, got 1"):
        close("one", value, 2.0)


@given(FINITE, FINITE)
def test_the_criterion_is_the_one_of_the_docstring(value, expected):
    """An answer passes exactly when it is within atol + rtol |expected|."""
    passes = value == expected or abs(value - expected) <= 1e-9 + 1e-6 * abs(expected)
    if passes:
        close("value", value, expected)
    else:
        with pytest.raises(CheckFailed):
            close("value", value, expected)


@given(st.lists(FINITE, min_size=1, max_size=5), st.integers(0, 4), st.floats(1e-3, 1e3))
def test_one_wrong_entry_is_found(numbers, index, shift):
    """A deviation in a single entry fails, and the message names the entry."""
    index %= len(numbers)
    expected = np.clip(np.array(numbers), -1e3, 1e3)
    answer = expected.copy()
    answer[index] += shift * (1 + abs(answer[index]))
    close("array", expected.copy(), expected)
    with pytest.raises(CheckFailed, match=rf"array, entry \[{index}\]"):
        close("array", answer, expected)


def test_the_kind_and_the_shape_count():
    """An array asks for an array of its shape, a tensor for a tensor."""
    close("tensor", torch.ones(2, 3, requires_grad=True), torch.ones(2, 3))
    for value, expected in (
        (np.ones(3), np.ones((3, 1))),
        (np.ones(1), 1.0),
        (1.0, np.ones(1)),
        (np.ones(2), torch.ones(2)),
        (torch.ones(2), np.ones(2)),
        ([1.0, 1.0], np.ones(2)),
        ((1.0,), (1.0, 1.0)),
        (np.ones(2), (1.0, 1.0)),
    ):
        with pytest.raises(CheckFailed):
            close("value", value, expected)


def test_pairs_are_compared_value_by_value():
    """A tuple of unlike things is fine, as a list too; the message names the wrong one."""
    close("pair", [1.0, np.zeros(2)], (1.0, np.zeros(2)))
    with pytest.raises(CheckFailed, match=r"pair, value 1, entry \[0\]: expected 0, got 3"):
        close("pair", (1.0, np.array([3.0, 0.0])), (1.0, np.zeros(2)))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.array(math.nan), torch.tensor(math.nan), complex(math.nan, 0)])
def test_not_a_number_and_infinity_are_wrong(value):
    """NaN and infinity are not close to a number."""
    with pytest.raises(CheckFailed):
        close("value", value, 1.0)


def test_infinity_is_right_when_it_is_asked_for_but_nan_never():
    """Infinity equals itself; NaN is no answer at all."""
    close("limit", math.inf, math.inf)
    for value in (math.nan, math.inf, 1.0):
        with pytest.raises(CheckFailed):
            close("limit", value, math.nan)


def agree(self, *arguments, **options):
    """Answer every question with yes."""
    return True


def one(self, *arguments, **options):
    """Answer every question about a value with one."""
    return 1.0


def array_of_one(self, *arguments, **options):
    """Answer a question about an array."""
    return np.array(1.0)


class Number(float):
    """A number that agrees with everything."""

    __eq__ = __le__ = __lt__ = agree
    __sub__ = __rsub__ = __abs__ = one
    __hash__ = float.__hash__


class Array(np.ndarray):
    """An array that agrees with everything."""

    __eq__ = agree
    __hash__ = None
    tolist = one


class Anything:
    """An object that says it is whatever one likes."""

    __class__ = float
    __eq__ = __le__ = agree
    __float__ = one
    __array__ = array_of_one
    __hash__ = object.__hash__


@pytest.mark.parametrize(
    "cheat",
    [
        Number(1.0),
        np.array(1.0).view(Array),
        np.array(Number(1.0), dtype=object),
        np.ma.array(1.0),
        torch.nn.Parameter(torch.tensor(1.0)),
        Anything(),
        type("Tensor", (Anything,), {"__module__": "torch", "__qualname__": "Tensor"})(),
        True,
        None,
        "1.0",
        b"1",
    ],
    ids=lambda cheat: type(cheat).__qualname__,
)
def test_no_object_passes_for_a_number(cheat):
    """Subclasses, objects in arrays, look-alikes and booleans are refused before they are asked anything."""
    with pytest.raises(CheckFailed, match="expected (a number|an array of numbers)"):
        close("value", cheat, 1.0)


def test_a_hint_ends_the_message():
    """A check that fails says its hint once; without one its message stays as it is."""
    for hint, ending in (("think again.", ". Hint: think again."), ("", ".")):
        with pytest.raises(CheckFailed) as failed:
            close("pair", (1.0, 2.0), (1.0, 3.0), hint=hint)
        assert str(failed.value).endswith(ending) and str(failed.value).count("Hint") == bool(hint)


def test_the_message_names_types_without_asking_the_object():
    """The class of an answer cannot hide behind `__class__` or `__name__` of the instance."""
    with pytest.raises(CheckFailed, match="got an object of type Anything"):
        close("value", Anything(), 1.0)


def test_numpy_rebound_makes_no_difference(monkeypatch):
    """The comparison calls nothing of numpy by a name that a student could rebind."""
    for name in ("allclose", "isclose", "abs", "asarray", "array", "all", "isnan", "isfinite"):
        monkeypatch.setattr(np, name, lambda *arguments, **options: True)
    with pytest.raises(CheckFailed):
        close("value", 1.0, 2.0)


def test_the_public_names():
    """What exercises may use."""
    assert set(grading.__all__) == {"CheckFailed", "close"}


@pytest.mark.bad_input
@pytest.mark.parametrize("tolerance", [math.nan, math.inf, -1.0])
def test_tolerances_that_accept_or_refuse_everything_are_refused(tolerance):
    for name in ("rtol", "atol"):
        with pytest.raises(CheckFailed, match="tolerances"):
            close("one", 5.0, 1.0, **{name: tolerance})


@pytest.mark.bad_input
@pytest.mark.parametrize("nothing", [np.empty(0), torch.empty(0), [], ()])
def test_a_check_against_nothing_is_refused(nothing):
    with pytest.raises(CheckFailed, match="checks nothing"):
        close("nothing", nothing, nothing)
