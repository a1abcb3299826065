"""Give the bibliography's list roles that go together: the entries of a list are list items to a screen reader."""

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["setup", "with_list_items"]


def with_list_items(body: str) -> str:
    """Return a page's HTML with the bibliography's entries as list items.

    Examples
    --------
    >>> with_list_items('<div class="citation" role="doc-biblioentry">')
    '<div class="citation" role="listitem">'
    """
    return body.replace('role="doc-biblioentry"', 'role="listitem"')


def correct(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Correct the body of a page."""
    if "body" in context:
        context["body"] = with_list_items(context["body"])


def setup(app: Sphinx) -> None:
    """Run on each page before it is written."""
    app.connect("html-page-context", correct)
