"""A book of one page, copied to where it may be executed."""

import shutil
from pathlib import Path

import pytest

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
