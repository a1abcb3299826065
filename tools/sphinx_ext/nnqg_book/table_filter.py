"""The form above a long table: choices and words by which the script `filter.js` hides rows; it keeps them in the page's address."""

from collections.abc import Mapping
from html import escape

from docutils import nodes

__all__ = ["filter_form", "slug"]


def slug(text: str) -> str:
    """Return a verdict or a page as a class name.

    Examples
    --------
    >>> slug("not reproduced")
    'not-reproduced'
    """
    return text.replace(" ", "-").rsplit("/", 1)[-1]


def filter_form(what: str, choices: Mapping[str, list[str]]) -> nodes.raw:
    """Return the form, hidden until the script shows it; without the script every row is there.

    Parameters
    ----------
    what : str
        What the rows are, in the plural.
    choices : mapping
        For each choice its values: a row that belongs to a value has the class ``choice-value``. Pages, named ``chapter/page``, stand
        below their chapter.
    """
    selects = "".join(
        f'<label>{name.capitalize()} <select name="{name}"><option value="">every {name}</option>{_options(values)}</select></label> '
        for name, values in choices.items()
    )
    return nodes.raw(
        "",
        f'<form class="table-filter" data-what="{what}" role="search" aria-label="Filter the {what}" hidden>{selects}'
        '<label>Words <input type="search" name="words" autocomplete="off" spellcheck="false"></label> '
        '<button type="reset">Show all</button><output aria-live="polite"></output></form>',
        format="html",
    )


def _options(values: list[str]) -> str:
    made, chapter = "", ""
    for value in dict.fromkeys(values):
        folder, _, name = value.rpartition("/")
        if folder and folder != chapter:
            chapter = folder
            made += f'<option value="{slug(chapter)}">{_words(chapter)}: all pages</option>'
        made += f'<option value="{escape(slug(value))}">{"&nbsp;&nbsp;" if folder else ""}{_words(name)}</option>'
    return made


def _words(name: str) -> str:
    text = name.replace("-", " ")
    return escape(text[0].upper() + text[1:])
