"""What "Install and run" says is what the Makefile, the set-up, pyproject.toml and environment.yml do."""

import re
import tomllib

import yaml

from book.pages import ROOT, files_in_toc
from book.words import INSTALL

NAME = "chapters/reference/install-and-run"
PAGE = (ROOT / f"{NAME}.md").read_text(encoding="utf-8")
SETUP = (ROOT / "tools" / "setup.sh").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TOOLS = [*(ROOT / "tools").glob("*.sh"), *(ROOT / "tools" / "book").glob("*.py")]


def test_it_stands_before_the_page_for_teachers():
    names = files_in_toc()
    assert names.index(NAME) < names.index("chapters/reference/teaching")


def test_every_command_exists():
    targets = set(re.findall(r"(?m)^([a-z-]+):.*## ", MAKEFILE))
    named = set(re.findall(r"(?m)(?:`|^|file )make ([a-z]+)", PAGE + INSTALL))
    assert named <= targets and {"lab", "book", "test"} <= named


def test_every_variable_is_read():
    named = set(re.findall(r"\b([A-Z_]{4,})=", PAGE))
    assert {"TORCH", "TORCH_VERSION", "UV_FIND_LINKS", "SSL_CERT_FILE"} <= named
    assert [name for name in named if name not in SETUP + MAKEFILE] == []


def test_every_file_exists():
    named = re.findall(r"`((?:chapters|lib|tests|tools)/[\w./-]*|[\w.]+\.(?:lock|yml|toml))`|^python (\S+)$", PAGE, re.MULTILINE)
    assert [name for name in map("".join, named) if not (ROOT / name).exists()] == []


def test_every_message_is_said():
    said = "\n".join(path.read_text(encoding="utf-8") for path in TOOLS)
    messages = re.findall(r'(?m)^\| "([^"]+)" \|', PAGE)
    assert len(messages) >= 10
    assert [message for message in messages if message not in said] == []


def test_versions_and_sizes_are_those_of_the_set_up():
    low, high = re.search(r"\(3, (\d+)\) <= sys.version_info < \(3, (\d+)\)", SETUP).groups()
    assert PROJECT["project"]["requires-python"] == f">=3.{low}"
    for text in (PAGE, INSTALL):
        assert f"Python 3.{low} to 3.{int(high) - 1}" in text
    cpu, default = (re.search(rf"{choice}\) NEED_GB=(\d+)", SETUP)[1] for choice in ("cpu", "default"))
    assert f"{default} GB of disk ({cpu} GB without the CUDA libraries" in PAGE


def test_the_environment_of_conda():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert f"conda activate {environment['name']}\n" in PAGE and "conda env create -f environment.yml\n" in PAGE
    names = [entry.split()[0] for entry in environment["dependencies"] if isinstance(entry, str)]
    assert {"pytorch-cpu", "jupyterlab", "ipykernel"} <= set(names)


def test_the_kernel_for_a_hub_comes_with_the_package():
    assert any(name.startswith("ipykernel") for name in PROJECT["project"]["dependencies"])
    assert "-m ipykernel install --user --name nnqg" in PAGE
