"""The notebooks for readers run as the pages do, and hold nothing that only the book understands."""

import re

import pytest

from book.export import MARKER, export, shared_words
from book.pages import ROOT, pages

every_page = pytest.mark.parametrize("page", pages(ROOT), ids=lambda page: page.name)


def code(notebook):
    return [MARKER.sub("", cell.source).strip() for cell in notebook.cells if cell.cell_type == "code"]


@every_page
def test_code_is_that_of_the_page(page):
    assert code(export(page, shared_words(ROOT))) == code(page.read())


@every_page
def test_nothing_of_the_book_is_left(page):
    notebook = export(page, shared_words(ROOT))
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.findall(r"(?m)^\s*:{3,}.*|^\s*`{3,}\{.*|\{[\w:-]+\}`[^`]*`|^\([\w-]+\)=$", text) == []
    assert "not yet measured" not in text


@every_page
def test_every_label_and_citation_is_known(page):
    notebook = export(page, shared_words(ROOT))
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.findall(r"\((?:eq|fig|ex)-[\w-]+\)|Figure fig-[\w-]+", text) == []
