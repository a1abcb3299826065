"""The notebooks for readers run as the pages do, and hold nothing that only the book understands."""

import re
from functools import cache

import pytest

from book.export import MARKER, export
from book.pages import ROOT, pages
from book.words import shared_words

every_page = pytest.mark.parametrize("page", pages(ROOT), ids=lambda page: page.name)


@pytest.fixture(scope="session")
def exported():
    """A function that exports a page, each page once and with the words of the whole book read once."""
    words = shared_words(ROOT)
    return cache(lambda page: export(page, words))


def code(notebook):
    return [MARKER.sub("", cell.source).strip() for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@every_page
def test_code_is_that_of_the_page(page, exported):
    assert code(exported(page)) == code(page.read())


@every_page
def test_nothing_of_the_book_is_left(page, exported):
    text = prose(exported(page))
    assert re.findall(r"(?m)^\s*:{3,}.*|^\s*`{3,}\{.*|\{[\w:-]+\}`[^`]*`|^\([\w-]+\)=$", text) == []
    assert "not yet measured" not in text


@every_page
def test_every_label_and_citation_is_known(page, exported):
    assert re.findall(r"\((?:eq|fig|ex)-[\w-]+\)|Fig\. fig-[\w-]+", prose(exported(page))) == []
