"""The exercises of every page, each answered three times in one process: rightly, wrongly, and by an object that equals everything."""

from dataclasses import dataclass

import copies
import pytest
from conftest import FIXTURE, find_works
from nbformat import write

from book.plain_markdown import Words
from coursework.execute import GuardedExecute
from coursework.pages import is_solution, is_test, mark
from coursework.prose import Reader
from coursework.release import source_notebook

SECONDS = 600  # for all answers of a page; a bound for what hangs, not for what is slow


@dataclass
class Attempt:
    """What came of one answer: how many checks passed, and the error that the student sees."""

    checks: int | None
    error: str


def attempts_at(work, folder) -> dict[str, dict[str, Attempt]]:
    """Run all answers to the exercises of a page; return {attempt: {exercise: what came of it}}."""
    source = source_notebook(work, Reader(work, Words()))
    path = folder / "source" / work.slug / f"{work.slug}.ipynb"
    path.parent.mkdir(parents=True)
    write(source, path)
    runner = GuardedExecute(course=str(folder), proving=True, timeout=120, total_seconds=SECONDS)
    notebook, _ = runner.preprocess(copies.trial(source), {"nbgrader": {"notebook": work.slug}, "metadata": {}})
    found: dict[str, dict[str, Attempt]] = {}
    for cell in notebook.cells:
        errors = [f"{output.ename}: {output.evalue}" for output in cell.outputs if output.output_type == "error"]
        if is_test(cell):
            attempt = Attempt(cell.metadata["nnqg_checks"], "".join(errors))
            found.setdefault(cell.metadata["attempt"], {})[mark(cell)["grade_id"]] = attempt
        elif not is_solution(cell):
            assert not errors, f"a set-up cell fails: {errors}"
    return found


def passing(attempts: dict[str, Attempt]) -> set[str]:
    return {name for name, attempt in attempts.items() if not attempt.error}


@pytest.mark.parametrize("work", find_works(), ids=lambda work: work.slug)
def test_only_the_right_answers_pass(work, tmp_path):
    found = attempts_at(work, tmp_path)
    right = found["reference"]
    assert len(right) >= (3 if work.slug == FIXTURE else 2)
    assert {name: attempt.error for name, attempt in right.items() if not attempt.checks} == {}, "a reference solution fails its own test"
    wrong = {name: attempt.error for name, attempt in found["wrong"].items()}
    assert {name: error for name, error in wrong.items() if not error.startswith("CheckFailed: ")} == {}, "no check refuses a wrong answer"
    assert passing(found["always equal"]) == set(), "an object that equals everything passes"
    assert passing(found.get("float listed", {})) == set(), "numbers that are not the answer's pass"
    assert passing(found.get("float rebound", right)) == set(right), "a student's own name costs points"
    assert set(right) == set(wrong) == set(found["always equal"])
