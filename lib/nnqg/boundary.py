"""The boundary of the library: a public function takes what its annotations say, and gives back finite numbers or an error of its own.

`checked` reads the annotations once and calls `nnqg.checks` on every argument: exact arrays in double precision, finite numbers, whole
numbers as Python's own, objects of the class that is named. Ranges, and lengths that two arguments share, remain with the function.
"""

import functools
import inspect
import math
import re
import types
import typing
from collections import abc
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from nnqg import checks
from nnqg.errors import Diverged, InvalidArgument, NNQGError

__all__ = ["checked"]

Lengths = dict[str, Any]
Settings = dict[str, Any]
Holder = Callable[[str, Any, Lengths], Any]

_DTYPES = {"float64": float, "complex128": complex, "int64": int, "bool": bool}
_LARGEST_INTEGER = 2**63 - 1
_BREAKDOWNS = (ArithmeticError, np.linalg.LinAlgError, MemoryError, RecursionError, RuntimeWarning)
_REMEDY = "choose arguments of moderate size"
_CALL = "call it with an argument of the same kind and look at what it returns"
_TOO_LARGE_OR_SINGULAR = re.compile("allocate memory|overflow|too big|maximum allowed|singular|converge|ARPACK", re.IGNORECASE)
_METHODS = ("__init__", "__new__", "__call__")
_WORD = re.compile(r"\w+")


def checked(
    thing: Any = None,
    *,
    quantities: dict[str, str] | None = None,
    infinite: tuple[str, ...] = (),
    nan: tuple[str, ...] = (),
    empty: tuple[str, ...] = (),
) -> Any:
    """Hold a public function, or the public methods of a class, to its annotations, and its result to the finite numbers.

    What else goes wrong inside is put down to the functions that were given, or that an argument or the object itself holds.

    Parameters
    ----------
    quantities : dict, optional
        Arguments that have a unit, and what they are: one of `nnqg.checks.QUANTITIES`.
    infinite, nan, empty : tuple of str, optional
        Arguments, or "return" for the result, in which infinite entries, all that is not finite, or no entries at all pass. Infinite are
        also integers of any size.

    Raises
    ------
    Diverged
        Where the function left the finite numbers or the memory, or a matrix has no inverse.

    Examples
    --------
    >>> @checked
    ... def half_life(rate: float) -> float:
    ...     return np.log(2.0) / rate
    >>> half_life("fast")
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: rate: expected a real number, got 'fast' (str). Remedy: pass rate as a float.
    >>> half_life(0.0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    nnqg.errors.Diverged: half_life diverged at these arguments (divide by zero...). Remedy: choose arguments of moderate size.
    """
    settings: dict[str, Settings] = {name: {"quantity": quantity} for name, quantity in (quantities or {}).items()}
    for waived, names in (("infinite", infinite), ("nan", nan), ("empty", empty)):
        for name in names:
            settings[name] = settings.get(name, {}) | {waived: True}
    if thing is None:
        return lambda thing: _checked(thing, settings)
    return _checked(thing, settings)


def _checked(thing: Any, settings: dict[str, Settings]) -> Any:
    if not isinstance(thing, type):
        return _held(thing, settings)
    for name, member in list(vars(thing).items()):
        if name.startswith("_") and name not in _METHODS:
            continue
        if isinstance(member, types.FunctionType):
            setattr(thing, name, _held(member, settings, thing))
        elif isinstance(member, classmethod | staticmethod):
            setattr(thing, name, type(member)(_held(member.__func__, settings)))
    return thing


def _held(function: Callable[..., Any], settings: dict[str, Settings], owner: type | None = None) -> Callable[..., Any]:
    parameters, answer = inspect.signature(function).parameters, inspect.signature(function).return_annotation
    holders = {name: _holder(each.annotation, settings.get(name, {})) for name, each in parameters.items()}
    functions = list(dict.fromkeys(_functions(function) + (_functions(owner) if owner else [])))
    real = bool(functions) and "float64" in getattr(answer, "dtypes", ()) and "complex128" not in answer.dtypes
    many = inspect.Parameter.VAR_POSITIONAL
    ordered = [(name, holders[name]) for name, each in parameters.items() if each.kind < many]
    rest = next(((name, holders[name]) for name, each in parameters.items() if each.kind is many), ("", None))
    called = function.__qualname__.rpartition("<locals>.")[2]
    called = called.rpartition(".")[0] if called.endswith(_METHODS) else called
    returned = settings.get("return", {})

    @functools.wraps(function)
    def held(*given: Any, **named: Any) -> Any:
        pairs = ordered if len(given) <= len(ordered) else ordered + [rest] * (len(given) - len(ordered))
        lengths: Lengths = {}
        given = tuple([hold(name, value, lengths) if hold else value for (name, hold), value in zip(pairs, given, strict=False)])
        for name, value in named.items():
            if hold := holders.get(name):
                named[name] = hold(name, value, lengths)
        try:
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                result = function(*given, **named)
            if real and (result.is_complex() if hasattr(result, "is_complex") else np.iscomplexobj(result)):
                raise InvalidArgument(" or ".join(functions), "a function as annotated", "one with complex values", _CALL)
            if "nan" not in returned:
                _refuse_not_finite(called, result, **returned)
        except NNQGError as error:
            other = isinstance(error, InvalidArgument) and holders.keys().isdisjoint(_WORD.findall(error.name))
            if other or error.inside or getattr(error, "function", "") not in ("", called):
                error.inside = called
            raise
        except _BREAKDOWNS as error:
            raise _breakdown(called, f"these arguments ({error})" if str(error) else "these arguments") from error
        except (TypeError, AttributeError, LookupError, ValueError, RuntimeError) as error:
            if isinstance(error, ValueError | RuntimeError) and _TOO_LARGE_OR_SINGULAR.search(str(error)):
                raise _breakdown(called, f"these arguments ({str(error).splitlines()[0]})") from error
            if not functions:
                raise
            raise InvalidArgument(" or ".join(functions), "a function as annotated", f"{type(error).__name__}: {error}", _CALL) from error
        return result

    return held


def _functions(thing: Callable[..., Any]) -> list[str]:
    """Return the arguments of a function or a class of the library that are functions, or hold some."""
    return [name for name, each in inspect.signature(thing).parameters.items() if _calls(each.annotation)]


def _calls(hint: Any) -> bool:
    """Whether what an annotation names is a function or holds one: a protocol, or an object of the library that is made with functions."""
    if typing.get_origin(hint) is abc.Callable or hint is abc.Callable:
        return True
    if typing.get_origin(hint):
        return any(map(_calls, typing.get_args(hint)))
    known = isinstance(hint, type) and hint.__module__.startswith("nnqg.")
    return known and (getattr(hint, "_is_protocol", False) or bool(_functions(hint)))


def _breakdown(called: str, where: str) -> Diverged:
    error = Diverged(called, where, _REMEDY)
    error.function = called
    return error


def _refuse_not_finite(what: str, result: Any, infinite: bool = False) -> None:
    """Raise `Diverged` if a number, array, tensor, or one inside of a collection, is infinite or NaN; a record checks itself."""
    good = True
    if isinstance(result, float):
        good = math.isfinite(result) or (infinite and result == result)
    elif isinstance(result, np.ndarray | np.number | complex):
        if getattr(result, "dtype", np.dtype(complex)).kind in "fc":
            good = bool((~np.isnan(result) if infinite else np.isfinite(result)).all())
    elif hasattr(result, "detach"):
        _refuse_not_finite(what, result.numpy(force=True), infinite)
    elif isinstance(result, dict | tuple | list):
        for each in result.values() if isinstance(result, dict) else result:
            _refuse_not_finite(what, each, infinite)
    if not good:
        raise _breakdown(what, "these arguments")


def _holder(hint: Any, settings: Settings) -> Holder | None:
    """Return the check that an annotation asks for, or None where it asks for nothing."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint in (float, int) and settings:
        return _of(checks.number, **settings) if hint is float else _whole
    if hint in _SCALARS:
        return _SCALARS[hint]
    if hasattr(hint, "dim_str"):
        return _array(hint, settings)
    if hint is np.ndarray:
        return _of(checks.array, dtype=tuple(_DTYPES.values()), **settings)
    if origin in (typing.Union, types.UnionType):
        return _either(inner, settings)
    if origin is typing.Literal:
        return _of(checks.option, options=inner)
    if origin is type:
        return _of(checks.instance, kind=type)
    if origin in (tuple, list, abc.Sequence, abc.Collection, abc.Iterable):
        return _several(origin, inner, settings)
    if origin in (dict, abc.Mapping) and inner:
        return _mapping(origin, *(_holder(each, settings) for each in inner))
    kind = origin or hint
    protocol = getattr(kind, "_is_protocol", False)
    if kind is abc.Callable or (protocol and "__call__" in vars(kind)):
        return _of(checks.instance, kind=abc.Callable, remedy="pass a function")
    if not isinstance(kind, type) or protocol or kind in (inspect.Parameter.empty, object, Any):
        return None
    return _of(checks.instance, kind=kind)


def _of(check: Callable[..., Any], **settings: Any) -> Holder:
    return lambda name, value, lengths: check(name, value, **settings)


def _float(name: str, value: Any, lengths: Lengths) -> Any:
    return value if type(value) is float and value - value == 0 else _whole_or(checks.number(name, value), value)


def _whole_or(number: float, value: Any) -> Any:
    """Return an int as it came, as long as a float holds all of its digits."""
    return value if type(value) is int and abs(value) <= 2**53 else number


def _complex(name: str, value: Any, lengths: Lengths) -> Any:
    if not isinstance(value, complex):
        return _float(name, value, lengths)
    checks.number(f"real part of {name}", value.real), checks.number(f"imaginary part of {name}", value.imag)
    return complex(value)


def _int(name: str, value: Any, lengths: Lengths) -> int:
    return checks.count(name, value, minimum=-_LARGEST_INTEGER, maximum=_LARGEST_INTEGER)


def _whole(name: str, value: Any, lengths: Lengths) -> int:
    """Return an integer of any size: rows of bits are."""
    return checks.count(name, value, minimum=-math.inf, maximum=math.inf)


def _bool(name: str, value: Any, lengths: Lengths) -> bool:
    return bool(checks.instance(name, value, (bool, np.bool_), "pass True or False"))


def _str(name: str, value: Any, lengths: Lengths) -> str:
    return str(checks.instance(name, value, str, "pass a text"))


_SCALARS: dict[Any, Holder] = {float: _float, complex: _complex, int: _int, bool: _bool, str: _str}


def _array(hint: Any, settings: Settings) -> Holder | None:
    """Return the check of a jaxtyping annotation: kind of array, dtype, and lengths by number or name."""
    names = [name for name in hint.dtypes if isinstance(name, str)] if isinstance(hint.dtypes, list | tuple) else []
    exact = tuple(_DTYPES[name] for name in names if name in _DTYPES) or tuple(np.dtype(name).type for name in names if hasattr(np, name))
    words = hint.dim_str.split()
    shape = None if any("*" in word or "..." in word for word in words[1:]) else tuple(map(_length, words))
    if hint.array_type is np.ndarray:
        kinds = exact or tuple(_DTYPES.values())
        return lambda name, value, lengths: checks.array(name, value, shape=shape, dtype=kinds, lengths=lengths, **settings)
    if getattr(hint.array_type, "__name__", "") == "Tensor":
        if len(exact) == 1 and exact[0] in _DTYPES.values():
            return lambda name, value, lengths: checks.tensor(name, value, shape=shape, dtype=exact[0], lengths=lengths, **settings)
        return _of(checks.instance, kind=hint.array_type)
    return None


def _length(word: str) -> int | str | None:
    """Return what one word of an annotation says: a length, a label, a label with a star for many axes, or None for any length."""
    if "*" in word or word == "...":
        return word if word[1:].isidentifier() else "*"
    return int(word) if word.isdigit() else word if word.isidentifier() and word != "_" else None


def _either(inner: tuple[Any, ...], settings: Settings) -> Holder | None:
    """Return the check of a union: one of its members must hold, and the one for values of this type says what is wrong."""
    holders = [(hint, _holder(hint, settings)) for hint in inner if hint is not type(None)]
    optional = len(holders) < len(inner)
    arrays = [pair for pair in holders if pair[0] is np.ndarray or hasattr(pair[0], "dim_str")]
    arrays_first = sorted(holders, key=lambda pair: pair not in arrays)  # to say that an array is no number is slow

    def either(name: str, value: Any, lengths: Lengths) -> Any:
        if value is None and optional:
            return value
        errors = {}
        for hint, holder in arrays_first if hasattr(value, "shape") else holders:
            if holder is None:
                return value
            try:
                return holder(name, value, lengths)
            except InvalidArgument as error:
                errors[hint] = error
        for hint, wrong in errors.items():
            if isinstance(value, np.ndarray) == (getattr(hint, "array_type", None) is np.ndarray):
                raise wrong
        raise next(iter(errors.values()))

    return either


def _several(origin: Any, inner: tuple[Any, ...], settings: Settings) -> Holder:
    """Return the check of a sequence, whose entries are held to their own annotation; an array becomes a tuple, an iterator a list."""
    fixed = origin is tuple and inner and inner[-1] is not Ellipsis
    holders = [_whole if hint is int else _holder(hint, settings) for hint in inner if hint is not Ellipsis] or [None]

    def several(name: str, value: Any, lengths: Lengths) -> Any:
        kind = abc.Collection if origin in (abc.Collection, abc.Iterable) else abc.Sequence
        if origin is abc.Iterable and isinstance(value, abc.Iterator):
            value = list(islice(value, checks.LARGEST_COUNT + 1))
            checks.count(f"number of {name}", len(value), minimum=0, maximum=checks.LARGEST_COUNT)
        if isinstance(value, str | bytes) or not isinstance(value, (kind, np.ndarray)) or getattr(value, "ndim", 1) == 0:
            raise InvalidArgument(name, "a sequence", checks.shown(value), f"pass {name} as a tuple or a list")
        if fixed and len(value) != len(holders):
            raise InvalidArgument(name, f"{len(holders)} entries", len(value), f"give {name} one entry each")
        checking = holders if fixed else holders * len(value)
        held = [
            hold(f"{name}[{number}]", entry, {}) if hold else entry
            for number, (hold, entry) in enumerate(zip(checking, value, strict=True))
        ]
        same = all(one is other for one, other in zip(held, value, strict=True))
        return value if same and not isinstance(value, np.ndarray) else tuple(held)

    return several


def _mapping(kind: type, key: Holder | None, entry: Holder | None) -> Holder:
    """Return the check of a dictionary, whose keys and entries are held to their own annotations."""

    def mapping(name: str, value: Any, lengths: Lengths) -> Any:
        for each, held in checks.instance(name, value, kind).items():
            if key:
                key(f"a key of {name}", each, {})
            if entry:
                entry(f"{name}[{each!r}]", held, {})
        return value

    return mapping
