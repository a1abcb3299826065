"""Files read the same everywhere: line ends do not depend on git's settings, nor text on the locale."""

import ast
import shutil
import subprocess

import pytest

from book.pages import ROOT

TOOLS = sorted((ROOT / "tools").rglob("*.py"))
METHODS = ("open", "read_text", "write_text")


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_a_clone_made_with_autocrlf_has_unix_line_ends(tmp_path):
    data = next((ROOT / "lib" / "nnqg" / "data").rglob("*.csv"))
    files = [ROOT / ".gitattributes", ROOT / "Makefile", ROOT / "tools" / "setup.sh", ROOT / "pyproject.toml", ROOT / "uv.lock", data]
    for path in files:
        shutil.copy(path, tmp_path / path.name)
    git = ["git", "-C", tmp_path, "-c", "core.autocrlf=true", "-c", "core.safecrlf=false"]
    for words in (["init", "-q"], ["add", "."], ["checkout-index", "--all", "--prefix=clone/"]):
        subprocess.run([*git, *words], check=True)
    for path in files:
        assert (tmp_path / "clone" / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize("path", TOOLS, ids=lambda path: str(path.relative_to(ROOT / "tools")))
def test_the_tools_read_and_write_text_as_utf_8(path):
    assert without_encoding(path.read_text(encoding="utf-8")) == []


def test_a_call_without_encoding_is_found():
    assert without_encoding('open("a")\npath.read_text()\npath.open("rb")\nopen("a", "w", encoding="utf-8")\npath.write_text("b")') == [
        1,
        2,
        5,
    ]


def without_encoding(code):
    """Return the lines of the calls that open a file as text, in whatever encoding the locale has."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    names = [(call, call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")) for call in calls]
    return sorted(call.lineno for call, name in names if name in METHODS and not (binary(call) or says_encoding(call)))


def binary(call):
    return any(isinstance(word, ast.Constant) and word.value in ("rb", "wb", "ab", "xb") for word in call.args)


def says_encoding(call):
    return any(word.arg == "encoding" and ast.unparse(word.value) == "'utf-8'" for word in call.keywords)
