"""Every page has the parts that CONTRIBUTING.md lists, and says nothing on stderr."""

import ast
import re
import sys
import tomllib
from functools import cache

import pytest
from jupyter_cache import get_cache

from book import page_cache
from book.pages import ROOT, pages
from sphinx_ext.nnqg_book.folding import what_is_folded

PAGES = pages(ROOT)
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
CARD = ("**Slides**", "**You will be able to**", "**You need**", "**Run time**", "**Validated by**")
KEEP, CORRECTIONS = "## What to keep", "## Corrections to the talk"
SECTIONS = [KEEP, CORRECTIONS, "## Held against", "## Exercises", "## Read next"]
LINES_OF_A_CELL, WIDTH, NAMES, INCHES, POINTS = 30, 83, 10, 7.0, 9
RECORDS = ("ledger.record(", "errata.correct(")
HOUSEKEEPING = {"Claim", "Correction", "errata", "grading", "ledger", "plotting", "random_numbers", "sliders", "tables"}
SYMBOLS = re.compile(r"\$|\\\(|[=<>^_]|\{math\}")


def markdown(page):
    return "\n\n".join(cell.source for cell in page.read().cells if cell.cell_type == "markdown")


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def section(page, title):
    """Return the cells from a second-level heading to the next."""
    inside, cells = False, []
    for cell in page.read().cells:
        for part in re.split(r"(?m)^(?=## )", cell.source) if cell.cell_type == "markdown" else [cell]:
            if isinstance(part, str) and part.startswith("## "):
                inside = part.startswith(title)
            if inside:
                cells.append(part)
    return cells


def plain_python(cell):
    """Return the code of a cell without magic."""
    return re.sub(r"(?m)^[%!].*$", "", cell.source)


def streams(cell):
    """Return what a cell printed."""
    return [output.text for output in cell.outputs if output.output_type == "stream"]


@cache
def executed(page):
    found = page_cache.executed(get_cache(ROOT / "_build" / page_cache.FIRST), page)
    assert found, f"{page.name} has not been executed: run `make test`"
    return found[0]


def test_there_are_pages():
    assert len(PAGES) >= 5


@every_page
def test_page_begins_with_title_and_card(page):
    lines = [line for line in markdown(page).splitlines() if line.strip()]
    assert lines[0].startswith("# ")
    assert lines[1:3] == [":::{admonition} About this page", ":class: page-card"]
    card = lines[3 : lines.index(":::")]
    assert [entry for entry in CARD if not any(line.startswith(f"- {entry}") for line in card)] == []
    assert f"{{run-time}}`{page.name}`" in "\n".join(card)


@every_page
def test_plain_words_follow_the_card(page):
    text = markdown(page)
    after = text[text.index("\n:::\n") + 5 :].lstrip()
    assert after.startswith(":::{admonition} In plain words\n:class: plain-words\n")
    words = after.splitlines()[2 : after.splitlines().index(":::")]
    sentences = re.split(r"(?<=[.?!])\s+", " ".join(words).strip())
    assert 4 <= len(sentences) <= 6
    assert [sentence for sentence in sentences if SYMBOLS.search(sentence)] == []


@every_page
def test_sections_are_there_in_order(page):
    headings = [line.strip() for line in markdown(page).splitlines() if line.startswith("## ")]
    expected = [title for title in SECTIONS if title != CORRECTIONS or title in headings]
    assert headings[-len(expected) :] == expected


@every_page
def test_what_to_keep_is_short(page):
    text = "\n".join(cell for cell in section(page, KEEP) if isinstance(cell, str)).removeprefix(KEEP)
    sentences = [part for part in re.split(r"(?<=[.?!])\s+", re.sub(r"(?m)^[-*] ", "", text.strip())) if part]
    assert 3 <= len(sentences) <= 6


@every_page
def test_derivation_has_numbered_equations(page):
    assert re.search(rf"(?m)(^:label: |\$\$ \()eq-{page.source.stem}-", markdown(page))


@every_page
def test_claims_and_corrections_are_one_cell_each(page):
    everywhere = [cell.source for cell in code_cells(page.read())]
    for title, call, wanted in (("## Held against", RECORDS[0], 1), (CORRECTIONS, RECORDS[1], f"\n{CORRECTIONS}\n" in markdown(page))):
        inside = [cell.source for cell in section(page, title) if not isinstance(cell, str)]
        assert sum(call in code for code in inside) == sum(call in code for code in everywhere) == wanted


@every_page
def test_no_page_has_helpers_for_its_records(page):
    for cell in code_cells(page.read()):
        for node in ast.walk(ast.parse(plain_python(cell))):
            if isinstance(node, ast.FunctionDef | ast.Lambda):
                assert not {"Claim", "Correction"} & {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}, node.lineno


@every_page
def test_code_and_printed_text_fit_the_column(page):
    notebook = executed(page)
    code = [(page.line_of(cell), line) for cell in code_cells(notebook) for line in cell.source.splitlines()]
    printed = [(page.line_of(cell), line) for cell in code_cells(notebook) for text in streams(cell) for line in text.splitlines()]
    assert [(where, line) for where, line in [*code, *printed] if len(line) > WIDTH] == []


@every_page
def test_reader_is_asked_first(page):
    """Two to four boxes, each with its answer folded, and at least one right before the code that shows the answer."""
    boxes = re.findall(r"(?ms)^::::\{admonition\} (Predict first|Question)\n:class: predict\n(.*?)^::::$", markdown(page))
    assert 2 <= len(boxes) <= 4
    assert [text for _, text in boxes if text.count(":::{admonition} Answer\n:class: dropdown\n") != 1] == []
    before_code = r"(?s).*^::::\{admonition\} Predict first\n(?:(?!^::::$).)*^::::\s*\Z"
    cells = page.read().cells
    asked = [after for cell, after in zip(cells, cells[1:], strict=False) if re.search(before_code, cell.source, re.MULTILINE)]
    assert asked and all(cell.cell_type == "code" for cell in asked)


@every_page
def test_few_names_come_from_the_library(page):
    nodes = [node for cell in code_cells(page.read()) for node in ast.walk(ast.parse(plain_python(cell)))]
    ours = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "nnqg"]
    names = {alias.name for node in ours for alias in node.names} - HOUSEKEEPING
    assert len(names) <= NAMES, sorted(names)
    assert [name for name in names if name.startswith("_")] == []


@every_page
def test_figures_are_made_for_the_column(page):
    for cell in code_cells(page.read()):
        for call in (node for node in ast.walk(ast.parse(plain_python(cell))) if isinstance(node, ast.Call)):
            given = {word.arg: word.value for word in call.keywords}
            if isinstance(given.get("figsize"), ast.Tuple):
                assert ast.literal_eval(given["figsize"].elts[0]) <= INCHES, page.line_of(cell)
            for name in {"fontsize", "labelsize", "size"} & set(given):
                if isinstance(given[name], ast.Constant):
                    assert not isinstance(given[name].value, str) and given[name].value >= POINTS, page.line_of(cell)


@every_page
def test_the_boundary_is_on_the_left(page):
    """Whoever draws something against the distance from the horizon says where the boundary is."""
    for cell in code_cells(page.read()):
        if re.search(r"xlabel=r?\"[^\"]*\\eta", cell.source):
            assert "depth_axis(" in cell.source, page.line_of(cell)


@every_page
def test_nothing_is_folded_by_hand_that_is_folded_by_rule(page):
    for cell in code_cells(page.read()):
        assert not (what_is_folded(cell.source) and "hide-input" in cell.metadata.get("tags", [])), page.line_of(cell)


@every_page
def test_page_ends_with_what_to_read(page):
    assert "{cite" in "\n".join(cell for cell in section(page, "## Read next") if isinstance(cell, str))


@every_page
def test_exercises_have_solutions_and_two_are_graded(page):
    text = markdown(page)
    labels = re.findall(rf"(?m)^:::+\{{exercise\}}[^\n]*\n:label: (ex-{page.source.stem}-[\w-]+)$", text)
    graded = [cell.metadata["nbgrader"] for cell in code_cells(page.read()) if cell.metadata.get("nbgrader", {}).get("grade")]
    assert 3 <= len(labels) <= 5
    assert len(set(labels)) == len(labels) == len(re.findall(r"\{exercise\}", text))
    assert re.findall(r"\{solution-start\} (\S+)", text) == labels
    assert len(graded) >= 2
    assert all(cell["points"] > 0 for cell in graded)


@every_page
def test_code_cells_are_short(page):
    cells = [cell for cell in code_cells(page.read()) if not any(record in cell.source for record in RECORDS)]
    lengths = {page.line_of(cell): len(cell.source.splitlines()) for cell in cells}
    assert {line: length for line, length in lengths.items() if length > LINES_OF_A_CELL} == {}


@every_page
def test_first_cell_imports_and_goes_into_the_student_notebook(page):
    first = code_cells(page.read())[0]
    assert "coursework-setup" in first.metadata.get("tags", [])
    assert "plotting.use_style()" in first.source


@every_page
def test_page_imports_only_what_a_student_has(page):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    allowed = {re.split(r"[<>=]", name)[0].strip() for name in project["dependencies"]} | {"nnqg", "IPython"} | set(sys.stdlib_module_names)
    code = "\n".join(plain_python(cell) for cell in code_cells(page.read()))
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= allowed


@every_page
def test_every_figure_has_name_caption_and_alternative_text(page):
    for cell in code_cells(executed(page)):
        pictures = [output for output in cell.outputs if any(kind.startswith("image/") for kind in output.get("data", {}))]
        if not pictures:
            continue
        shown, where = cell.metadata.get("mystnb", {}), f"line {page.line_of(cell)}"
        figure = shown.get("figure", {})
        assert len(pictures) == len(cell.outputs) == 1, where
        assert figure.get("name", "").startswith(f"fig-{page.source.stem}-"), where
        assert len(str(figure.get("caption", ""))) > 20, where
        assert len(str(shown.get("image", {}).get("alt", ""))) > 20, where


@every_page
def test_captions_know_that_the_dark_theme_turns_black_into_white(page):
    captions = [str(cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")) for cell in code_cells(page.read())]
    plain = [re.sub(r"black[ -](hole|brane)|black or white", "", caption.lower()) for caption in captions]
    assert [caption for caption in plain if re.search(r"\bblack\b", caption)] == []


@every_page
def test_page_says_nothing_on_stderr(page):
    outputs = [(page.line_of(cell), output) for cell in code_cells(executed(page)) for output in cell.outputs]
    assert [(line, output.text) for line, output in outputs if output.output_type == "stream" and output.name == "stderr"] == []


@every_page
def test_no_output_shows_a_bare_object(page):
    texts = [output.get("data", {}).get("text/plain", "") for cell in code_cells(executed(page)) for output in cell.outputs]
    assert [text for text in texts if re.search(r"<[\w.]+ (object )?at 0x|\bat 0x[0-9a-f]+>", text)] == []
