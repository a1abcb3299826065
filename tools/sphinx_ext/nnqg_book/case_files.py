"""The directives ``{case-file-start} Title`` and ``{case-file-end}``: what stands between is detective work, folded into one box."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

__all__ = ["CaseFile", "CaseTitle", "gather", "setup"]


class Marker(nodes.General, nodes.Element):
    """Where a case file begins or ends; gone when the page has been read."""


class CaseFile(nodes.General, nodes.Element):
    """The box."""


class CaseTitle(nodes.TextElement):
    """Its first line, which stays visible."""


class Start(SphinxDirective):
    """Begin a case file; the argument is its title."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a marker that holds the title."""
        inlines, messages = self.parse_inline(self.arguments[0])
        return [Marker("", CaseTitle("", "", nodes.inline("", "Case file: "), *inlines), *messages, begins=True)]


class End(SphinxDirective):
    """End a case file."""

    def run(self) -> list[nodes.Node]:
        """Return a marker."""
        return [Marker("", begins=False)]


def gather(app: Sphinx, doctree: nodes.document) -> None:
    """Put everything from a start to the next end into a box."""
    markers = list(doctree.findall(Marker))
    for start, end in zip(markers[::2], [*markers[1::2], None], strict=False):
        together = end is not None and start["begins"] and not end["begins"] and start.parent is end.parent
        if not together:
            message = "a case file needs a start and an end in the same section, with no heading between"
            logging.getLogger(__name__).warning(message, location=start, type="nnqg", subtype="case-file")
            return
        parent, first, last = start.parent, start.parent.index(start), start.parent.index(end)
        box = CaseFile("", *start.children, *parent.children[first + 1 : last])
        parent.children[first : last + 1] = [box]
        parent.setup_child(box)


def _open(visitor, node: CaseFile) -> None:
    visitor.body.append('<details class="case-file admonition">\n')


def _close(visitor, node: CaseFile) -> None:
    visitor.body.append("</details>\n")


def _open_title(visitor, node: CaseTitle) -> None:
    visitor.body.append('<summary class="admonition-title">')


def _close_title(visitor, node: CaseTitle) -> None:
    visitor.body.append("</summary>\n")


def setup(app: Sphinx) -> None:
    """Register the directives and their boxes."""
    app.add_node(CaseFile, html=(_open, _close))
    app.add_node(CaseTitle, html=(_open_title, _close_title))
    app.add_directive("case-file-start", Start)
    app.add_directive("case-file-end", End)
    app.connect("doctree-read", gather, priority=400)
