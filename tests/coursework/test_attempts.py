"""Attempts at marks without an answer: each copy of the test page runs in a process of its own, and earns nothing."""

import asyncio
import gc
import json
import sys
import tempfile
import time

import copies
import pytest
from conftest import FIXTURE, HERE
from nbclient.util import run_sync
from nbformat import write
from nbformat.v4 import new_code_cell
from nbgrader.utils import determine_grade

from book.pages import Page
from book.plain_markdown import Words
from coursework.cells import restore_cells
from coursework.execute import CHECKS, REPORT, STUCK, GuardedExecute, digest
from coursework.kernel import find_bwrap, sandbox_command
from coursework.pages import is_test, mark, read_coursework
from coursework.students import source_notebook

WORK = read_coursework(Page("course/pendulum", HERE / "fixture"))
SOURCE = source_notebook(WORK, Words())
DISHONEST = copies.dishonest(SOURCE)
RESOURCES = {"nbgrader": {"notebook": FIXTURE}, "metadata": {}}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """What is needed of a course to run copies of the test page."""
    folder = tmp_path_factory.mktemp("attempts")
    path = folder / "source" / FIXTURE / f"{FIXTURE}.ipynb"
    path.parent.mkdir(parents=True)
    write(SOURCE, path)
    runner = GuardedExecute(course=str(folder), proving=True)
    runner.preprocess(copies.reference(SOURCE, SOURCE), RESOURCES)
    (folder / CHECKS).write_text(json.dumps({FIXTURE: {"digest": digest(folder, FIXTURE, runner.checks), "tests": runner.checks}}))
    return folder


def earned(course, copy) -> dict[str, float]:
    """Run a copy, which must not get stuck, or it would not be heard out; return the points that nbgrader gives for each of its tests."""
    notebook, _ = GuardedExecute(course=str(course), timeout=20).preprocess(restore_cells(copy, SOURCE), RESOURCES)
    assert not [cell for cell in notebook.cells if any(output.get("evalue") == STUCK for output in cell.get("outputs", []))]
    tests = [cell for cell in notebook.cells if is_test(cell)]
    return {mark(cell)["grade_id"]: determine_grade(cell)[0] for cell in tests}


@pytest.mark.parametrize("name", DISHONEST)
def test_an_attempt_earns_nothing(course, name):
    assert not any(earned(course, DISHONEST[name]).values())


def test_own_names_cost_nothing(course):
    assert all(earned(course, copies.preceded(copies.reference(SOURCE, SOURCE), copies.CLUMSY)).values())


def test_a_reset_costs_nothing(course):
    copy = copies.replaced(copies.reference(SOURCE, SOURCE), "pendulum-small", "%reset -f\nimport math\n\nperiod = 2 * math.pi")
    assert all(earned(course, copy).values())


@pytest.mark.parametrize("greed", copies.GREEDY)
def test_a_greedy_copy_is_ended(course, greed):
    """A copy that fills the host's folder or starts a hundred processes does not live to be right."""
    assert not any(earned(course, copies.preceded(copies.reference(SOURCE, SOURCE), copies.GREEDY[greed])).values())


def test_the_lecturer_s_folders_cost_nothing(course, tmp_path, monkeypatch):
    """A scratch folder whose name is too long for sockets, and an environment that is a link."""
    deep = tmp_path / ("a" * 96)
    deep.mkdir()
    (tmp_path / "linked").symlink_to(sys.prefix, target_is_directory=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "linked"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "linked" / "bin" / "python"))
    assert all(earned(course, copies.reference(SOURCE, SOURCE)).values())
    command = sandbox_command(find_bwrap() or "bwrap", tmp_path)
    assert command[command.index(f"{sys.prefix}/lib") - 1] == "--ro-bind" and sys.prefix not in command  # it can be somebody's home


def test_another_library_on_the_path_changes_nothing(course, tmp_path, monkeypatch):
    (tmp_path / "nnqg.py").write_text("raise ImportError('another one')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert all(earned(course, copies.reference(SOURCE, SOURCE)).values())


def test_a_message_without_end_is_not_taken_into_memory(course):
    """It costs the cell's output; what other cells report still arrives."""
    copy = copies.preceded(copies.reference(SOURCE, SOURCE), "print('x' * 40_000_000)")
    assert all(earned(course, copy).values())


def test_a_process_that_does_not_answer_is_not_waited_for(course, monkeypatch):
    """What says that a cell has ended comes without the reply when the messages cannot be made any more."""
    monkeypatch.setattr("coursework.execute.LONGEST_SILENCE", 0.5)
    copy = copies.preceded(copies.reference(SOURCE, SOURCE), "import builtins\nbuiltins.type = lambda *arguments: float")
    started = time.monotonic()
    assert not any(earned(course, copy).values()) and time.monotonic() - started < 15


def test_a_message_that_cannot_be_read_leaves_no_watch_behind(course, caplog):
    """What watches the process looks for it once a second, also when it is gone."""
    assert not any(earned(course, DISHONEST["data that are a list"]).values())
    run_sync(asyncio.sleep)(1.1)
    gc.collect()
    assert "never retrieved" not in caplog.text


class Taker(GuardedExecute):
    """Takes messages without running anything."""

    def take(self, kind, content):
        self._printed, self._display_id_map = 0, {}
        message = {
            "msg_type": "display_data",
            "header": {"msg_type": "display_data"},
            "parent_header": {},
            "content": {"data": {kind: content}, "metadata": {}},
        }
        self.process_message(message, self.cell, 0)

    def taken(self):
        self.cell, self._reports, self._printed_in_all = new_code_cell(), [], 0
        self.clear_before_next_output = False
        self.take(REPORT, "1" * 5_000_000)
        for _ in range(200):
            self.take(REPORT, "1")
            self.take("text/plain", "x" * 1_000_000)
        return set(self._reports), len(self._reports), len(self.cell.outputs)


def test_what_is_kept_of_a_copy_is_bounded():
    """Of reports by number and size, of outputs by their size in all cells."""
    assert Taker(course="").taken() == ({"1"}, 100, 20)
