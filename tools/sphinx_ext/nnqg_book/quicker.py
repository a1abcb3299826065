"""What makes the rendering quicker and changes nothing: two processes write, and the style of citations is looked up once."""

import os

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

__all__ = ["setup"]

STYLES = "sphinxcontrib.bibtex.style.referencing"


def remember_style(app: Sphinx, config: Config) -> None:
    """Register the style of references: one that is only installed is searched for among all packages at each citation."""
    if bibtex := app.extensions.get("sphinxcontrib.bibtex"):
        plugin, name = bibtex.module.plugin, config.bibtex_reference_style
        plugin.register_plugin(STYLES, name, plugin.find_plugin(STYLES, name), force=True)


def write_in_two(app: Sphinx, env: BuildEnvironment) -> None:
    """Have two processes write what this one resolves; pages are read in one, because not every extension can do it in two."""
    app.parallel = 1 + min(2, os.cpu_count() or 1)


def setup(app: Sphinx) -> None:
    """Register both."""
    app.connect("config-inited", remember_style)
    app.connect("env-updated", write_in_two)
