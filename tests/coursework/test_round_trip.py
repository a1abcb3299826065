"""From the page to the mark and back: the exercises are handed in right, wrong, empty and dishonestly."""

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import copies
import nbformat
import pytest
from conftest import FIXTURE, NOT_WRITABLE, ODD, ROOT, graded

from book.plain_markdown import Words
from coursework.cells import read_source
from coursework.execute import CHECKS, GuardedExecute
from coursework.grade import Student, _known_pages, grade
from coursework.kernel import find_bwrap
from coursework.pages import choose, is_test, mark
from coursework.release import open_course, read_config, write_course

FULL = "tests deleted"
FULL_ON_FIXTURE = ["reference", ODD, "tampered but right", "floods and warns"]
NOTHING_ON_FIXTURE = ["untouched", "early exit", "tampered", "broken file"]


def points(marks, student, page):
    """Return {exercise: (points, points one can get)} of one copy."""
    return {name: (line.points, line.out_of) for name, line in marks[student][page].items()}


def test_every_graded_exercise_is_in_the_table(marks, works):
    """The table of marks has one line per graded exercise of every page that was handed in, whoever handed in what."""
    for work in graded(works):
        tests = {mark(cell)["grade_id"].removesuffix("-test") for exercise in work.exercises for cell in exercise.cells if is_test(cell)}
        for student in [FULL, "wrong", "untouched", "nobody"]:
            assert set(marks[student][work.slug]) == tests


def test_right_copies_earn_full_marks(marks, works):
    """The reference solution earns everything, also for somebody who deleted the test and set-up cells: they are restored."""
    for work in graded(works):
        assert all(got == most > 0 for got, most in points(marks, FULL, work.slug).values()), marks[FULL][work.slug]


def test_wrong_copies_earn_nothing(marks, works):
    """A typical wrong answer earns nothing, and what refuses it is a check, with a message for the student."""
    for work in graded(works):
        for line in marks["wrong"][work.slug].values():
            assert line.points == 0 and line.remark.startswith("CheckFailed: "), line


@pytest.mark.parametrize("student", FULL_ON_FIXTURE)
def test_careless_copies_keep_their_marks(marks, student):
    """A warning, doubled test cells, changed metadata, odd names and odd bytes cost nothing."""
    assert all(got == most for got, most in points(marks, student, FIXTURE).values()), marks[student][FIXTURE]


@pytest.mark.parametrize("student", NOTHING_ON_FIXTURE)
def test_attempts_at_marks_fail(marks, student):
    """Tampering with cells earns nothing; what the code of an answer may try is in `test_attempts`."""
    assert all(got == 0 for got, _ in points(marks, student, FIXTURE).values()), marks[student][FIXTURE]


def test_a_flood_of_output_is_cut(marks, course):
    """What 90 MB of output leave behind is small."""
    assert (course / "autograded" / Student("floods and warns").internal / FIXTURE / f"{FIXTURE}.ipynb").stat().st_size < 5_000_000


def test_who_hands_in_nothing_gets_zeros(marks, works):
    """An empty folder is a line of zeros with a remark."""
    for work in graded(works):
        assert {(line.points, line.remark) for line in marks["nobody"][work.slug].values()} == {(0.0, "not handed in")}


def test_a_broken_file_is_named(marks):
    """A file that is no notebook gives zeros, and the remark says why."""
    assert all("cannot be read" in line.remark for line in marks["broken file"][FIXTURE].values())


@pytest.mark.parametrize("student", ["exits in the second", "deaf in the second"])
def test_what_ran_before_the_end_keeps_its_marks(marks, student):
    """When the process dies or hangs for good, the exercises above count and the ones below do not."""
    assert [got > 0 for got, _ in points(marks, student, FIXTURE).values()] == [True, False, False]


@pytest.mark.parametrize("student", ["endless in the second", "hungry in the second"])
def test_a_runaway_costs_one_exercise(marks, student):
    """A loop that can be interrupted, or a call for more memory than there is, costs its own exercise only."""
    assert [got > 0 for got, _ in points(marks, student, FIXTURE).values()] == [True, False, True]


def test_a_copy_sees_and_changes_nothing(marks, course):
    """Inside bubblewrap a copy reads no solution and no gradebook, writes nowhere outside, and has no network."""
    if not find_bwrap():
        pytest.skip("bubblewrap does not work here: copies run with the rights of the grader")
    notebook = nbformat.read(course / "autograded" / Student("spy").internal / FIXTURE / f"{FIXTURE}.ipynb", as_version=4)
    printed = [output.text for cell in notebook.cells for output in cell.get("outputs", []) if "SPY" in output.get("text", "")]
    assert printed == ["SPY FOUND []\n"]
    assert [place for place in NOT_WRITABLE if (place / "left-by-a-student").exists()] == []


@pytest.mark.parametrize(
    ("student", "exercise", "remark"),
    [
        ("misspelt", "pendulum-energy", "SyntaxError"),
        ("answer deleted", "pendulum-step", "the answer was deleted"),
        ("early exit", "pendulum-energy", "NotRun"),
        ("asks IPython", "pendulum-energy", "read this copy: it says get_ipython"),
        ("untouched", "pendulum-energy", "NotImplementedError: no answer yet"),
        ("endless in the second", "pendulum-step", "TimeoutError: this cell had used up its 2 s"),
    ],
)
def test_a_remark_names_the_cause(marks, student, exercise, remark):
    """What is wrong with an answer is said, not the NameError that the check then meets."""
    assert marks[student][FIXTURE][exercise].remark.startswith(remark)


def test_the_command_grades_a_folder(marks, course, tmp_path):
    """`tools/coursework grade` writes the table of marks and a page of feedback that shows the message of a failed check."""
    copy = tmp_path / "Ada Lovelace" / f"{FIXTURE}.ipynb"
    copy.parent.mkdir()
    release = nbformat.read(course / "students" / f"{FIXTURE}.ipynb", as_version=4)
    handed_in = copies.wrong(release)
    handed_in.cells.append(
        nbformat.v4.new_markdown_cell("<script>steal()</script><img src=x onerror='steal()'> [x](javascript:steal\\(\\))")
    )
    nbformat.write(handed_in, copy)
    (tmp_path / "Ada Lovelace" / "notes.txt").write_text("not a notebook")
    (tmp_path / "Emmy.zip").write_text("not a folder")
    Path(os.fsdecode(os.fsencode(tmp_path / "Ada Lovelace") + b"/L\xf6sung.pdf")).write_text("a name in Latin-1")
    for place in ("Ada Lovelace/old", "__MACOSX/Ada Lovelace", ".git", "Ada Lovelace/.ipynb_checkpoints", "=1+1"):
        (tmp_path / place).mkdir(parents=True)
        nbformat.write(release, tmp_path / place / f"{FIXTURE}.ipynb")
    command = [sys.executable, str(ROOT / "tools" / "coursework"), "grade", str(tmp_path), "--course", str(course), "--workers", "0"]
    strict = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=strict)
    assert "left aside (not in the folder of a student): Emmy.zip" in result.stdout
    assert r"Ada Lovelace/L\udcf6sung.pdf" in result.stdout
    assert "left aside (not a notebook of this course): Ada Lovelace/notes.txt" in result.stdout
    assert ("each copy runs inside bubblewrap" if find_bwrap() else "NOTICE: bubblewrap does not work here") in result.stdout
    lines = list(csv.DictReader((course / "marks.csv").open()))
    assert set(lines[0]) == {"student", "page", "exercise", "points", "out_of", "remark"}
    assert f"left aside (what counts is {FIXTURE}.ipynb): Ada Lovelace/old/{FIXTURE}.ipynb" in result.stdout
    assert {(line["student"], line["page"]) for line in lines} == {("Ada Lovelace", FIXTURE), ("'=1+1", FIXTURE)}
    assert {folder.name for folder in (course / "feedback").iterdir()} == {"Ada Lovelace", "=1+1"}  # those of others are gone
    feedback = (course / "feedback" / "Ada Lovelace" / FIXTURE / f"{FIXTURE}.html").read_text()
    assert "CheckFailed" in feedback
    assert "<script>steal" not in feedback and "<img src=x" not in feedback and "javascript:steal" not in feedback


def test_a_good_table_is_not_replaced(marks, course, tmp_path):
    """A folder without copies, or a page whose solutions have not been run, stops the command before it changes the marks."""
    table, known = (course / "marks.csv").read_text(), (course / CHECKS).read_text()
    (tmp_path / "Ada").mkdir()
    (tmp_path / "Ada" / "essay, final.ipynb").write_text("{}")
    with pytest.raises(SystemExit, match="the marks stay as they are"):
        grade(course, tmp_path)
    (tmp_path / "Ada" / f"{FIXTURE}.ipynb").write_text("{}")
    cut = json.loads(known)
    next(iter(cut[FIXTURE]["tests"].values())).pop()
    source = course / "source" / FIXTURE / f"{FIXTURE}.ipynb"
    whole = source.read_text()
    kernelless = json.dumps(json.loads(whole) | {"metadata": {"kernelspec": None}})
    for part, damaged in ((course / CHECKS, "{}"), (course / CHECKS, json.dumps(cut)), (source, "{"), (source, kernelless)):
        part.write_text(damaged)
        with pytest.raises(SystemExit, match="since its notebook was made; run `make coursework` again$"):
            grade(course, tmp_path)
        (course / CHECKS).write_text(known)
        source.write_text(whole)
    assert (course / "marks.csv").read_text() == table


def replaced_by_a_file(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.write_text("{")


@pytest.mark.parametrize(
    ("part", "damage"),
    [
        ("gradebook.db", replaced_by_a_file),
        ("gradebook.db", Path.unlink),
        ("source", replaced_by_a_file),
        (f"source/{FIXTURE}/{FIXTURE}.ipynb", Path.unlink),
        ("nbgrader_config.py", replaced_by_a_file),
        (CHECKS, lambda path: path.write_text(f'{{"{FIXTURE}": 3}}')),
    ],
)
def test_a_damaged_course_is_one_line(course, tmp_path, part, damage):
    """It stops the command before it removes anything."""
    for name in ("gradebook.db", "nbgrader_config.py", CHECKS):
        (tmp_path / "course").mkdir(exist_ok=True)
        shutil.copy(course / name, tmp_path / "course")
    for name in ("source", "submitted"):
        (tmp_path / "course" / name / FIXTURE).mkdir(parents=True)
    shutil.copy(course / "source" / FIXTURE / f"{FIXTURE}.ipynb", tmp_path / "course" / "source" / FIXTURE)
    (tmp_path / "copies" / "Ada").mkdir(parents=True)
    (tmp_path / "copies" / "Ada" / f"{FIXTURE}.ipynb").write_text("{}")
    damage(tmp_path / "course" / part)
    with pytest.raises(SystemExit, match="course is damaged .*: move it away and run `make coursework` again") as stopped:
        grade(tmp_path / "course", tmp_path / "copies")
    assert "\n" not in str(stopped.value) and (tmp_path / "course" / "submitted" / FIXTURE).exists()


def test_marks_need_no_release(course, tmp_path):
    """What was handed out can be gone; a file in its place stops only the making of notebooks, and is named."""
    for name in ("gradebook.db", "nbgrader_config.py"):
        shutil.copy(course / name, tmp_path)
    (tmp_path / "release").write_text("")
    assert _known_pages(tmp_path) == _known_pages(course) != set()
    with pytest.raises(FileExistsError) as stopped:
        write_course(tmp_path, [], "", Words())
    assert stopped.value.filename == str(tmp_path / "release")


@pytest.mark.parametrize("text", ["", "c = get_config()\nc.Autograde.autograde_preprocessors = []\nc.CourseDirectory.root = '/'"])
def test_the_settings_that_marks_rest_on_are_ours(tmp_path, text):
    """A configuration without them, or with others, gives no marks unchecked and no gradebook in another place."""
    (tmp_path / "nbgrader_config.py").write_text(text)
    config = read_config(tmp_path)
    assert config.Autograde.autograde_preprocessors[0] is GuardedExecute
    assert config.CourseDirectory.root == config.GuardedExecute.course == str(tmp_path)


@pytest.mark.parametrize("place", ["submitted", "autograded/x", "feedback", ".", ".."])
def test_copies_in_a_folder_that_grading_empties_are_safe(tmp_path, place):
    copy = tmp_path / "course" / place / "Ada" / f"{FIXTURE}.ipynb"
    copy.parent.mkdir(parents=True)
    copy.write_text("{}")
    with pytest.raises(SystemExit, match="move the copies elsewhere"):
        grade(tmp_path / "course", tmp_path / "course" / place)
    assert copy.exists()


def test_a_machine_that_runs_no_copy_says_why(course, tmp_path, monkeypatch):
    """What the sandbox or Python said is the line, and the marks stay; one copy is enough to see it."""
    table = (course / "marks.csv").read_text()
    for student in ("Ada", "Emmy"):
        (tmp_path / student).mkdir()
        shutil.copy(course / "students" / f"{FIXTURE}.ipynb", tmp_path / student)
    said = "import sys; sys.exit('bwrap: no permission')"
    monkeypatch.setattr("coursework.kernel.find_bwrap", lambda: None)
    monkeypatch.setattr("coursework.kernel.GUARD", tmp_path / "guard.py")
    (tmp_path / "guard.py").write_text(said)
    with pytest.raises(SystemExit, match=r"^no copy can be run on this machine, whose Python or sandbox says: bwrap: no permission$"):
        grade(course, tmp_path, workers=1, say=lambda text: None)
    assert (course / "marks.csv").read_text() == table


def test_a_copy_that_nbgrader_cannot_process_leaves_the_table(marks, course, tmp_path, monkeypatch):
    """The others are in `marks-incomplete.csv`, the log is named, and the next table that is complete takes it away."""
    table = (course / "marks.csv").read_bytes()
    for student in ("Ada", "Emmy"):
        (tmp_path / student).mkdir()
        shutil.copy(course / "students" / f"{FIXTURE}.ipynb", tmp_path / student)
    with monkeypatch.context() as patched:
        patched.setattr("coursework.grade.open_course", lambda course: Unable(open_course(course), Student("Emmy").internal))
        with pytest.raises(SystemExit, match=r"marks.csv stays as it was(.|\n)*Emmy.*log.txt") as stopped:
            grade(course, tmp_path, workers=1, feedback=False, say=lambda text: None)
    assert Path(str(stopped.value).split("\n")[1]).read_text(encoding="utf-8") == "half a page\nthe disk is full"
    lines = csv.DictReader((course / "marks-incomplete.csv").open(encoding="utf-8"))
    assert {(line["student"], line["remark"]) for line in lines} == {
        ("Ada", "NotImplementedError: no answer yet"),
        ("Ada", "CheckFailed: period: expected a number or an array of numbers, got an object of type ellipsis."),
        ("Emmy", "not processed"),
    }
    assert (course / "marks.csv").read_bytes() == table
    shutil.rmtree(tmp_path / "Emmy")
    grade(course, tmp_path, workers=1, feedback=False, say=nobody_reads)
    assert not (course / "marks-incomplete.csv").exists()
    (course / "marks.csv").write_bytes(table)


def nobody_reads(text):
    """Print as `| head` has it once it has read enough: the table is written all the same."""
    raise BrokenPipeError


@dataclass
class Unable:
    """nbgrader's interface, where one student's copy fails."""

    api: object
    student: str

    def autograde(self, page, student):
        if student == self.student:
            return {"success": False, "log": "half a page", "error": "the disk is full"}
        return self.api.autograde(page, student)

    def __getattr__(self, name):
        return getattr(self.api, name)


def test_an_exercise_that_goes_after_grading_is_named(marks, course, works, tmp_path):
    """nbgrader keeps what it has marked: the command says so in one sentence."""
    shutil.copytree(course, tmp_path / "course")
    fewer = choose(works[:1], {"course/pendulum": {"pendulum-energy": 4}})
    with pytest.raises(SystemExit) as stopped:
        write_course(tmp_path / "course", fewer, "", Words())
    assert "move gradebook.db" in str(stopped.value) and "\n" not in str(stopped.value)


def test_the_release_of_nbgrader_keeps_its_secrets(course, works):
    """No solution, no hidden test and no marker of either is in what students get."""
    for work in works:
        released = (course / "students" / f"{work.slug}.ipynb").read_text()
        cells = nbformat.reads(released, as_version=4).cells
        assert "BEGIN" not in released and "HIDDEN" not in released
        assert not any(cell.get("outputs") for cell in cells)
        shown = {line.strip() for cell in cells for line in cell.source.split("\n")}
        for line in secret_lines(read_source(course, work.slug)):
            assert line not in shown, f"{work.slug}: students can read {line!r}"


def secret_lines(source):
    """Yield the lines between BEGIN and END markers that say something and are not said outside them as well."""
    inside, public, secret = False, set(), []
    for cell in source.cells:
        for line in cell.source.split("\n"):
            inside = ("### BEGIN" in line) or (inside and "### END" not in line)
            (secret.append if inside else public.add)(line.strip())
    return [line for line in secret if len(line) > 12 and line not in public and "### " not in line]
