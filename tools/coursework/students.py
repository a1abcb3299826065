"""The notebook of a page's exercises: complete, as the lecturer has it, and as students get it, in the coursework and beside the page."""

import re
from copy import deepcopy

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader import preprocessors
from traitlets.config import Config

from book.pages import Page
from book.plain_markdown import Words, convert
from book.words import INSTALL, number_labels
from coursework.pages import Coursework, Exercise, is_test, mark, read_coursework

STUB = {"python": "# YOUR CODE HERE\nraise NotImplementedError('no answer yet')"}
CLEARING = ("LockCells", "ClearSolutions", "ClearOutput", "ClearHiddenTests", "ClearMarkScheme", "ComputeChecksums", "CheckCellMetadata")
KERNEL = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
PASSED = '\nprint("passed")'
INTRODUCTION = """# {title}: exercises

{link} derives what these exercises use; equations and figures have the book's numbers. The first cell imports what the page imports.
What is not graded may go on from the page's results: compute it at the end of the page's own notebook, and write here what you found.

Write your answers where it says `YOUR CODE HERE`, in place of the line below it, then run the cell under each answer: it prints "passed"
when your answer passes the checks that you can see. The marks come from these and from further checks of the same kind. Add cells of
your own as you like; do not rename or delete the cells that are here.

Before you hand in: *Kernel, Restart Kernel and Run All Cells*."""
_EQUATION = re.compile(r"\{eq\}`([^`]+)`")
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?![a-z]+:)[^)\s]+\)")


def exercises_of(page: Page, words: Words):
    """Return the exercises of a page as students get them; nothing is run."""
    return student_notebook(source_notebook(read_coursework(page), words))


def student_notebook(complete):
    """Return what students get of a complete notebook, as nbgrader would release it: no solutions, no hidden checks, no outputs."""
    notebook = deepcopy(complete)
    for name in CLEARING:
        clear = getattr(preprocessors, name)(config=Config({"ClearSolutions": {"code_stub": STUB}}))
        notebook, _ = clear.preprocess(notebook, {})
    return notebook


def source_notebook(work: Coursework, words: Words, book: str = ""):
    """Return the complete notebook of a page: set-up, then every exercise with its text, solution and tests.

    `words` is what holds for all pages; `book` the address of the rendered book, "" when unknown.
    """
    words, quoted = deepcopy(words), set[str]()
    number_labels([work.notebook], words)  # for a page that is not in the book
    link = f"[{work.title}]({book}/chapters/{work.name}.html)" if book else f"*{work.title}*"
    cells = [
        new_markdown_cell(INSTALL, id="install"),
        new_markdown_cell(INTRODUCTION.format(title=work.title, link=link), id="introduction"),
    ]
    for number, cell in enumerate(work.setup, 1):
        cells.append(_code(f"{work.slug}-setup-{number}", cell.source, {"grade": False, "solution": False, "locked": True}))
    for exercise in work.exercises:
        text = f"{_heading(exercise, words)}\n\n{readable(exercise.body, work, words, quoted)}"
        cells.append(new_markdown_cell(text, id=f"exercise-{exercise.number}"))
        cells += [_code(mark(cell)["grade_id"], cell.source + PASSED * is_test(cell), mark(cell)) for cell in exercise.cells]
        if not exercise.cells:
            cells.append(new_code_cell("", id=f"answer-{exercise.number}"))
    return new_notebook(cells=cells, metadata=KERNEL)


def readable(text: str, work: Coursework, words: Words, quoted: set[str]) -> str:
    """Return a text in plain Markdown, followed by the equations of its page that it refers to, unless they were `quoted` before."""
    wanted = [label for label in dict.fromkeys(_EQUATION.findall(text)) if label in work.equations]
    missing = [label for label in wanted if label not in quoted and work.equations[label] not in text]
    quoted.update(wanted)
    parts = [convert(_LINK.sub(r"*\g<text>* (in the book)", text), words)]
    for label in missing:
        parts.append(f"Equation ({words.equations[label]}) of the page is")
        parts.append(convert(f"```{{math}}\n:label: {label}\n{work.equations[label]}\n```", words))
    return "\n\n".join(parts)


def _heading(exercise: Exercise, words: Words) -> str:
    points = sum(mark(cell)["points"] for cell in exercise.cells if is_test(cell))
    worth = f"{points:g} point{'s' * (points != 1)}" if exercise.graded else "not graded"
    return f"## Exercise {words.exercises[exercise.label]}. {exercise.title} ({worth})"


def _code(name: str, source: str, marks: dict):
    complete = {"schema_version": 3, "cell_type": "code", "task": False, "grade_id": name, **marks}
    return new_code_cell(source, id=name.replace("_", "-")[:64], metadata={"nbgrader": complete})
