"""Export the pages as notebooks for readers: every cell runs, MyST turned into plain Markdown, and of each page its exercises alone.

A page that was executed brings its outputs. Solutions are included, unless the environment says `SOLUTIONS=no`.
"""

import argparse
import os
import re
import sys
from pathlib import Path

import nbformat

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __import__("book")  # before nbformat, see there

from book import ending, page_cache, plain_markdown
from book.pages import ROOT, Page, pages
from book.words import INSTALL, shared_words
from coursework.students import exercises_of

MARKER = re.compile(r"^[ \t]*### (BEGIN|END) (SOLUTION|HIDDEN TESTS)[ \t]*\n?", re.MULTILINE)
FENCE = r"^(?P<fence>:{3,}|`{3,})"
SOLUTION = re.compile(FENCE + r"\{solution\}.*?^(?P=fence)[ \t]*$\n?", re.MULTILINE | re.DOTALL)
GATE = re.compile(r"^(?::{3,}|`{3,})\{solution-(start|end)\}.*?^(?::{3,}|`{3,})[ \t]*$\n?", re.MULTILINE | re.DOTALL)
KEPT_METADATA = ("kernelspec", "language_info")
OURS = "application/vnd.nnqg"  # the records of ledger and errata travel in outputs of their own type


def export(page: Page, words: plain_markdown.Words, solutions: bool = True, executed=None):
    """Return the page, `executed` or as it is written, as a notebook without anything that only the book understands."""
    notebook, cells = executed or page.read(), [nbformat.v4.new_markdown_cell(INSTALL)]
    for cell in notebook.cells if solutions else without_solutions(notebook.cells):
        if cell.cell_type == "markdown":
            text = plain_markdown.convert(cell.source, words)
            cells += [nbformat.v4.new_markdown_cell(text)] if text else []
        elif cell.cell_type == "code":
            shown = {"outputs": outputs(cell), "execution_count": cell.get("execution_count")}
            cells += [nbformat.v4.new_code_cell(MARKER.sub("", cell.source).strip(), **shown), *caption(cell, words)]
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


def outputs(cell) -> list:
    """Return what a cell printed and showed, as far as any notebook program can show it."""
    kept = []
    for output in cell.get("outputs", []):
        data = {kind: content for kind, content in output.get("data", {}).items() if not kind.startswith(OURS)}
        if data or "data" not in output:
            kept.append({**output, "metadata": {}, "data": data} if data else output)
    return [nbformat.from_dict(output) for output in kept]


def caption(cell, words: plain_markdown.Words) -> list:
    """Return the caption of a figure cell as a Markdown cell below it."""
    figure = cell.metadata.get("mystnb", {}).get("figure", {})
    if "caption" not in figure:
        return []
    text = plain_markdown.convert(str(figure["caption"]), words)
    return [nbformat.v4.new_markdown_cell(f"*Fig. {words.figures.get(figure.get('name'), '')}.* {text}")]


def command() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="folder that holds _toc.yml")
    parser.add_argument("--output", type=Path, help="where to (default: _build/notebooks)")
    options = parser.parse_args()
    folder = options.output or options.root / "_build" / "notebooks"
    words, cache = shared_words(options.root), page_cache.open_cache(options.root)
    for page in pages(options.root):
        path = folder / f"{page.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        executed, _ = page_cache.executed(cache, page) or (None, None)
        nbformat.write(export(page, words, os.environ.get("SOLUTIONS") != "no", executed), path)
        nbformat.write(exercises_of(page, words), path.with_name(f"{page.source.stem}-exercises.ipynb"))
    print(f"notebooks for readers: {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(ending.in_one_line("export", command))
