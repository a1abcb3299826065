"""The student notebook: what is in it, that plain JupyterLab can show it, and that a copy is put back in order."""

import tomllib

import copies
import nbformat
import pytest
from conftest import FIXTURE, HERE, ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.utils import determine_grade

from book.pages import BrokenPage, Page
from book.plain_markdown import OPENING, Words
from book.words import number_labels, shared_words
from coursework.__main__ import make, parse
from coursework.cells import assigned_names, read_source, restore_cells
from coursework.execute import judge
from coursework.pages import choose, is_solution, is_test, mark, read_coursework
from coursework.reports import calls_only
from coursework.students import exercises_of, readable, source_notebook


@pytest.fixture(scope="module")
def pendulum():
    """The exercises of the test page."""
    return read_coursework(Page("course/pendulum", HERE / "fixture"))


@pytest.fixture(scope="module")
def released(course):
    """The student notebook of the test page."""
    return nbformat.read(course / "students" / f"{FIXTURE}.ipynb", as_version=4)


def test_the_exercises_of_a_page_are_found(pendulum):
    """Titles, labels and cells, also of an exercise that is fenced by backticks or not graded."""
    assert [(exercise.title, len(exercise.cells), exercise.graded) for exercise in pendulum.exercises] == [
        ("Energy", 2, True),
        ("A step", 2, True),
        ("Small oscillations", 2, True),
        ("Think", 0, False),
    ]
    assert pendulum.title == "The pendulum in steps"
    assert set(pendulum.equations) == {"eq-pendulum-energy", "eq-pendulum-motion", "eq-pendulum-step"}


def test_exercises_can_be_chosen(pendulum):
    """A choice keeps the numbers of the page and changes the points, and the page itself stays as it is."""
    [chosen] = choose([pendulum], {"course/pendulum": {"pendulum-small": 5, "pendulum-think": 0}})
    cells = source_notebook(chosen, Words()).cells
    titles = [cell.source.split("\n")[0] for cell in cells if cell.source.startswith("## ")]
    assert titles == ["## Exercise 3. Small oscillations (5 points)", "## Exercise 4. Think (not graded)"]
    assert [mark(cell)["points"] for cell in cells if is_test(cell)] == [5]
    assert len(pendulum.exercises) == 4 and mark(pendulum.exercises[2].cells[-1])["points"] == 1


@pytest.mark.parametrize(
    ("choice", "remedy"),
    [
        ('["course/pendulum"]\nenergy = 1', "the exercises are pendulum-energy, pendulum-step, pendulum-small, pendulum-think"),
        ('["course/pendulum"]', "the exercises are pendulum-energy"),
        ('"course/pendulum" = 3', "a table of exercises and their points is needed"),
        ("[pendulum]\npendulum-small = 1", r'such as \["course/pendulum"\]'),
        ("pendulum-small = 1", r'such as \["course/pendulum"\]'),
        ('["course/pendulum"]\npendulum-small = "two"', "points of pendulum-small are a number from 0 to 1000, not 'two'"),
        ('["course/pendulum"]\npendulum-small = -1', "from 0 to 1000, not -1"),
        ('["course/pendulum"]\npendulum-small = nan', "from 0 to 1000, not nan"),
        (f'["course/pendulum"]\npendulum-small = 1{"0" * 400}', "from 0 to 1000, not 1000"),
    ],
)
def test_a_wrong_choice_names_its_remedy(pendulum, choice, remedy):
    with pytest.raises(SystemExit, match=remedy):
        choose([pendulum], tomllib.loads(choice))


def test_a_choice_that_cannot_be_read_is_one_line(tmp_path):
    for text in (None, "[friction"):
        path = tmp_path / "choice.toml"
        if text:
            path.write_text(text)
        with pytest.raises(BrokenPage, match="choice.toml cannot be read: "):
            make(parse(["networks-as-spacetime/friction", "--choice", str(path), "--output", str(tmp_path)]))


def test_the_notebook_holds_set_up_exercises_and_nothing_else(released):
    """Set-up first, then prose, starter and visible check of every exercise; the rest of the page stays in the book."""
    kinds = ["setup" if "setup" in cell.id else cell.cell_type for cell in released.cells]
    assert kinds == ["markdown", "markdown", "setup", *(["markdown", "code", "code"] * 3), "markdown", "code"]
    everything = "\n".join(cell.source for cell in released.cells)
    assert "secret_of_the_page" not in everything and "written solution" not in everything
    assert everything.count("YOUR CODE HERE") == 3 + 1  # one of them in the introduction


def test_students_get_what_nbgrader_releases_and_what_the_book_offers(course, works):
    """One notebook: made for the coursework, released by nbgrader for its own commands, and beside every page for download."""
    words = shared_words(ROOT)
    for work in works:
        students = nbformat.read(course / "students" / f"{work.slug}.ipynb", as_version=4)
        assert students == nbformat.read(course / "release" / work.slug / f"{work.slug}.ipynb", as_version=4)
        if work.slug != FIXTURE:
            offered = exercises_of(Page(work.name, ROOT), words)
            changed = [(one.source, other.source) for one, other in zip(students.cells, offered.cells, strict=True) if one != other]
            assert all(one.startswith("# ") and "https://book.example" in one for one, _ in changed)  # the link to the book


def test_every_page_is_readable_without_myst(course, works):
    """No role, directive or label is left in the Markdown of any student notebook, and every formula is closed."""
    for work in works:
        for cell in nbformat.read(course / "students" / f"{work.slug}.ipynb", as_version=4).cells:
            if cell.cell_type == "markdown":
                assert not OPENING.search(cell.source), cell.source
                assert "}`" not in cell.source and ":::" not in cell.source and ":label:" not in cell.source, cell.source
                assert cell.source.count("$") % 2 == 0, cell.source


def test_the_metadata_are_valid(course, works):
    """nbformat accepts the student notebooks, and every grade_id occurs once."""
    for work in works:
        notebook = nbformat.read(course / "students" / f"{work.slug}.ipynb", as_version=4)
        nbformat.validate(notebook)
        names = [mark(cell)["grade_id"] for cell in notebook.cells if mark(cell)]
        assert len(names) == len(set(names))
        assert all(mark(cell)["points"] > 0 for cell in notebook.cells if is_test(cell))


def test_every_visible_check_fails_on_the_starter_alone(course, works):
    """Each starter cell says where to write, so that an untouched exercise cannot pass."""
    for work in works:
        notebook = nbformat.read(course / "students" / f"{work.slug}.ipynb", as_version=4)
        assert all("raise NotImplementedError" in cell.source for cell in notebook.cells if is_solution(cell))


def test_what_an_exercise_refers_to_is_named(pendulum):
    """Citations by author, equations and figures by number, exercises by number, other pages by title."""
    words = Words(citations={"a2018": "Ada (2018)"}, titles={"friction": "Friction"})
    number_labels([pendulum.notebook], words)
    text = "{cite}`a2018`, {doc}`../x/friction`, {numref}`fig-pendulum-portrait`, {ref}`ex-pendulum-step`, [here](a.md)"
    assert readable(text, pendulum, words, set()) == "Ada (2018), *Friction*, Fig. 1, Exercise 2, *here* (in the book)"
    introductions = [source_notebook(pendulum, words, book).cells[1].source for book in ("https://book", "")]
    assert "[The pendulum in steps](https://book/chapters/course/pendulum.html) derives" in introductions[0]
    assert "*The pendulum in steps* derives" in introductions[1]


def test_an_equation_of_the_page_is_quoted_once(pendulum):
    """An equation that an exercise refers to is written below it, with its number; one of the exercise itself is not."""
    words, quoted = Words(), set()
    number_labels([pendulum.notebook], words)
    first = readable("Use {eq}`eq-pendulum-motion` and {eq}`eq-pendulum-energy`.", pendulum, words, quoted)
    assert first.startswith("Use (2) and (1).\n\nEquation (2) of the page is\n\n$$\n\\dot q = p")
    assert first.count("\\tag{1}") == first.count("\\tag{2}") == 1
    assert readable("Again {eq}`eq-pendulum-motion`.", pendulum, words, quoted) == "Again (2)."
    assert readable(pendulum.exercises[1].body, pendulum, words, quoted).count("$$") == 2


def test_a_copy_is_put_back_in_order(course, released):
    """Whatever a student does to the lecturer's cells, the restored copy has them all, in order, with the student's answers."""
    source = read_source(course, FIXTURE)
    own = nbformat.from_dict(copies.reference(released, source))
    own.cells.insert(4, new_code_cell("helper = 1"))
    own.cells.insert(0, new_markdown_cell("My name"))
    wanted = sorted((cell.source for cell in source.cells), key=lambda text: "import numpy" not in text)  # set-up first
    for changed in (own, copies.without_tests(own), copies.not_to_be_run(own), copies.relabelled(own), copies.doubled(own), reversed_(own)):
        restored = restore_cells(changed, source)
        nbformat.validate(restored)
        assert [cell.source for cell in restored.cells if cell.source in wanted] == sorted(
            wanted, key=lambda text: "import numpy" not in text
        )
        assert {"helper = 1", "My name"} <= {cell.source for cell in restored.cells}
        assert "tags" not in str([cell.metadata for cell in restored.cells])


def reversed_(copy):
    """Return the copy with its cells in reverse order."""
    return nbformat.v4.new_notebook(cells=copy.cells[::-1], metadata=copy.metadata)


def test_names_that_an_answer_defines():
    """Functions, classes and variables of the top level; not what is local to a function."""
    assert assigned_names("def f():\n    x = 1\nclass A:\n    y = 2\na, b = 1, 2\nfor c in ():\n    d = 3") == [
        "f",
        "A",
        "a",
        "b",
        "c",
        "d",
    ]


def test_only_what_was_expected_counts():
    """A test cell whose reports are wrong, too few, too many or unreadable earns nothing; warnings and results are harmless."""
    one, two = ({"kind": "a number", "shape": [], "numbers": [number]} for number in ("1.0", "2"))
    checks = [{"what": "it", "expected": value, "options": {"rtol": 1e-6, "hint": "count"}} for value in (one, two)]

    def earned(reports, expected=checks):
        cell = new_code_cell("check()", metadata={"nbgrader": {"grade_id": "a-test", "grade": True, "points": 3}})
        cell.outputs = [new_output("stream", name="stderr", text="warning"), new_output("execute_result", data={"text/plain": "2"})]
        judge(cell, reports, expected)
        return determine_grade(cell)[0]

    assert earned([one, two]) == 3
    for reports in ([], [one], [two, one], [one, two, two], [one, {}], [one, "2"], [one, {**two, "numbers": [2]}]):
        assert earned(reports) == 0
    assert earned([], []) == 0


def test_a_copy_runs_the_calls_only():
    """Nothing that only the expected value needs is left of a test; what a value needs is, also when it is changed later."""
    test = """
from nnqg import grading
expected = 3.0  # the answer
wanted = np.zeros(3)
wanted[0] = 4.0
table = np.ones(3)
table[0] = 2.0
def double(x):
    return 2 * x
(expected * table).sum()
for one in (1.0, 2.0):
    right = one**2
    grading.close(f"square({one})", square(one, table), right, rtol=1e-3)
grading.close("again", square(double(2.0)), expected)
"""
    assert calls_only(test).split("\n") == [
        "table = np.ones(3)",
        "table[0] = 2.0",
        "",
        "def double(x):",
        "    return 2 * x",
        "for one in (1.0, 2.0):",
        "    __nnqg__.report(square(one, table))",
        "__nnqg__.report(square(double(2.0)))",
    ]
    assert calls_only("grading.close('x', x, 1.0, hint='think')") == "__nnqg__.report(x)"


@pytest.mark.parametrize(
    ("test", "remedy"),
    [
        ("for x, right in ((1.0, 2.0),):\n    grading.close('x', f(x), right)", "in a statement of its own"),
        ("x, y = f(1.0), 3.0\ngrading.close('x', x, y)", "in a statement of its own"),
        ("grading.close('x', x, 1.0, hint=f'not {answer}')", "constant text"),
        ("check = grading.close\ncheck('x', x, 1.0)", "by this name"),
        ("grading.close('x', x, 1.0)\ngrading.true('y', x > 0)", "and nothing else"),
        ("grading.raises('z', ValueError, lambda: x)", "and nothing else"),
        ("grading.close('x', value=x, expected=1.0)", "by this name"),
        ("assert x", "grading.close"),
    ],
)
def test_a_test_of_another_form_is_refused(test, remedy):
    with pytest.raises(SystemExit, match=remedy):
        calls_only(test)
