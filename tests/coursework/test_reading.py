"""What students hand in: files as other programs and older releases write them, and folders in disorder. Nothing is run."""

import json
import os
from copy import deepcopy

import copies
import nbformat
import pytest
from conftest import HERE

from book.pages import Page
from book.plain_markdown import Words
from coursework.cells import MISSING, is_setup, restore_cells
from coursework.execute import CHECKS, read_checks
from coursework.grade import _FORMULA, _INSIDES, _changed_setup, _collect, _line, _read
from coursework.pages import is_solution, mark, read_coursework
from coursework.students import source_notebook

SOURCE = source_notebook(read_coursework(Page("course/pendulum", HERE / "fixture")), Words())
RIGHT = nbformat.writes(copies.reference(SOURCE, SOURCE))


def changed(change, right=RIGHT) -> bytes:
    """Return a right copy whose JSON was changed."""
    data = json.loads(right)
    change(data)
    return json.dumps(data).encode()


def each(**entries):
    """Return a change of the same entries in every cell."""
    return lambda data: [cell.update(entries) for cell in data["cells"]]


def pasted(data):
    """A starter cell was copied: the lower one holds the answer."""
    place = next(number for number, cell in enumerate(data["cells"]) if cell["metadata"].get("nbgrader", {}).get("solution"))
    data["cells"].insert(place, {**data["cells"][place], "source": "raise NotImplementedError", "id": "pasted"})


READABLE = {
    "UTF-16, as Windows programs write it": RIGHT.encode("utf-16"),
    "UTF-8 with a byte-order mark": RIGHT.encode("utf-8-sig"),
    "Latin-1": RIGHT.replace("Write your answers", "Schrödinger").encode("latin-1"),
    "line ends of Windows": RIGHT.replace("\n", "\r\n").encode(),
    "nbformat 3": nbformat.writes(nbformat.convert(nbformat.reads(RIGHT, 4), 3), version=3).encode(),
    "a later nbformat": changed(lambda data: data.update(nbformat=5)),
    "no metadata of the notebook": changed(lambda data: data.pop("metadata")),
    "another kernel": changed(lambda data: data.update(metadata={"kernelspec": {"name": "julia-1.9"}})),
    "no identifiers": changed(lambda data: [cell.pop("id") for cell in data["cells"]]),
    "one identifier for all": changed(each(id="same")),
    "identifiers that are lists": changed(each(id=["x"])),
    "no outputs": changed(lambda data: [cell.pop("outputs", None) for cell in data["cells"]]),
    "sources in one piece": changed(lambda data: [cell.update(source="".join(cell["source"])) for cell in data["cells"]]),
    "answers that became text": changed(each(cell_type="markdown")),
    "what is no cell": changed(lambda data: data["cells"].extend([None, {"cell_type": "code"}, {"cell_type": "x", "source": 1}])),
    "cells without metadata": changed(lambda data: data["cells"].append({"cell_type": "raw", "metadata": None, "source": "x"})),
    "metadata of other kinds": changed(
        lambda data: data["cells"].extend({"cell_type": "raw", "metadata": odd, "source": "x"} for odd in ([1], "x", 3, True))
    ),
    "attachments of other kinds": changed(
        lambda data: [cell.update(attachments={"a.png": {"image/png": None}}) for cell in data["cells"] if cell["cell_type"] == "markdown"]
    ),
    "sources of other kinds": changed(
        lambda data: data["cells"].extend({"cell_type": "code", "metadata": {}, "source": odd} for odd in (7, [None, "x = 1"], [1, 2]))
    ),
}
UNREADABLE = {
    "empty": b"",
    "half a file": RIGHT[: len(RIGHT) // 2].encode(),
    "a list": b"[1]",
    "brackets without end": b"[" * 200_000,
    "no cells": b"{}",
    "cells that are none": b'{"cells": null}',
}


def restored(path, content: bytes):
    path.write_bytes(content)
    notebook = restore_cells(_read(path), SOURCE)
    nbformat.writes(notebook)
    return {mark(cell)["grade_id"]: cell.source for cell in notebook.cells if is_solution(cell)}


@pytest.mark.parametrize("form", READABLE)
def test_an_odd_file_keeps_its_answers(form, tmp_path, recwarn):
    answers = restored(tmp_path / "copy.ipynb", READABLE[form])
    right = {mark(cell)["grade_id"]: cell.source for cell in SOURCE.cells if is_solution(cell)}
    assert answers == right
    assert not [warning for warning in recwarn if "cell" in str(warning.message).lower()]


@pytest.mark.parametrize("form", UNREADABLE)
def test_a_damaged_file_cannot_be_read(form, tmp_path):
    with pytest.raises(ValueError, match="^it is "):
        restored(tmp_path / "copy.ipynb", UNREADABLE[form])


def test_cells_of_another_release_or_page_are_no_answers(tmp_path):
    other = changed(lambda data: None, RIGHT.replace("pendulum-", "pendel-"))
    assert set(restored(tmp_path / "copy.ipynb", other).values()) == {MISSING}


def test_a_copied_cell_runs_below_the_first(tmp_path):
    (tmp_path / "copy.ipynb").write_bytes(changed(pasted))
    cells = restore_cells(_read(tmp_path / "copy.ipynb"), SOURCE).cells
    first = next(number for number, cell in enumerate(cells) if is_solution(cell))
    assert cells[first].source == "raise NotImplementedError" and "def energy" in cells[first + 1].source


def test_what_is_no_file_is_left_aside(tmp_path):
    """To read a pipe would wait for ever."""
    os.mkfifo(tmp_path / "a.ipynb")
    said: list[str] = []
    assert not _collect(tmp_path, {"a"}, said.append).copies and "not a file" in said[0]


def test_names_that_programs_change_are_known(tmp_path):
    """Browsers, systems and courses add to names; what is not a page of the course, and the older of two, is left aside and said."""
    names = {
        "a": "a (1).ipynb",
        "b": "b-exercises.ipynb",
        "c": "c-Copy2.ipynb",
        "d": "d-exercises (3).ipynb",
        "e": "e.ipynb.txt",
        "f": "F.IPYNB",
        "g": "Copy of g.ipynb",
        "h": "h - Copy (2).ipynb",
        "i": "1234_assignsubmission_file_i.ipynb",
        "j-k": "Kopie von j-k_Ada.ipynb",
        "l": "l.ipynb",
    }
    aside = ["k", ".m.ipynb", "n.ipynb", "aa.ipynb", "b.txt", "a - Kopie.ipynb"]
    for name in [*names.values(), *aside]:
        (tmp_path / name).write_text("{}")
    os.utime(tmp_path / "a (1).ipynb", (0, 0))  # older than a name that says more
    (tmp_path / "m.ipynb").symlink_to(tmp_path / "l.ipynb")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.ipynb").write_text("{}")
    said: list[str] = []
    student = _collect(tmp_path, set("abcdefghijklm") | {"j-k"}, said.append)
    assert {page: path.name for page, path in student.copies.items()} == names
    assert sorted(line.split("/")[-1] for line in said) == sorted([*set(aside) - {".m.ipynb"}, "a.ipynb", "m.ipynb"])
    assert sorted(student.aside) == ["aa.ipynb", "n.ipynb"]
    assert f"left aside (a link to another place): {tmp_path.name}/m.ipynb" in said


@pytest.mark.parametrize(("content", "cause"), [(b" ", "it is empty"), (b"<html>", "it is no JSON"), (b"{}", "it is JSON, but has")])
def test_why_a_file_is_no_notebook_is_said_in_words(content, cause, tmp_path):
    (tmp_path / "copy.ipynb").write_bytes(content)
    with pytest.raises(ValueError, match=f"^{cause}"):
        _read(tmp_path / "copy.ipynb")


def test_a_changed_set_up_is_named(tmp_path):
    """Line ends and blanks are no change."""
    for new, said in (("\n", ""), ("\nimport scipy\n", "the set-up was changed")):
        copy = deepcopy(SOURCE)
        next(cell for cell in copy.cells if is_setup(cell)).source += new
        assert _changed_setup(copy, SOURCE).startswith(said) and bool(said) == bool(_changed_setup(copy, SOURCE))


def test_names_become_lines_and_long_copies_are_searched_in_no_time():
    assert _line("J\udcf6rg\n\x1b[2J Müller") == "J\\udcf6rg\\n\\x1b[2J Müller"
    assert not _INSIDES.search("_" * 200_000)
    assert [_FORMULA.sub(r"\1'", text) for text in ("=1", "a;+1", "a; -1", "-2.5", "a=b")] == ["'=1", "a;'+1", "a; -1", "'-2.5", "a=b"]


@pytest.mark.parametrize("content", [None, "", "{"])
def test_checks_that_cannot_be_read_count_as_none(content, tmp_path):
    if content is not None:
        (tmp_path / CHECKS).write_text(content)
    assert read_checks(tmp_path) == {}
