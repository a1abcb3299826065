"""How long a page takes and how hard it is: a line in its card, the roles ``{hours}`` and ``{task}``, and the directive ``{effort-table}``.

Reading takes one minute for 130 words, for 2 formulas, for 1 figure and for 15 lines of code that are not folded; case files and
the sections after the story are left out. The minutes of an exercise stand at its beginning, the difficulty of a page in
``chapters/reference/effort.toml``.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from .folding import what_is_folded
from .run_data import chapter_of, page_of
from .tables import link_to_page, table

__all__ = ["Effort", "Exercise", "difficulties", "duration", "effort", "exercises", "reading_minutes", "setup"]

WORDS, FORMULAS, FIGURES, LINES = 130, 2, 1, 15  # in a minute
TABLE = Path("reference") / "effort.toml"
END = re.compile(r"(?m)^## (Corrections to the talk|Held against)$")
CASE_FILE = re.compile(r"(?ms)^```\{case-file-start\}.*?^```\{case-file-end\}[^\n]*\n```$")
CELL = re.compile(r"(?ms)^```\{code-cell\}[^\n]*\n(?P<header>---\n.*?^---\n)?(?P<code>.*?)^```$")
FORMULA = re.compile(r"(?ms)^```\{math\}.*?^```$|^\$\$.*?\$\$")
NO_WORDS = re.compile(r"(?ms)\A---\n.*?^---\n|^(`{3,}).*?^\1$|^:::.*?$|^:[\w-]+:.*?$|\{[\w:-]+\}`[^`]*`|\$[^$]*\$|\]\([^)]*\)")
EXERCISE = re.compile(
    r"(?m)^:::+\{exercise\} (?P<title>.*)\n:label: ex-(?P<label>\S+)\n\n"
    r"\((?P<minutes>\d+) minutes(, (?P<kind>warm-up|a small research question))?\.\) "
)
HARD = {"warm-up": 1, None: 2, "a small research question": 3}


@dataclass(frozen=True)
class Exercise:
    """One exercise: label without ``ex-``, title, minutes, difficulty from 1 to 3."""

    label: str
    title: str
    minutes: int
    difficulty: int


@dataclass(frozen=True)
class Effort:
    """What a page asks of its reader: minutes of reading, difficulty from 1 to 3, exercises."""

    minutes: int
    difficulty: int
    exercises: tuple[Exercise, ...]

    @property
    def exercise_minutes(self) -> int:
        """Minutes of all exercises together."""
        return sum(exercise.minutes for exercise in self.exercises)


@lru_cache(maxsize=256)  # many pages name the same exercises
def reading_minutes(text: str) -> int:
    """Return the minutes that the story in a page's source takes, to the next five.

    Examples
    --------
    >>> reading_minutes("word " * 1300)
    10
    """
    story = CASE_FILE.sub("", END.split(text)[0])
    cells = [(cell["header"] or "", cell["code"]) for cell in CELL.finditer(story)]
    shown = [code for header, code in cells if not re.search("hide-input|remove-", header) and not what_is_folded(code)]
    figures = sum(what_is_folded(code) == "figure" for _, code in cells)
    lines = sum(bool(line.strip()) for code in shown for line in code.splitlines())
    formulas = len(FORMULA.findall(story))
    words = len(re.findall(r"\w[\w'’-]*", NO_WORDS.sub(" ", FORMULA.sub("", CELL.sub("", story)))))
    return 5 * max(1, round((words / WORDS + formulas / FORMULAS + figures / FIGURES + lines / LINES) / 5))


@lru_cache(maxsize=256)
def exercises(text: str) -> tuple[Exercise, ...]:
    """Return the exercises of a page's source."""
    found = EXERCISE.finditer(text)
    return tuple(Exercise(one["label"], one["title"], int(one["minutes"]), HARD[one["kind"]]) for one in found)


def difficulties(chapters: Path) -> dict[str, int]:
    """Return ``<chapter>/<page>`` -> difficulty: 1 for a first course, 2 for a second, 3 where one has to work."""
    rooms = tomllib.loads((chapters / TABLE).read_text(encoding="utf-8"))
    return {f"{chapter}/{page}": level for chapter, found in rooms.items() for page, level in found.items()}


def effort(chapters: Path, page: str) -> Effort:
    """Return what ``<chapter>/<page>`` asks of its reader."""
    text = (chapters / f"{page}.md").read_text(encoding="utf-8")
    return Effort(reading_minutes(text), difficulties(chapters)[page], exercises(text))


def duration(minutes: float) -> str:
    """Return a time in words, to the next half of an hour from one hour on.

    Examples
    --------
    >>> duration(40), duration(65), duration(100)
    ('40 minutes', '1 hour', '1½ hours')
    """
    if minutes < 60:
        return f"{minutes:.0f} minutes"
    halves = round(minutes / 30)
    return f"{halves // 2}{'½' if halves % 2 else ''} hour{'s' if halves > 2 else ''}"


def _chapters(env: BuildEnvironment) -> Path:
    env.note_dependency(str(Path("chapters") / TABLE))
    return Path(env.srcdir) / "chapters"


def add_to_card(app: Sphinx, doctree: nodes.document) -> None:
    """Add the line to the card of a page that was read."""
    page = page_of(app.env.docname)
    for card in doctree.findall(nodes.admonition):
        if "page-card" not in card["classes"] or not (app.srcdir / "chapters" / TABLE).is_file():
            continue
        asked = effort(_chapters(app.env), page)
        words = (
            f" {asked.minutes} minutes to read, {duration(asked.exercise_minutes)} for the exercises; difficulty {asked.difficulty} of 3"
        )
        line = nodes.list_item("", nodes.paragraph("", "", nodes.strong("", "Time"), nodes.Text(words)))
        entries = next(card.findall(nodes.bullet_list))
        entries.insert(next(i for i, entry in enumerate(entries) if entry.astext().startswith("Run time")), line)


class Hours(SphinxRole):
    """Role that shows how long it takes to read the pages it names, ``<chapter>/*`` for all of one, ``+exercises`` with their exercises."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the time in words."""
        chapters, names = _chapters(self.env), self.text.split()
        asked = [effort(chapters, page) for page in difficulties(chapters) if {page, f"{chapter_of(page)}/*"} & set(names)]
        total = sum(one.minutes + ("+exercises" in names) * one.exercise_minutes for one in asked)
        return [nodes.Text(duration(total))], []


class Task(SphinxRole):
    """Role that leads to an exercise, with its title and its minutes: ``{task}`friction-distance` ``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return link and minutes."""
        chapters, label = _chapters(self.env), self.text.strip()
        pages = [page for page in difficulties(chapters) if label.startswith(page.split("/")[1] + "-")]
        found = [one for page in pages for one in effort(chapters, page).exercises if one.label == label]
        if not found:
            logging.getLogger(__name__).warning(f"no exercise {label!r}", location=self.get_location(), type="nnqg", subtype="task")
            return [nodes.Text(label)], []
        link = addnodes.pending_xref("", nodes.inline("", found[0].title), refdomain="std", reftype="ref", refexplicit=True, refwarn=True)
        link["reftarget"] = f"ex-{label}"
        return [link, nodes.Text(f" ({found[0].minutes} min)")], []


class EffortTable(SphinxDirective):
    """Minutes and difficulty of every page."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        chapters = _chapters(self.env)
        found = {page: effort(chapters, page) for page in difficulties(chapters)}
        for page in found:
            self.env.note_dependency(str(Path("chapters") / f"{page}.md"))
        rows = [([f"chapter-{chapter_of(page)}"], [[link_to_page(page)], *map(_cell, _numbers(one))]) for page, one in found.items()]
        every = found.values()
        total = [sum(one.minutes for one in every), sum(one.exercise_minutes for one in every)]
        last = [[nodes.paragraph("", "All")], *([nodes.paragraph("", duration(minutes))] for minutes in total), _cell("")]
        return [table(["Page", "To read [minutes]", "Exercises [minutes]", "Difficulty"], [*rows, (["total"], last)], "effort")]


def _numbers(one: Effort) -> tuple[str, ...]:
    return f"{one.minutes}", f"{one.exercise_minutes}", f"{one.difficulty} of 3"


def _cell(text: str) -> list[nodes.Node]:
    return [nodes.paragraph("", text)]


def setup(app: Sphinx) -> None:
    """Register the line, the role and the directive."""
    app.connect("doctree-read", add_to_card)
    app.add_role("hours", Hours())
    app.add_role("task", Task())
    app.add_directive("effort-table", EffortTable)
