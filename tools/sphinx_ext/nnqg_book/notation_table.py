r"""The directive ``{notation-table}``: the symbols of all pages in one alphabetical table, and single conventions.

A page's symbols stand in ``notation/<chapter>/<page>.md`` beside the document: a Markdown table, with a sentence above it where the
page has a convention of its own. A row that names several symbols (``$A,\ B$``) is listed under each.
"""

import re
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .table_filter import filter_form, slug

__all__ = ["NotationTable", "Symbol", "conventions_in", "entries_of", "setup", "sort_key", "symbols_in"]

COMMAS = re.compile(r",\\? (?![^({]*[)}])")  # not those inside brackets
TITLES = ("Symbol", "In code", "Meaning", "Unit, convention", "Page")


@dataclass(frozen=True)
class Symbol:
    """A row of a page's table: ``page`` is ``<chapter>/<page>``, the others are Markdown."""

    symbol: str
    code: str
    meaning: str
    unit: str
    page: str


def symbols_in(text: str, page: str) -> list[Symbol]:
    """Return the rows of a page's table."""
    lines = [line for line in text.splitlines() if line.startswith("| $")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [Symbol(symbol, code, meaning, unit, page) for symbol, code, meaning, unit, *_ in cells]


def conventions_in(text: str) -> str:
    """Return the sentences above the table."""
    return " ".join(line for line in text.splitlines() if line and not line.startswith(("#", "|")))


def entries_of(row: Symbol) -> list[Symbol]:
    r"""Return a row once for each symbol that it names; the meaning keeps the symbols together.

    Examples
    --------
    >>> [entry.symbol for entry in entries_of(Symbol(r"$A(l, m),\ B$", "`A`, `B`", "source and response", "", "c/p"))]
    ['$A(l, m)$', '$B$']
    """
    if not re.fullmatch(r"\$[^$]+\$", row.symbol):
        return [row]
    names = COMMAS.split(row.symbol.strip("$"))
    if len(names) == 1 or r"\dots" in names:
        return [row]
    return [replace(row, symbol=f"${name.strip()}$", meaning=f"{row.symbol}: {row.meaning}") for name in names]


def sort_key(symbol: str) -> tuple[str, str]:
    r"""Return what a symbol is sorted by: its letters, Greek ones spelled, without accents and fonts.

    Examples
    --------
    >>> sort_key(r"$\hat\alpha_j$")[0], sort_key(r"$\mathcal L$")[0]
    ('alpha_j', 'l')
    """
    plain = re.sub(
        r"\\(hat|tilde|bar|mathcal|mathbf|mathrm|vec|dot|text|frac|langle|partial|left|overline|sqrt|ddot|widehat)(?![a-z])", "", symbol
    )
    letters = re.sub(r"[^A-Za-z0-9_]", "", plain).lstrip("_0123456789")
    return letters.lower(), letters


class NotationTable(SphinxDirective):
    """The table, a form that filters it, and below it what holds on one page only."""

    def run(self) -> list[nodes.Node]:
        """Return form, table and list."""
        folder = Path(self.env.doc2path(self.env.docname)).with_suffix("")
        contents = Path(self.env.srcdir) / "_toc.yml"  # and not the folder, which would always count as changed
        order = contents.read_text(encoding="utf-8")
        texts = {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.md")}
        pages = sorted(texts, key=lambda page: order.find(f"chapters/{page}"))
        for path in (contents, *texts.values()):
            self.env.note_dependency(str(path))
        read = {page: texts[page].read_text(encoding="utf-8") for page in pages}
        entries = [entry for page in pages for row in symbols_in(read[page], page) for entry in entries_of(row)]
        entries.sort(key=lambda entry: (sort_key(entry.symbol), entry.symbol))
        box = self._parsed(["|" + "|".join(TITLES) + "|", "|" + "---|" * len(TITLES), *map(_line, entries)])
        table = next(box.findall(nodes.table))
        table["classes"] += ["notation", "filtered"]
        counts = {symbol: len(list(group)) for symbol, group in groupby(entries, key=lambda entry: entry.symbol)}
        for row, entry in zip(next(table.findall(nodes.tbody)).children, entries, strict=True):
            _mark(row, entry, counts[entry.symbol])
        single = [f"- [](../{page}.md): {conventions_in(read[page])}" for page in pages if conventions_in(read[page])]
        form = filter_form("symbols", {"page": pages, "symbol": ["with one entry", "with several entries"]})
        return [form, *box.children, nodes.rubric("", "On single pages"), *self._parsed(single).children]

    def _parsed(self, lines: list[str]) -> nodes.container:
        box = nodes.container()
        self.state.nested_parse(StringList(lines, source=self.get_source_info()[0]), self.content_offset, box)
        return box


def _line(entry: Symbol) -> str:
    return f"| {entry.symbol} | {entry.code} | {entry.meaning} | {entry.unit} | [](../{entry.page}.md) |"


def _mark(row: nodes.row, entry: Symbol, count: int) -> None:
    """Give a row its classes, the spelled symbol for the filter, and a note where the symbol has other entries too."""
    chapter, _, page = entry.page.partition("/")
    row["classes"] += [f"page-{slug(chapter)}", f"page-{page}", f"symbol-with-{'several-entries' if count > 1 else 'one-entry'}"]
    row[0] += nodes.raw("", f"<span hidden>{sort_key(entry.symbol)[1]}</span>", format="html")
    if count > 1:
        row[0] += nodes.paragraph("", f"{count} entries", classes=["remark"])


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("notation-table", NotationTable)
