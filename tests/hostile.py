"""Calls of the library's docstring examples, with one argument at a time replaced by what it was not made for."""

import contextlib
import copy
import doctest
import functools
import importlib
import inspect
import io
import math
import pkgutil
import resource
import signal
import warnings
from collections.abc import Iterator
from types import FunctionType, SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from further_calls import CALLS

import nnqg
from nnqg.errors import NNQGError

SECONDS, GIGABYTES = 4.0, 6
NO_CALLS = {"checks", "errors", "boundary", "grading"}
"""Modules that are the checks themselves."""

AS_DOCUMENTED = {"views", "horizon_value", "normalise", "measured_period", "critical_curve", "propagate", "final_state", "descend"}
"""Functions that return NaN for something, and say so."""


def modules() -> list[str]:
    """Return the public modules of the library."""
    found = [module.name for module in pkgutil.walk_packages(nnqg.__path__, "nnqg.") if not module.ispkg]
    return [name for name in found if "._" not in name and name.split(".")[1] not in NO_CALLS]


@functools.cache
def members(module: str) -> dict[str, tuple[Any, str, str]]:
    """Return ``name -> (owner, attribute, docstrings)`` of the public functions and classes of a module, and of their methods."""
    loaded, found = importlib.import_module(module), {}
    for name in getattr(loaded, "__all__", []):
        thing = getattr(loaded, name)
        text = inspect.getdoc(thing) or ""
        if isinstance(inspect.unwrap(thing) if not isinstance(thing, type) else None, FunctionType):
            found[name] = (loaded, name, text)
        elif isinstance(thing, type) and not issubclass(thing, BaseException) and not getattr(thing, "_is_protocol", False):
            maker = "__new__" if issubclass(thing, tuple) else "__init__"
            found[name] = (thing, maker, text) if maker in vars(thing) else (loaded, name, text)
            for attribute, member in vars(thing).items():
                function = getattr(member, "__func__", member)
                if not attribute.startswith("_") and isinstance(function, FunctionType) and len(inspect.signature(function).parameters) > 1:
                    found[f"{name}.{attribute}"] = (thing, attribute, (inspect.getdoc(function) or "") + "\n\n" + text)
    return found


class Seen(BaseException):
    """The call was recorded, and is not made."""


@functools.cache
def example(module: str, name: str) -> Any:
    """Return the first call of a callable in its docstring, or else in another one of its module or a further call; None without one."""
    known = members(module)
    owner, attribute, text = known[name]
    raw = vars(owner)[attribute]
    function, seen = getattr(raw, "__func__", raw), []

    @functools.wraps(function)
    def recorder(*given: Any, **named: Any) -> Any:
        bound = inspect.signature(function).bind(*given, **named)
        keywords = {each.name for each in bound.signature.parameters.values() if each.kind is inspect.Parameter.VAR_KEYWORD}
        seen.append(SimpleNamespace(function=function, arguments=copied(bound.arguments), fixed={"self", "cls", "_cls"} | keywords))
        raise Seen

    setattr(owner, attribute, type(raw)(recorder) if isinstance(raw, classmethod | staticmethod) else recorder)
    try:
        texts = (text, *(text for _, _, text in known.values()))
        sources = [[line.source for line in doctest.DocTestParser().get_examples(each)] for each in texts]
        for lines in [*sources, *([source] for source in CALLS.get(module.removeprefix("nnqg."), []))]:
            loaded = importlib.import_module(module)
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception, Seen):
                names = {"np": np, "torch": torch} | dict(vars(loaded))
                exec(compile("\n".join(lines), "<example>", "exec"), names)
            if seen:
                return seen[0]
        return None
    finally:
        setattr(owner, attribute, raw)
        plt.close("all")


def copied(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of the arguments; what cannot be copied stays."""
    result = {}
    for name, value in arguments.items():
        try:
            result[name] = copy.deepcopy(value)
        except Exception:
            result[name] = value
    return result


class Foreign:
    """An object that the library does not know."""


COMMON = {
    "None": None, "text": "ten", "object": Foreign(), "class": Foreign, "list": [1.0, "a"], "dict": {}, "nan": math.nan, "inf": math.inf,
    "-inf": -math.inf, "0": 0, "-1": -1, "-2.5": -2.5, "1e3": 1e3, "10**7": 10**7, "10**9": 10**9, "10**400": 10**400, "1e-300": 1e-300,
    "1e300": 1e300, "uint8": np.uint8(20), "complex": 1j, "True": True, "empty": np.array([]), "()": (), "scalar array": np.array(1.0),
    "cube": np.ones((2, 3, 4)), "lambda": lambda *_, **__: None, "bytes": b"x",
}  # fmt: skip


@np.errstate(all="ignore")
def hostile(value: Any) -> dict[str, Any]:
    """Return named values to put in the place of a good one."""
    found = dict(COMMON)
    if isinstance(value, np.ndarray) and value.size:
        found |= {"masked": np.ma.masked_array(value, value == value.flat[0]), "empty like": value[:0] if value.ndim else np.array([])}
        found |= {"extra axis": value[None], "row too many": np.concatenate([value, value[-1:]]) if value.ndim else np.array([1.0, 2.0])}
        found |= {"big endian": value.astype(value.dtype.newbyteorder(">")), "object dtype": value.astype(object)}
        found |= {"reversed": value[::-1] if value.ndim else value, "all 0": value * 0}
        if value.ndim in (1, 2):
            found["matrix"] = np.matrix(value)
        if value.dtype.kind in "fc":
            broken = value.copy()
            broken.flat[0] = np.nan
            single, long = (np.complex64, np.clongdouble) if value.dtype.kind == "c" else (np.float32, np.longdouble)
            found |= {"one nan": broken, "float32": value.astype(single), "longdouble": value.astype(long)}
            found |= {"negative": -value, "all 1e3": value * 0 + 1e3, "all 1e300": value * 0 + 1e300}
            found |= {"as list": value.tolist(), "all inf": np.full_like(value, np.inf)}
        if value.dtype.kind == "i":
            found |= {"uint8": value.astype(np.uint8), "as float": value.astype(float), "10**9": value * 0 + 10**9, "-1": value * 0 - 1}
    elif hasattr(value, "detach") and value.dim():
        found |= {"float32": value.float(), "empty like": value[:0], "extra axis": value[None], "negative": -value, "all 0": value * 0}
        if value.dtype == torch.float64:
            found |= {
                "with gradient": value.detach().clone().requires_grad_(),
                "sign to come": torch.complex(value, -value).detach().conj().imag,
            }
        found |= {"all nan": value * math.nan, "all 1e3": value * 0 + 1e3, "array": value.detach().numpy(), "integers": value.long()}
    elif type(value) in (tuple, list) and len(value):
        found |= {"one less": value[:-1], "one more": type(value)([*value, value[-1]]), "first None": type(value)([None, *value[1:]])}
        found |= {"first nan": type(value)([math.nan, *value[1:]]), "reversed": value[::-1], "iterator": iter(value)}
        if all(type(entry) is int for entry in value):
            found |= {"array": np.array(value), "10**9": [10**9, *value[1:]], "2**70": [2**70, *value[1:]]}
    return found


@contextlib.contextmanager
def limits(seconds: float = SECONDS) -> Iterator[None]:
    """Stop what takes longer, or more memory."""

    def stop(*_: Any) -> None:
        raise TimeoutError(f"no end after {seconds:g} s of CPU time")

    before = signal.signal(signal.SIGPROF, stop)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm", encoding="utf-8") as status:
        used = int(status.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + GIGABYTES * 2**30, hard))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def finite(result: Any) -> bool:
    """Whether no number of a result is NaN; infinite ones are told by name where they are allowed."""
    if isinstance(result, tuple | list):
        return all(map(finite, result))
    if isinstance(result, dict):
        return all(map(finite, result.values()))
    if hasattr(result, "detach"):
        result = result.numpy(force=True)
    if isinstance(result, float | complex | np.generic | np.ndarray):
        return np.asarray(result).dtype.kind not in "fc" or not np.isnan(result).any()
    return all(map(finite, vars(result).values())) if type(result).__module__.startswith("nnqg") and hasattr(result, "__dict__") else True


def called(call: Any, argument: str, value: Any) -> Any:
    """Make a call with one argument replaced, and return its result, or the object that it made."""
    bound = inspect.signature(call.function).bind_partial()
    many = bound.signature.parameters[argument].kind is inspect.Parameter.VAR_POSITIONAL
    bound.arguments.update(copied(call.arguments) | {argument: (value,) if many else value})
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = call.function(*bound.args, **bound.kwargs)
    return bound.arguments["self"] if call.function.__name__ == "__init__" else result


def complaint(call: Any, argument: str, value: Any, again: bool = True) -> str:
    """Return what is wrong with a call that has one argument replaced: nothing, a foreign error, NaN, or no end.

    What does not end is called once more with five times as long, because it may have had to compile.
    """
    try:
        with limits(SECONDS if again else 5 * SECONDS):
            result = called(call, argument, value)
    except NNQGError:
        return ""
    except TimeoutError as error:
        return complaint(call, argument, value, again=False) if again else f"TimeoutError: {error}"
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return f"{type(error).__name__}: {str(error)[:90]}"
    return "" if finite(result) or call.function.__name__ in AS_DOCUMENTED else "not finite"
