"""What a page's results depend on: what is in the fingerprint, and what is not."""

import pytest

from book import fingerprint
from book.pages import ROOT, Page, pages

CODE = "import numpy as np\nfrom nnqg.room import one as single\n%time\nimport nnqg.other.deep"
FILES = {
    "__init__.py": "",
    "room/__init__.py": "",
    "room/one.py": '"""One."""\nfrom ..shared import helper\nfrom . import _two\n',
    "room/_two.py": "def late():\n    from nnqg import reader\n",
    "room/three.py": "",
    "shared.py": '"""Shared."""\n\n\ndef helper():\n    """Help."""\n    return 1  # always\n',
    "reader.py": 'from importlib.resources import files\nTABLE = files("nnqg") / "data" / "table.csv"\n',
    "other/__init__.py": "",
    "other/deep.py": "",
    "data/table.csv": "1\n",
    "style.mplstyle": "a: 1\n",
}


@pytest.fixture
def page(tmp_path):
    """A page that imports two modules of a library of eight."""
    for name, text in FILES.items():
        path = tmp_path / "lib" / "nnqg" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "uv.lock").write_text("version = 1\n")
    (tmp_path / "chapters" / "a").mkdir(parents=True)
    kernel = "kernelspec: {display_name: Python 3, language: python, name: python3}"
    front = f"---\njupytext:\n  text_representation: {{extension: .md, format_name: myst}}\n{kernel}\n---\n\n"
    (tmp_path / "chapters" / "a" / "b.md").write_text(f"{front}# B\n\n```{{code-cell}} ipython3\n{CODE}\n```\n")
    return Page("a/b", tmp_path)


def test_modules_are_followed_through_packages_functions_and_relative_imports(page):
    found = {str(path.relative_to(page.root / "lib" / "nnqg")) for path in fingerprint.dependencies(page)}
    assert found == set(FILES) - {"room/three.py", "style.mplstyle"}


@pytest.mark.parametrize(
    ("file", "text", "changes"),
    [
        ("lib/nnqg/shared.py", "def helper():\n    return 2\n", True),
        ("lib/nnqg/shared.py", '"""Other words."""\ndef helper():\n    return 1\n', False),
        ("lib/nnqg/room/three.py", "x = 1\n", False),
        ("lib/nnqg/room/__init__.py", "x = 1\n", True),
        ("lib/nnqg/room/_two.py", "", True),
        ("lib/nnqg/data/table.csv", "2\n", True),
        ("lib/nnqg/data/new.csv", "2\n", True),
        ("lib/nnqg/style.mplstyle", "a: 2\n", False),
        ("uv.lock", "version = 2\n", True),
    ],
)
def test_what_counts_and_what_does_not(page, file, text, changes):
    before = fingerprint.fingerprint(page), fingerprint.portable(page)
    (page.root / file).write_text(text)
    after = fingerprint.fingerprint(page), fingerprint.portable(page)
    assert [one != other for one, other in zip(before, after, strict=True)] == [changes, changes]


def test_code_counts_and_prose_does_not(page):
    before = fingerprint.portable(page)
    page.source.write_text(page.source.read_text() + "\nMore words.\n")
    assert fingerprint.portable(page) == before
    page.source.write_text(page.source.read_text().replace("import numpy as np", "import numpy"))
    assert fingerprint.portable(page) != before


def test_the_machine_counts_for_results_and_not_for_the_proof(page, monkeypatch):
    before = fingerprint.fingerprint(page), fingerprint.portable(page)
    monkeypatch.setattr(fingerprint, "_processor", lambda: "another one")
    assert fingerprint.fingerprint(page) != before[0] and fingerprint.portable(page) == before[1]


def test_a_module_that_reads_unnamed_files_depends_on_all(page):
    (page.root / "lib" / "nnqg" / "reader.py").write_text("def read(path):\n    return open(path).read()\n")
    assert page.root / "lib" / "nnqg" / "style.mplstyle" in fingerprint.dependencies(page)


@pytest.mark.parametrize("page", pages(ROOT), ids=lambda page: page.name)
def test_every_page_of_the_book_depends_on_what_it_imports(page):
    """An import that is not found among the files would be missed silently."""
    found = {path.relative_to(ROOT / "lib").with_suffix("").parts for path in fingerprint.dependencies(page)}
    assert {("nnqg", "ledger"), ("nnqg", "plotting"), ("nnqg", "nnqg")} <= found, "the last one is nnqg.mplstyle"
    named = fingerprint.imported(fingerprint.MAGIC.sub("pass", fingerprint.code_of(page.read()).replace("\0", "\n")))
    for name in named:
        parts = tuple(name.split("."))
        assert {parts, parts[:-1], (*parts, "__init__"), (*parts[:-1], "__init__")} & found, name
