"""Notebooks for readers: nothing that only the book understands, and the same code."""

import re

import pytest

from book.export import citations, export, shared_words
from book.pages import ROOT, pages
from book.plain_markdown import Words, convert

SECRET = re.compile(
    r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END|\{solution(?:-start)?\}(.*?)(?:\{solution-end\}|\n:::\n)", re.DOTALL
)
WORDS = Words(
    equations={"eq-a-b": "3"},
    figures={"fig-a-b": "2"},
    titles={"friction": "Friction"},
    citations={"key": "[Hashimoto et al. (2018)](https://example.org)"},
    run_times={"a/b": "12 s"},
)


@pytest.mark.parametrize(
    ("myst", "plain"),
    [
        ("{math}`x^2`", "$x^2$"),
        ("see {eq}`eq-a-b`", "see (3)"),
        ("{numref}`fig-a-b`", "Figure 2"),
        ("{numref}`Fig. %s <fig-a-b>`", "Fig. 2"),
        ("{cite:t}`key`", "[Hashimoto et al. (2018)](https://example.org)"),
        ("{run-time}`a/b`", "12 s"),
        ("{doc}`../networks-as-spacetime/friction`", "*Friction*"),
        ("{ref}`there <eq-a-b>`", "there"),
        ("{py:func}`~nnqg.ledger.record`", "`nnqg.ledger.record`"),
        ("[next](friction.md#top)", "[next](friction.ipynb#top)"),
        ("(label)=\n## Heading", "## Heading"),
        (":::{note}\nCareful.\n:::", "> **Note**\n>\n> Careful."),
        ("$$\nx\n$$ (eq-a-b)", "$$\nx\n\\tag{3}\n$$"),
        ("```{math}\n:label: eq-a-b\nx\n```", "$$\nx\n\\tag{3}\n$$"),
        ("::::{note}\n:::{tip}\nIn.\n:::\n::::", "> **Note**\n>\n>\n> > **Tip**\n> >\n> > In.\n>"),
        ("```python\n{eq}`eq-a-b`\n```", "```python\n{eq}`eq-a-b`\n```"),
        ("```{case-file-start} See {eq}`eq-a-b`\n```\n\nText.\n\n```{case-file-end}\n```", "**Case file: See (3)**\n\nText."),
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
    text = "\n".join(cell.source for cell in export(pages(book)[0], shared_words(book), solutions=False).cells)
    assert "Write `half(energy)`." in text and "Read next" in text
    assert "half(2.0)" not in text and "def half" not in text
    words = shared_words(ROOT)
    for page in pages(ROOT):
        text = "\n".join(cell.source for cell in export(page, words, solutions=False).cells)
        for block in map("".join, SECRET.findall(page.source.read_text(encoding="utf-8"))):
            secrets = [line.strip() for line in block.splitlines() if len(line.strip()) > 30]
            assert not any(line in text for line in secrets if page.source.read_text(encoding="utf-8").count(line) == 1), page.name


@pytest.mark.parametrize(
    ("authors", "cited"),
    [("Hooke, R.", "Hooke"), ("Hooke, R. and Boyle, R.", "Hooke and Boyle"), ("Hooke, R. and Boyle, R. and Wren, C.", "Hooke et al.")],
)
def test_authors_of_a_citation(tmp_path, authors, cited):
    (tmp_path / "references.bib").write_text(f"@article{{key, author = {{{authors}}}, title = {{T}}, year = {{1678}}}}\n")
    assert citations(tmp_path / "references.bib") == {"key": f"{cited} (1678)"}
