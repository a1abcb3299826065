"""Every exercise answered three times: rightly, wrongly, and by an object that equals everything; a chapter in one process."""

import copies
import pytest
from conftest import FIXTURE, find_works
from nbformat import from_dict, write
from nbformat.v4 import new_notebook

from book.plain_markdown import Words
from coursework.execute import GuardedExecute
from coursework.pages import is_solution, is_test, mark
from coursework.students import source_notebook

SECONDS = 1500  # for all answers of a chapter; a bound for what hangs, not for what is slow
CHAPTERS: dict[str, list] = {}
for found in find_works():
    CHAPTERS.setdefault(found.name.split("/")[0], []).append(found)


def attempts_at(works, folder) -> dict[str, dict[str, dict[str, str]]]:
    """Run all answers to the exercises of some pages in one process; return {page: {attempt: {exercise: error}}}."""
    sources = {work.slug: source_notebook(work, Words()) for work in works}
    path = folder / "source" / "all" / "all.ipynb"
    path.parent.mkdir(parents=True)
    write(numbered([cell for source in sources.values() for cell in source.cells]), path)
    copy = numbered([{**cell, "metadata": {**cell.metadata, "page": page}} for page in sources for cell in copies.trial(sources[page])])
    runner = GuardedExecute(course=str(folder), proving=True, timeout=120, total_seconds=SECONDS)
    notebook, _ = runner.preprocess(copy, {"nbgrader": {"notebook": "all"}, "metadata": {}})
    attempts: dict[str, dict[str, dict[str, str]]] = {page: {} for page in sources}
    for cell in notebook.cells:
        errors = [f"{output.ename}: {output.evalue}" for output in cell.outputs if output.output_type == "error"]
        if is_test(cell):
            attempts[cell.metadata["page"]].setdefault(cell.metadata["attempt"], {})[mark(cell)["grade_id"]] = "".join(errors)
        elif not is_solution(cell):
            assert not errors, f"a set-up cell fails: {errors}"
    return attempts


def numbered(cells):
    """Return a notebook of copies of some cells, each with a name of its own."""
    return new_notebook(cells=[from_dict({**cell, "id": f"cell-{number}"}) for number, cell in enumerate(cells)])


def passing(errors: dict[str, str]) -> set[str]:
    return {name for name, error in errors.items() if not error}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_only_the_right_answers_pass(chapter, tmp_path):
    attempts = attempts_at(CHAPTERS[chapter], tmp_path)
    for page, found in attempts.items():
        right = found["reference"]
        assert len(right) >= (3 if page == FIXTURE else 2), page
        assert set(right.values()) == {""}, "a solution fails its own test"
        wrong = found["wrong"]
        refused = ("CheckFailed: ", "NotCounted: ") if page == FIXTURE else "CheckFailed: "
        assert [name for name, error in wrong.items() if not error.startswith(refused)] == [], "no visible check refuses a wrong answer"
        assert passing(found["always equal"]) == set(), "an object that equals everything passes"
        assert passing(found.get("float listed", {})) == set(), "numbers that are not the answer's pass"
        assert passing(found.get("float rebound", right)) == set(right), "a student's own name costs points"
        assert set(right) == set(wrong) == set(found["always equal"])
