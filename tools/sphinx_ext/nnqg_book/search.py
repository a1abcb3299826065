"""The search: which words of a page are indexed, and how often a page says them, by which ``search.js`` orders what it finds.

Accents are taken off. An arXiv number is one word, and a page is found by the numbers of all papers that it cites.
"""

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

from docutils import nodes
from pybtex.database import parse_file
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.search.en import SearchEnglish

__all__ = ["WordsOfTheBook", "counts", "setup", "stems"]

WORD = re.compile(r"\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?/\d{7}|\w+", re.IGNORECASE)
COUNTS = "word_counts.js"
NO_PROSE = (nodes.literal_block, nodes.literal, nodes.math, nodes.math_block, nodes.raw)
LIBRARY = "chapters/reference/library"


class WordsOfTheBook(SearchEnglish):
    """English, without accents, in which an arXiv number is a word; ``splitQuery`` in ``search.js`` does the same."""

    def init(self, options: dict[str, str]) -> None:
        """Begin, with a memory for stems: the book says each of its words thirty times."""
        super().init(options)
        self.stem = cache(super().stem)  # type: ignore[method-assign]

    def split(self, text: str) -> list[str]:
        """Return the words of a text.

        Examples
        --------
        >>> WordsOfTheBook({}).split("Müller, arXiv:1809.10536 and hep-th/9711200")
        ['Muller', 'arXiv', '1809.10536', 'and', 'hep-th/9711200']
        """
        plain = unicodedata.normalize("NFKD", text)
        return WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def stems(document: nodes.Node, language: WordsOfTheBook) -> list[str]:
    """Return the stems of a document's prose in their order, then its keywords, ten times: what a page names, it is about."""
    texts = [text.astext() for text in document.findall(nodes.Text) if not isinstance(text.parent, NO_PROSE)]
    texts += 10 * [node["content"] for node in document.findall(nodes.meta) if node.get("name") == "keywords"]
    words = [word.lower() for text in texts for word in language.split(text)]
    return [language.stem(word) for word in words if language.word_filter(word)]


def counts(pages: dict[str, list[str]], least: int = 2) -> dict:
    """Return how often each page says each stem and each pair of neighbours, from ``least`` times on: [page, number, page, number ...]."""
    found: dict[str, list[int]] = {}
    for number, words in enumerate(pages.values()):
        pairs = (f"{one} {other}" for one, other in zip(words, words[1:], strict=False))
        for word, count in Counter([*words, *pairs]).items():
            if count >= least:
                found.setdefault(word, []).extend((number, count))
    return {"pages": list(pages), "words": found}


def cited(app: Sphinx) -> dict[str, list[str]]:
    """Return the arXiv numbers of what each page cites, as often as it does."""
    found: dict[str, list[str]] = {}
    for reference in getattr(app.env.domains.get("cite"), "citation_refs", []):
        numbers = (app.config.arxiv_numbers.get(target.key) for target in reference.targets)
        found.setdefault(reference.docname, []).extend(filter(None, numbers))
    return found


def write_counts(app: Sphinx, exception: Exception | None) -> None:
    """Count the words of all pages but those of the library."""
    if exception is None and app.builder.format == "html":
        language, env, numbers = WordsOfTheBook({}), app.env, cited(app)
        names = [name for name in sorted(env.found_docs) if not name.startswith(LIBRARY)]
        pages = {name: stems(env.get_doctree(name), language) + numbers.get(name, []) for name in names}
        text = f"var wordCounts = {json.dumps(counts(pages), ensure_ascii=False, separators=(',', ':'))};\n"
        (Path(app.outdir) / "_static" / COUNTS).write_text(text, encoding="utf-8")


def add_counts(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Load the counts on the page of the search alone."""
    if page == "search":
        app.add_js_file(COUNTS)


def add_numbers(app: Sphinx, doctree: nodes.document) -> None:
    """Let a page be found by the arXiv numbers of the papers that it cites."""
    if numbers := dict.fromkeys(cited(app).get(app.env.docname, [])):
        doctree.append(nodes.meta("", name="keywords", content=", ".join(numbers)))


def configure(app: Sphinx, config: Config) -> None:
    """Give Sphinx the order of the results, and read the arXiv numbers of the bibliography."""
    config.html_search_scorer = str(Path(__file__).with_name("search.js"))
    files = [parse_file(str(Path(app.srcdir) / name)) for name in getattr(config, "bibtex_bibfiles", [])]
    entries = {key: entry.fields for file in files for key, entry in file.entries.items()}
    config.arxiv_numbers = {key: fields["eprint"] for key, fields in entries.items() if "eprint" in fields}


def setup(app: Sphinx) -> None:
    """Index with these words, and count them when the book is written."""
    app.add_config_value("arxiv_numbers", {}, "env", dict)
    app.add_search_language(WordsOfTheBook)
    app.connect("config-inited", configure)
    app.connect("doctree-read", add_numbers)
    app.connect("html-page-context", add_counts)
    app.connect("build-finished", write_counts)
