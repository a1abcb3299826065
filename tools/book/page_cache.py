"""The cache of executed pages: each is kept with the fingerprint of what its results depend on, and counts while that is the same.

What a crash or a full disk has damaged counts as not run: a page's notebook, or the whole cache when its database is.
"""

import fcntl
import hashlib
import json
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from book.fingerprint import code_of, fingerprint
from book.pages import Page

FIRST, SECOND = ".jupyter_cache", ".jupyter_cache_second"  # the book is rendered from the first; the second proves repeatability
DATABASE, NOTEBOOK, CHECKSUM = "global.db", "base.ipynb", "sha256"
TABLES = {"settings", "nbproject", "nbcache"}
UNREADABLE = (LookupError, ValueError, AttributeError, TypeError)  # what nbformat raises for a notebook that is none


def open_cache(root: Path, name: str = FIRST):
    """Return the cache of executed pages under `_build`."""
    folder = root / "_build" / name
    if folder.exists() and not _whole(folder):
        print(f"{folder} is damaged: its pages run again", flush=True)
        remove(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return get_cache(folder)


@contextmanager
def locked(root: Path):
    """Hold the lock of a clone's `_build`: two `make` in one clone take turns. The lock of a process that is killed is free."""
    path = root / "_build" / "run" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another make works in this clone: waiting until it has ended", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def remove(path: Path) -> None:
    """Remove a folder with all that is in it, or what has taken its place."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _whole(folder: Path) -> bool:
    """Tell whether a cache has a complete database; what only keeps it from being read (a lock, a right) is no damage."""
    database, notebooks = folder / DATABASE, folder / "executed"
    if not folder.is_dir() or database.is_dir() or (notebooks.exists() and not notebooks.is_dir()):
        return False
    if not database.exists():
        return True
    try:
        with closing(sqlite3.connect(database)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables >= TABLES or connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
                return False
            return all(isinstance(json.loads(data), dict) for (data,) in connection.execute("SELECT data FROM nbcache"))
    except sqlite3.OperationalError:
        return True
    except (sqlite3.DatabaseError, ValueError, TypeError):
        return False


def executed(cache, page: Page):
    """Return the executed notebook of a page with the measurements of its run, or None when it has to run."""
    source = page.read()
    try:
        record = cache.match_cache_notebook(source)
    except KeyError:
        return _same_code(cache, page, source)
    if record.data.get("fingerprint") != fingerprint(page) or not _intact(cache, record):
        return None
    try:
        return cache.merge_match_into_notebook(source)[1], record.data
    except UNREADABLE:
        return None


def _intact(cache, record) -> bool:
    """Tell whether the notebook of a record is there and as it was written."""
    folder = _folder(cache, record.hashkey)
    if not (folder / NOTEBOOK).is_file():
        return False
    if not (folder / CHECKSUM).exists():
        return True
    return (folder / CHECKSUM).is_file() and (folder / CHECKSUM).read_bytes() == _checksum(folder / NOTEBOOK).encode()


def _folder(cache, hashkey: str) -> Path:
    return Path(cache.path) / "executed" / hashkey


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def store(cache, page: Page, notebook, measured: dict):
    """Put an executed notebook into the cache; `measured` holds cost, date and the fingerprint from before the run."""
    measured = {**measured, "page": page.name, "code": code_hash(notebook), "execution_seconds": measured["wall"]}
    bundle = CacheBundleIn(notebook, str(page.source), data=measured)
    remove(_folder(cache, cache.create_hashed_notebook(notebook)[1]))  # the cache stumbles over an empty one
    record = cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    folder = _folder(cache, record.hashkey)
    (folder / CHECKSUM).write_text(_checksum(folder / NOTEBOOK), encoding="utf-8")
    for other in cache.list_cache_records():
        if other.data.get("page") == page.name and other.pk != record.pk:
            _folder(cache, other.hashkey).mkdir(parents=True, exist_ok=True)  # the cache removes no record without its notebook
            (_folder(cache, other.hashkey) / NOTEBOOK).touch()
            cache.remove_cache(other.pk)


def code_hash(notebook) -> str:
    """Hash the code alone, in contrast to the cache's own key, which holds captions and tolerances too."""
    return hashlib.sha256(code_of(notebook).encode()).hexdigest()


def _same_code(cache, page: Page, source):
    """A page of which only cell metadata changed keeps its results: store them again under the new key."""
    wanted = {"page": page.name, "code": code_hash(source), "fingerprint": fingerprint(page)}
    for record in cache.list_cache_records():
        if wanted.items() <= record.data.items() and _intact(cache, record):
            try:
                old = cache.get_cache_bundle(record.pk).nb
                source.metadata.language_info = old.metadata.language_info
                for cell, ran in zip((cell for cell in source.cells if cell.cell_type == "code"), old.cells, strict=True):
                    cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
            except UNREADABLE:
                return None
            store(cache, page, source, record.data)
            forget_rendering(page)
            return source, record.data
    return None


def forget_rendering(page: Page):
    """Make the book render the page again although its source is unchanged."""
    (page.root / "_build" / ".doctrees" / "chapters" / f"{page.name}.doctree").unlink(missing_ok=True)
