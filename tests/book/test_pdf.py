"""The printed book, on a site of three pages: sheets, numbers, bookmarks, links, and what must not be cut or missing."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from book import pdf

PAGE = '<html><head><link rel="next" title="x" href="{after}" /></head><main><article><h1>{title}</h1>{body}</article></main></html>'
FOLDED = "<details><summary>Solution</summary><p>forty-two</p></details>"
FAR = '<div style="break-before: page"><h2 id="far">Far</h2></div>'
PAGES = {
    "index": (
        "Book",
        "a/index.html",
        '<a href="a/page.html#far">far</a> <a href="https://example.org/x">out</a> <a href="b.ipynb">notebook</a>',
    ),
    "a/index": ("1. Chapter", "page.html", FOLDED),
    "a/page": ("1.1. Page &amp; more", "", f'{FAR}<p><a href="#far">here</a> <a href="../index.html">back</a></p>'),
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of a built book with three pages, of which the last takes two sheets."""
    for name, (title, after, body) in PAGES.items():
        path = tmp_path / "chapters" / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = PAGE.format(title=title, after=after, body=body)
        path.write_text(text if after else text.replace('<link rel="next" title="x" href="" />', ""))
    return tmp_path


def links(sheet) -> list:
    """Return where the links of a sheet lead: the number of a sheet, or an address."""
    found = [annotation.get_object() for annotation in sheet.get("/Annots", [])]
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(sheet.pdf.pages, start=1)}
    return [numbers[link["/Dest"][0].idnum] if "/Dest" in link else link.get("/A", {}).get("/URI") for link in found]


def test_order_titles_and_depths(small: Path):
    pages = pdf.reading_order(small)
    assert [pdf.title_of(page) for page in pages] == ["Book", "1. Chapter", "1.1. Page & more"]
    assert [pdf.depth_of(page, small) for page in pages] == [0, 0, 1]
    assert pdf.anchors_wanted(pages) == {pages[0]: [], pages[1]: [], pages[2]: ["far"]}


def test_the_book_is_one_file(browser, small: Path):
    output = small / "book.pdf"
    assert pdf.build(small, output) == []
    reader = PdfReader(output)
    texts = [sheet.extract_text() for sheet in reader.pages]
    assert len(texts) == 5  # cover, contents, chapter, two of the page
    assert [text.split()[-1] for text in texts] == ["1", "2", "3", "4", "5"]
    assert "forty-two" in texts[2] and "Far" in texts[4]
    chapter = reader.outline[2]
    assert [entry.title for entry in reader.outline[:3]] == ["Book", "Contents", "1. Chapter"]
    assert chapter.title == "1. Chapter" and reader.outline[3][0].title == "1.1. Page & more"
    assert links(reader.pages[0]) == [5, "https://example.org/x", None]
    assert links(reader.pages[1]) == [1, 3, 4]
    assert links(reader.pages[4]) == [5, 1]


def test_what_is_cut_missing_or_leads_nowhere_is_said(browser, small: Path):
    page = small / "chapters" / "a" / "page.html"
    wrong = '<table style="width: 2000px"><tr><td>wide words</td></tr></table><img src="gone.png" style="width: 9px; height: 9px">'
    page.write_text(page.read_text().replace(FAR, f'{wrong}<a href="index.html">a</a><a href="other.html">b</a>'))
    problems = pdf.build(small, small / "book.pdf")
    assert [problem.split(": ")[:2] for problem in problems[:2]] == [["page", "cut"], ["page", "no picture"]]
    assert problems[2:] == ["a link leads nowhere: page: other.html"]


def test_a_book_that_is_not_built_is_refused_in_one_line(tmp_path: Path, capsys):
    assert pdf.command(tmp_path, tmp_path / "book.pdf") == 1
    assert capsys.readouterr().out == "pdf: the book is not built. Remedy: make book\n"
