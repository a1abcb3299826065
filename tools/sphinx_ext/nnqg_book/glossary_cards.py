"""A link to a word of the glossary carries the word's definition, which `chapters/_static/glossary.js` shows as a card."""

from functools import lru_cache
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

__all__ = ["TermLink", "definitions", "setup"]


class TermLink(nodes.reference):
    """A link with a definition."""


def definitions(glossary: nodes.document) -> dict[str, str]:
    """Return what a page's glossaries define: anchor -> first paragraph of the definition.

    Parameters
    ----------
    glossary : docutils.nodes.document
        The page.

    Returns
    -------
    dict of str
        Plain text.
    """
    found: dict[str, str] = {}
    for entry in glossary.findall(nodes.definition_list_item):
        for term in entry.findall(nodes.term):
            found |= {name: entry[-1][0].astext() for name in term["ids"]}
    return found


def define(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Give each link of a page that a ``{term}`` made its definition."""
    for link in list(doctree.findall(nodes.reference)):
        if not any("std-term" in child["classes"] for child in link.findall(nodes.inline)):
            continue
        anchor = (link.get("refuri") or link["refid"]).rpartition("#")[2]
        source = next(doc for kind, (doc, name) in _terms(app.env) if name == anchor)
        definition = _definitions(app, source)[anchor]
        link.replace_self(TermLink("", "", *link.children, **link.attributes, definition=definition))


@lru_cache(maxsize=4)  # an app builds once, and to load a page takes long
def _definitions(app: Sphinx, source: str) -> dict[str, str]:
    return definitions(app.env.get_doctree(source))


def _terms(env: BuildEnvironment) -> list:
    objects = env.domains["std"].data["objects"]
    return [(kind, place) for (kind, _), place in objects.items() if kind == "term"]


def renew(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Return every page when one with a glossary has changed: the pages carry its definitions."""
    sources = {doc for _, (doc, _) in _terms(env)}
    return sorted(env.found_docs) if sources & (changed | removed) else []


def _open(visitor, node: TermLink) -> None:
    visitor.visit_reference(node)
    start = next(index for index in reversed(range(len(visitor.body))) if visitor.body[index].startswith("<a "))
    visitor.body[start] = visitor.body[start].replace("<a ", f'<a data-definition="{escape(node["definition"])}" ', 1)


def _close(visitor, node: TermLink) -> None:
    visitor.depart_reference(node)


def setup(app: Sphinx) -> None:
    """Register the link."""
    app.add_node(TermLink, html=(_open, _close))
    app.connect("doctree-resolved", define)
    app.connect("env-get-outdated", renew)
