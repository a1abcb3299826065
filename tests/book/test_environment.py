"""environment.yml, kept by hand for conda and Binder, asks for what pyproject.toml asks for."""

import re
import tomllib

import yaml

from book.pages import ROOT

ONLY_FOR_CONDA = {"python", "pip", "jupytext", "jupyterlab"}
NAMES = {"pytorch-cpu": "torch"}


def bounds(requirements):
    """Return name -> version bound, spaces removed."""
    matches = [re.match(r"([\w-]+)\s*(.*)", requirement) for requirement in requirements]
    return {NAMES.get(match[1], match[1]): match[2].replace(" ", "") for match in matches}


def environment():
    return yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]


def test_same_packages_with_the_same_bounds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    conda = bounds(entry for entry in environment() if isinstance(entry, str))
    assert conda.pop("python") == project["project"]["requires-python"]
    assert {name: bound for name, bound in conda.items() if name not in ONLY_FOR_CONDA} == bounds(project["project"]["dependencies"])


def test_the_house_itself_is_installed():
    assert {"pip": ["-e ."]} in environment()


def test_the_pages_open_as_notebooks():
    names = bounds(entry for entry in environment() if isinstance(entry, str))
    assert {"jupytext", "jupyterlab"} <= set(names)
