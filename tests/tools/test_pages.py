import pytest

from book.pages import BrokenPage, files_in_toc, is_notebook, pages


def test_toc_is_read_in_order_with_parts_and_sections(tmp_path):
    (tmp_path / "_toc.yml").write_text(
        "root: index\nparts:\n- chapters:\n  - file: chapters/a/index\n    sections:\n    - file: chapters/a/one\n    - url: https://example.org\n"
        "- chapters:\n  - file: chapters/b/two.md\n"
    )
    assert files_in_toc(tmp_path) == ["index", "chapters/a/index", "chapters/a/one", "chapters/b/two"]


def test_only_files_with_a_kernel_are_pages(book):
    (book / "_toc.yml").write_text("root: index\nchapters:\n- file: chapters/example/plain\n- file: chapters/example/spring\n")
    (book / "chapters" / "example" / "plain.md").write_text("# Plain\n\n---\nkernelspec\n---\n")
    assert [page.name for page in pages(book)] == ["example/spring"]
    assert not is_notebook(book / "chapters" / "example" / "missing.md")


def test_a_page_can_be_named_or_given_as_a_path(book, spring):
    assert pages(book, ["example/spring"]) == pages(book, [str(spring)]) == pages(book)


def test_line_of_a_cell_is_where_its_code_starts(book, spring):
    page = pages(book)[0]
    cell = next(cell for cell in page.read().cells if cell.cell_type == "code")
    assert spring.read_text().splitlines()[page.line_of(cell) - 1] == "import math"


def test_a_page_that_cannot_be_read_is_named(book, spring):
    spring.write_text(spring.read_text().replace("nnqg: {rtol: 0.01, atol: 0.001}", "nnqg: a: b"))
    with pytest.raises(BrokenPage, match=r"chapters/example/spring.md cannot be read: Code cell \d+ at line \d+ could not be read"):
        pages(book)[0].read()
