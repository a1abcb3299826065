"""Notebooks for readers: nothing that only the book understands, and the same code."""

import re

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from book import page_cache
from book.export import export
from book.pages import ROOT, pages
from book.plain_markdown import Words, convert
from book.words import INSTALL, citations, number_labels, shared_words
from coursework.students import exercises_of

SECRET = re.compile(
    r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END|\{solution(?:-start)?\}(.*?)(?:\{solution-end\}|\n:::\n)", re.DOTALL
)
WORDS = Words(
    equations={"eq-a-b": "3.12"},
    figures={"fig-a-b": "3.2"},
    exercises={"ex-a-b": "3.5"},
    titles={"friction": "Friction"},
    citations={"key": "[Hashimoto et al. (2018)](https://example.org)"},
    run_times={"a/b": "12 s"},
)


@pytest.mark.parametrize(
    ("myst", "plain"),
    [
        ("{math}`x^2`", "$x^2$"),
        ("see {eq}`eq-a-b`", "see (3.12)"),
        ("{numref}`fig-a-b`", "Fig. 3.2"),
        ("{numref}`Fig. %s <fig-a-b>`", "Fig. 3.2"),
        ("{cite:t}`key`", "[Hashimoto et al. (2018)](https://example.org)"),
        ("{run-time}`a/b`", "12 s"),
        ("{doc}`../networks-as-spacetime/friction`", "*Friction*"),
        ("{ref}`there <eq-a-b>`", "there"),
        ("{term}`bulk`, **{term}`horizons <horizon>`**", "bulk, **horizons**"),
        ("{ref}`ex-a-b`", "Exercise 3.5"),
        ("{py:func}`~nnqg.ledger.record`", "`nnqg.ledger.record`"),
        ("[next](friction.md#top)", "[next](friction.ipynb#top)"),
        ("in [](../a/friction.md), ![](b.md)", "in [Friction](../a/friction.ipynb), ![](b.ipynb)"),
        ("(label)=\n## Heading", "## Heading"),
        (":::{note}\nCareful.\n:::", "> **Note**\n>\n> Careful."),
        ("$$\nx\n$$ (eq-a-b)", "$$\nx\n\\tag{3.12}\n$$"),
        ("```{math}\n:label: eq-a-b\nx\n```", "$$\nx\n\\tag{3.12}\n$$"),
        ("::::{note}\n:::{tip}\nIn.\n:::\n::::", "> **Note**\n>\n>\n> > **Tip**\n> >\n> > In.\n>"),
        (":::{admonition} Answer\n:class: dropdown\nNo.\n:::", "<details><summary>Answer</summary>\n\nNo.\n\n</details>"),
        ("```python\n{eq}`eq-a-b`\n```", "```python\n{eq}`eq-a-b`\n```"),
        ("```{case-file-start} See {eq}`eq-a-b`\n```\n\nText.\n\n```{case-file-end}\n```", "**Case file: See (3.12)**\n\nText."),
    ],
)
def test_myst_becomes_plain_markdown(myst, plain):
    assert convert(myst, WORDS) == plain


def test_the_source_of_the_library_stands_in_the_notebook():
    text = convert("```{library-source} nnqg.errata correct\n```", Words(library=ROOT / "lib"))
    assert text.startswith("`nnqg.errata.correct`:\n\n```python\ndef correct(") and text.endswith("```")


def test_a_fence_that_nothing_closes_is_refused():
    with pytest.raises(ValueError, match="nothing closes"):
        convert(":::{note}\nopen", WORDS)


def test_a_page_becomes_a_notebook_with_solutions_and_without_markers(book):
    page = pages(book)[0]
    notebook = export(page, shared_words(book))
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "return energy / 2" in text and "assert half(4.0) == 2.0" in text
    assert "###" not in text.replace("### Exercise 1: Half the energy", "")
    assert ":::" not in text and "}`" not in text
    assert "[Hooke (1678)](https://example.org/hooke)" in text and "\\tag{1}" in text
    assert all(not cell.metadata for cell in notebook.cells)


def test_a_notebook_without_solutions(book):
    """The exercises stay, the answers and the tests go; on the pages of the book as well."""
    text = text_of(export(pages(book)[0], shared_words(book), solutions=False))
    assert "Write `half(energy)`." in text and "Read next" in text
    assert "half(2.0)" not in text and "def half" not in text
    words = shared_words(ROOT)
    for page in pages(ROOT):
        source = page.source.read_text(encoding="utf-8")
        lines = {line.strip() for block in map("".join, SECRET.findall(source)) for line in block.splitlines()}
        secrets = [line for line in lines if len(line) > 30 and source.count(line) == 1]
        for notebook in (export(page, words, solutions=False), exercises_of(page, words)):
            assert [line for line in secrets if line in text_of(notebook)] == [], page.name
            assert not any(cell.get("outputs") for cell in notebook.cells)


def test_each_page_is_named_by_its_title():
    """A link without a text has none in a notebook, unless it is filled in."""
    titles = shared_words(ROOT).titles
    for page in pages(ROOT):
        first = next(cell.source for cell in page.read().cells if cell.cell_type == "markdown")
        assert f"# {titles[page.source.stem if page.source.stem != 'index' else page.source.parent.name]}" in first.splitlines()


def text_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells)


def test_both_notebooks_begin_with_what_to_install(book):
    page, words = pages(book)[0], shared_words(book)
    for notebook in (export(page, words), exercises_of(page, words)):
        assert notebook.cells[0].source == INSTALL
        nbformat.validate(notebook)


def test_outputs_of_an_executed_page_are_in_its_notebook(executed):
    """The records of the ledger stay out, its table is in; a solution that is left out takes its outputs along."""
    page = pages(executed)[0]
    ran, _ = page_cache.executed(page_cache.open_cache(executed), page)
    notebook = export(page, shared_words(executed), executed=ran)
    nbformat.validate(notebook)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("energy 12.5" in output.get("text", "") for output in outputs)
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert "text/html" in kinds and not any("nnqg" in kind for kind in kinds)
    without = export(page, shared_words(executed), solutions=False, executed=ran)
    assert len(without.cells) < len(notebook.cells) and text_of(without) == text_of(export(page, shared_words(executed), solutions=False))


def test_numbers_run_through_a_chapter():
    cells = [":::{exercise} A\n:label: ex-%s\n:::", "```{math}\n:label: eq-%s\nx\n```"]
    notebooks = [new_notebook(cells=[new_markdown_cell(cell % name) for cell in cells]) for name in ("a", "b")]
    words = Words()
    number_labels(notebooks, words, "3.")
    assert words.equations == {"eq-a": "3.1", "eq-b": "3.2"} and words.exercises == {"ex-a": "3.1", "ex-b": "3.2"}
    number_labels(notebooks[1:], words)  # what has a number keeps it
    assert words.equations["eq-b"] == "3.2"


@pytest.mark.parametrize(
    ("authors", "cited"),
    [("Hooke, R.", "Hooke"), ("Hooke, R. and Boyle, R.", "Hooke and Boyle"), ("Hooke, R. and Boyle, R. and Wren, C.", "Hooke et al.")],
)
def test_authors_of_a_citation(tmp_path, authors, cited):
    (tmp_path / "references.bib").write_text(f"@article{{key, author = {{{authors}}}, title = {{T}}, year = {{1678}}}}\n")
    assert citations(tmp_path / "references.bib") == {"key": f"{cited} (1678)"}
