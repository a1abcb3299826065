"""Every page has its file of wrong answers, one for each of its graded exercises, and tests of one form."""

import re

import copies
import pytest

from book.pages import ROOT, pages
from coursework.pages import is_solution, is_test, mark, read_coursework


@pytest.mark.parametrize("page", pages(ROOT), ids=lambda page: page.name)
def test_every_graded_exercise_has_a_wrong_answer(page):
    cells = [cell for exercise in read_coursework(page).exercises for cell in exercise.cells]
    answers = {mark(cell)["grade_id"] for cell in cells if is_solution(cell)}
    assert set(copies.wrong_answers_of(page.source.stem)) == answers


@pytest.mark.parametrize("page", pages(ROOT), ids=lambda page: page.name)
def test_a_test_compares_numbers_and_begins_with_what_students_see(page):
    """Each test stands alone, its hidden checks are the last, and none asks for a condition or an error, which can be guessed."""
    for cell in (cell for exercise in read_coursework(page).exercises for cell in exercise.cells if is_test(cell)):
        seen, hidden = re.fullmatch(r"(.*)### BEGIN HIDDEN TESTS\n(.*)### END HIDDEN TESTS", cell.source, re.DOTALL).groups()
        assert seen.startswith("from nnqg import grading\n")
        assert "grading.close(" in seen and "grading.close(" in hidden
        assert "grading.true(" not in cell.source and "grading.raises(" not in cell.source


def test_no_file_is_left_behind():
    names = {page.source.stem for page in pages(ROOT)} | {"pendulum"}
    assert {path.stem for path in copies.WRONG_ANSWERS.iterdir()} == names
