"""The second execution: only where it is not proved that two executions agree, and everywhere in the weekly run."""

import nbformat
import pytest

from book import page_cache, proof, references
from book.execute import execute
from book.pages import pages


@pytest.fixture
def page(executed):
    """The page of the executed fixture, with its reference."""
    page = pages(executed)[0]
    references.regenerate(page, first(page)[0])
    return page


def first(page):
    return page_cache.executed(page_cache.open_cache(page.root), page)


def second_runs(page, capsys) -> int:
    """Execute a second time what has to be, and return how many pages that were."""
    capsys.readouterr()
    assert execute(page.root, cache_name=page_cache.SECOND, again=True) == []
    return int(capsys.readouterr().out.split(" pages, ")[0].split()[-1])


def test_a_page_runs_twice_until_it_is_proved_and_again_in_the_weekly_run(page, capsys, monkeypatch):
    monkeypatch.delenv("TWICE", raising=False)
    assert second_runs(page, capsys) == 1
    again = page_cache.executed(page_cache.open_cache(page.root, page_cache.SECOND), page)
    assert references.keep_proof(page, first(page), again)
    assert proof.proved(page) and second_runs(page, capsys) == 0
    assert not references.keep_proof(page, first(page), again), "it is kept already"
    monkeypatch.setenv("TWICE", "all")
    assert second_runs(page, capsys) == 1
    monkeypatch.delenv("TWICE")
    (page.root / "lib" / "nnqg" / "ledger.py").write_text("two = 2\n")
    assert not proof.proved(page)


def test_two_executions_that_differ_are_no_proof(page):
    notebook, measured = first(page)
    other = nbformat.from_dict(notebook)
    next(output for cell in other.cells for output in cell.get("outputs", []) if output.output_type == "stream").text += "!"
    assert not references.keep_proof(page, (notebook, measured), (other, measured))
    assert not references.keep_proof(page, (notebook, measured), (notebook, {**measured, "portable": "of another state"}))
    assert not proof.proved(page)


def test_new_text_keeps_no_proof_of_old_code(page, spring, change):
    notebook, measured = first(page)
    assert references.keep_proof(page, (notebook, measured), (notebook, measured))
    change(spring, "energy:.6f", "energy:.7f")
    assert not proof.proved(page)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"metadata": []}', '{"metadata": {"nnqg": null}}'])
def test_a_damaged_reference_proves_nothing(page, text):
    proof.reference_of(page).write_text(text)
    assert not proof.proved(page)
