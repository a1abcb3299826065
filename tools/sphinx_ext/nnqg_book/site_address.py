"""The address under which the book is published: needed by the site map and the social cards, given by ``BOOK_URL``."""

import os

from sphinx.application import Sphinx
from sphinx.config import Config

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


def write_every_page(app: Sphinx) -> None:
    """Write all pages as soon as one has changed: the site map names only pages of the same build, and menus show other pages' titles."""
    changed: list[str] = []
    app.connect("env-purge-doc", lambda app, env, name: changed.append(name))
    app.connect("env-updated", lambda app, env: sorted(env.found_docs) if changed else [])


def setup(app: Sphinx) -> None:
    """Set the address before other extensions read it."""
    app.connect("config-inited", set_address, priority=100)
    write_every_page(app)
