"""The cells of a copy: which are the lecturer's, which the student's, and how they are put back in order."""

import symtable
from pathlib import Path

import nbformat

from coursework.pages import is_solution, is_test, mark

MISSING = "# this cell is missing in the copy"


def read_source(course: Path, page: str):
    """Return the complete notebook of a page, with solutions and hidden tests."""
    return nbformat.read(course / "source" / page / f"{page}.ipynb", as_version=4)


def is_setup(cell) -> bool:
    return bool(mark(cell).get("locked")) and not is_test(cell)


def is_answer(cell) -> bool:
    """Tell whether a student writes here: in the starter of a graded exercise, or in the empty cell of another one."""
    return is_solution(cell) or (cell.cell_type == "code" and not mark(cell))


def restore_cells(copy, source):
    """Return a notebook with every cell of the source in its place, of which only the answers come from the copy.

    Set-up cells come first; a student's own cells stay behind the exercise cell that they followed, or behind the set-up.
    """
    known = {name_of(cell): cell for cell in source.cells}
    last = after_setup = next((name for name in reversed(known) if is_setup(known[name])), None)
    answers, own = {}, {}  # the latter by the cell that they follow; by none when there is no set-up
    for cell in copy.cells:
        name = name_of(cell)
        if name not in known or name in answers:
            own.setdefault(last, []).append({**cell, "metadata": {}})
            continue
        last = after_setup if is_setup(known[name]) else name
        if is_answer(known[name]):
            answers[name] = cell.source
    cells = own.get(None, [])
    for cell in sorted(source.cells, key=lambda cell: not is_setup(cell)):
        name = name_of(cell)
        cells += [{**cell, "source": answers.get(name, MISSING)} if is_answer(cell) else cell, *own.get(name, [])]
    numbered = [nbformat.from_dict({**cell, "id": f"cell-{number}"}) for number, cell in enumerate(cells)]
    return nbformat.v4.new_notebook(cells=numbered, metadata=source.metadata)


def name_of(cell) -> str:
    """Return what a cell is known by: nbgrader's name, or the notebook's; "" when neither is a text."""
    match cell:
        case {"metadata": {"nbgrader": {"grade_id": str(name)}}} | {"id": str(name)}:
            return name
    return ""


def assigned_names(source: str) -> list[str]:
    """Return the names that the top level of some code defines."""
    symbols = symtable.symtable(source, "<answer>", "exec").get_symbols()
    return [symbol.get_name() for symbol in symbols if symbol.is_assigned() and not symbol.is_imported()]
