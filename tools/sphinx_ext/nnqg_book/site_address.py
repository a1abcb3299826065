"""The address under which the book is published: needed by the site map and the social cards, given by ``BOOK_URL``."""

import os

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

__all__ = ["address", "setup"]

LOCAL = "http://localhost:8000/"


def address(environment: dict[str, str]) -> str:
    """Return ``BOOK_URL`` with a slash at its end; without it the address of ``make serve``.

    Examples
    --------
    >>> address({"BOOK_URL": "https://example.org/book"})
    'https://example.org/book/'
    """
    return environment.get("BOOK_URL", LOCAL).rstrip("/") + "/"


def set_address(app: Sphinx, config: Config) -> None:
    """Give site map, canonical links and social cards the same address."""
    config.html_baseurl = address(dict(os.environ))
    config.ogp_site_url = config.html_baseurl


def write_every_page(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all documents to be written: the site map names only pages that were written in the same build."""
    return sorted(env.found_docs)


def setup(app: Sphinx) -> None:
    """Set the address before other extensions read it."""
    app.connect("config-inited", set_address, priority=100)
    app.connect("env-updated", write_every_page)
