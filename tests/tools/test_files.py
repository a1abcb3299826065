"""Files read the same everywhere: line ends do not depend on git's settings, nor text on the locale."""

import ast
import os
import re
import shutil
import subprocess
import sys

import pytest

from book.pages import ROOT

FILES = sorted(path for folder in ("tools", "lib", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
METHODS = ("open", "read_text", "write_text", "NamedTemporaryFile", "fdopen")
TEXT = {"text", "universal_newlines"}  # what makes a program's output text


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


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_text_is_read_and_written_as_utf_8(path):
    assert without_encoding(path.read_text(encoding="utf-8")) == []


def test_a_call_without_encoding_is_found():
    code = 'open("a")\npath.read_text()\npath.open("rb")\nopen("a", "w", encoding="utf-8")\npath.write_text("b")\nrun(words, text=True)'
    assert without_encoding(code) == [1, 2, 5, 6]


def test_a_page_is_exported_in_another_locale(book):
    """Without Python's UTF-8 mode and in EUC-JP; where that locale is not installed, Python's own warning is looked for."""
    (book / "chapters" / "example" / "spring.md").open("a", encoding="utf-8").write("\nMüller, § 日本.\n")
    locale = {"LC_ALL": "ja_JP.EUC-JP", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT / "tools")}
    words = [sys.executable, "-X", "warn_default_encoding", "-W", "always::EncodingWarning", ROOT / "tools" / "book" / "export.py"]
    done = subprocess.run([*words, "--root", book], env={**os.environ, **locale}, capture_output=True, check=False)
    said = done.stderr.decode(errors="replace")
    assert done.returncode == 0, said
    assert not re.findall(rf"{ROOT / 'tools'}\S*: EncodingWarning", said)
    assert "Müller, § 日本." in (book / "_build" / "notebooks" / "example" / "spring.ipynb").read_text(encoding="utf-8")


def without_encoding(code):
    """Return the lines of the calls that read or write text, in whatever encoding the locale has."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    names = [(call, call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")) for call in calls]
    opened = [
        call
        for call, name in names
        if name in METHODS or any(word.arg in TEXT and ast.unparse(word.value) == "True" for word in call.keywords)
    ]
    return sorted(call.lineno for call in opened if not (binary(call) or says_encoding(call)))


def binary(call):
    return any(isinstance(word, ast.Constant) and word.value in ("rb", "wb", "ab", "xb") for word in call.args)


def says_encoding(call):
    return any(word.arg == "encoding" and ast.unparse(word.value) == "'utf-8'" for word in call.keywords)
