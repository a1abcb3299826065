"""Every page has the parts that CONTRIBUTING.md lists, says nothing on stderr, and runs in time."""

import ast
import json
import re
import sys
import tomllib

import pytest
from jupyter_cache import get_cache

from book import page_cache
from book.pages import ROOT, pages

PAGES = pages(ROOT)
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
CARD = ("**Slides**", "**You will be able to**", "**You need**", "**Run time**", "**Validated by**")
SECTIONS = ["## Corrections to the talk", "## Held against", "## Exercises", "## Read next"]
SECONDS, LINES_OF_A_CELL = 60, 30


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
def test_sections_are_there_in_order(page):
    headings = [line.strip() for line in markdown(page).splitlines() if line.startswith("## ")]
    assert headings[-len(SECTIONS) :] == SECTIONS


@every_page
def test_derivation_has_numbered_equations(page):
    assert re.search(rf"(?m)(^:label: |\$\$ \()eq-{page.source.stem}-", markdown(page))


@every_page
def test_corrections_are_recorded_or_said_to_be_none(page):
    cells = section(page, "## Corrections")
    recorded = any("correct(" in cell.source for cell in cells if not isinstance(cell, str))
    none = any("No corrections on this page." in cell for cell in cells if isinstance(cell, str))
    assert recorded != none


@every_page
def test_claims_are_recorded(page):
    assert any("record(" in cell.source for cell in section(page, "## Held against") if not isinstance(cell, str))


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
    lengths = {page.line_of(cell): len(cell.source.splitlines()) for cell in code_cells(page.read())}
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
    code = "\n".join(re.sub(r"(?m)^[%!].*$", "", cell.source) for cell in code_cells(page.read()))
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
def test_page_says_nothing_on_stderr(page):
    outputs = [(page.line_of(cell), output) for cell in code_cells(executed(page)) for output in cell.outputs]
    assert [(line, output.text) for line, output in outputs if output.output_type == "stream" and output.name == "stderr"] == []


@every_page
def test_no_output_shows_a_bare_object(page):
    texts = [output.get("data", {}).get("text/plain", "") for cell in code_cells(executed(page)) for output in cell.outputs]
    assert [text for text in texts if re.search(r"<[\w.]+ (object )?at 0x|\bat 0x[0-9a-f]+>", text)] == []


@every_page
def test_page_runs_in_time(page):
    status = json.loads((ROOT / "_build" / "run" / "status.json").read_text())["pages"][page.name]
    assert status["cpu"] < SECONDS  # a page has one thread: on an idle machine this is its wall time, on a busy one it still is its cost
