"""Grades a folder of copies: marks as a table, feedback as web pages, both through nbgrader's gradebook."""

import csv
import hashlib
import html
import io
import json
import re
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry

from coursework.cells import MISSING, read_source, restore_cells
from coursework.execute import UNPROVED, known_checks
from coursework.pages import is_solution, is_test, mark
from coursework.release import open_course, write_whole

_ADDRESS = re.compile(r"""(?P<name>\b(?:href|src|action|formaction)\s*=\s*)(?P<value>"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_INSIDES = re.compile(
    r"get_ipython|__\w*(?:code|globals|builtins|closure|subclasses|nnqg)\w*__|\bgc\.|import gc\b|_getframe|currentframe|f_back|f_locals|"
    r"\bIn\[|ctypes|sys\.modules|settrace|setprofile|linecache|ipykernel|vnd\.nnqg"
)


@dataclass
class Mark:
    """One line of the table of marks."""

    student: str
    page: str
    exercise: str
    points: float
    out_of: float
    remark: str


@dataclass
class Collection:
    """What was handed in: names of students by those that nbgrader knows, copies that cannot be graded or have to be read, the rest."""

    students: dict[str, str] = field(default_factory=dict)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)
    inside: dict[tuple[str, str], str] = field(default_factory=dict)
    pages: set[str] = field(default_factory=set)
    aside: list[str] = field(default_factory=list)


def released_pages(course: Path) -> list[str]:
    """Return the pages that have been handed out."""
    return sorted(folder.name for folder in (course / "release").glob("*") if folder.is_dir())


def internal_name(student: str) -> str:
    """Return a name that nbgrader, which takes brackets for patterns, can use."""
    plain = re.sub("[^A-Za-z0-9]+", "-", student).strip("-")[:40]
    return f"{plain}-{hashlib.sha256(student.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"


def collect(course: Path, submissions: Path) -> Collection:
    """Put the copies, in order, where nbgrader looks for them."""
    found, pages = Collection(), released_pages(course)
    shutil.rmtree(course / "submitted", ignore_errors=True)
    for folder in sorted(path for path in submissions.iterdir() if path.is_dir() and not _is_junk(path)):
        student = internal_name(folder.name)
        found.students[student] = folder.name
        counted: dict[str, Path] = {}
        files = (path for path in folder.rglob("*") if path.is_file() and not any(map(_is_junk, (path, *path.relative_to(folder).parents))))
        for copy in sorted(files, key=lambda path: (len(path.parts), -path.stat().st_mtime)):
            page = copy.stem.removesuffix("-exercises")  # as the book offers it
            if copy.suffix != ".ipynb" or page not in pages or copy.is_symlink():
                found.aside.append(f"left aside (not a notebook of this course): {copy.relative_to(submissions)}")
            elif page in counted:
                found.aside.append(f"left aside (what counts is {counted[page].relative_to(folder)}): {copy.relative_to(submissions)}")
            else:
                counted[page] = copy
                found.pages.add(page)
                try:
                    inside = _hand_over(copy, course, student)
                    found.inside[student, page] = f"read this copy: it says {', '.join(inside)}" if inside else ""
                except Exception as error:
                    found.failures[student, page] = f"the file cannot be read as a notebook ({type(error).__name__})"
    return found


def _is_junk(path: Path) -> bool:
    return path.name.startswith((".", "__MACOSX"))


def _hand_over(copy: Path, course: Path, student: str) -> list[str]:
    """Write a copy, of which only the text of its cells is taken, with the lecturer's cells back in their places.

    Return the words in it that an honest answer does not need.
    """
    data = json.loads(copy.read_bytes().decode("utf-8-sig"))
    whole = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode()  # half an emoji becomes a question mark
    cells = []
    for cell in nbformat.reads(whole, as_version=4).cells:
        nbgrader = cell.metadata.get("nbgrader")
        name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
        kept = {key: cell[key] for key in ("id", "cell_type", "source", "attachments") if key in cell}
        code: dict = {"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}
        cells.append({**kept, **code, "metadata": {"nbgrader": {"grade_id": name}} if isinstance(name, str) else {}})
    source = read_source(course, copy.stem)
    restored = restore_cells(nbformat.from_dict({"cells": cells}), source)
    target = course / "submitted" / student / copy.stem
    target.mkdir(parents=True, exist_ok=True)
    nbformat.write(restored, target / f"{copy.stem}.ipynb")
    ours = {cell.source for cell in source.cells}
    own = "\n".join(cell.source for cell in restored.cells if cell.cell_type == "code" and cell.source not in ours)
    return list(dict.fromkeys(found[0] for found in _INSIDES.finditer(own)))


def grade(course: Path, submissions: Path, workers: int = 2, feedback: bool = True, say=print) -> list[Mark]:
    """Grade every copy and write `marks.csv` and `feedback/<student>/<page>/<page>.html` in the course directory.

    A page that nobody handed in is left out of the table. The table is written at the end, and only when every copy was processed.
    """
    course = course.resolve()
    found = collect(course, submissions)
    for line in found.aside:
        say(line)
    if not found.pages:
        raise SystemExit(f"no notebook of this course is in {submissions}: the marks stay as they are")
    unproved = [page for page in sorted(found.pages) if known_checks(course, page) is None]
    if unproved:
        raise SystemExit(UNPROVED.format(", ".join(unproved)))
    for former in ("autograded", "feedback"):  # also of copies that are no longer there
        shutil.rmtree(course / former, ignore_errors=True)
    failed: list[str] = []
    with ProcessPoolExecutor(workers) as pool:
        jobs = [(course, student, name, feedback) for student, name in found.students.items()]
        for number, logs in enumerate(pool.map(_grade_student, jobs), 1):
            failed += logs
            say(f"{number}/{len(jobs)} {jobs[number - 1][2]}")
    marks = [line for student in found.students for page in sorted(found.pages) for line in _marks(course, found, student, page)]
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(item.name for item in fields(Mark))
    writer.writerows(["'" + cell if str(cell).startswith(tuple("=+-@\t\r")) else cell for cell in astuple(line)] for line in marks)
    write_whole(course / ("marks-incomplete.csv" if failed else "marks.csv"), table.getvalue())
    if not failed:
        (course / "marks-incomplete.csv").unlink(missing_ok=True)
    else:
        raise SystemExit("not processed, so marks.csv stays as it was and marks-incomplete.csv has the others:\n" + "\n".join(failed))
    return marks


def _grade_student(job: tuple[Path, str, str, bool]) -> list[str]:
    """Grade the copies of one student; return where the log of each copy lies that nbgrader could not process."""
    course, student, name, feedback = job
    api, failed = open_course(course), []
    for folder in sorted((course / "submitted" / student).glob("*")):
        result = api.autograde(folder.name, student)
        if not result["success"]:
            failed.append(str(folder / "log.txt"))
            (folder / "log.txt").write_text(f"{result.get('log', '')}\n{result.get('error', '')}", encoding="utf-8")
        elif feedback:
            api.generate_feedback(folder.name, student)
    if (course / "feedback" / student).is_dir():
        for page in (course / "feedback" / student).rglob("*.html"):
            page.write_text(_ADDRESS.sub(_harmless, page.read_text(encoding="utf-8")), encoding="utf-8")
        (course / "feedback" / student).rename(course / "feedback" / name)
    return failed


def _harmless(attribute: re.Match) -> str:
    """Return an attribute of the feedback with its address, unless this runs a script."""
    address = re.sub(r"[\x00-\x20]", "", html.unescape(attribute["value"]).strip("\"'")).lower()
    return f'{attribute["name"]}"#"' if address.startswith(("javascript:", "vbscript:", "data:text")) else attribute[0]


def _marks(course: Path, found: Collection, student: str, page: str) -> list[Mark]:
    """Return the marks of one copy, with zeros where there is none."""
    tests = [mark(cell) for cell in read_source(course, page).cells if is_test(cell)]
    copy = course / "autograded" / student / page / f"{page}.ipynb"
    remarks = _remarks(copy) if copy.exists() else {}
    handed_in = (course / "submitted" / student / page).is_dir()
    missing = found.failures.get((student, page)) or ("" if copy.exists() else "not processed" if handed_in else "not handed in")
    name = found.students[student].encode("utf-8", "replace").decode()
    lines = []
    with open_course(course).gradebook as gradebook:
        for test in tests:
            exercise, points = test["grade_id"], 0.0
            if not missing:
                try:
                    points = gradebook.find_grade(exercise, page, page, student).score
                except MissingEntry:
                    missing = "not graded"
            said = [missing or remarks.get(exercise, ""), found.inside.get((student, page), "")]
            lines.append(Mark(name, page, exercise.removesuffix("-test"), points, test["points"], "; ".join(filter(None, said))))
    return lines


def _remarks(copy: Path) -> dict[str, str]:
    """Say of every test that failed why: what a check found, or else what is wrong with the answer above it."""
    remarks, answers = {}, []
    for cell in nbformat.read(copy, as_version=4).cells:
        if is_solution(cell):
            answers.append(cell)
        elif is_test(cell):
            reason = _reason(cell)
            if reason and not reason.startswith("CheckFailed"):
                gone = "the answer was deleted" if any(answer.source == MISSING for answer in answers) else ""
                reason = gone or next(filter(None, map(_reason, answers)), reason)
            remarks[mark(cell)["grade_id"]] = reason
            answers = []
    return remarks


def _reason(cell) -> str:
    """Return the first error of a cell in one line."""
    errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    text = f"{errors[0].ename}: {errors[0].evalue}".strip().split("\n")[0] if errors else ""
    return text.replace("KeyboardInterrupt:", "stopped, because it ran for too long")[:200]
