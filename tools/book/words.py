"""What the words of the pages stand for: the numbers of equations, figures and exercises, titles, citations, run times."""

import json
import re
from contextlib import suppress
from pathlib import Path

import yaml
from pybtex.database import parse_file

from book import plain_markdown
from book.pages import broken, pages

INSTALL = """**To run this notebook** you need Python 3.11 to 3.14 and the book's package `nnqg`, which brings everything else. In a copy of
the book, `make lab` installs it and opens JupyterLab; `pip install .` adds it to a Python of your own. *Install and run*, in the book,
says how on other systems."""
EQUATION = re.compile(r"^:label:\s*(eq-\S+)|^\$\$\s*\(([\w:.-]+)\)\s*$", re.MULTILINE)
EXERCISE = re.compile(r"\{exercise(?:-start)?\}[^\n]*\n\s*:label:\s*(\S+)")


def shared_words(root: Path) -> plain_markdown.Words:
    """Return what holds for all pages: titles, citations, run times, and the numbers that the book gives."""
    titles, status = {}, root / "_build" / "run" / "status.json"
    for path in (root / "chapters").rglob("*.md"):
        title = next((line[2:] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# ")), None)
        if title:  # the fragments of the notation have none, and bear the names of pages
            titles[path.stem if path.stem != "index" else path.parent.name] = title
    measured = {}
    with suppress(OSError, ValueError, LookupError, TypeError):  # not written yet, or damaged: then no page has a run time
        measured = json.loads(status.read_text(encoding="utf-8"))["pages"]
    run_times = {name: f"{max(1, round(entry['wall']))} s" for name, entry in measured.items()}
    known = citations(root / "chapters" / "references.bib")
    words = plain_markdown.Words(titles=titles, citations=known, run_times=run_times, library=root / "lib")
    chapters: dict[str, list] = {}
    for page in pages(root):
        chapters.setdefault(page.chapter, []).append(page.read())
    numbers = chapter_numbers(root)
    for chapter, notebooks in chapters.items():
        number_labels(notebooks, words, f"{numbers[chapter]}." if chapter in numbers else "")
    return words


def chapter_numbers(root: Path) -> dict[str, int]:
    """Return the numbers of the chapters, as the talk has them: {folder: number}."""
    path = root / "_config.yml"
    with broken(path):
        return yaml.safe_load(path.read_text(encoding="utf-8"))["sphinx"]["config"]["chapter_numbers"] if path.exists() else {}


def number_labels(notebooks: list, words: plain_markdown.Words, prefix: str = "") -> None:
    """Number equations, figures and exercises of a chapter's pages in reading order, as Sphinx does; what has a number keeps it."""
    cells = [cell for notebook in notebooks for cell in notebook.cells]
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    figures = [cell.metadata.get("mystnb", {}).get("figure", {}).get("name") for cell in cells]
    labels = (first or second for first, second in EQUATION.findall(text))
    for known, found in ((words.equations, labels), (words.figures, filter(None, figures)), (words.exercises, EXERCISE.findall(text))):
        for number, label in enumerate(found, start=1):
            known.setdefault(label, f"{prefix}{number}")


def citations(path: Path) -> dict[str, str]:
    """Return `[First et al. (year)](address)` for every key of a bibliography."""
    if not path.exists():
        return {}
    with broken(path):
        return {key: _cited(entry) for key, entry in parse_file(str(path)).entries.items()}


def _cited(entry) -> str:
    names = [" ".join(person.last_names) for person in entry.persons.get("author", entry.persons.get("editor", []))]
    who = names[0] + " et al." if len(names) > 2 else " and ".join(names)
    text = f"{who} ({entry.fields.get('year', 'no year')})"
    if "eprint" in entry.fields:
        return f"[{text}](https://arxiv.org/abs/{entry.fields['eprint']})"
    address = f"https://doi.org/{entry.fields['doi']}" if "doi" in entry.fields else entry.fields.get("url")
    return f"[{text}]({address})" if address else text
