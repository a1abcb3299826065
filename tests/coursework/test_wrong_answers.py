"""Every page has its file of wrong answers, one for each of its graded exercises."""

import copies
import pytest

from book.pages import ROOT, pages
from coursework.pages import is_solution, mark, read_coursework


@pytest.mark.parametrize("page", pages(ROOT), ids=lambda page: page.name)
def test_every_graded_exercise_has_a_wrong_answer(page):
    cells = [cell for exercise in read_coursework(page).exercises for cell in exercise.cells]
    answers = {mark(cell)["grade_id"] for cell in cells if is_solution(cell)}
    assert set(copies.wrong_answers_of(page.source.stem)) == answers


def test_no_file_is_left_behind():
    names = {page.source.stem for page in pages(ROOT)} | {"pendulum"}
    assert {path.stem for path in copies.WRONG_ANSWERS.iterdir()} == names
