"""How long and how hard: every page and every exercise says so, and the plans made of them lead somewhere."""

import importlib
import re

import pytest

from book.pages import ROOT, pages
from sphinx_ext.nnqg_book.effort import difficulties, effort, exercises

CHAPTERS = ROOT / "chapters"
PAGES = pages(ROOT)
NAMES = [page.name for page in PAGES]
ROOMS = list(dict.fromkeys(name.split("/")[0] for name in NAMES))
SYLLABUS, PROJECTS = ((CHAPTERS / "reference" / f"{name}.md").read_text(encoding="utf-8") for name in ("syllabus", "projects"))
COVER = (CHAPTERS / "index.md").read_text(encoding="utf-8")
LIBRARY = re.compile(r"`(nnqg(?:\.\w+)+)`")


def test_every_page_has_a_difficulty():
    found = difficulties(CHAPTERS)
    assert list(found) == NAMES  # in the order of the book
    assert set(found.values()) == {1, 2, 3}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_a_lecture_and_its_exercises_say_their_minutes(page):
    asked, text = effort(CHAPTERS, page.name), page.source.read_text(encoding="utf-8")
    assert 15 <= asked.minutes <= 45
    assert len(asked.exercises) == text.count("{exercise}")
    assert all(5 <= one.minutes <= 40 for one in asked.exercises)


@pytest.mark.parametrize("text", [COVER, SYLLABUS], ids=["cover", "syllabus"])
def test_times_are_those_of_pages_that_stand_beside_them(text):
    named = [name for role in re.findall(r"\{hours\}`([^`]*)`", text) for name in role.split() if name != "+exercises"]
    assert named and set(named) <= set(NAMES)
    rows = [line for line in text.splitlines() if line.startswith("| ") and "{hours}" in line]
    for row in rows:
        linked = re.findall(r"\]\(\.\./([\w/-]+)\.md\)", row)
        assert re.findall(r"\{hours\}`([^`]*)`", row)[0].split() == linked


def test_exercises_of_the_syllabus_belong_to_the_pages_of_their_week():
    for row in (line for line in SYLLABUS.splitlines() if line.startswith("| ") and "{task}" in line):
        linked = re.findall(r"\]\(\.\./([\w/-]+)\.md\)", row)
        known = {one.label for name in linked for one in exercises((CHAPTERS / f"{name}.md").read_text(encoding="utf-8"))}
        assert set(re.findall(r"\{task\}`([^`]*)`", row)) <= known


def test_fourteen_weeks_touch_every_chapter():
    weeks = re.findall(r"(?m)^\| (\d+) \|.*$", SYLLABUS)
    assert weeks == [str(week) for week in range(1, 15)]
    assert [room for room in ROOMS if f"../{room}/" not in SYLLABUS] == []


def test_a_project_for_each_chapter():
    projects = re.split(r"(?m)^## ", PROJECTS)[1:]
    assert re.findall(r"(?m)^\(project-([\w-]+)\)=\n## ", PROJECTS) == ROOMS
    assert [project.split(":")[0] for project in projects] == [f"Chapter {number}" for number in range(1, len(ROOMS) + 1)]
    for room, project in zip(ROOMS, projects, strict=True):
        assert [part for part in ("Question", "Start", "Done", "Literature") if f"**{part}" not in project] == []
        assert f"../{room}/" in project and "{cite" in project
        for name in LIBRARY.findall(project):
            module, _, function = name.rpartition(".")
            assert callable(getattr(importlib.import_module(module), function)), name


@pytest.mark.parametrize("room", ROOMS)
def test_an_index_says_how_long_its_chapter_takes(room):
    text = (CHAPTERS / room / "index.md").read_text(encoding="utf-8")
    assert f"{{hours}}`{room}/*`" in text and f"{{hours}}`{room}/* +exercises`" in text and f"{{ref}}`project-{room}`" in text
    assert re.findall(r"(?m)^##+ .*$", text) == []  # a heading would take the number of a page
