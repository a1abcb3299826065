"""A book of one page, copied to where it may be executed."""

import shutil
from pathlib import Path

import pytest

from book.execute import execute

FIXTURE = Path(__file__).parent / "fixture"


@pytest.fixture
def book(tmp_path):
    """Return the root of a fresh copy."""
    shutil.copytree(FIXTURE, tmp_path / "book")
    return tmp_path / "book"


@pytest.fixture
def spring(request):
    """Return the source of the only page of the copy that the test works on."""
    root = request.getfixturevalue("executed" if "executed" in request.fixturenames else "book")
    return root / "chapters" / "example" / "spring.md"


@pytest.fixture(scope="session")
def executed_once(tmp_path_factory):
    """Execute the page once for all tests; its library is there for the fingerprint only."""
    book = tmp_path_factory.mktemp("executed") / "book"
    shutil.copytree(FIXTURE, book)
    for name in ("__init__", "ledger", "_display", "alone"):
        path = book / "lib" / "nnqg" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("from nnqg import _display\n" if name == "ledger" else "one = 1\n")
    assert execute(book) == []
    return book


@pytest.fixture
def executed(executed_once, tmp_path):
    """Return the root of a copy whose page is executed."""
    shutil.copytree(executed_once, tmp_path / "executed")
    return tmp_path / "executed"


@pytest.fixture
def change():
    """Return a function that replaces a piece of a file, which has to be there."""

    def replace(path, old, new):
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    return replace
