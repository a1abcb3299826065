"""Writes the course directory of nbgrader: complete notebooks, what students get, the gradebook and the configuration."""

import atexit
import json
import os
import shutil
import sys
import tempfile
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import nbformat
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from book.plain_markdown import Words
from coursework.cells import read_source
from coursework.execute import CHECKS, GuardedExecute, digest
from coursework.pages import Coursework
from coursework.prose import Reader
from coursework.students import STUB, source_notebook, student_notebook

TOOLS = Path(__file__).resolve().parent.parent
CONFIG = '''"""Made by tools/coursework; read by the nbgrader commands that are run in this folder."""

import os
import sys

sys.path.insert(0, {tools!r})
from coursework.execute import GuardedExecute, RestoreCells
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, LimitOutput, OverwriteCells, OverwriteKernelspec, SaveAutoGrades

c = get_config()
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.course_id = "nnqg"
c.ClearSolutions.code_stub = {stub}
c.Autograde.sanitize_preprocessors = [ClearOutput, OverwriteKernelspec, RestoreCells, OverwriteCells, CheckCellMetadata]
c.Autograde.autograde_preprocessors = [GuardedExecute, LimitOutput, SaveAutoGrades, CheckCellMetadata]
c.GuardedExecute.course = c.RestoreCells.course = c.CourseDirectory.root
c.GuardedExecute.cpu_seconds = {cpu}  # seconds of processor time for a cell
c.GuardedExecute.timeout = {timeout}  # seconds for a cell, behind which it is stopped from outside
c.GuardedExecute.total_seconds = {total}  # seconds for a copy
c.HTMLExporter.preprocessors = [SanitizeHTML]  # a copy runs no script in the browser of who reads the feedback
'''
CHANGED = "exercises came or went after copies were graded; move gradebook.db, with its marks, away and run `make coursework` again"


def write_course(course: Path, works: list[Coursework], book: str, words: Words, seconds: tuple[int, int, int] = (30, 120, 480)):
    """Write everything that a lecturer needs into `course`; what students get is in `course/students`."""
    cpu, timeout, total = seconds
    course.mkdir(parents=True, exist_ok=True)
    (course / "nbgrader_config.py").write_text(
        CONFIG.format(tools=str(TOOLS), stub=STUB, cpu=cpu, timeout=timeout, total=total), encoding="utf-8"
    )
    (course / "students").mkdir(exist_ok=True)
    for work in works:
        folder = course / "source" / work.slug
        folder.mkdir(parents=True, exist_ok=True)
        complete = source_notebook(work, Reader(work, words, book))
        nbformat.write(complete, folder / f"{work.slug}.ipynb")
        nbformat.write(student_notebook(complete), course / "students" / f"{work.slug}.ipynb")
    api = open_course(course)
    for work in works:
        succeed(api.generate_assignment(work.slug), f"the notebook of {work.name} for nbgrader")


@cache
def _plain_path(course: Path) -> Path:
    """Return a path without brackets, which nbgrader takes for patterns, to a course directory."""
    if not set("[]*?{}") & set(str(course)):
        return course
    folder = tempfile.mkdtemp(prefix="nnqg-course-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (Path(folder) / "course").symlink_to(course.resolve(), target_is_directory=True)
    return Path(folder) / "course"


def open_course(course: Path) -> NbGraderAPI:
    """Return nbgrader's interface to a course directory."""
    programs = str(Path(sys.executable).parent)  # nbgrader calls the program `alembic`
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", "")])
    warnings.filterwarnings("ignore", category=SAWarning)  # nbgrader's own use of its database
    config: Config = PyFileConfigLoader("nbgrader_config.py", path=str(_plain_path(course))).load_config()
    api = NbGraderAPI(config=config)
    api.log.setLevel("ERROR")
    return api


def succeed(result: dict, what: str):
    """Stop with nbgrader's own words when it failed."""
    said = f"{result.get('log', '')}\n{result.get('error', '')}"
    if not result["success"]:
        raise SystemExit(f"nbgrader could not make {what}: {CHANGED if 'Cannot add or remove cells' in said else said}")


def prove(course: Path, pages: list[str], workers: int = 2) -> dict[str, dict[str, list]]:
    """Run every reference solution as if it were a copy, and keep what its tests report: a copy has to report the same.

    Stops when a reference solution fails its own tests. Nothing is written before all have been run.
    """
    with ProcessPoolExecutor(workers) as pool:
        checks = dict(zip(pages, pool.map(_record_checks, [course] * len(pages), pages), strict=True))
    path = course / CHECKS
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known |= {page: {"notebook": digest(course, page), "tests": checks[page]} for page in pages}
    write_whole(path, json.dumps(known, indent=1))
    return checks


def write_whole(path: Path, text: str):
    """Write a file so that whoever is interrupted leaves the old one."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _record_checks(course: Path, page: str) -> dict[str, list]:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    runner = GuardedExecute(config=config, proving=True)
    notebook, _ = runner.preprocess(read_source(course, page), {"nbgrader": {"notebook": page}, "metadata": {}})
    for cell in notebook.cells:
        errors = [output.traceback for output in cell.get("outputs", []) if output.output_type == "error"]
        if errors:
            raise SystemExit(f"{page}: the reference solution fails in\n{cell.source}\n" + "\n".join(errors[0]))
    return runner.checks
