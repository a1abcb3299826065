"""Grades a folder of copies: marks as a table, feedback as web pages, both through nbgrader's gradebook."""

import csv
import hashlib
import io
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import v4

from book.page_cache import remove
from book.workers import each
from coursework.cells import MISSING, is_setup, name_of, read_source, restore_cells
from coursework.execute import NOT_STARTED, known_checks
from coursework.pages import is_solution, is_test, mark
from coursework.release import damage_named, open_course, write_whole

_NUMBERED = re.compile(r"(-exercises)?( ?\(\d+\)|-copy\d+)*")  # as the book offers it, and as browsers and Jupyter number copies
_FORMULA = re.compile(r"(^|;)(?=[=+@\t\r-])")  # also where a spreadsheet takes the semicolon for the end of a cell
JUNK = (".", "__MACOSX")  # how the names begin of what systems leave behind
GONE = {MISSING: "the answer was deleted", "": "the answer is empty"}
_INSIDES = re.compile(
    r"get_ipython|__\w{0,40}(?:code|globals|builtins|closure|subclasses|nnqg)\w{0,40}__|\bgc\.|import gc\b|_getframe|currentframe|f_back|"
    r"f_locals|\bIn\[|ctypes|sys\.modules|settrace|setprofile|linecache|ipykernel|vnd\.nnqg"
)


class Mark(NamedTuple):
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
    aside: list[str] = field(default_factory=list)

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
    emptied = [course / name for name in ("submitted", "autograded", "feedback")]
    if course.is_relative_to(place := submissions.resolve()) or any(place.is_relative_to(folder) for folder in emptied):
        raise SystemExit(f"grading would empty {submissions}, which is or holds a folder of the course: move the copies elsewhere")
    known = _known_pages(course)
    found = sorted(path for path in submissions.iterdir() if not path.name.startswith(JUNK))
    for path in found:
        if not path.is_dir():
            say(_line(f"left aside (not in the folder of a student): {path.name}"))
    students = [_collect(folder, known, say) for folder in found if folder.is_dir()]
    pages = sorted({page for student in students for page in student.copies})
    if not pages:
        raise SystemExit(f"no student's folder in {submissions} holds a notebook of this course: the marks stay as they are")
    with damage_named(course):
        for page in pages:
            known_checks(course, page)
    for folder in emptied:  # also of copies that are no longer there
        remove(folder)
    failed: list[str] = []
    marks: list[Mark] = []
    for number, (name, lines, logs) in enumerate(each(partial(_grade_student, course, pages, feedback), students, workers), 1):
        marks += lines
        failed += logs
        with suppress(BrokenPipeError):  # nobody reads any more, and the marks are wanted all the same
            say(f"{number}/{len(students)} {name}")
    marks.sort(key=lambda line: (line.student, line.page))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(Mark._fields)
    writer.writerows([_FORMULA.sub(r"\1'", str(cell)) for cell in line] for line in marks)
    write_whole(course / ("marks-incomplete.csv" if failed else "marks.csv"), table.getvalue())
    if failed:
        raise SystemExit("not processed, so marks.csv stays as it was and marks-incomplete.csv has the others:\n" + "\n".join(failed))
    (course / "marks-incomplete.csv").unlink(missing_ok=True)
    return marks


def _known_pages(course: Path) -> set[str]:
    """Return the pages whose notebooks were made."""
    with damage_named(course), open_course(course).gradebook as gradebook:
        if pages := {assignment.name for assignment in gradebook.assignments}:
            return pages
        raise LookupError("gradebook.db knows no page")


def _collect(folder: Path, known: set[str], say) -> Student:
    """Find the copies in a student's folder: of two of one page the one nearest to the top counts, then the newest.

    A file whose name is more than the page's counts where there is no other.
    """
    student = Student(folder.name)
    files = [path for path in folder.rglob("*") if not path.is_dir()]
    kept = (file for file in files if not any(part.startswith(JUNK) for part in file.relative_to(folder).parts))
    named = [(file, *_page_of(file.name, known)) for file in kept]
    for file, page, _ in sorted(named, key=lambda item: (item[2], len(item[0].parts), -item[0].lstat().st_mtime)):
        place, reason = str(file.relative_to(folder)), ""
        if not page:
            reason = "not a notebook of this course"
            student.aside += [place] if ".ipynb" in place.lower() else []
        elif file.is_symlink():
            reason = "a link to another place"
        elif not file.is_file():
            reason = "not a file"
        elif page in student.copies:
            reason = f"what counts is {student.copies[page].relative_to(folder)}"
        else:
            student.copies[page] = file
        if reason:
            say(_line(f"left aside ({reason}): {folder.name}/{place}"))
    return student


def _page_of(name: str, known: set[str]) -> tuple[str, bool]:
    """Return the page that a file's name says, "" when it says none, and whether it says more than programs add.

    Browsers save a notebook that a server calls a text as `friction.ipynb.txt`.
    """
    own = re.sub(r"\.ipynb(\.txt|\.json)?$", "", name.lower())
    words = f"-{re.sub('[^a-z0-9]+', '-', own)}-" if own != name.lower() else ""
    page = max((page for page in known if f"-{page}-" in words), key=len, default="")
    return page, not _NUMBERED.fullmatch(own.removeprefix(page))


def _grade_student(course: Path, pages: list[str], feedback: bool, student: Student) -> tuple[str, list[Mark], list[str]]:
    """Grade the copies of one student; return the name, the marks, and where the log of each copy lies that nbgrader could not process."""
    api, name, marks, logs = open_course(course), student.internal, [], []
    for page in pages:
        source, folder = read_source(course, page), course / "submitted" / name / page
        failure, *notes = _submit(student, page, source, folder)
        if not failure:
            result = api.autograde(page, name)
            if not result["success"]:
                failure = "not processed"
                logs.append(_keep_log(result, folder / "log.txt"))
            elif feedback and not api.generate_feedback(page, name)["success"]:
                notes.append("no page of feedback could be made")
        remarks = {} if failure else _remarks(course / "autograded" / name / page / f"{page}.ipynb")
        with api.gradebook as gradebook:
            for test in map(mark, filter(is_test, source.cells)):
                exercise = test["grade_id"]
                points = 0.0 if failure else gradebook.find_grade(exercise, page, page, name).score
                said = "; ".join(filter(None, [_line(failure or remarks[exercise]), *notes]))
                marks.append(Mark(_line(student.name), page, exercise.removesuffix("-test"), points, test["points"], said))
    if (course / "feedback" / name).is_dir():
        (course / "feedback" / name).rename(course / "feedback" / student.name)
    return _line(student.name), marks, logs


def _submit(student: Student, page: str, source, folder: Path) -> tuple[str, ...]:
    """Hand a copy over to nbgrader, its cells in order; return why there is none that can be run, "" when there is, then remarks on it."""
    if page not in student.copies:
        return ("; left aside: ".join(["not handed in", *student.aside[:1]]),)
    try:
        came = _read(student.copies[page])
        copy = restore_cells(came, source)
        text = nbformat.writes(copy)
    except Exception as error:  # nbformat has no common class for what can be wrong with a notebook
        cause = error if type(error) is ValueError else type(error).__name__
        return (f"the file cannot be read as a notebook ({cause})",)
    folder.mkdir(parents=True)
    (folder / f"{page}.ipynb").write_text(text, encoding="utf-8")
    return "", _changed_setup(came, source), _insides(copy, source)


def _keep_log(result: dict, path: Path) -> str:
    """Write what nbgrader says of a copy that it could not process, and return where; stop when it is so with every copy."""
    words = f"{result.get('log', '')}\n{result.get('error', '')}"
    if same_for_all := re.search(NOT_STARTED.format(".*"), words):
        raise SystemExit(same_for_all[0])
    path.write_text(words, encoding="utf-8")
    return str(path)


def _changed_setup(came, source) -> str:
    """Return a remark when a copy has another set-up than it was given."""
    names = {name_of(cell): cell.source for cell in source.cells if is_setup(cell)}
    changed = any(cell.source.split() != names.get(name_of(cell), cell.source).split() for cell in came.cells)
    return "the set-up was changed, and was put back: what is added to it belongs into a cell of its own" if changed else ""


def _read(copy: Path):
    """Read a copy, of which only the text of the cells and their names are taken; what is no cell is passed over."""
    content = copy.read_bytes()
    if not content.strip():
        raise ValueError("it is empty")
    try:
        data = json.loads(content.decode(json.detect_encoding(content), "replace"))
    except (ValueError, RecursionError) as error:
        raise ValueError("it is no JSON, or only a part of it") from error
    data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))  # half an emoji becomes a question mark
    if isinstance(data, dict) and data.get("nbformat") in (1, 2, 3):
        data = nbformat.convert(nbformat.reader.reads(json.dumps(data)), 4)
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        raise ValueError("it is JSON, but has no cells")
    cells = []
    for cell in data["cells"]:
        match cell:
            case {"cell_type": "code" | "markdown" | "raw" as kind, "source": str() | list() as text} if {str}.issuperset(map(type, text)):
                cells.append(getattr(v4, f"new_{kind}_cell")("".join(text), metadata={"nbgrader": {"grade_id": name_of(cell)}}))
    return nbformat.from_dict({"cells": cells})


def _line(text: str) -> str:
    """Return a name of a file or a student as one line that can be printed everywhere."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def _insides(copy, source) -> str:
    """Return a remark when there are words in a copy that an honest answer does not need."""
    ours = {cell.source for cell in source.cells}
    own = "\n".join(cell.source for cell in copy.cells if cell.cell_type == "code" and cell.source not in ours)
    words = dict.fromkeys(found[0] for found in _INSIDES.finditer(own))
    return f"read this copy: it says {', '.join(words)}" if words else ""


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
