"""Switch on the annotations of the library: jaxtyping checks shapes, beartype checks types, at every call of every test.

The bad-input session (`pytest -m bad_input`) runs without them, so that what is seen are the library's own errors. A function
compiled by numba says `@typing.no_type_check` below its decorator, because numba cannot compile a wrapped function.

What numba compiles is kept under `_build`, in a folder named by the hash of all compiled modules: numba itself looks at the file
of a function only, and would run old code when a function that it calls has changed in another file.
"""

import builtins
import functools
import hashlib
import os
import sys
from pathlib import Path
from types import FunctionType, ModuleType

import hypothesis
import jaxtyping
import matplotlib
import pytest
from beartype import BeartypeConf, beartype
from jaxtyping import install_import_hook

import book  # noqa: F401  (before nbformat, see there)
from book.pages import files_in_toc

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
hypothesis.settings.register_profile("book", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("book")
matplotlib.use("agg")


def numba_cache(root: Path = ROOT) -> Path:
    """Return the folder for compiled code that belongs to the compiled modules as they are."""
    sources = {path: path.read_bytes() for path in sorted((root / "lib").rglob("*.py"))}
    digest = hashlib.sha256()
    for path, source in sources.items():
        if b"numba" in source:
            digest.update(str(path.relative_to(root)).encode() + b"\0" + source)
    return root / "_build" / "numba" / digest.hexdigest()[:16]


os.environ["NUMBA_CACHE_DIR"] = str(numba_cache())


@pytest.fixture
def shell(monkeypatch):
    """Start IPython, and give Python's own `exit` and `quit` back, which it replaces."""
    from IPython.testing.globalipapp import start_ipython

    for name in ("exit", "quit"):
        monkeypatch.setattr(builtins, name, getattr(builtins, name))
    start_ipython()


def jaxtyped(thing=None, *, typechecker, whole=jaxtyping.jaxtyped):
    """Do as jaxtyping does; where no annotation names an array, leave out the book-keeping of shapes, which costs more than the call."""
    if thing is None:
        return functools.partial(jaxtyped, typechecker=typechecker)
    hints = thing.__annotations__.values() if isinstance(thing, FunctionType) else [""]
    shapes = any(isinstance(hint, str) or "jaxtyping" in repr(hint) for hint in hints)
    return whole(thing, typechecker=typechecker) if shapes else typechecker(thing)


def pytest_configure(config):
    """Install the hook before anything imports the library."""
    if config.option.markexpr == "bad_input":
        return
    loaded = sorted(name for name in sys.modules if name.split(".")[0] == "nnqg")
    if loaded:
        raise RuntimeError(f"imported before its annotations were switched on: {loaded}")
    checker = ModuleType("numeric_tower")  # an integer passes for a float, as PEP 484 says
    checker.check = beartype(conf=BeartypeConf(is_pep484_tower=True))
    sys.modules["numeric_tower"] = checker
    jaxtyping.jaxtyped = jaxtyped
    install_import_hook("nnqg", "numeric_tower.check")


def pytest_ignore_collect(collection_path, config):
    """Leave out, in the bad-input session, the files that have none of it: to import them all takes a third of its time."""
    of_no_use = config.option.markexpr == "bad_input" and collection_path.suffix == ".py"
    return True if of_no_use and "bad_input" not in collection_path.read_text(encoding="utf-8") else None


APART = ("tests/coursework/test_trials", "tests/coursework/test_attempts", "tests/book/test_browser")
LONGEST_FIRST = (
    *("tests/coursework/test_round_trip", "tests/coursework/test_student", "tests/coursework"),
    *("tests/book/test_browser", "tests/tools", "tests/book", "tests/quantum_gravity", "tests/test_house"),
)


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that two workers end together."""
    rank = {start: number for number, start in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: next((number for start, number in rank.items() if item.nodeid.startswith(start)), len(rank)))


def group_of(nodeid: str, names: tuple[str, ...] = tuple(files_in_toc())) -> str:
    """Return what has to run in one process, because it shares something costly: the one course, the visit to a page, a file's fixtures.

    The tests of a few files that take long, and share little, are apart.
    """
    if nodeid.startswith(("tests/coursework/test_round_trip.py", "tests/coursework/test_student_notebook.py")):
        return "coursework"
    if nodeid.startswith("tests/book/test_browser.py") and (visited := [name for name in names if name in nodeid]):
        return max(visited, key=len)
    return nodeid if nodeid.startswith(APART) else nodeid.split("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Group tests by `group_of`; the mark `xdist_group` of xdist 3.8 has no effect with pytest 9.2, which keeps another node id."""
    from xdist.scheduler import LoadScopeScheduling

    config.option.loadscopereorder = False  # the groups with most tests are not those that take longest

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return ByGroup(config, log)
