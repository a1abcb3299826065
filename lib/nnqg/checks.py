"""Checks at the boundary of the library: what was expected, what came, what to do.

Public functions call these on their arguments; nothing is converted or clipped silently. Each returns what it was given, a number as a
plain float or int, or raises `InvalidArgument` with the argument's name. What an annotation says, `nnqg.boundary` checks with them.
"""

import math
import numbers
import re
from collections.abc import Collection
from typing import Any

import numpy as np

from nnqg.errors import Diverged, InvalidArgument

__all__ = [
    "QUANTITIES",
    "array",
    "count",
    "different_names",
    "finite_result",
    "instance",
    "number",
    "option",
    "short_name",
    "shown",
    "tensor",
    "texts",
]

Shape = tuple[int | str | None, ...]

LARGEST_COUNT, MOST_STEPS = 10**7, 10**5  # entries; steps of a loop in Python, where more take hours
_WORDS = {float: "floats", complex: "complex numbers", int: "integers", bool: "truth values"}
QUANTITIES = {
    "a light quark's mass": ("GeV", 0.0, 1.0),
    "a condensate": ("GeV^3", 0.0, 1.0),
    "a meson's mass": ("GeV", 0.01, 100.0),
    "the error of a meson's mass": ("GeV", 1e-9, 1.0),
    "a temperature": ("GeV", 1e-3, 10.0),
    "a length in the bulk": ("1/GeV", 1e-3, 1e4),
    "a magnetic field": ("tesla", 0.0, 100.0),
    "a magnetisation": ("mu_B/Mn", 0.0, 10.0),
}
"""What has a unit, and the smallest and largest size that it can have in it if it is not 0: outside, it was given in another unit."""


def array(name: str, value: Any, *, dtype: type | tuple[type, ...] = float, **held: Any) -> np.ndarray:
    """Return ``value`` if it is a finite, non-empty numpy array with the given shape: no matrix, no masked array, no other subclass.

    Parameters
    ----------
    dtype : type or tuple of types, optional
        What the entries may be, in the byte order of the machine: float64 if nothing else is said, never one of less precision.
    held : optional
        ``shape``: one entry per axis, a length, a label (equal labels mean equal lengths) or None (any length), and a first label that
        begins with a star stands for any number of axes. ``minimum``, ``maximum``: bounds on every entry, inclusive. ``quantity``: one of
        `QUANTITIES`, in whose unit every entry must be possible. ``infinite``, ``nan``, ``empty``: whether infinite entries, all that is
        not finite, or no entries at all pass. ``lengths``: what the labels stand for so far; those of this array are added.

    Examples
    --------
    >>> array("eta", np.array([0.5, 1.0]), shape=("layer",), minimum=0.0)
    array([0.5, 1. ])
    >>> array("eta", np.array([1, 2]))
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: eta: expected an array of floats, got dtype int64. Remedy: convert with np.asarray(eta, dtype=float).
    """
    kinds = dtype if isinstance(dtype, tuple) else (dtype,)
    if type(value) is not np.ndarray or value.dtype not in kinds:
        words = " or ".join(_WORDS.get(kind, np.dtype(kind).name) for kind in kinds)
        remedy = f"convert with np.asarray({name}, dtype={np.dtype(kinds[0]).name if kinds[0] not in _WORDS else kinds[0].__name__})"
        if isinstance(value, np.ma.MaskedArray):
            raise InvalidArgument(name, f"a numpy array of {words}", "MaskedArray", "fill or leave out the masked entries")
        if type(value) is not np.ndarray:
            raise InvalidArgument(name, f"a numpy array of {words}", type(value).__name__, remedy)
        raise InvalidArgument(name, f"an array of {words}", f"dtype {value.dtype.str if value.dtype.kind in 'fc' else value.dtype}", remedy)
    _hold_entries(name, value, **held)
    return value


def tensor(name: str, value: Any, *, dtype: type = float, **held: Any) -> Any:
    """Return ``value`` if it is a finite, non-empty torch tensor, of float64 if nothing else is said; all else as in `array`.

    A conjugate or a sign that torch has put off is taken now: numpy would refuse the tensor.

    Examples
    --------
    >>> import torch
    >>> tensor("phi", torch.ones(2, dtype=torch.float64), shape=("data",))
    tensor([1., 1.], dtype=torch.float64)
    """
    import torch

    exact = {float: torch.float64, complex: torch.complex128, int: torch.int64, bool: torch.bool}[dtype]
    if not isinstance(value, torch.Tensor):
        remedy = f"convert with torch.as_tensor({name}, dtype={exact})"
        raise InvalidArgument(name, f"a torch tensor of {_WORDS[dtype]}", type(value).__name__, remedy)
    if value.dtype != exact or value.layout != torch.strided:
        remedy = f"convert with {name}.to({exact})"
        raise InvalidArgument(name, f"a dense tensor of {_WORDS[dtype]}", f"dtype {value.dtype}, layout {value.layout}", remedy)
    _hold_entries(name, value.numpy(force=True), **held)
    return value.resolve_conj().resolve_neg() if value.is_conj() or value.is_neg() else value


def number(
    name: str,
    value: Any,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    below: float | None = None,
    quantity: str | None = None,
    infinite: bool = False,
    nan: bool = False,
) -> float:
    """Return ``value`` as a float if it is a finite real number in the given range.

    Parameters
    ----------
    minimum, maximum : float, optional
        Inclusive bounds.
    above, below : float, optional
        Exclusive bounds.
    quantity : str, optional
        One of `QUANTITIES`: the number must be possible in its unit.
    infinite, nan : bool, optional
        Whether an infinite number, or all that is not finite, passes.

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
        raise InvalidArgument(name, "a real number", shown(value), f"pass {name} as a float")
    try:
        result = float(value)
    except OverflowError:
        raise InvalidArgument(name, "a number below 1e308", shown(value), f"check how {name} was computed") from None
    if not (math.isfinite(result) or nan or (infinite and result == result)):
        raise InvalidArgument(name, "a finite number", result, f"check how {name} was computed")
    remedy = f"choose {name} in that range"
    if above is not None and not result > above:
        raise InvalidArgument(name, f"a number above {above}", result, remedy)
    if below is not None and not result < below:
        raise InvalidArgument(name, f"a number below {below}", result, remedy)
    _check_range(name, result, result, minimum, maximum)
    if quantity is not None:
        _check_unit(name, np.array([result]), quantity)
    return result


def count(name: str, value: Any, *, minimum: float = 1, maximum: float = LARGEST_COUNT) -> int:
    """Return ``value`` as an int if it is an integer in the given range.

    Parameters
    ----------
    minimum, maximum : int, optional
        Inclusive bounds; what counts more than 10^7 would not end.

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
        raise InvalidArgument(name, "an integer", shown(value), f"pass {name} as an int")
    whole = int(value)
    if not minimum <= whole <= maximum:
        expected = f"an integer >= {minimum}" + ("" if maximum == LARGEST_COUNT and whole < minimum else f" and <= {maximum}")
        raise InvalidArgument(name, expected, shown(whole).removesuffix(" (int)"), f"choose {name} in that range")
    return whole


def instance(name: str, value: Any, kind: type | tuple[type, ...], remedy: str = "") -> Any:
    """Return ``value`` if it is an object of the class, e.g. ``np.random.Generator``; of `collections.abc.Callable` any function is.

    Examples
    --------
    >>> instance("rng", 7, np.random.Generator)
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: rng: expected one of class Generator, got 7 (int). Remedy: pass one of class Generator.
    """
    if not isinstance(value, kind):
        words = "one of class " + " or ".join(each.__name__ for each in (kind if isinstance(kind, tuple) else (kind,)))
        raise InvalidArgument(name, words, shown(value), remedy or f"pass {words}")
    return value


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
        raise InvalidArgument(name, f"one of {known}", shown(value).rpartition(" (")[0], f"choose one of {known}")
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
    plain = value.numpy(force=True) if hasattr(value, "detach") else value
    if not (math.isfinite(plain) if type(plain) is float else np.isfinite(plain).all()):
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


def shown(value: Any) -> str:
    """Return a value as text with its type, shortened; an object may have no text, nor has an integer of many digits.

    Examples
    --------
    >>> shown(10**5000)
    'what cannot be printed (int)'
    """
    try:
        text = repr(value)
    except Exception:
        text = "what cannot be printed"
    return f"{text if len(text) <= 80 else text[:60] + '...'} ({type(value).__name__})"


def _hold_entries(
    name: str,
    value: np.ndarray,
    *,
    shape: Shape | None = None,
    minimum: float | None = None,
    maximum: float | None = None,
    quantity: str | None = None,
    infinite: bool = False,
    nan: bool = False,
    empty: bool = False,
    lengths: dict[str, Any] | None = None,
) -> None:
    if not value.size and not empty:
        raise InvalidArgument(name, "at least one entry", f"shape {value.shape}", f"check how {name} was selected")
    _check_shape(name, value.shape, shape, lengths)
    if not nan:
        good = ~np.isnan(value) if infinite else np.isfinite(value)
        if not good.all():
            came = f"{value.size - good.sum()} of {value.size} entries NaN" + ("" if infinite else " or infinite")
            expected = "no NaN" if infinite else "finite entries"
            raise InvalidArgument(name, expected, came, f"remove them or check how {name} was computed")
    if minimum is not None or maximum is not None:
        _check_range(name, float(value.min()), float(value.max()), minimum, maximum)
    if quantity is not None:
        _check_unit(name, value, quantity)


def _check_shape(name: str, came: tuple[int, ...], shape: Shape | None, known: dict[str, Any] | None) -> None:
    if shape is None:
        return
    lengths = {} if known is None else known
    if shape and isinstance(shape[0], str) and shape[0].startswith("*"):
        front = max(0, len(came) - len(shape) + 1)
        whole = shape[0] == "*" or lengths.setdefault(shape[0], came[:front]) == came[:front]
        wanted, rest = shape[1:] if whole else (-1, *shape), came[front:]
    else:
        wanted, rest = shape, came
    fits = len(rest) == len(wanted)
    for length, entry in zip(rest, wanted, strict=False):
        if isinstance(entry, str):
            fits = fits and lengths.setdefault(entry, length) == length
        elif entry is not None:
            fits = fits and length == entry
    if not fits:
        words = ("any" if entry is None else f"{entry} = {known[entry]}" if known and entry in known else str(entry) for entry in shape)
        expected = "(" + ", ".join(words) + ")"
        raise InvalidArgument(name, f"shape {expected}", f"shape {came}", f"reshape {name}")


def _check_range(name: str, lowest: float, highest: float, minimum: float | None, maximum: float | None) -> None:
    if minimum is not None and lowest < minimum:
        raise InvalidArgument(name, f"values >= {minimum}", lowest, f"choose {name} in that range")
    if maximum is not None and highest > maximum:
        raise InvalidArgument(name, f"values <= {maximum}", highest, f"choose {name} in that range")


def _check_unit(name: str, value: np.ndarray, quantity: str) -> None:
    unit, lowest, highest = QUANTITIES[quantity]
    sizes = np.abs(value)
    absurd = value[(sizes > highest) | ((sizes < lowest) & (sizes > 0))]
    if absurd.size:
        expected = f"values in {unit}, for {quantity} " + (f"from {lowest:g} to {highest:g}" if lowest else f"up to {highest:g}")
        raise InvalidArgument(name, expected, f"{absurd.flat[0]:g}", f"convert {name} to {unit}")
