"""Grades a folder of copies: marks as a table, feedback as web pages, both through nbgrader's gradebook."""

import csv
import hashlib
import html
import io
import json
import re
import shutil
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

import nbformat

from book.workers import each
from coursework.cells import MISSING, read_source, restore_cells
from coursework.execute import UNPROVED, known_checks
from coursework.pages import is_solution, is_test, mark
from coursework.release import open_course, write_whole

_ADDRESS = re.compile(r"""(?P<name>\b(?:href|src|action|formaction)\s*=\s*)(?P<value>"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_RENAMED = re.compile(
    r"(-exercises)?( ?\(\d+\)|-Copy\d+)*$"
)  # as the book offers a page's notebook, and as browsers and Jupyter number copies
GONE = {MISSING: "the answer was deleted", "": "the answer is empty"}
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
class Student:
    """Who handed in a folder, and the files that count, by page."""

    name: str
    copies: dict[str, Path] = field(default_factory=dict)

    @property
    def internal(self) -> str:
        """A name that nbgrader, which takes brackets for patterns, can use."""
        plain = re.sub("[^A-Za-z0-9]+", "-", self.name).strip("-")[:40]
        return f"{plain}-{hashlib.sha256(self.name.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"


def grade(course: Path, submissions: Path, workers: int = 2, feedback: bool = True, say=print) -> list[Mark]:
    """Grade every copy and write `marks.csv` and `feedback/<student>/<page>/<page>.html` in the course directory.

    A page that nobody handed in is left out of the table. The table is written at the end, and only when every copy was processed.
    """
    course = course.resolve()
    released = {folder.name for folder in (course / "release").glob("*") if folder.is_dir()}
    folders = sorted(path for path in submissions.iterdir() if path.is_dir() and not _is_junk(path))
    students = [_collect(folder, released, say) for folder in folders]
    pages = sorted({page for student in students for page in student.copies})
    if not pages:
        raise SystemExit(f"no student's folder in {submissions} holds a notebook of this course: the marks stay as they are")
    unproved = [page for page in pages if known_checks(course, page) is None]
    if unproved:
        raise SystemExit(UNPROVED.format(", ".join(unproved)))
    for former in ("submitted", "autograded", "feedback"):  # also of copies that are no longer there
        shutil.rmtree(course / former, ignore_errors=True)
    failed: list[str] = []
    marks: list[Mark] = []
    jobs = [(course, student, pages, feedback) for student in students]
    for number, (name, lines, logs) in enumerate(each(_grade_student, jobs, workers, fresh=False), 1):
        marks += lines
        failed += logs
        say(f"{number}/{len(jobs)} {name}")
    marks.sort(key=lambda line: (line.student, line.page))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(item.name for item in fields(Mark))
    writer.writerows(["'" + cell if str(cell).startswith(tuple("=+-@\t\r")) else cell for cell in astuple(line)] for line in marks)
    write_whole(course / ("marks-incomplete.csv" if failed else "marks.csv"), table.getvalue())
    if failed:
        raise SystemExit("not processed, so marks.csv stays as it was and marks-incomplete.csv has the others:\n" + "\n".join(failed))
    (course / "marks-incomplete.csv").unlink(missing_ok=True)
    return marks


def _is_junk(path: Path) -> bool:
    return path.name.startswith((".", "__MACOSX"))


def _collect(folder: Path, released: set[str], say) -> Student:
    """Find the copies in a student's folder: of two of one page the one nearest to the top counts, then the newest."""
    student = Student(folder.name)
    files = (path for path in folder.rglob("*") if path.is_file() and not any(map(_is_junk, (path, *path.relative_to(folder).parents))))
    for file in sorted(files, key=lambda path: (len(path.parts), -path.stat().st_mtime)):
        page = _RENAMED.sub("", file.stem)
        reason = ""
        if file.suffix != ".ipynb" or page not in released or file.is_symlink():
            reason = "not a notebook of this course"
        elif page in student.copies:
            reason = f"what counts is {student.copies[page].relative_to(folder)}"
        else:
            student.copies[page] = file
        if reason:
            say(f"left aside ({reason}): {file.relative_to(folder.parent)}")
    return student


def _grade_student(job: tuple[Path, Student, list[str], bool]) -> tuple[str, list[Mark], list[str]]:
    """Grade the copies of one student; return the name, the marks, and where the log of each copy lies that nbgrader could not process."""
    course, student, pages, feedback = job
    api, name, marks, logs = open_course(course), student.internal, [], []
    for page in pages:
        source, folder = read_source(course, page), course / "submitted" / name / page
        failure, note = "not handed in", ""
        if page in student.copies:
            try:
                copy = restore_cells(_read(student.copies[page]), source)
                text, note = nbformat.writes(copy), _insides(copy, source)
                failure = ""
            except Exception as error:  # nbformat has no common class for what can be wrong with a notebook
                failure = f"the file cannot be read as a notebook ({type(error).__name__})"
        if not failure:
            folder.mkdir(parents=True)
            (folder / f"{page}.ipynb").write_text(text, encoding="utf-8")
            result = api.autograde(page, name)
            if not result["success"]:
                failure = "not processed"
                logs.append(str(folder / "log.txt"))
                (folder / "log.txt").write_text(f"{result.get('log', '')}\n{result.get('error', '')}", encoding="utf-8")
            elif feedback:
                api.generate_feedback(page, name)
        remarks = {} if failure else _remarks(course / "autograded" / name / page / f"{page}.ipynb")
        with api.gradebook as gradebook:
            for test in map(mark, filter(is_test, source.cells)):
                exercise = test["grade_id"]
                points = 0.0 if failure else gradebook.find_grade(exercise, page, page, name).score
                said = "; ".join(filter(None, [failure or remarks[exercise], note]))
                marks.append(Mark(_text(student.name), page, exercise.removesuffix("-test"), points, test["points"], said))
    if (course / "feedback" / name).is_dir():
        for sheet in (course / "feedback" / name).rglob("*.html"):
            sheet.write_text(_ADDRESS.sub(_harmless, sheet.read_text(encoding="utf-8")), encoding="utf-8")
        (course / "feedback" / name).rename(course / "feedback" / student.name)
    return _text(student.name), marks, logs


def _read(copy: Path):
    """Read a copy, of which only the text of the cells and their names are taken; what is no cell is passed over."""
    content = copy.read_bytes()
    data = json.loads(content.decode(json.detect_encoding(content), "replace"))
    data = json.loads(_text(json.dumps(data, ensure_ascii=False)))
    if data.get("nbformat") in (1, 2, 3):
        data = nbformat.convert(nbformat.reader.reads(json.dumps(data)), 4)
    cells = []
    for cell in data["cells"]:
        if isinstance(cell, dict) and cell.get("cell_type") in ("code", "markdown", "raw"):
            nbgrader = (cell.get("metadata") or {}).get("nbgrader")
            name = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
            kept = {key: cell[key] for key in ("cell_type", "attachments") if key in cell} | {"id": str(cell.get("id", ""))}
            code: dict = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
            marks = {"nbgrader": {"grade_id": name}} if isinstance(name, str) else {}
            cells.append({**kept, **code, "source": "".join(cell.get("source") or ""), "metadata": marks})
    return nbformat.from_dict({"cells": cells})


def _text(text: str) -> str:
    """Return a text that can be written: half an emoji becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _insides(copy, source) -> str:
    """Return a remark when there are words in a copy that an honest answer does not need."""
    ours = {cell.source for cell in source.cells}
    own = "\n".join(cell.source for cell in copy.cells if cell.cell_type == "code" and cell.source not in ours)
    words = dict.fromkeys(found[0] for found in _INSIDES.finditer(own))
    return f"read this copy: it says {', '.join(words)}" if words else ""


def _harmless(attribute: re.Match) -> str:
    """Return an attribute of the feedback with its address, unless this runs a script."""
    address = re.sub(r"[\x00-\x20]", "", html.unescape(attribute["value"]).strip("\"'")).lower()
    return f'{attribute["name"]}"#"' if address.startswith(("javascript:", "vbscript:", "data:text")) else attribute[0]


def _remarks(copy: Path) -> dict[str, str]:
    """Say of every test that failed why: what a check found, or else what is wrong with the answer above it."""
    remarks, answers = {}, []
    for cell in nbformat.read(copy, as_version=4).cells:
        if is_solution(cell):
            answers.append(cell)
        elif is_test(cell):
            reason = _reason(cell)
            if reason and not reason.startswith("CheckFailed"):
                causes = (GONE.get(answer.source.strip()) or _reason(answer) for answer in answers)
                reason = next(filter(None, causes), reason)
            remarks[mark(cell)["grade_id"]] = reason
            answers = []
    return remarks


def _reason(cell) -> str:
    """Return the first error of a cell in one line."""
    errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    text = f"{errors[0].ename}: {errors[0].evalue}".strip().split("\n")[0] if errors else ""
    return text.replace("KeyboardInterrupt:", "stopped, because it ran for too long")[:200]
