"""Writes the course directory of nbgrader: complete notebooks, what students get, the gradebook and the configuration."""

import atexit
import json
import os
import shutil
import sys
import tempfile
import warnings
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import nbformat
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbgrader.apps.api import NbGraderAPI
from nbgrader.preprocessors import CheckCellMetadata, LimitOutput, SaveAutoGrades
from sqlalchemy.exc import SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from book.plain_markdown import Words
from book.workers import each
from coursework.cells import read_source
from coursework.execute import CHECKS, GuardedExecute, digest, read_checks
from coursework.pages import Coursework
from coursework.students import STUB, source_notebook, student_notebook

TOOLS = Path(__file__).resolve().parent.parent
CONFIG = f'''"""Made by tools/coursework; read by the nbgrader commands that are run in this folder."""

import sys
from pathlib import Path

sys.path.insert(0, {str(TOOLS)!r})
from coursework.release import configure

c = get_config()
c.GuardedExecute.cpu_seconds = 30  # seconds of processor time for a cell
c.GuardedExecute.timeout = 120  # seconds for a cell, behind which it is stopped from outside
c.GuardedExecute.total_seconds = 480  # seconds for a copy
configure(c, Path(__file__).parent)
'''
CHANGED = "exercises came or went after copies were graded; move gradebook.db, with its marks, away and run `make coursework` again"


def write_course(course: Path, works: list[Coursework], book: str, words: Words):
    """Write everything that a lecturer needs into `course`; what students get is in `course/students`."""
    for name in ("students", "release"):
        (course / name).mkdir(parents=True, exist_ok=True)
    (course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    with damage_named(course):
        api = open_course(course)
        api.gradebook.close()
    for work in works:
        folder = course / "source" / work.slug
        folder.mkdir(parents=True, exist_ok=True)
        complete = source_notebook(work, words, book)
        nbformat.write(complete, folder / f"{work.slug}.ipynb")
        nbformat.write(student_notebook(complete), course / "students" / f"{work.slug}.ipynb")
        result = api.generate_assignment(work.slug)
        if not result["success"]:
            said = f"{result.get('log', '')}\n{result.get('error', '')}"
            reason = CHANGED if "Cannot add or remove cells" in said else said
            raise SystemExit(f"nbgrader could not make the notebook of {work.name}: {reason}")


def open_course(course: Path) -> NbGraderAPI:
    """Return nbgrader's interface to a course directory."""
    programs = str(Path(sys.executable).parent)  # nbgrader calls the program `alembic`
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", "")])
    warnings.filterwarnings("ignore", category=SAWarning)  # nbgrader's own use of its database
    warnings.filterwarnings("ignore", message="Your element with mimetype")  # of outputs that no browser shows, in the feedback
    api = NbGraderAPI(config=read_config(course))
    api.log.setLevel("ERROR")
    return api


@contextmanager
def damage_named(course: Path):
    """Turn what a damaged course directory raises (its database, its configuration, a notebook) into one line."""
    try:
        yield
    except Exception as reason:
        said = f"{type(reason).__name__}: {reason}".split("\n")[0]
        raise SystemExit(f"{course} is damaged ({said}): move it away and run `make coursework` again") from reason


def read_config(course: Path) -> Config:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(_plain_path(course))).load_config()
    configure(config, _plain_path(course))
    return config


def configure(config: Config, course: Path):
    """Set what marks and feedback rest on, whatever the file in the course directory says."""
    config.CourseDirectory.root = config.GuardedExecute.course = str(course.absolute())
    config.CourseDirectory.course_id = "nnqg"
    config.ClearSolutions.code_stub = STUB
    config.Autograde.autograde_preprocessors = [GuardedExecute, LimitOutput, SaveAutoGrades, CheckCellMetadata]
    config.HTMLExporter.preprocessors = [SanitizeHTML]  # with the next, a copy runs no script in the browser of who reads the feedback
    config.HTMLExporter.filters = {"markdown2html": html_of}


def html_of(markdown: str) -> str:
    """Return Markdown as HTML, in which no address runs a script."""
    return MarkdownWithMath(renderer=IPythonRenderer(escape=False, allow_harmful_protocols=False)).render(markdown)


@cache
def _plain_path(course: Path) -> Path:
    """Return a path without brackets, which nbgrader takes for patterns, to a course directory."""
    if not set("[]*?{}") & set(str(course)):
        return course
    folder = tempfile.mkdtemp(prefix="nnqg-course-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (Path(folder) / "course").symlink_to(course.resolve(), target_is_directory=True)
    return Path(folder) / "course"


def prove(course: Path, pages: list[str], workers: int = 2) -> dict[str, dict[str, list]]:
    """Run every reference solution as if it were a copy, and keep what its tests report: a copy has to report the same.

    Stops when a reference solution fails its own tests. Nothing is written before all have been run.
    """
    checks = dict(each(partial(_record_checks, course), pages, workers))
    known = read_checks(course) | {page: {"digest": digest(course, page, checks[page]), "tests": checks[page]} for page in pages}
    write_whole(course / CHECKS, json.dumps(known, indent=1))
    return checks


def _record_checks(course: Path, page: str) -> tuple[str, dict[str, list]]:
    runner = GuardedExecute(config=read_config(course), proving=True)
    notebook, _ = runner.preprocess(read_source(course, page), {"nbgrader": {"notebook": page}, "metadata": {}})
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise SystemExit(f"{page}: the reference solution fails in\n{cell.source}\n" + "\n".join(output.traceback))
    return page, runner.checks


def write_whole(path: Path, text: str):
    """Write a file so that whoever is interrupted leaves the old one."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
