"""The notation page names what there is: code that exists, and pages that use the symbol's code."""

import re

import pytest

from book.pages import ROOT, pages

NOTATION = ROOT / "chapters" / "reference" / "notation.md"
FRAGMENTS = sorted(NOTATION.with_suffix("").rglob("*.md"))  # a file a page, so that pages can be written side by side
FILES = [path for folder in ("lib", "chapters") for path in (ROOT / folder).rglob("*")]
SOURCES = [path for path in FILES if path.suffix in (".py", ".md") and path not in (NOTATION, *FRAGMENTS)]


def text() -> str:
    """Return the whole page."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (NOTATION, *FRAGMENTS))


def rows() -> list[list[str]]:
    """Return the cells of every table row that names a symbol."""
    lines = [line for line in text().splitlines() if line.startswith("| $")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def names() -> list[str]:
    """Return the names in the column "In code", without dots and brackets."""
    return sorted({name.strip(".()").split(".")[-1] for row in rows() for name in re.findall(r"`([^`]+)`", row[1])})


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every identifier in the library and the pages."""
    return {word for path in SOURCES for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


def test_every_row_is_complete():
    assert [row for row in rows() if len(row) != 5 or not (row[0] and row[2] and row[4])] == []


def test_no_symbol_stands_twice_in_a_table():
    for table in text().split("\n## "):
        symbols = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| $")]
        assert len(symbols) == len(set(symbols))


def test_every_fragment_belongs_to_a_page():
    assert {str(path.relative_to(NOTATION.with_suffix("")).with_suffix("")) for path in FRAGMENTS} <= {page.name for page in pages(ROOT)}


@pytest.mark.parametrize("name", names())
def test_the_code_has_the_name(name: str, words: set[str]):
    assert name in words
