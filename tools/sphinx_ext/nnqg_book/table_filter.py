"""The form above a long table: choices and words by which the script `filter.js` hides rows; it keeps them in the page's address."""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from docutils import nodes

__all__ = ["filter_form", "page_titles", "slug"]


def slug(text: str) -> str:
    """Return a verdict or a page as a class name.

    Examples
    --------
    >>> slug("not reproduced")
    'not-reproduced'
    """
    return text.replace(" ", "-").rsplit("/", 1)[-1]


def page_titles(source: str | Path) -> dict[str, str]:
    """Return the titles of the pages, which are named ``chapter/page``, of the book in a folder."""
    texts = {path: path.read_text(encoding="utf-8") for path in Path(source, "chapters").glob("*/*.md")}
    found = {path: re.search(r"(?m)^# (.+)$", text) for path, text in texts.items()}
    return {f"{path.parent.name}/{path.stem}": title[1] for path, title in found.items() if title}


def filter_form(what: str, choices: Mapping[str, list[str]], titles: Mapping[str, str]) -> nodes.raw:
    """Return the form, hidden until the script shows it; without the script every row is there.

    Parameters
    ----------
    what : str
        What the rows are, in the plural.
    choices : mapping
        For each choice its values: a row that belongs to a value has the class ``choice-value``. Pages, named ``chapter/page``, stand
        below their chapter.
    titles : mapping
        Titles of the pages; what is not in it is shown as it is named.
    """
    selects = "".join(
        f'<label>{name.capitalize()} <select name="{name}"><option value="">every {name}</option>{_options(values, titles)}</select></label> '
        for name, values in choices.items()
    )
    return nodes.raw(
        "",
        f'<form class="table-filter" data-what="{what}" role="search" aria-label="Filter the {what}" hidden>{selects}'
        '<label>Words <input type="search" name="words" autocomplete="off" spellcheck="false"></label> '
        '<button type="reset">Show all</button><output aria-live="polite"></output></form>',
        format="html",
    )


def _options(values: list[str], titles: Mapping[str, str]) -> str:
    made, chapter = "", ""
    for value in dict.fromkeys(values):
        folder, _, name = value.rpartition("/")
        if folder and folder != chapter:
            chapter = folder
            made += f'<option value="{slug(chapter)}">{escape(_words(chapter))}: all pages</option>'
        made += f'<option value="{escape(slug(value))}">{"&nbsp;&nbsp;" if folder else ""}{escape(titles.get(value, _words(name)))}</option>'
    return made


def _words(name: str) -> str:
    text = name.replace("-", " ")
    return text[0].upper() + text[1:]
