"""The exercises of a page: their prose, their starter and test cells, and what the prose refers to."""

import re
from copy import deepcopy
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from math import inf

from nbformat import NotebookNode

from book.pages import Page

SETUP_TAG = "coursework-setup"
_OPENING = re.compile(r"^(?P<fence>:{3,}|`{3,})\{(?P<name>[\w-]+)\}[ \t]*(?P<argument>.*)$")
_OPTION = re.compile(r"^:(?P<key>[\w-]+):[ \t]*(?P<value>.*)$")


@dataclass
class Directive:
    """A MyST directive: its name, its argument, its options and its body."""

    name: str
    argument: str
    options: dict[str, str]
    body: str


@dataclass
class Exercise:
    """An exercise: `cells` are its solution and test cells, in the order of the page; none when it is not graded."""

    number: int
    title: str
    label: str
    body: str
    cells: list = field(default_factory=list)

    @property
    def graded(self) -> bool:
        return any(is_test(cell) for cell in self.cells)


@dataclass
class Coursework:
    """What the student notebook of one page is made of: the page, its set-up cells, its exercises, its equations by label."""

    name: str
    notebook: NotebookNode
    title: str = ""
    setup: list = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)
    equations: dict[str, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.name.split("/")[-1]


def mark(cell) -> dict:
    """Return the `nbgrader` metadata of a cell."""
    return cell.metadata.get("nbgrader", {})


def is_test(cell) -> bool:
    return bool(mark(cell).get("grade"))


def is_solution(cell) -> bool:
    return bool(mark(cell).get("solution"))


def read_coursework(page: Page) -> Coursework:
    """Collect the exercises of a page with everything their notebook needs."""
    result = Coursework(page.name, page.read())
    for cell in result.notebook.cells:
        if cell.cell_type == "markdown":
            _read_prose(cell.source, result)
        elif SETUP_TAG in cell.metadata.get("tags", []):
            result.setup.append(cell)
        elif is_solution(cell) or is_test(cell):
            if not result.exercises:
                raise SystemExit(f"{page.source}: the cell {mark(cell).get('grade_id')} comes before any exercise")
            result.exercises[-1].cells.append(cell)
    return result


def choose(works: list[Coursework], wanted: dict[str, dict[str, float]]) -> list[Coursework]:
    """Return the wanted exercises, {page: {exercise: points}}, numbered as on their pages and with these points."""
    by_name, chosen = {work.name: work for work in works}, []
    for name, points in wanted.items():
        if name not in by_name:
            near = get_close_matches(name, by_name, 1, 0.0)
            raise SystemExit(f'there is no page {name}: a choice has tables that are called <chapter>/<page>, such as ["{near[0]}"]')
        known = {exercise.label.removeprefix("ex-"): exercise for exercise in by_name[name].exercises}
        if not isinstance(points, dict) or not points or set(points) - set(known):
            raise SystemExit(f"{name}: a table of exercises and their points is needed; the exercises are {', '.join(known)}")
        for label, value in points.items():
            if type(value) not in (int, float) or not 0 <= value < inf:
                raise SystemExit(f"{name}: the points of {label} are a number, 0 or more, not {value!r}")
        exercises = [deepcopy(exercise) for label, exercise in known.items() if label in points]
        for cell in (cell for exercise in exercises for cell in exercise.cells if is_test(cell)):
            mark(cell)["points"] = points[mark(cell)["grade_id"].removesuffix("-test")]
        chosen.append(replace(by_name[name], exercises=exercises))
    return chosen


def directives(text: str) -> list[tuple[Directive, int, int]]:
    """Return the outermost directives of a text, each with the numbers of its first line and of the line after its last."""
    lines, found, start = text.split("\n"), [], 0
    while start < len(lines):
        opening = _OPENING.match(lines[start])
        if opening:
            end = next((i for i in range(start + 1, len(lines)) if lines[i].rstrip() == opening["fence"]), len(lines))
            found.append((_directive(opening, lines[start + 1 : end]), start, end + 1))
            start = end
        start += 1
    return found


def _directive(opening: re.Match, lines: list[str]) -> Directive:
    options = {}
    while lines and (option := _OPTION.match(lines[0])):
        options[option["key"]] = option["value"].strip()
        lines = lines[1:]
    return Directive(opening["name"], opening["argument"].strip(), options, "\n".join(lines).strip("\n"))


def _read_prose(text: str, result: Coursework):
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    if title and not result.title:
        result.title = title[1].strip()
    for directive, _, _ in directives(text):
        label = directive.options.get("label", "")
        if directive.name == "exercise":
            result.exercises.append(Exercise(len(result.exercises) + 1, directive.argument, label, directive.body))
            _read_equations(directive.body, result.equations)
    _read_equations(text, result.equations)


def _read_equations(text: str, equations: dict):
    for directive, _, _ in directives(text):
        if directive.name == "math" and "label" in directive.options:
            equations[directive.options["label"]] = directive.body
    for equation in re.finditer(r"\$\$(?P<body>[^$]+)\$\$[ \t]*\((?P<label>[\w:-]+)\)", text):
        equations[equation["label"]] = equation["body"].strip()
