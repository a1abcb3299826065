"""The cache of executed pages: each is kept with the fingerprint of what its results depend on, and counts while that is the same."""

import hashlib
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from book.fingerprint import code_of, fingerprint
from book.pages import Page

FIRST, SECOND = ".jupyter_cache", ".jupyter_cache_second"  # the book is rendered from the first; the second proves repeatability


def open_cache(root: Path, name: str = FIRST):
    """Return the cache of executed pages under `_build`."""
    folder = root / "_build" / name
    folder.mkdir(parents=True, exist_ok=True)
    return get_cache(folder)


def executed(cache, page: Page):
    """Return the executed notebook of a page with the measurements of its run, or None when it has to run."""
    source = page.read()
    try:
        record = cache.match_cache_notebook(source)
    except KeyError:
        return _same_code(cache, page, source)
    if record.data.get("fingerprint") != fingerprint(page):
        return None
    return cache.merge_match_into_notebook(source)[1], record.data


def store(cache, page: Page, notebook, measured: dict):
    """Put an executed notebook into the cache; `measured` holds cost, date and the fingerprint from before the run."""
    measured = {**measured, "page": page.name, "code": code_hash(notebook), "execution_seconds": measured["wall"]}
    bundle = CacheBundleIn(notebook, str(page.source), data=measured)
    record = cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    for other in cache.list_cache_records():
        if other.data.get("page") == page.name and other.pk != record.pk:
            cache.remove_cache(other.pk)


def code_hash(notebook) -> str:
    """Hash the code alone, in contrast to the cache's own key, which holds captions and tolerances too."""
    return hashlib.sha256(code_of(notebook).encode()).hexdigest()


def _same_code(cache, page: Page, source):
    """A page of which only cell metadata changed keeps its results: store them again under the new key."""
    wanted = {"page": page.name, "code": code_hash(source), "fingerprint": fingerprint(page)}
    for record in cache.list_cache_records():
        if wanted.items() <= record.data.items():
            old = cache.get_cache_bundle(record.pk).nb
            source.metadata.language_info = old.metadata.language_info
            for cell, ran in zip((cell for cell in source.cells if cell.cell_type == "code"), old.cells, strict=True):
                cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
            store(cache, page, source, record.data)
            forget_rendering(page)
            return source, record.data
    return None


def forget_rendering(page: Page):
    """Make the book render the page again although its source is unchanged."""
    (page.root / "_build" / ".doctrees" / "chapters" / f"{page.name}.doctree").unlink(missing_ok=True)
