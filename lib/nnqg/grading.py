"""The comparison for the checks of an exercise: types first, then shapes, then numbers.

A check calls a student's function and compares what comes back. Python lets an object answer every comparison as it likes, so
:func:`close` asks an answer nothing before it knows that its type is *exactly* one of a short list (no subclasses), and compares
plain Python numbers. A check that fails raises :class:`CheckFailed`, whose message says what was expected and what came.

Everything here is a pure function of its arguments, and nothing of ``numpy`` or ``torch`` is called by a name that can be rebound.
"""

from math import inf, isnan
from typing import Any

import numpy as np

__all__ = ["CheckFailed", "close"]

_SCALARS = set(np.sctypeDict.values()) - {np.longdouble, np.clongdouble}  # these have no plain counterpart
_REAL = {int, float} | {scalar for scalar in _SCALARS if np.dtype(scalar).kind in "iuf"}
_COMPLEX = {complex} | {scalar for scalar in _SCALARS if np.dtype(scalar).kind == "c"}
_LEAVES = (int, float, complex)


class CheckFailed(AssertionError):
    """An answer is not what the exercise asks for."""


def close(what: str, value: Any, expected: Any, rtol: float = 1e-6, atol: float = 1e-9, *, hint: str = "") -> None:
    r"""Check that every number of an answer satisfies :math:`|v - e| \le a + r |e|`.

    Parameters
    ----------
    what : str
        What is checked, in the student's words, for instance ``"energy(q=0, p=1)"``.
    value : number, numpy.ndarray, torch.Tensor, or a list or tuple of these
        The answer. Its type must be exactly one of these, not a subclass; its shape that of ``expected``.
    expected : number, numpy.ndarray, torch.Tensor, or a list or tuple of these
        What a right answer gives. An array asks for an array, a tensor for a tensor, a number for a number or an array of shape ().
    rtol, atol : float
        The tolerances r and a, the latter in the unit of the answer.
    hint : str
        What to think about when the check fails, in constant text; it ends the message.

    Raises
    ------
    CheckFailed
        If the type, the shape or a number is wrong, or a number is not a number; also if the check could not fail, because nothing
        is expected or a tolerance is negative or not finite.

    Examples
    --------
    >>> close("half of 3", 3 / 2, 1.5)
    >>> close("half of 3", 3 // 2, 1.5)
    Traceback (most recent call last):
    ...
    nnqg.grading.CheckFailed: half of 3: expected 1.5, got 1.
    >>> close("half of 3", 3 // 2, 1.5, hint="// rounds down.")
    Traceback (most recent call last):
    ...
    nnqg.grading.CheckFailed: half of 3: expected 1.5, got 1. Hint: // rounds down.
    """
    try:
        _close(what, value, expected, rtol, atol)
    except CheckFailed as failure:
        raise CheckFailed(f"{failure} Hint: {hint}" if hint else str(failure)) from None


def _close(what: str, value: Any, expected: Any, rtol: float, atol: float) -> None:
    """Compare a value with what is expected."""
    if not (0 <= rtol < inf and 0 <= atol < inf):
        raise CheckFailed(f"{what}: expected finite tolerances >= 0, got rtol = {rtol} and atol = {atol}.")
    if type(expected) in (list, tuple):
        _sequence(what, value, expected, rtol, atol)
        return
    wanted_kind, wanted_shape, wanted = _plain("the expected value of " + what, expected)
    if not wanted:
        raise CheckFailed(f"{what}: the expected value has no entries, so this checks nothing.")
    kind, shape, numbers = _plain(what, value)
    number = "a number"
    if kind != wanted_kind and not (wanted_kind == number and shape == ()):
        raise CheckFailed(f"{what}: expected {wanted_kind}, got {kind}.")
    if shape != wanted_shape:
        raise CheckFailed(f"{what}: expected the shape {wanted_shape}, got the shape {shape}.")
    for index, (came, right) in enumerate(zip(numbers, wanted, strict=True)):
        place = what if shape == () else f"{what}, entry {_position(index, shape)}"
        _close_numbers(place, came, right, rtol, atol)


def _sequence(what: str, value: Any, expected: list | tuple, rtol: float, atol: float) -> None:
    """Compare a list or a tuple entry by entry."""
    if not expected:
        raise CheckFailed(f"{what}: the expected value has no entries, so this checks nothing.")
    if type(value) not in (list, tuple):
        raise CheckFailed(f"{what}: expected {len(expected)} values in a tuple or a list, got an object of type {_type_name(value)}.")
    if len(value) != len(expected):
        raise CheckFailed(f"{what}: expected {len(expected)} values, got {len(value)}.")
    for index, (came, right) in enumerate(zip(value, expected, strict=True)):
        _close(f"{what}, value {index}", came, right, rtol, atol)


def _plain(what: str, value: Any) -> tuple[str, tuple[int, ...], list]:
    """Return kind, shape and plain Python numbers of a value whose exact type is known, or refuse it."""
    kind = type(value)
    if kind is np.ndarray:
        name, shape, numbers = "a numpy array", value.shape, value.ravel().tolist()
    elif kind in _REAL or kind in _COMPLEX:
        name, shape, numbers = "a number", (), [value.item() if kind in _SCALARS else value]
    elif _is_tensor(kind):
        name, shape, numbers = "a torch tensor", tuple(value.shape), value.detach().reshape(-1).tolist()
    else:
        raise CheckFailed(f"{what}: expected a number or an array of numbers, got an object of type {_type_name(value)}.")
    for number in numbers:
        if type(number) not in _LEAVES:
            raise CheckFailed(f"{what}: expected an array of numbers, got one with entries of type {_type_name(number)}.")
    return name, shape, numbers


def _is_tensor(kind: type) -> bool:
    """Tell whether a type is torch's own tensor, without importing torch for those who do not use it."""
    if (kind.__module__, kind.__qualname__) != ("torch", "Tensor"):
        return False
    import torch

    return kind is torch.Tensor


def _close_numbers(what: str, came: complex, right: complex, rtol: float, atol: float) -> None:
    """Compare two plain numbers."""
    if came != came:
        raise CheckFailed(f"{what}: expected {_show(right)}, got not-a-number (NaN).")
    if came == right:
        return
    distance = abs(came - right)
    if isnan(distance) or distance == inf or distance > atol + rtol * abs(right):
        raise CheckFailed(f"{what}: expected {_show(right)}, got {_show(came)}.")


def _show(number: complex) -> str:
    """Print a number with as many digits as help."""
    return f"{number:.8g}"


def _position(index: int, shape: tuple[int, ...]) -> str:
    """Write a flat index as the indices of an array, for instance ``[2, 0]``."""
    indices: list[int] = []
    for length in reversed(shape):
        indices.insert(0, index % length)
        index //= length
    return str(indices)


def _type_name(value: Any) -> str:
    """Name the type of an object without asking the object."""
    return type(value).__name__
