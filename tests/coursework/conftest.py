"""One course with the test page and every page of the book, one grading of the copies of two of them, in a temporary folder."""

import json
import os
import sys
from pathlib import Path

import nbformat
import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(HERE)]
os.environ.setdefault("OMP_NUM_THREADS", "1")

import copies  # noqa: E402

from book.pages import Page, pages  # noqa: E402
from book.words import shared_words  # noqa: E402
from coursework.cells import read_source  # noqa: E402
from coursework.grade import grade  # noqa: E402
from coursework.kernel import find_bwrap  # noqa: E402
from coursework.pages import read_coursework  # noqa: E402
from coursework.release import prove, write_course  # noqa: E402

FIXTURE = "pendulum"
ODD = " [odd] {name}? "
ENDLESS = ("endless in the second", "deaf in the second")  # only these copies have to run out of time
PATIENT, IMPATIENT = 180, 6  # seconds for a cell


def find_works():
    """Return the test page and every page of the book that has a graded exercise."""
    written = [read_coursework(page) for page in pages(ROOT)]
    fixture = read_coursework(Page("course/pendulum", HERE / "fixture"))
    return [fixture, *(work for work in written if any(exercise.graded for exercise in work.exercises))]


@pytest.fixture(scope="session")
def works():
    """The exercises of every page."""
    return find_works()


@pytest.fixture(scope="session")
def course(tmp_path_factory, works):
    """A course directory with the student notebooks of every page; the test page and the book's first are ready for grading."""
    folder = tmp_path_factory.mktemp("course [x]")  # nbgrader takes brackets for patterns
    write_course(folder, works, "https://book.example", shared_words(ROOT))
    config = folder / "nbgrader_config.py"
    text = config.read_text().replace("cpu_seconds = 30", f"cpu_seconds = {PATIENT}").replace("timeout = 120", f"timeout = {PATIENT}")
    config.write_text(text.replace("total_seconds = 480", f"total_seconds = {5 * PATIENT}"))
    prove(folder, [work.slug for work in graded(works)])
    return folder


def graded(works):
    """Return the pages whose copies go all the way through nbgrader: the test page, and one of the book."""
    return works[:2]


@pytest.fixture(scope="session")
def marks(course, works, tmp_path_factory):
    """Marks of every scenario: {student: {page: {exercise: Mark}}}."""
    folder = tmp_path_factory.mktemp("copies")
    for work in graded(works):
        source = read_source(course, work.slug)
        release = nbformat.read(course / "students" / f"{work.slug}.ipynb", as_version=4)
        scenarios = on_the_fixture(release, source) if work.slug == FIXTURE else in_short(release, source)
        for student, copy in scenarios.items():
            target = folder / (ENDLESS[0] if student in ENDLESS else "others") / student / f"{work.slug}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(copy if isinstance(copy, str) else nbformat.writes(copy), encoding="utf-8")
    (folder / "others" / "nobody").mkdir()
    config = course / "nbgrader_config.py"
    patient = config.read_text()
    config.write_text(
        patient.replace(f"timeout = {PATIENT}", f"timeout = {IMPATIENT}").replace(f"cpu_seconds = {PATIENT}", "cpu_seconds = 2")
    )
    lines = grade(course, folder / ENDLESS[0], workers=2, feedback=False, say=lambda text: None)
    config.write_text(patient)
    lines += grade(course, folder / "others", workers=2, feedback=False, say=lambda text: None)
    table = {}
    for line in lines:
        table.setdefault(line.student, {}).setdefault(line.page, {})[line.exercise] = line
    return table


def in_short(release, source):
    """Return the copies that are made of a page of the book."""
    return {"wrong": copies.wrong(release), "tests deleted": copies.without_tests(copies.reference(release, source))}


def on_the_fixture(release, source):
    """Return the copies that are made of the test page only."""
    wrong, right = copies.wrong(release), copies.reference(release, source)
    made = in_short(release, source) | {
        "untouched": release,
        "early exit": copies.answered(release, lambda cell: copies.ENDS["os._exit"]),
        "reference": right,
        "tampered": copies.tampered(wrong),
        "tampered but right": copies.tampered(right),
        "floods and warns": copies.preceded(right, FLOOD),
        "broken file": "{this is not a notebook",
        ODD: odd(right),
        "misspelt": copies.replaced(right, "pendulum-energy", "def energy(q, p:\n    return 0"),
        "asks IPython": copies.preceded(right, "get_ipython().run_line_magic('pwd', '')"),
        "answer deleted": copies.without(right, "pendulum-step"),
        "exits in the second": copies.replaced(right, "pendulum-step", copies.ENDS["os._exit"]),
        "endless in the second": copies.replaced(right, "pendulum-step", copies.LOOPS["endless"]),
        "hungry in the second": copies.replaced(right, "pendulum-step", copies.HUNGRY),
        "deaf in the second": copies.replaced(right, "pendulum-step", copies.LOOPS["endless and deaf"]),
    }
    return made | ({"spy": copies.replaced(right, "pendulum-step", SPY)} if find_bwrap() else {})


FLOOD = """
import sys

print("a warning", file=sys.stderr)
for line in range(300):
    print("x" * 100_000)
"""


def odd(copy) -> str:
    """Return a copy as odd programs write it: a byte-order mark, half an emoji, metadata of other kinds."""
    data = json.loads(nbformat.writes(copies.preceded(copy, "# half an emoji: HALF")))
    for number, cell in enumerate(data["cells"]):
        cell["metadata"].setdefault("nbgrader", None)
        if number == 0:
            cell["metadata"]["nbgrader"] = {"grade_id": ["a", "list"]}
    return "\ufeff" + json.dumps(data).replace("HALF", "\\ud83d")


NOT_WRITABLE = [ROOT, ROOT / "lib" / "nnqg", Path("/usr"), Path("/etc"), Path("/"), Path("/tmp")]
SPY = f"""
import os, socket
from pathlib import Path

found = []
for place in ({str(ROOT / "chapters")!r}, {str(ROOT / "tests")!r}, {str(ROOT / ".git")!r}, {str(Path.home())!r} + "/.ssh"):
    if os.path.isdir(place) and os.listdir(place):
        found.append(place)
for folder, folders, files in os.walk("/tmp"):
    folders[:] = [name for name in folders if name != "site-packages"]  # the clone itself may lie in /tmp
    found += [folder + "/" + name for name in files if name in ("pendulum.ipynb", "gradebook.db", "checks.json")]
for place in {[str(place) for place in NOT_WRITABLE]!r}:
    try:
        Path(place, "left-by-a-student").write_text("here")  # the test looks from outside whether it arrived
    except OSError:
        pass
try:
    socket.create_connection(("1.1.1.1", 53), timeout=2)
    found.append("network")
except OSError:
    pass
if os.environ.get("NNQG_TEST_SECRET"):
    found.append("environment")
print("SPY FOUND", found)
"""
