"""The cache of executed pages: a page runs again only when something that its results depend on has changed."""

import json
import shutil
import sqlite3
import threading
from contextlib import closing

import pytest

from book import page_cache
from book.execute import execute
from book.pages import pages


def runs(root, capsys):
    """Execute once more and return how many pages ran."""
    capsys.readouterr()
    assert execute(root) == []
    return int(capsys.readouterr().out.split(" unchanged, ")[1].split()[0])


def test_a_page_runs_again_only_when_something_it_depends_on_changed(executed, spring, capsys, change):
    assert runs(executed, capsys) == 0
    change(spring, "The energy of a spring is", "The energy of any spring is")
    assert runs(executed, capsys) == 0, "its text is not its code"
    change(spring, "rtol: 0.01", "rtol: 0.02")
    assert runs(executed, capsys) == 0, "a tolerance is not its code"
    assert page_cache.executed(page_cache.open_cache(executed), pages(executed)[0])[0].cells[4].outputs
    change(spring, "import math", "import math  # and nothing else")
    assert runs(executed, capsys) == 1


def test_a_changed_module_reruns_the_pages_that_import_it(executed, capsys):
    library = executed / "lib" / "nnqg"
    (library / "alone.py").write_text("two = 2\n")
    assert runs(executed, capsys) == 0, "the page does not import it"
    (library / "_display.py").write_text("two = 2\n")
    assert runs(executed, capsys) == 1, "the page imports it through the ledger"


def test_another_page_with_the_same_code_runs_by_itself(executed, spring):
    twin = spring.with_name("twin.md")
    twin.write_text(spring.read_text().replace("rtol: 0.01", "rtol: 0.02"))  # else the cache itself takes it for the same notebook
    assert page_cache.executed(page_cache.open_cache(executed), pages(executed, ["example/twin"])[0]) is None


def test_only_the_newest_result_of_a_page_is_kept(executed, spring, change):
    change(spring, "import math", "import math  # and nothing else")
    assert execute(executed) == []
    assert len(page_cache.open_cache(executed).list_cache_records()) == 1


def test_the_rendering_of_a_page_that_ran_is_forgotten(executed, spring, change):
    doctree = executed / "_build" / ".doctrees" / "chapters" / "example" / "spring.doctree"
    doctree.parent.mkdir(parents=True)
    doctree.touch()
    assert execute(executed) == [] and doctree.exists()
    change(spring, "4**2", "5**2")
    change(spring, "12.5, 1e-12", "17.0, 1e-12")
    assert execute(executed) == [] and not doctree.exists()


def base_of(root):
    (path,) = (root / "_build" / page_cache.FIRST / "executed").glob("*/base.ipynb")
    return path


def database_of(root):
    return root / "_build" / page_cache.FIRST / "global.db"


@pytest.mark.parametrize("length", [0, 10, 100, 600, 4096, 5000, -5000])
def test_a_truncated_database_counts_as_no_page_run(executed, length):
    whole = database_of(executed).read_bytes()
    database_of(executed).write_bytes(whole[:length])
    cache = page_cache.open_cache(executed)
    assert page_cache.executed(cache, pages(executed)[0]) is None
    assert cache.list_cache_records() == []


def test_a_lost_or_damaged_database_is_made_again(executed, capsys):
    database_of(executed).write_bytes(b"not a database" * 1000)
    assert runs(executed, capsys) == 1
    assert runs(executed, capsys) == 0
    database_of(executed).unlink()
    assert page_cache.executed(page_cache.open_cache(executed), pages(executed)[0]) is None


def told(root, statement):
    """Let the database of a copy hear a statement of SQL."""
    with closing(sqlite3.connect(database_of(root))) as connection:
        connection.execute(statement)
        connection.commit()


def replaced(path, text=None):
    """Put a file with this text, or an empty folder, where something else was."""
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.mkdir() if text is None else path.write_bytes(text)


STATES = {
    "the database is a folder": lambda root: replaced(database_of(root)),
    "a table is lost": lambda root: told(root, "DROP TABLE nbcache"),
    **{f"measured {data}": lambda root, data=data: told(root, f"UPDATE nbcache SET data = '{data}'") for data in ("null", "[1]", "{oops")},
    "the cache is a file": lambda root: replaced(database_of(root).parent, b""),
    "the records are a file": lambda root: replaced(database_of(root).parent / "executed", b""),
    "the record is a file": lambda root: replaced(base_of(root).parent, b"x"),
    "the notebook is a folder": lambda root: replaced(base_of(root)),
    "the checksum is no text": lambda root: replaced(base_of(root).with_name("sha256"), b"\xff\xfe"),
    "the checksum is a folder": lambda root: replaced(base_of(root).with_name("sha256")),
}


@pytest.mark.parametrize("damage", STATES.values(), ids=STATES)
def test_a_damaged_cache_counts_as_not_run_and_takes_the_page_again(executed, damage):
    page = pages(executed)[0]
    notebook, measured = page_cache.executed(page_cache.open_cache(executed), page)
    damage(executed)
    assert page_cache.executed(page_cache.open_cache(executed), page) is None
    page_cache.store(page_cache.open_cache(executed), page, notebook, measured)
    assert page_cache.executed(page_cache.open_cache(executed), page)[0].cells[4].outputs


DAMAGE = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_text(""),
    "truncated": lambda path: path.write_text(path.read_text()[:-100]),
    "another": lambda path: path.write_text("{}"),
    "no cells": lambda path: path.write_text(json.dumps({**json.loads(path.read_text()), "cells": []})),
    "no text": lambda path: path.write_bytes(b"\xff\xfe" + path.read_bytes()),
    "other output": lambda path: path.write_text(path.read_text().replace("12.5", "13.5")),
}


@pytest.mark.parametrize(
    ("damage", "older"), [(name, False) for name in DAMAGE] + [(name, True) for name in DAMAGE if name != "other output"]
)
def test_a_damaged_or_missing_notebook_counts_as_not_run(executed, spring, change, damage, older):
    """Whether it is found under its own key, or as the same code with other tolerances; older ones were written without a checksum."""
    notebook, measured = page_cache.executed(page_cache.open_cache(executed), pages(executed)[0])
    DAMAGE[damage](base_of(executed))
    if older:
        next(database_of(executed).parent.glob("executed/*/sha256")).unlink()
    cache = page_cache.open_cache(executed)
    assert page_cache.executed(cache, pages(executed)[0]) is None
    text = spring.read_text()
    change(spring, "rtol: 0.01", "rtol: 0.02")
    assert page_cache.executed(cache, pages(executed)[0]) is None
    page_cache.store(cache, pages(executed)[0], notebook, measured)  # as after a run
    spring.write_text(text)
    assert page_cache.executed(cache, pages(executed)[0])[0].cells[4].outputs
    assert len(cache.list_cache_records()) == 1


def test_the_lock_makes_the_second_wait(tmp_path, capsys):
    order = []

    def second():
        with page_cache.locked(tmp_path):
            order.append("second")

    with page_cache.locked(tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert "another make" in capsys.readouterr().out
