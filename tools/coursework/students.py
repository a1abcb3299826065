"""The notebook of a page's exercises: complete, as the lecturer has it, and as students get it, in the coursework and beside the page."""

from copy import deepcopy

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import Config

from book.pages import Page
from book.plain_markdown import Words
from book.words import INSTALL
from coursework.pages import Coursework, Exercise, is_test, mark, read_coursework
from coursework.prose import Reader

STUB = {"python": "# YOUR CODE HERE\nraise NotImplementedError('no answer yet')"}
CLEARING = (LockCells, ClearSolutions, ClearOutput, ClearHiddenTests, ClearMarkScheme, ComputeChecksums, CheckCellMetadata)
PASSED = '\nprint("passed")'
INTRODUCTION = """# {title}: exercises

{link} derives what these exercises use; equations and figures have the book's numbers. What is not graded may go on from the page's
results: compute it at the end of the page's own notebook, and write here what you found.

Write your answers where it says `YOUR CODE HERE`, in place of the line below it, then run the cell under each answer: it prints "passed"
when your answer passes the checks that you can see. The marks come from these and from further checks of the same kind. Add cells of
your own as you like; do not rename or delete the cells that are here.

Before you hand in: *Kernel, Restart Kernel and Run All Cells*."""


def exercises_of(page: Page, words: Words):
    """Return the exercises of a page as students get them; nothing is run."""
    work = read_coursework(page)
    return student_notebook(source_notebook(work, Reader(work, words)))


def student_notebook(complete):
    """Return what students get of a complete notebook, as nbgrader would release it: no solutions, no hidden checks, no outputs."""
    notebook = deepcopy(complete)
    for clear in CLEARING:
        notebook, _ = clear(config=Config({"ClearSolutions": {"code_stub": STUB}})).preprocess(notebook, {})
    return notebook


def source_notebook(work: Coursework, reader: Reader):
    """Return the complete notebook of a page: set-up, then every exercise with prose, solution and tests."""
    cells = [_markdown("install", INSTALL), _markdown("introduction", INTRODUCTION.format(title=work.title, link=reader.page_link()))]
    for number, cell in enumerate(work.setup, 1):
        cells.append(_code(f"{work.slug}-setup-{number}", cell.source, {"grade": False, "solution": False, "locked": True}))
    for exercise in work.exercises:
        cells.append(_markdown(f"exercise-{exercise.number}", _prose(exercise, reader)))
        cells += [_code(mark(cell)["grade_id"], cell.source + PASSED * is_test(cell), dict(mark(cell))) for cell in exercise.cells]
        if not exercise.cells:
            cells.append(new_code_cell("", id=f"answer-{exercise.number}"))
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    return new_notebook(cells=cells, metadata=kernel)


def _prose(exercise: Exercise, reader: Reader) -> str:
    points = sum(mark(cell)["points"] for cell in exercise.cells if is_test(cell))
    worth = f" ({points:g} point{'s' * (points != 1)})" if exercise.graded else " (not graded)"
    number = reader.words.exercises.get(exercise.label, exercise.number)
    return f"## Exercise {number}. {exercise.title}{worth}\n\n{reader.readable(exercise.body)}"


def _markdown(name: str, text: str):
    return new_markdown_cell(text, id=name)


def _code(name: str, source: str, marks: dict):
    complete = {"schema_version": 3, "cell_type": "code", "task": False, "grade_id": name, **marks}
    return new_code_cell(source, id=name.replace("_", "-")[:64], metadata={"nbgrader": complete})
