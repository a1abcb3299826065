"""The cache of executed pages, and the fingerprint of everything outside a page that its results depend on."""

import hashlib
import platform
import shutil
from importlib.metadata import version
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from book.pages import Page

FIRST, SECOND = ".jupyter_cache", ".jupyter_cache_second"  # the book is rendered from the first; the second proves repeatability


def fingerprint(root: Path) -> str:
    """Hash the library, its data, the lock file and the versions that can be chosen beside the lock (Python, torch's build)."""
    digest = hashlib.sha256(f"{platform.python_version()} {version('torch')}".encode())
    files = [path for path in (root / "lib").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    for path in sorted([*files, root / "uv.lock"]):
        if path.is_file():
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def open_cache(root: Path, name: str = FIRST):
    """Return the cache of executed pages under `_build`; wipe it first when the fingerprint has changed."""
    folder, now = root / "_build" / name, fingerprint(root)
    stamp = folder / "fingerprint"
    if folder.exists() and (not stamp.exists() or stamp.read_text() != now):
        print("the library, the data or the lock file has changed: every page runs again")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)
    return get_cache(folder)


def executed(cache, page: Page):
    """Return the executed notebook of a page with the measurements of its run, or None when it has to run."""
    source = page.read()
    try:
        record = cache.match_cache_notebook(source)
    except KeyError:
        return _same_code(cache, page, source)
    return cache.merge_match_into_notebook(source)[1], record.data


def store(cache, page: Page, notebook, measured: dict):
    """Put an executed notebook into the cache."""
    measured = {**measured, "page": page.name, "code": code_hash(notebook), "execution_seconds": measured["wall"]}
    bundle = CacheBundleIn(notebook, str(page.source), data=measured)
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def code_hash(notebook) -> str:
    """Hash the code alone, in contrast to the cache's own key, which holds captions and tolerances too."""
    return hashlib.sha256("\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code").encode()).hexdigest()


def _same_code(cache, page: Page, source):
    """A page of which only cell metadata changed keeps its results: store them again under the new key."""
    wanted = code_hash(source)
    for record in cache.list_cache_records():
        if record.data.get("page") == page.name and record.data.get("code") == wanted:
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
