"""Export the pages as notebooks for readers: every cell runs, MyST turned into plain Markdown.

Solutions are included, unless the environment says `SOLUTIONS=no`.
"""

import argparse
import json
import os
import re
import sys
from copy import deepcopy
from pathlib import Path

import nbformat
from pybtex.database import parse_file

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __import__("book")  # before nbformat, see there

from book import plain_markdown
from book.pages import ROOT, Page, pages

MARKER = re.compile(r"^[ \t]*### (BEGIN|END) (SOLUTION|HIDDEN TESTS)[ \t]*\n?", re.MULTILINE)
EQUATION = re.compile(r"^:label:\s*(eq-\S+)|^\$\$\s*\(([\w:.-]+)\)\s*$", re.MULTILINE)
EXERCISE = re.compile(r"\{exercise(?:-start)?\}[^\n]*\n\s*:label:\s*(\S+)")
FENCE = r"^(?P<fence>:{3,}|`{3,})"
SOLUTION = re.compile(FENCE + r"\{solution\}.*?^(?P=fence)[ \t]*$\n?", re.MULTILINE | re.DOTALL)
GATE = re.compile(r"^(?::{3,}|`{3,})\{solution-(start|end)\}.*?^(?::{3,}|`{3,})[ \t]*$\n?", re.MULTILINE | re.DOTALL)
KEPT_METADATA = ("kernelspec", "language_info")


def export(page: Page, shared: plain_markdown.Words, solutions: bool = True):
    """Return the page as a notebook without anything that only the book understands."""
    notebook, cells, words = page.read(), [], deepcopy(shared)
    number_labels(notebook, words)
    for cell in notebook.cells if solutions else without_solutions(notebook.cells):
        if cell.cell_type == "markdown":
            text = plain_markdown.convert(cell.source, words)
            cells += [nbformat.v4.new_markdown_cell(text)] if text else []
        elif cell.cell_type == "code":
            cells += [nbformat.v4.new_code_cell(MARKER.sub("", cell.source).strip()), *caption(cell, words)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    metadata = {key: notebook.metadata[key] for key in KEPT_METADATA if key in notebook.metadata}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def without_solutions(cells: list) -> list:
    """Return the cells of a page without solutions and without tests."""
    kept, hidden = [], False
    for cell in cells:
        if cell.cell_type == "markdown":
            pieces = GATE.split(SOLUTION.sub("", cell.source))
            shown = [] if hidden else [pieces[0]]
            for gate, text in zip(pieces[1::2], pieces[2::2], strict=True):
                hidden = gate == "start"
                shown += [] if hidden else [text]
            kept.append({**cell, "source": "".join(shown)})
        elif not hidden and not cell.metadata.get("nbgrader") and not MARKER.search(cell.source):
            kept.append(cell)
    return [nbformat.from_dict(cell) for cell in kept]


def caption(cell, words: plain_markdown.Words) -> list:
    """Return the caption of a figure cell as a Markdown cell below it."""
    figure = cell.metadata.get("mystnb", {}).get("figure", {})
    if "caption" not in figure:
        return []
    text = plain_markdown.convert(str(figure["caption"]), words)
    return [nbformat.v4.new_markdown_cell(f"*Figure {words.figures.get(figure.get('name'), '')}.* {text}")]


def number_labels(notebook, words: plain_markdown.Words, suffix: str = "") -> None:
    """Number the equations, figures and exercises of a page in reading order; `suffix` says on which page, for the others."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    figures = [cell.metadata.get("mystnb", {}).get("figure", {}).get("name") for cell in notebook.cells]
    labels = (first or second for first, second in EQUATION.findall(text))
    for known, found in ((words.equations, labels), (words.figures, filter(None, figures)), (words.exercises, EXERCISE.findall(text))):
        known |= {label: f"{number}{suffix}" for number, label in enumerate(found, start=1)}


def shared_words(root: Path) -> plain_markdown.Words:
    """Return what holds for all pages: titles, citations, run times, and labels with the page they are on."""
    titles, status = {}, root / "_build" / "run" / "status.json"
    for path in (root / "chapters").rglob("*.md"):
        title = next((line[2:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# ")), path.stem)
        titles[path.stem if path.stem != "index" else path.parent.name] = title
    measured = json.loads(status.read_text(encoding="utf-8"))["pages"] if status.exists() else {}
    run_times = {name: f"{max(1, round(entry['wall']))} s" for name, entry in measured.items()}
    known = citations(root / "chapters" / "references.bib")
    words = plain_markdown.Words(titles=titles, citations=known, run_times=run_times, library=root / "lib")
    for page in pages(root):
        number_labels(page.read(), words, f" of *{titles[page.source.stem]}*")
    return words


def citations(path: Path) -> dict[str, str]:
    """Return `[First et al. (year)](address)` for every key of a bibliography."""
    if not path.exists():
        return {}
    return {key: _cited(entry) for key, entry in parse_file(str(path)).entries.items()}


def _cited(entry) -> str:
    names = [" ".join(person.last_names) for person in entry.persons.get("author", entry.persons.get("editor", []))]
    who = names[0] + " et al." if len(names) > 2 else " and ".join(names)
    text = f"{who} ({entry.fields.get('year', 'no year')})"
    if "eprint" in entry.fields:
        return f"[{text}](https://arxiv.org/abs/{entry.fields['eprint']})"
    address = f"https://doi.org/{entry.fields['doi']}" if "doi" in entry.fields else entry.fields.get("url")
    return f"[{text}]({address})" if address else text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="folder that holds _toc.yml")
    parser.add_argument("--output", type=Path, help="where to (default: _build/notebooks)")
    options = parser.parse_args()
    folder = options.output or options.root / "_build" / "notebooks"
    words = shared_words(options.root)
    for page in pages(options.root):
        path = folder / f"{page.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(export(page, words, os.environ.get("SOLUTIONS") != "no"), path)
    print(f"notebooks for readers: {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
