"""The text outputs of every page agree with the committed references, and two executions agree to the letter."""

import pytest
from jupyter_cache import get_cache

from book import page_cache, proof, references
from book.pages import ROOT, pages

PAGES = pages(ROOT)
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text_of(page, cache_name):
    """Return the slim notebook of an execution that `make test` has made."""
    found = page_cache.executed(get_cache(ROOT / "_build" / cache_name), page)
    assert found, f"{page.name} has not been executed: run `make test`"
    return references.slim(found[0])


@every_page
def test_text_agrees_with_the_reference(page):
    assert references.reference_of(page).exists(), "no reference: look at the page, then run `make regen`"
    changes = references.difference(references.read(page), text_of(page, page_cache.FIRST))
    assert not changes, f"{changes}\nIf this is right, run `make regen`."


@every_page
def test_two_executions_give_the_same_text(page):
    if not proof.needed(page):
        return  # the reference holds the proof, for the page and the library as they are
    changes = references.exact_difference(text_of(page, page_cache.FIRST), text_of(page, page_cache.SECOND))
    assert not changes, changes


def test_every_reference_has_its_page():
    known = {references.reference_of(page) for page in PAGES}
    assert set((ROOT / "tests" / "references").rglob("*.ipynb")) <= known
