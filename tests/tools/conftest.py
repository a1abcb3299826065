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
def spring(book):
    """Return the source of its only page."""
    return book / "chapters" / "example" / "spring.md"


@pytest.fixture
def executed(book):
    """Return the root of a copy whose page is executed, with a library of one line."""
    (book / "lib").mkdir()
    (book / "lib" / "physics.py").write_text("g = 9.81\n")
    assert execute(book) == []
    return book


@pytest.fixture
def change():
    """Return a function that replaces a piece of a file, which has to be there."""

    def replace(path, old, new):
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    return replace
