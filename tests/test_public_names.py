"""Every public name of the library is documented and annotated, and no function is long: the lists of offenders are empty."""

import ast
import functools
import importlib
import inspect
import pkgutil
import re
import textwrap
from pathlib import Path

import pytest

import nnqg

LIBRARY = Path(nnqg.__file__).parent
LIMIT, SHARE_BELOW_30 = 60, 0.9


def modules():
    """Return every public module of the library."""
    found = [module.name for module in pkgutil.walk_packages(nnqg.__path__, "nnqg.")]
    return ["nnqg", *(name for name in found if not any(part.startswith("_") for part in name.split(".")))]


def public_names():
    """Return `module.name` of everything that `__all__` lists, with the object."""
    for name in modules():
        module = importlib.import_module(name)
        for public in getattr(module, "__all__", []):
            yield f"{name}.{public}", getattr(module, public)


def callables(properties=True):
    """Return the public functions, and the public methods and (one sentence is enough for them) properties of public classes."""
    for name, thing in public_names():
        if inspect.isfunction(inspect.unwrap(thing)) and not inspect.isclass(thing):
            yield name, inspect.unwrap(thing)
        elif inspect.isclass(thing):
            for member, value in vars(thing).items():
                function = inspect.unwrap(getattr(value, "fget", None) or getattr(value, "__func__", value))
                wanted = properties or not isinstance(value, property | functools.cached_property)
                if wanted and not member.startswith("_") and inspect.isfunction(function):
                    yield f"{name}.{member}", function


def documented(docstring, section):
    """Return the names that a NumPy-style section of a docstring lists."""
    match = re.search(rf"(?ms)^{section}\n-+\n(.*?)(?=^\w[\w ]*\n-+$|\Z)", inspect.cleandoc(docstring or ""))
    lines = match[1].splitlines() if match else []
    heads = [line.split(" : ")[0] for line in lines if line and not line.startswith(" ")]
    return {name.strip().lstrip("*") for head in heads for name in head.split(",")}


def parameters(thing):
    """Return the names of what a caller passes."""
    return [name for name in inspect.signature(thing).parameters if name not in ("self", "cls")]


@pytest.mark.parametrize("module", modules())
def test_a_public_module_says_what_it_is_and_lists_its_public_names(module):
    loaded = importlib.import_module(module)
    assert loaded.__doc__, "no docstring"
    if not hasattr(loaded, "__path__"):
        assert loaded.__all__, "no __all__"


def test_every_public_name_is_documented():
    offenders = [name for name, thing in public_names() if callable(thing) and not inspect.getdoc(thing)]
    offenders += [name for name, function in callables() if not inspect.getdoc(function)]
    assert offenders == []


def test_what_a_docstring_lists_is_a_parameter():
    offenders = []
    for name, function in callables():
        offenders += [f"{name}({listed})" for listed in documented(inspect.getdoc(function), "Parameters") - set(parameters(function))]
    assert offenders == []


def test_no_docstring_says_what_is_said_once():
    """Errors of bad input are said in the room's lecture; a `Raises` section is for the others."""
    offenders = [name for name, function in callables() if documented(inspect.getdoc(function), "Raises") & {"InvalidArgument"}]
    assert offenders == []


def test_a_short_function_has_a_short_docstring():
    """Up to three lines of words beside an equation, an example, and an error that nobody expects; not what writers of exercises call."""
    offenders = []
    for name, function in ((name, function) for name, function in callables() if not name.startswith("nnqg.grading.")):
        words = re.sub(r"\n\.\. math::.*?(?=\n\n(?! ))|\nRaises\n-+\n.*?(?=\n\n|\Z)", "\n", inspect.getdoc(function) or "", flags=re.DOTALL)
        doc = [line for line in words.splitlines() if line]
        example = doc.index("Examples") if "Examples" in doc else len(doc)
        body = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0].body[1:]
        if body and body[-1].end_lineno - body[0].lineno < 3 and example > 3:
            offenders.append(f"{name}: {example} lines before the example")
    assert offenders == []


def test_every_public_function_is_annotated():
    offenders = []
    for name, function in callables():
        signature = inspect.signature(function)
        missing = [p for p in parameters(function) if signature.parameters[p].annotation is inspect.Parameter.empty]
        missing += ["return"] if signature.return_annotation is inspect.Parameter.empty else []
        offenders += [f"{name}: {part}" for part in missing]
    assert offenders == []


def test_every_public_function_of_a_room_is_checked():
    offenders = []
    for name, thing in public_names():
        room, function = name.count(".") > 2, inspect.isfunction(inspect.unwrap(thing)) and not inspect.isclass(thing)
        if room and function and not getattr(thing, "__wrapped__", None):
            offenders.append(name)
    assert offenders == []


def functions(folder):
    """Yield every function below a folder with the number of lines of its body, docstring not counted."""
    for path in sorted(Path(folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                yield f"{path}:{node.lineno} {node.name}", body[-1].end_lineno - body[0].lineno + 1


@pytest.mark.parametrize("folder", [LIBRARY, LIBRARY.parent.parent / "tools"], ids=["library", "tools"])
def test_functions_are_short(folder):
    lengths = dict(functions(folder))
    assert [name for name, length in lengths.items() if length > LIMIT] == []
    assert sum(length <= 30 for length in lengths.values()) >= SHARE_BELOW_30 * len(lengths)
