"""The arrows of the house run one way, and its rooms mirror each other."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import hypothesis
import numba
import numpy as np
import pytest
import yaml
from beartype.roar import BeartypeCallHintViolation
from jaxtyping import Float, TypeCheckError

from sphinx_ext.nnqg_book import library_pages

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "lib" / "nnqg"
ROOMS = [
    "quantum_gravity",
    "neural_quantum_states",
    "networks_as_spacetime",
    "emergent_spacetime",
    "symmetries",
    "quantum_mechanics",
    "discussion",
]
MODULES = sorted(LIBRARY.rglob("*.py"))
PUBLIC = [path for path in MODULES if not path.name.startswith("_") and path.relative_to(LIBRARY).parts[0] != "data"]


def imported(path):
    """Return the dotted names that a module imports."""
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = ["nnqg", *path.relative_to(LIBRARY).parent.parts]
            base = package[: len(package) - node.level + 1] + ([node.module] if node.module else [])
            names += [".".join([*base, alias.name]) for alias in node.names]
    return names


def room_of(parts):
    return parts[0] if parts and parts[0] in ROOMS else None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_a_module_imports_the_shared_modules_and_earlier_rooms_only(path):
    own = room_of(path.relative_to(LIBRARY).parts)
    rooms = {room_of(name.split(".")[1:]) for name in imported(path) if name.split(".")[0] == "nnqg"} - {None}
    allowed = set(ROOMS[: ROOMS.index(own) + 1]) if own else set()
    assert rooms <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_the_library_imports_no_tool(path):
    tools = {tool.name for tool in (ROOT / "tools").iterdir()} | {"tools", "nnqg_book"}
    assert not tools & {name.split(".")[0] for name in imported(path)}


def test_importing_the_library_is_cheap():
    code = "import sys, nnqg, nnqg.ledger, nnqg.errata, nnqg.plotting, nnqg.random_numbers; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_chapter_has_its_room_and_every_room_its_chapter():
    chapters = {path.name.replace("-", "_") for path in (ROOT / "chapters").iterdir() if path.is_dir() and list(path.glob("*.md"))}
    rooms = {path.name for path in LIBRARY.iterdir() if (path / "__init__.py").exists() and path.name != "data"}
    assert chapters - {"reference"} == rooms
    assert rooms <= set(ROOMS)


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_every_public_module_has_its_test(path):
    place = path.relative_to(LIBRARY)
    assert (ROOT / "tests" / place.parent / f"test_{path.name}").is_file()


@pytest.mark.parametrize("script", ["tools/setup.sh", "tools/chromium.sh", "tools/check.sh", ".ci/run"])
def test_scripts_can_be_executed_and_parsed(script):
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["sh", "-n", ROOT / script], check=True)


@pytest.fixture
def workflow():
    return yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())


def test_the_workflow_runs_the_test_command(workflow):
    assert "make test" in [step.get("run") for step in workflow["jobs"]["test"]["steps"]]
    assert "make test" in (ROOT / ".ci" / "run").read_text().splitlines()


def test_the_workflow_may_write_nothing_but_the_deployed_book(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert rights == {"deploy": {"pages": "write", "id-token": "write"}}
    assert workflow["jobs"]["deploy"]["needs"] == "test"


def test_the_workflow_runs_on_the_oldest_and_the_newest_python_and_twice_every_week(workflow):
    test = workflow["jobs"]["test"]
    assert test["strategy"]["matrix"]["python"] == ["3.11", "3.14"]
    assert test["env"]["TORCH"] == "cpu" and "schedule" in test["env"]["TWICE"] and "'all'" in test["env"]["TWICE"]
    assert any(step.get("if") == "always()" and "upload-artifact" in step["uses"] for step in test["steps"])


PACKAGES = sorted(path.parent for room in ROOMS for path in (LIBRARY / room).rglob("__init__.py"))


def entries(folder):
    """Return the lines ``- `module`: what it is; page, page`` of a package's docstring: module -> pages."""
    text = re.sub(r"\n  +", " ", ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or "")
    return {name: pages.split(", ") for name, pages in re.findall(r"(?m)^- `(\w+)`: [^;\n]+; ([\w, -]+)$", text)}


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: str(folder.relative_to(LIBRARY)))
def test_a_package_names_its_modules_and_their_pages(folder):
    modules = {path.stem for path in folder.glob("[!_]*.py")}
    known = {path.stem for path in (ROOT / "chapters").rglob("*.md")}
    named = entries(folder)
    assert modules <= set(named)
    assert [page for pages in named.values() for page in pages if page not in known] == []
    text = (folder / "__init__.py").read_text()
    assert [path.name for path in folder.iterdir() if (path / "__init__.py").exists() and f"`{path.name}`" not in text] == []


@pytest.mark.parametrize("page", sorted((ROOT / "chapters").glob("*/*.md")), ids=lambda page: page.stem)
def test_a_module_that_a_page_imports_names_the_page(page):
    offenders = []
    for name in library_pages.modules_of(page.read_text(), LIBRARY.parent):
        path = LIBRARY.parent.joinpath(*name.split(".")).with_suffix(".py")
        if path.is_file() and room_of(name.split(".")[1:]) and page.stem not in entries(path.parent).get(path.stem, []):
            offenders.append(name)
    assert offenders == []


def used(text, here=""):
    """Return the dotted names that a source imports, and those that it reaches through what it imports."""
    known, found = {}, set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            known |= {
                alias.asname or alias.name.split(".")[0]: alias.name if alias.asname else alias.name.split(".")[0] for alias in node.names
            }
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*here.split(".")[: -node.level], *filter(None, [node.module])]) if node.level else node.module
            known |= {alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names}
    for node in ast.walk(ast.parse(text)):
        head, _, rest = ast.unparse(node).partition(".") if isinstance(node, ast.Attribute) else ("", "", "")
        found |= {f"{known[head]}.{rest}"} if head in known else set()
    return found | set(known.values())


def cells_and_shown(text):
    """Return what a page's cells use, and the functions whose source it shows."""
    cells = "\n".join(library_pages.MAGIC.sub("", cell) for cell in library_pages.CELL.findall(text))
    return used(cells) | {".".join(shown) for shown in re.findall(r"\{library-source\} (\S+) (\S+)", text)}


def functions_without_a_user():
    """Return the public functions of the rooms that no page, tool, benchmark or other module of the library uses."""
    outside = set().union(
        *(cells_and_shown(page.read_text()) for page in (ROOT / "chapters").rglob("*.md")),
        *(used(path.read_text()) for folder in ("tools", "benchmarks") for path in (ROOT / folder).rglob("*.py")),
    )
    modules = {".".join(path.relative_to(LIBRARY.parent).with_suffix("").parts): path.read_text() for path in MODULES}
    inside = {name: used(text, name) for name, text in modules.items()}
    idle = []
    for name, text in modules.items():
        others = outside.union(*(names for other, names in inside.items() if other != name))
        public = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
        if room_of(name.split(".")[1:]) and "._" not in name:
            idle += [f"{name}.{function}" for function in public if f"{name}.{function}" not in others]
    return idle


def test_a_public_function_has_a_user_besides_its_module():
    """What only its own module calls is private; what only tests call goes. A method is the affair of its class."""
    assert functions_without_a_user() == []
    assert used("from ..a import b\nb.c(1)", "nnqg.room.module") == {"nnqg.a.b", "nnqg.a.b.c"}


@pytest.fixture(scope="module")
def conftest():
    specification = importlib.util.spec_from_file_location("conftest_of_the_house", ROOT / "tests" / "conftest.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_annotations_are_enforced_with_and_without_arrays(conftest):
    def double(x: float) -> float:
        return 2.0 * x if x < 1.0 else "much"

    def dot(x: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> float:
        return float(x @ y)

    hold = conftest.jaxtyped(typechecker=sys.modules["numeric_tower"].check)
    assert hold(double)(0) == 0.0 and hold(dot)(np.ones(2), np.ones(2)) == 2.0
    for function, arguments in ((double, ("a",)), (double, (2.0,)), (dot, (np.ones(2), np.ones(3))), (dot, (np.ones(2), np.ones(2, int)))):
        with pytest.raises((TypeCheckError, BeartypeCallHintViolation)):
            hold(function)(*arguments)


def test_what_shares_something_costly_runs_in_one_process(conftest):
    names = ("chapters/a/one", "chapters/a/one-more")
    for part in ("dark", "more-dark"):
        page = conftest.group_of(f"tests/book/test_browser.py::test_accessible[chapters/a/one-{part}]", names)
        assert page == ("chapters/a/one" if part == "dark" else "chapters/a/one-more")
    round_trip, student = (f"tests/coursework/{name}.py::test[x]" for name in ("test_round_trip", "test_student_notebook"))
    assert conftest.group_of(round_trip) == conftest.group_of(student) == "coursework"
    trial = "tests/coursework/test_trials.py::test_only_the_right_answers_pass[friction]"
    assert conftest.group_of(trial) == trial
    doctest = "lib/nnqg/room/module.py::nnqg.room.module.f"
    assert conftest.group_of(doctest) == "lib/nnqg/room/module.py"


def test_compiled_code_is_kept_apart_for_every_state_of_the_compiled_modules(tmp_path, conftest):
    """A change in a module that a compiled function calls must not leave the old function in the cache."""
    assert os.environ["NUMBA_CACHE_DIR"] == str(conftest.numba_cache())
    assert os.environ["NUMBA_CACHE_DIR"] == numba.config.CACHE_DIR
    kernel, plain = tmp_path / "lib" / "kernel.py", tmp_path / "lib" / "plain.py"
    kernel.parent.mkdir()
    kernel.write_text("from numba import njit\n"), plain.write_text("x = 1\n")
    before = conftest.numba_cache(tmp_path)
    plain.write_text("x = 2\n")
    assert conftest.numba_cache(tmp_path) == before
    kernel.write_text("from numba import njit, prange\n")
    assert conftest.numba_cache(tmp_path) != before


def test_hypothesis_draws_the_same_examples_everywhere():
    profile = hypothesis.settings()
    assert profile.derandomize and profile.deadline is None
    sources = {path.name: path.read_text() for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)}
    assert [name for name, text in sources.items() if "deadline=" in text or "derandomize=" in text] == [], "one profile for all tests"
