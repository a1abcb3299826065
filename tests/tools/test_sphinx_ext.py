"""The book's Sphinx extension, part by part, and in a small book of its own."""

import base64
import doctest
import importlib
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes

import sphinx_ext.nnqg_book as extension
from sphinx_ext.nnqg_book import (
    chapter_numbers,
    claim_value,
    downloads,
    effort,
    errata_table,
    folding,
    ledger_table,
    library_pages,
    library_room,
    library_source,
    mathjax_files,
    notation_table,
    run_time,
    scripts,
    search,
    solutions,
    status_table,
    tables,
)

PAGE = "chapter/page"
CLAIM = {
    "page": PAGE, "chapter": "chapter", "identifier": "page/one", "quantity": r"the field \(\phi < 1\)", "value": 1.25, "reference": 1.0,
    "tolerance": 0.1, "source": "a slide", "reason": "its error", "unit": "MeV", "uncertainty": None, "reference_uncertainty": None,
    "kind": "absolute", "check": False, "limits": "",
    "explanation": "another scale", "verdict": "not reproduced", "criterion": "1 within 0.1",
}  # fmt: skip
CORRECTION = {
    "page": PAGE, "chapter": "chapter", "slide": "slide 1", "printed": r"\(a\)", "right": r"\(b\)",
    "shown_by": "The error is 2.", "kind": "slip",
}  # fmt: skip
STATUS = {
    "pages": {PAGE: {"wall": 12.34, "cpu": 3.21, "date": "2026-11-22T15:00:00+00:00"}},
    "versions": {"python": "3.11"}, "machine": {"cores": 2}, "date": "2026-11-22T15:00:00+00:00",
}  # fmt: skip


@pytest.mark.parametrize("module", [name for _, name, _ in pkgutil.iter_modules(extension.__path__)])
def test_examples(module: str):
    assert doctest.testmod(importlib.import_module(f"sphinx_ext.nnqg_book.{module}")).failed == 0


@pytest.mark.parametrize(("value", "words"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.6, "60 s")])
def test_seconds(value: float, words: str):
    assert run_time.seconds(value) == words


@pytest.mark.parametrize("status", [None, {}, {"pages": {}}, {"pages": {"other/page": {"wall": 1.0}}}])
def test_run_time_of_a_page_that_did_not_run(status):
    assert run_time.sentence(status, PAGE) == "not executed yet"


def test_status_shows_each_number_in_its_column():
    status = {**STATUS, "budget": {"page": 20, "mean": 10, "kernel": 0.123}}
    status["pages"] = {PAGE: {**STATUS["pages"][PAGE], "kernels": 26.1}, "chapter/other": {"wall": 1.0, "cpu": 0.5, "kernels": 4.0}}
    line, times = status_table.status_table(status)[:2]
    assert "The calibration kernel took 0.123 s of CPU time; the budget of a page is 20 kernels" in line.astext()
    rows = [[cell.astext() for cell in row.findall(nodes.entry)] for row in times.findall(nodes.row)]
    assert rows[0] == ["Page", "Wall time", "CPU time", "Kernels", "Date"]
    assert [row[1:4] for row in rows[1:]] == [["12 s", "3.2 s", "26"], ["1.0 s", "0.5 s", "4"], ["13 s", "3.7 s", "mean 15"]]
    assert ["over-budget" in row["classes"] for row in times.findall(nodes.row)][1:] == [True, False, False]


def test_status_without_a_budget():
    (times,) = list(status_table.status_table(STATUS)[1].findall(nodes.tbody))
    assert "not measured" in times.astext()


def test_run_time_in_words():
    assert run_time.sentence(STATUS, PAGE) == "12 s (3.2 s of CPU time), measured on 2026-11-22"
    assert run_time.sentence({"pages": {PAGE: {"wall": 1.0}}}, PAGE) == "1.0 s"


def test_markers_go_and_code_stays():
    code = "def f():\n    ### BEGIN SOLUTION\n    return 1  # BEGIN SOLUTION, a word\n    ### END SOLUTION\n\n\ndef g():\n    pass"
    kept = solutions.without_markers(code)
    assert "###" not in kept and kept.count("\n") == code.count("\n") - 2
    assert solutions.without_markers("x = 1\n") == "x = 1\n"
    assert solutions.without_markers("### BEGIN HIDDEN TESTS\nassert x\n### END HIDDEN TESTS") == "assert x"


def test_formulas_become_mathematics():
    found = tables.text_with_math(r"from \(a<b\) to \(\phi\)")
    assert [type(node) for node in found] == [nodes.Text, nodes.math, nodes.Text, nodes.math]
    assert [node.astext() for node in found] == ["from ", "a<b", " to ", r"\phi"]
    assert tables.text_with_math("") == []


def test_ledger_counts_and_filters():
    claims = [CLAIM, {**CLAIM, "verdict": "reproduced", "chapter": "other-chapter"}, {**CLAIM, "verdict": "reproduced"}]
    assert ledger_table.summary(claims).startswith("3 claims: 2 reproduced, 1 not reproduced. Of them 0 check")
    form = ledger_table.ledger_table(claims)[1].astext()
    assert '<option value="not-reproduced">Not reproduced</option>' in form
    assert form.count('<option value="chapter">Chapter: all pages</option>') == form.count('<option value="page">') == 1
    assert form.count("<label>") == 3 and "hidden" in form


def test_what_is_not_reproduced_comes_first_and_checks_of_the_implementation_last():
    claims = [{**CLAIM, "check": True, "quantity": "rounding"}, {**CLAIM, "quantity": "slide"}]
    claims += [{**CLAIM, "verdict": "reproduced", "quantity": name, "check": name == "last"} for name in ("last", "third")]
    text = ledger_table.ledger_table(claims)[-1].astext()
    assert (
        text.index("slide")
        < text.index("rounding")
        < text.index("A check of the implementation.")
        < text.index("third")
        < text.index("last")
    )


def test_errata_are_grouped_by_their_source_and_apart_by_their_kind(tmp_path: Path):
    (tmp_path / "all.bib").write_text("@article{a,\n  title = {A {Bulk}},\n  eprint = {1802.08313}\n}\n")
    paper = {**CORRECTION, "kind": "contradiction", "slide": "arXiv:1802.08313 v1, text"}
    corrections = [{**CORRECTION, "kind": "remark"}, paper, CORRECTION, {**CORRECTION, "slide": "② 1/6"}]
    counts, *sections = errata_table.errata_table(corrections, {"chapter": 1, "states": 2}, tmp_path / "all.bib")
    titles = ["Part 1 of the talk: chapter", "Part 2 of the talk: states", "arXiv:1802.08313: A Bulk"]
    assert [section[0].astext() for section in sections] == titles
    assert [node.astext() for node in sections[0].findall(nodes.rubric)] == ["Slips (1)", "Remarks (1)"]
    rows = [[cell.astext() for cell in row.findall(nodes.entry)] for row in counts.findall(nodes.row)]
    assert rows[1:] == [[titles[0], "1", "–", "1"], [titles[1], "1", "–", "–"], [titles[2], "–", "1", "–"], ["Together", "2", "1", "1"]]
    assert len([box for box in sections[0].findall(nodes.container) if "kind-slip" in box["classes"]]) == 1


def test_a_symbol_is_listed_once_for_each_page_and_under_each_of_its_letters():
    text = "## Room: page\n\nEuclidean here.\n\n| Symbol | In code | Meaning | Unit | First on |\n|---|---|---|---|---|\n"
    text += "| $\\hat B,\\ \\alpha_j$ | `B` | one and other | m | same |\n| $f(x, y)$ | | third | | same |\n"
    assert notation_table.conventions_in(text) == "Euclidean here."
    rows = notation_table.symbols_in(text, PAGE)
    entries = sorted(
        (entry for row in rows for entry in notation_table.entries_of(row)), key=lambda entry: notation_table.sort_key(entry.symbol)
    )
    assert [entry.symbol for entry in entries] == ["$\\alpha_j$", "$\\hat B$", "$f(x, y)$"]
    assert entries[0].meaning == "$\\hat B,\\ \\alpha_j$: one and other" and entries[2].meaning == "third"


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import numpy as np\nfrom nnqg import ledger\n\nplotting.use_style()", "imports"),
        ("figure, ax = plt.subplots()\nax.plot(x)\nplt.show()", "figure"),
        ('def draw(k):\n    return figures[k]\n\nsliders.show("k", [1, 2], draw, str)', "figure"),
        ("span = 1.0\nledger.record(Claim('a', 'b', span, 1.0))", "ledger"),
        ("errata.correct(Correction('a', 'b', 'c', 'd', 'e 1'))", "errata"),
        ("plt.show()\nx = 1", ""),
        ("x = plt.show", ""),
        ("%time x", ""),
        ("", ""),
        ("import numpy as np", ""),
    ],
)
def test_what_is_folded(code: str, what: str):
    assert folding.what_is_folded(code) == what


@pytest.mark.parametrize(
    ("code", "hidden", "prompt"),
    [("plt.show()", "", "Show the code: figure"), ("tables.show({})", "input", "Show the code"), ("x = 1", "", None)],
)
def test_a_folded_cell_says_what_it_holds(code: str, hidden: str, prompt: str | None):
    cell = nodes.container("", nb_element="cell_code", classes=["cell"], hide_mode=hidden)
    cell += nodes.container("", nodes.literal_block(code, code), nb_element="cell_code_source")
    folding.fold(None, nodes.container("", cell))
    assert cell.get("prompt_show") == prompt


def test_modules_that_a_page_imports(tmp_path: Path):
    (tmp_path / "nnqg" / "room").mkdir(parents=True)
    cells = ["from nnqg.room import module\nfrom nnqg.room.other import f, g", "%time x\nimport nnqg.third\nimport numpy"]
    text = "\n".join(f"Words.\n\n```{{code-cell}} ipython3\n---\ntags: [a]\n---\n{cell}\n```\n" for cell in cells)
    assert library_pages.modules_of(text, tmp_path) == ["nnqg.room.module", "nnqg.room.other", "nnqg.third"]


def test_source_of_the_library(tmp_path: Path):
    (tmp_path / "room").mkdir()
    text = 'import a\n\n\n@a.b\ndef f(x):\n    """Say.\n\n    More.\n    """\n\n    # why\n    return x\n\n\nclass C:\n    y = 1\n'
    (tmp_path / "room" / "module.py").write_text(text)
    assert library_source.source_of(tmp_path, "room.module", "f") == "@a.b\ndef f(x):\n    # why\n    return x"
    assert library_source.source_of(tmp_path, "room.module", "C") == "class C:\n    y = 1"
    with pytest.raises(ValueError, match="defines no g"):
        library_source.source_of(tmp_path, "room.module", "g")


@pytest.mark.parametrize("claims", [None, []])
def test_an_empty_ledger_says_so(claims):
    (note,) = ledger_table.ledger_table(claims)
    assert "not executed yet" in note.astext()


def test_chapter_numbers():
    assert chapter_numbers.in_chapter((1,), 3) == (3,)
    assert chapter_numbers.in_chapter([2, 5], 7) == (7, 5)
    assert chapter_numbers.in_chapter((), 7) == ()


def test_the_search_knows_how_often_a_page_says_words_and_pairs():
    found = search.counts({"a": ["soft", "wall", "soft", "wall"], "b": ["wall"], "c": ["wall", "wall", "soft"]})
    assert found == {"pages": ["a", "b", "c"], "words": {"soft": [0, 2], "wall": [0, 2, 2, 2], "soft wall": [0, 2]}}


def test_the_search_reads_prose_and_keywords():
    document = nodes.container("", nodes.paragraph("", "The walls of Poincaré"), nodes.literal_block("", "code"))
    document += nodes.meta("", name="keywords", content="sign error")
    words = search.stems(document, search.WordsOfTheBook({}))
    assert words[:2] == ["wall", "poincar"] and words.count("sign") == 10 and "code" not in words


def test_live_kernel_scripts_are_found():
    script = type("Script", (), {"filename": None, "attributes": {"body": 'const THEBE_JS_URL = "x"'}})()
    assert scripts.is_live_kernel(script)
    assert scripts.is_live_kernel("_static/sphinx-thebe.js")
    assert not scripts.is_live_kernel("_static/filter.js")


def test_download_menu():
    menu = downloads.buttons("../notebooks/chapter/page.ipynb")
    assert [button["url"] for button in menu["buttons"] if "url" in button] == [
        "../notebooks/chapter/page.ipynb",
        "../notebooks/chapter/page-exercises.ipynb",
    ]
    assert menu["label"] == "download-buttons"


def test_private_modules_are_not_listed(tmp_path: Path):
    for name in ("b.py", "a.py", "_private.py", "__init__.py", "note.txt"):
        (tmp_path / name).touch()
    for folder, name in (("room", "d.py"), ("room", "__init__.py"), ("_private", "e.py")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).touch()
    assert library_room.public_modules(tmp_path) == ["a", "b"]
    assert library_room.packages(tmp_path) == ["room"]


def test_each_package_gets_a_page_and_one_that_is_gone_loses_it(tmp_path: Path):
    (tmp_path / "lib" / "nnqg" / "one_room" / "a_package").mkdir(parents=True)
    for folder in ("one_room", "one_room/a_package"):
        (tmp_path / "lib" / "nnqg" / folder / "__init__.py").touch()
    stale = tmp_path / library_room.FOLDER / "one-room" / "gone.rst"
    stale.parent.mkdir(parents=True)
    stale.touch()
    library_room.write_pages(SimpleNamespace(srcdir=tmp_path), None)
    (page,) = stale.parent.iterdir()
    assert page.name == "a-package.rst"
    assert page.read_text() == "A package\n=========\n\n.. library-room:: nnqg.one_room.a_package\n"


def test_mathjax_is_small_and_complete(tmp_path: Path):
    mathjax_files.copy_files(mathjax_files.source_folder(), tmp_path)
    sizes = [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()]
    assert (tmp_path / "tex-chtml-full.js").stat().st_size > 1e6
    assert sum(sizes) < 2.5e6


EXTENSION = Path(extension.__file__).parents[1]
CONF = """
extensions = ["myst_parser", "sphinx_external_toc", "sphinx_exercise", "nnqg_book"]
myst_enable_extensions = ["colon_fence"]
external_toc_path = "_toc.yml"
use_multitoc_numbering = False
chapter_numbers = {"chapter": 3}
numfig = True
html_theme = "basic"
"""
DOT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
TOC = """root: index
subtrees:
- numbered: 2
  entries:
  - file: chapters/chapter/page
    entries:
    - file: chapters/chapter/sub
    - file: chapters/chapter/words
"""
PAGES = {
    "index.md": "# Book\n\n```{ledger-table}\n```\n\n```{errata-table}\n```\n\n```{status-table}\n```\n\n```{key-figure} fig-dot\n```\n",
    "chapters/chapter/page.md": "# Page\n\n```{figure} dot.png\n:name: fig-dot\n\nA dot.\n```\n\n"
    "It took {run-time}`chapter/page`. {term}`Bulks <bulk>`; {claim-value}`page/one`.\n\n```python\n### BEGIN SOLUTION\nx = 1\n```\n",
    "chapters/chapter/sub.md": "# Sub\n\nText.\n\n```{case-file-start} The *odd* decimal\n```\n\nDetails.\n\n"
    "```python\nx = 2\n```\n\n```{case-file-end}\n```\n\nMore.\n\n```{library-source} room.module f\n```\n\n"
    ":::{exercise} Twice\n:label: ex-twice\n\nWrite twice.\n:::\n\n:::{solution-start} ex-twice\n:class: dropdown\n:::\n\n"
    "```python\nthe_answer = 2 * x\n```\n\n:::{solution-end}\n:::\n\nAfterwards.\n",
    "chapters/chapter/words.md": "# Words\n\n```{glossary}\nbulk\n  The space inside.\n\n  [](page.md)\n```\n",
    "lib/room/module.py": 'def f(x):\n    """Double."""\n    return 2 * x\n',
}


@pytest.fixture
def book(tmp_path: Path):
    """Builds a book of three pages with the extension; returns the text of a built page."""
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "_toc.yml").write_text(TOC)
    for name, text in PAGES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    pictures = tmp_path / "_build" / "run" / "figures"
    pictures.mkdir(parents=True)
    for path in (pictures / "fig-dot.png", tmp_path / "chapters" / "chapter" / "dot.png"):
        path.write_bytes(DOT)

    def build(**results) -> dict[str, str]:
        for name, content in results.items():
            path = tmp_path / "_build" / "run" / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content))
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "-d", str(tmp_path / "trees"), str(tmp_path), str(tmp_path / "html")]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(EXTENSION)}, check=False)
        assert done.returncode == 0, done.stderr
        return {name: (tmp_path / "html" / name.replace(".md", ".html")).read_text() for name in PAGES if name.endswith(".md")}

    return build


def test_a_book_before_and_after_its_first_run(book):
    empty = book()
    assert empty["index.md"].count("not executed yet") == 4
    assert 'It took <span class="run-time">not executed yet</span>' in empty["chapters/chapter/page.md"]
    assert "SOLUTION" not in empty["chapters/chapter/page.md"]
    figures = {"fig-dot": {"page": "chapter/page", "caption": "A *dot*.", "alt": "one point"}}
    full = book(ledger=[CLAIM], errata=[CORRECTION], status=STATUS, figures=figures)  # nothing but the results has changed
    assert "not executed yet" not in full["index.md"] + full["chapters/chapter/page.md"]
    assert "12 s (3.2 s of CPU time)" in full["chapters/chapter/page.md"]
    link = 'href="chapters/chapter/page.html"'
    for expected in (
        "another scale",
        "1.25 MeV",
        "verdict-not-reproduced",
        'class="math',
        "The error is 2.",
        "Wall time",
        link,
        "Fig. 3.1",
        'alt="one point"',
        "<em>dot</em>",
    ):
        assert expected in full["index.md"], expected


def test_a_word_carries_its_definition(book, tmp_path):
    found = '<a data-definition="The space inside." class="reference internal" href="words.html#term-bulk">'
    assert found in book()["chapters/chapter/page.md"]
    words = tmp_path / "chapters" / "chapter" / "words.md"
    words.write_text(words.read_text().replace("inside.", "behind."))
    assert found.replace("inside", "behind") in book()["chapters/chapter/page.md"]  # of which nothing has changed


def test_value_of_a_claim():
    assert claim_value.value_of([CLAIM], "page/one") == "1.25"
    assert claim_value.value_of([CLAIM], "page/other") is None


def test_reading_minutes_leave_out_what_is_folded():
    story = "---\nkernelspec: x\n---\n# Title\n\n" + "one two {eq}`eq-a` $x$ " * 325 + "\n"
    code = "```{code-cell} ipython3\n" + "x = 1\n" * 75 + "```\n"
    figure = "```{code-cell} ipython3\n---\ntags: [a]\n---\nfigure, ax = plt.subplots()\nplt.show()\n```\n"
    formula = "```{math}\n:label: eq-a\nx = y\n```\n"
    assert effort.reading_minutes(story) == 5
    assert (
        effort.reading_minutes(story + code)
        == effort.reading_minutes(story + formula * 10)
        == effort.reading_minutes(story + figure * 5)
        == 10
    )
    folded = "```{case-file-start} Why\n```\n" + code + "```{case-file-end}\n```\n"
    assert effort.reading_minutes(folded + story + folded + story) == effort.reading_minutes(story + story)
    assert effort.reading_minutes(story + "## Held against\n\n" + code) == 5


def test_exercises_say_how_long_and_how_hard():
    text = ":::{exercise} Twice\n:label: ex-page-twice\n\n(15 minutes, warm-up.) Write twice.\n:::\n"
    assert effort.exercises(text) == (effort.Exercise("page-twice", "Twice", 15, 1),)
    assert effort.exercises(text.replace(", warm-up", "")) == (effort.Exercise("page-twice", "Twice", 15, 2),)
    assert effort.exercises(text.replace("15 minutes, warm-up", "soon")) == ()


def test_a_book_without_solutions(book, tmp_path, monkeypatch):
    """Whoever looks through everything that was built finds no solution, also when it was built with them before."""
    assert "the_answer" in book()["chapters/chapter/sub.md"]
    shutil.rmtree(tmp_path / "html")
    monkeypatch.setenv("SOLUTIONS", "no")
    text = book()["chapters/chapter/sub.md"]
    assert "Write twice." in text and "Afterwards." in text
    assert [path for path in (tmp_path / "html").rglob("*") if path.is_file() and b"the_answer" in path.read_bytes()] == []


def test_case_files_are_folded_and_sources_shown(book):
    text = book()["chapters/chapter/sub.md"]
    box = text[text.index("<details") : text.index("</details>")]
    assert "Case file: " in box and "<em>odd</em>" in box and "Details." in box and "More." not in box
    assert "room.module.f" in text and "Double" not in text


def test_chapters_are_numbered_as_in_the_talk(book):
    built = book()
    assert "3. Page" in built["chapters/chapter/page.md"].replace("</span>", "").replace('<span class="section-number">', "")
    assert "3.1. Sub" in built["chapters/chapter/sub.md"].replace("</span>", "").replace('<span class="section-number">', "")
