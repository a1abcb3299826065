"""What the results of a page depend on, as one hash: whoever finds it unchanged need not run the page again.

It covers the page's code; the modules of the library that the page imports, directly or through others, with the `__init__` of
every package on the way; the data files that these modules name (all of them when a module reads files and names none); the lock
file; how a page is run (`run_page.py`). Of a module the syntax tree counts, without docstrings, comments and layout.

`fingerprint` also holds the Python, torch and processor of this machine: results that lie in `_build` are of one machine.
`portable` holds Python's minor version only: that two executions agree is a property of the code, proved once and committed.
"""

import ast
import hashlib
import platform
import re
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from book.pages import Page

PACKAGE = "nnqg"
RUNNER = Path(__file__).with_name("run_page.py")
MAGIC = re.compile(r"(?m)^\s*[%!].*$")


def fingerprint(page: Page) -> str:
    """Hash everything that the page's results on this machine depend on."""
    return _hash([portable(page), platform.python_version(), version("torch"), _processor()])


def portable(page: Page) -> str:
    """Hash everything that the page's results depend on, apart from the machine."""
    parts = [".".join(platform.python_version_tuple()[:2]), code_of(page.read()), _digest(page.root / "uv.lock"), _digest(RUNNER)]
    parts += [f"{path.relative_to(page.root)} {_digest(path)}" for path in dependencies(page)]
    return _hash(parts)


def code_of(notebook) -> str:
    """Return the code of a notebook, cell by cell."""
    return "\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def dependencies(page: Page) -> list[Path]:
    """Return the files of the library that a page depends on, sorted."""
    library = page.root / "lib"
    waiting = set().union(*map(_imported_by_cell, code_of(page.read()).split("\0")))
    found: set[Path] = set()
    while waiting:
        name = waiting.pop()
        for path in _files(library, name) - found:
            found.add(path)
            waiting |= _imported_by(path, _stamp(path), _package_of(library, path))
    words = frozenset().union(*(_file_names(path, _stamp(path)) for path in found))
    found |= {path for path in _data_files(library) if words & {"*", *path.relative_to(library / PACKAGE).parts}}
    return sorted(found)


def _imported_by_cell(code: str) -> set[str]:
    """Return what a cell imports; of one that does not parse nothing, because the page stops there and says so."""
    with suppress(SyntaxError):
        return imported(MAGIC.sub("pass", code))
    return set()


def _files(library: Path, name: str) -> set[Path]:
    """Return the files that `import name` executes: a module, and the `__init__` of every package on the way to it."""
    found, folder = set(), library
    for part in name.split("."):
        candidates = (folder / f"{part}.py", folder / part / "__init__.py")
        found |= {path for path in candidates if path.is_file()}
        folder /= part
    return found


@cache
def _imported_by(path: Path, stamp: int, package: tuple[str, ...]) -> frozenset[str]:
    return frozenset(imported(path.read_text(encoding="utf-8"), package, str(path)))


def imported(code: str, package: tuple[str, ...] = (), file: str = "<cell>") -> set[str]:
    """Return the dotted names of the library in the import statements of some code, at any depth; `from a import b` gives a.b."""
    names = set()
    for node in ast.walk(ast.parse(code, file)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            names |= {".".join([*base, *([node.module] if node.module else []), alias.name]) for alias in node.names}
    return {name for name in names if name.split(".")[0] == PACKAGE}


def _package_of(library: Path, path: Path) -> tuple[str, ...]:
    return path.parent.relative_to(library).parts


def _data_files(library: Path) -> list[Path]:
    return [path for path in (library / PACKAGE).rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc", ".typed")]


@cache
def _file_names(path: Path, stamp: int) -> frozenset[str]:
    """Return the names of files and folders that a module which reads files joins with `/`; `*` when it names none."""
    nodes = list(ast.walk(_without_docstrings(ast.parse(path.read_text(encoding="utf-8")))))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    if not {"__file__", "open"} & names and "importlib.resources" not in modules:
        return frozenset()
    joined = [node.right for node in nodes if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)]
    return frozenset({node.value for node in joined if isinstance(node, ast.Constant) and isinstance(node.value, str)} or "*")


def _digest(path: Path) -> str:
    return _hash_of_file(path, _stamp(path)) if path.is_file() else "missing"


@cache
def _hash_of_file(path: Path, stamp: int) -> str:
    if path.suffix == ".py":
        return _hash([ast.dump(_without_docstrings(ast.parse(path.read_text(encoding="utf-8"))))])
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node, clean=False):
            node.body = node.body[1:]
    return tree


def _stamp(path: Path) -> int:
    """Return what a change of the file changes, so that a hash is kept as long as the file is the same."""
    return path.stat().st_mtime_ns


@cache
def _processor() -> str:
    """Return the kind of processor: vectorised sums end in other digits on another one."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
