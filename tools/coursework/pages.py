"""The exercises of a page: their text, their starter and test cells, and the equations that the text refers to."""

import re
from copy import deepcopy
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from nbformat import NotebookNode

from book.pages import Page

SETUP_TAG = "coursework-setup"
MOST_POINTS = 1000
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_FENCED = r"^(?P<fence>:{{3,}}|`{{3,}})\{{{}\}}(?P<title>.*)\n:label:[ \t]*(?P<label>\S+)\n(?P<body>(?:.*\n)*?)(?P=fence)[ \t]*$"
_EXERCISE = re.compile(_FENCED.format("exercise"), re.MULTILINE)
_EQUATIONS = re.compile(_FENCED.format("math"), re.MULTILINE), re.compile(r"\$\$(?P<body>[^$]+)\$\$[ \t]*\((?P<label>[\w:-]+)\)")


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
    work = Coursework(page.name, page.read())
    for cell in work.notebook.cells:
        if cell.cell_type == "markdown":
            title = _TITLE.search(cell.source)
            work.title = work.title or (title[1].strip() if title else "")
            for found in _EXERCISE.finditer(cell.source):
                work.exercises.append(Exercise(len(work.exercises) + 1, found["title"].strip(), found["label"], found["body"].strip()))
            for pattern in _EQUATIONS:
                work.equations |= {found["label"]: found["body"].strip() for found in pattern.finditer(cell.source)}
        elif SETUP_TAG in cell.metadata.get("tags", []):
            work.setup.append(cell)
        elif is_solution(cell) or is_test(cell):
            if not work.exercises:
                raise SystemExit(f"{page.source}: the cell {mark(cell).get('grade_id')} comes before any exercise")
            work.exercises[-1].cells.append(cell)
    return work


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
            if type(value) not in (int, float) or not 0 <= value <= MOST_POINTS:
                raise SystemExit(f"{name}: the points of {label} are a number from 0 to {MOST_POINTS}, not {value!r:.50}")
        exercises = [deepcopy(exercise) for label, exercise in known.items() if label in points]
        for cell in (cell for exercise in exercises for cell in exercise.cells if is_test(cell)):
            mark(cell)["points"] = points[mark(cell)["grade_id"].removesuffix("-test")]
        chosen.append(replace(by_name[name], exercises=exercises))
    return chosen
