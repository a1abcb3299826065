"""Checks at the boundary of the library: what was expected, what came, what to do.

Public functions call these on their arguments; nothing is converted or clipped silently. Each returns what it was given, a number as a
plain float or int, or raises `InvalidArgument` with the argument's name.
"""

import math
import numbers
import re
from collections.abc import Collection
from typing import Any

import numpy as np

from nnqg.errors import Diverged, InvalidArgument

__all__ = ["array", "count", "different_names", "finite_result", "number", "option", "short_name", "tensor", "texts"]

Shape = tuple[int | str | None, ...]


def array(name: str, value: Any, *, shape: Shape | None = None, minimum: float | None = None, maximum: float | None = None) -> np.ndarray:
    """Return ``value`` if it is a finite, non-empty numpy array of floats with the given shape.

    Parameters
    ----------
    shape : tuple of int, str or None, optional
        One entry per axis: a length, a label (equal labels mean equal lengths) or None (any length).
    minimum, maximum : float, optional
        Bounds on every entry, inclusive.

    Examples
    --------
    >>> array("eta", np.array([0.5, 1.0]), shape=("layer",), minimum=0.0)
    array([0.5, 1. ])
    >>> array("eta", np.array([1, 2]))
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: eta: expected an array of floats, got dtype int64. Remedy: convert with np.asarray(eta, dtype=float).
    """
    if not isinstance(value, np.ndarray):
        raise InvalidArgument(name, "a numpy array of floats", type(value).__name__, f"convert with np.asarray({name}, dtype=float)")
    if not np.issubdtype(value.dtype, np.floating):
        raise InvalidArgument(name, "an array of floats", f"dtype {value.dtype}", f"convert with np.asarray({name}, dtype=float)")
    _check_shape(name, tuple(value.shape), shape)
    finite = np.isfinite(value)
    if not finite.all():
        _refuse_not_finite(name, int(value.size - finite.sum()), value.size)
    _check_range(name, float(value.min()), float(value.max()), minimum, maximum)
    return value


def tensor(name: str, value: Any, *, shape: Shape | None = None, minimum: float | None = None, maximum: float | None = None) -> Any:
    """Return ``value`` if it is a finite, non-empty torch tensor of floats; shape and bounds as in `array`.

    Examples
    --------
    >>> import torch
    >>> tensor("phi", torch.ones(2, dtype=torch.float64), shape=("data",))
    tensor([1., 1.], dtype=torch.float64)
    """
    import torch

    if not isinstance(value, torch.Tensor):
        remedy = f"convert with torch.as_tensor({name}, dtype=torch.float64)"
        raise InvalidArgument(name, "a torch tensor of floats", type(value).__name__, remedy)
    if not value.is_floating_point():
        remedy = f"convert with {name}.to(torch.float64)"
        raise InvalidArgument(name, "a tensor of floats", f"dtype {value.dtype}", remedy)
    _check_shape(name, tuple(value.shape), shape)
    detached = value.detach()
    finite = torch.isfinite(detached)
    if not bool(finite.all()):
        _refuse_not_finite(name, int((~finite).sum()), detached.numel())
    _check_range(name, float(detached.min()), float(detached.max()), minimum, maximum)
    return value


def number(
    name: str,
    value: Any,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    below: float | None = None,
) -> float:
    """Return ``value`` as a float if it is a finite real number in the given range.

    Parameters
    ----------
    minimum, maximum : float, optional
        Inclusive bounds.
    above, below : float, optional
        Exclusive bounds.

    Examples
    --------
    >>> number("step", 0.1, above=0)
    0.1
    >>> number("step", -0.1, above=0)
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: step: expected a number above 0, got -0.1. Remedy: choose step in that range.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise InvalidArgument(name, "a real number", f"{value!r} ({type(value).__name__})", f"pass {name} as a float")
    result = float(value)
    if not math.isfinite(result):
        raise InvalidArgument(name, "a finite number", result, f"check how {name} was computed")
    remedy = f"choose {name} in that range"
    if above is not None and not result > above:
        raise InvalidArgument(name, f"a number above {above}", result, remedy)
    if below is not None and not result < below:
        raise InvalidArgument(name, f"a number below {below}", result, remedy)
    _check_range(name, result, result, minimum, maximum)
    return result


def count(name: str, value: Any, *, minimum: int = 1, maximum: int | None = None) -> int:
    """Return ``value`` as an int if it is an integer in the given range.

    Parameters
    ----------
    minimum, maximum : int, optional
        Inclusive bounds.

    Examples
    --------
    >>> count("layers", 10)
    10
    >>> count("layers", 0)
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: layers: expected an integer >= 1, got 0. Remedy: choose layers in that range.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise InvalidArgument(name, "an integer", f"{value!r} ({type(value).__name__})", f"pass {name} as an int")
    whole = int(value)
    if whole < minimum or (maximum is not None and whole > maximum):
        expected = f"an integer >= {minimum}" + ("" if maximum is None else f" and <= {maximum}")
        raise InvalidArgument(name, expected, value, f"choose {name} in that range")
    return whole


def option(name: str, value: Any, options: Collection[Any]) -> Any:
    """Return ``value`` if it is one of ``options``.

    Examples
    --------
    >>> option("layer", "leapfrog", ("euler", "leapfrog"))
    'leapfrog'
    """
    comparable = np.isscalar(value) and (not isinstance(value, bool | np.bool_) or any(isinstance(entry, bool) for entry in options))
    if not comparable or value not in options:
        known = ", ".join(repr(entry) for entry in options)
        raise InvalidArgument(name, f"one of {known}", repr(value), f"choose one of {known}")
    return value


def finite_result(what: str, value: Any, *, where: str, remedy: str) -> Any:
    """Return a computed array, tensor or number if all of it is finite.

    Parameters
    ----------
    what : str
        The computation, for the message.
    value : numpy.ndarray, torch.Tensor or float
        Its result.
    where : str
        Step, layer or time.
    remedy : str
        What the caller can do.

    Raises
    ------
    Diverged
        If any entry is infinite or NaN.

    Examples
    --------
    >>> finite_result("Euler integration", 1.0, where="layer 3", remedy="take smaller steps")
    1.0
    """
    plain = value.detach().cpu().numpy() if hasattr(value, "detach") else value
    if not np.isfinite(plain).all():
        raise Diverged(what, where, remedy)
    return value


def texts(record: Any, *fields: str) -> None:
    """Refuse a record in which one of these fields is not a text, or an empty one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> texts(SimpleNamespace(source=" "), "source")
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: source: expected a text, got ' '. Remedy: say it, every record has its source.
    """
    for field in fields:
        text = getattr(record, field)
        if not isinstance(text, str) or not text.strip():
            raise InvalidArgument(field, "a text", repr(text), f"say it, every record has its {field}")


def short_name(name: Any) -> None:
    """Refuse a name of a record that is not of words of small letters and digits, joined by hyphens.

    Examples
    --------
    >>> short_name("first-law")
    >>> short_name("page/law")
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: name: expected a short name like 'first-law', got 'page/law'. Remedy: leave the page's name to the tools.
    """
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9.]+(-[A-Za-z0-9.]+)*", name):
        raise InvalidArgument("name", "a short name like 'first-law'", repr(name), "leave the page's name to the tools")


def different_names(what: str, records: Collection[Any]) -> None:
    """Refuse records of which there are none, or of which two have the same ``name``.

    Examples
    --------
    >>> different_names("claims", [])
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: claims: expected at least one, each with its own name, got []. Remedy: rename one or add one.
    """
    names = [record.name for record in records]
    if not names or len(set(names)) != len(names):
        raise InvalidArgument(what, "at least one, each with its own name", names, "rename one or add one")


def _check_shape(name: str, came: tuple[int, ...], shape: Shape | None) -> None:
    if 0 in came:
        raise InvalidArgument(name, "at least one entry", f"shape {came}", f"check how {name} was selected")
    if shape is None:
        return
    lengths: dict[str, int] = {}
    fits = len(came) == len(shape)
    for length, wanted in zip(came, shape, strict=False):
        if isinstance(wanted, str):
            fits = fits and lengths.setdefault(wanted, length) == length
        elif wanted is not None:
            fits = fits and length == wanted
    if not fits:
        expected = "(" + ", ".join("any" if entry is None else str(entry) for entry in shape) + ")"
        raise InvalidArgument(name, f"shape {expected}", f"shape {came}", f"reshape {name}")


def _check_range(name: str, lowest: float, highest: float, minimum: float | None, maximum: float | None) -> None:
    if minimum is not None and lowest < minimum:
        raise InvalidArgument(name, f"values >= {minimum}", lowest, f"choose {name} in that range")
    if maximum is not None and highest > maximum:
        raise InvalidArgument(name, f"values <= {maximum}", highest, f"choose {name} in that range")


def _refuse_not_finite(name: str, bad: int, size: int) -> None:
    came = f"{bad} of {size} entries NaN or infinite"
    raise InvalidArgument(name, "finite entries", came, f"remove them or check how {name} was computed")
