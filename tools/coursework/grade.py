"""Grades a folder of copies: marks as a table, feedback as web pages, both through nbgrader's gradebook."""

import csv
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry

from coursework.execute import UNPROVED, known_checks
from coursework.pages import is_test, mark
from coursework.release import open_course


@dataclass
class Mark:
    """One line of the table of marks."""

    student: str
    page: str
    exercise: str
    points: float
    out_of: float
    remark: str


def released_pages(course: Path) -> list[str]:
    """Return the pages that have been handed out."""
    return sorted(folder.name for folder in (course / "release").glob("*") if folder.is_dir())


def collect(course: Path, submissions: Path) -> tuple[list[str], list[str]]:
    """Copy `<student>/<page>.ipynb` to where nbgrader looks for it; return the students and what was left aside."""
    pages, students, ignored = released_pages(course), [], []
    for folder in sorted(path for path in submissions.iterdir() if path.is_dir()):
        students.append(folder.name)
        shutil.rmtree(course / "submitted" / folder.name, ignore_errors=True)
        for copy in sorted(path for path in folder.rglob("*") if path.is_file()):
            if copy.suffix != ".ipynb" or copy.stem not in pages or copy.is_symlink():
                ignored.append(str(copy.relative_to(submissions)))
                continue
            target = course / "submitted" / folder.name / copy.stem
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(copy, target)
    return students, ignored


def grade(course: Path, submissions: Path, workers: int = 2, feedback: bool = True, say=print) -> list[Mark]:
    """Grade every copy and write `marks.csv` and `feedback/<student>/<page>/<page>.html` in the course directory.

    A page that nobody handed in is left out of the table.
    """
    course = course.resolve()
    students, ignored = collect(course, submissions)
    for name in ignored:
        say(f"left aside (not a notebook of this course): {name}")
    pages = [page for page in released_pages(course) if any((course / "submitted" / student / page).is_dir() for student in students)]
    unproved = [page for page in pages if known_checks(course, page) is None]
    if unproved:
        raise SystemExit(UNPROVED.format(", ".join(unproved)))
    failures: dict[tuple[str, str], str] = {}
    with ProcessPoolExecutor(workers) as pool:
        jobs = [(course, student, feedback) for student in students]
        for number, (student, failed) in enumerate(pool.map(_grade_student, jobs), 1):
            failures.update({(student, page): reason for page, reason in failed.items()})
            say(f"{number}/{len(students)} {student}")
    marks = [line for student in students for page in pages for line in _marks(course, student, page, failures)]
    with (course / "marks.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(field.name for field in fields(Mark))
        writer.writerows(astuple(line) for line in marks)
    return marks


def _grade_student(job: tuple[Path, str, bool]) -> tuple[str, dict[str, str]]:
    """Grade the copies of one student; return the pages whose copy nbgrader could not process, each with the reason."""
    course, student, feedback = job
    api, failed = open_course(course), {}
    for folder in sorted((course / "submitted" / student).glob("*")):
        shutil.rmtree(course / "autograded" / student / folder.name, ignore_errors=True)
        result = api.autograde(folder.name, student)
        if not result["success"]:
            failed[folder.name] = _reason(folder / f"{folder.name}.ipynb")
            (folder / "log.txt").write_text(f"{result.get('log', '')}\n{result.get('error', '')}")
        elif feedback:
            api.generate_feedback(folder.name, student)
    return student, failed


def _reason(copy: Path) -> str:
    try:
        nbformat.read(copy, as_version=4)
    except Exception as error:
        return f"the file cannot be read as a notebook ({type(error).__name__})"
    return f"the copy could not be processed: see {copy.parent / 'log.txt'}"


def _marks(course: Path, student: str, page: str, failures: dict[tuple[str, str], str]) -> list[Mark]:
    """Return the marks of one copy, with zeros where there is none."""
    source = nbformat.read(course / "source" / page / f"{page}.ipynb", as_version=4)
    tests = [mark(cell) for cell in source.cells if is_test(cell)]
    copy = course / "autograded" / student / page / f"{page}.ipynb"
    remarks = _remarks(copy) if copy.exists() else {}
    missing = failures.get((student, page)) or ("" if copy.exists() else "not handed in")
    lines = []
    with open_course(course).gradebook as gradebook:
        for test in tests:
            name, points = test["grade_id"], 0.0
            if not missing:
                try:
                    points = gradebook.find_grade(name, page, page, student).score
                except MissingEntry:
                    missing = "not graded"
            lines.append(Mark(student, page, name.removesuffix("-test"), points, test["points"], missing or remarks.get(name, "")))
    return lines


def _remarks(copy: Path) -> dict[str, str]:
    """Return the first line of the error of every test that failed."""
    remarks = {}
    for cell in nbformat.read(copy, as_version=4).cells:
        for output in cell.get("outputs", []):
            if is_test(cell) and output.output_type == "error":
                text = f"{output.ename}: {output.evalue}".strip().split("\n")[0]
                remarks[mark(cell)["grade_id"]] = text[:200]
    return remarks
