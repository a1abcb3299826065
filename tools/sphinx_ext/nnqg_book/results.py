"""The directives ``{ledger-table}``, ``{errata-table}`` and ``{status-table}``: what all pages together found, from the last cold run."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .errata_table import errata_table
from .ledger_table import ledger_table
from .run_data import load
from .status_table import status_table

__all__ = ["setup"]


class LedgerTable(SphinxDirective):
    """Every claim of the book."""

    def run(self) -> list[nodes.Node]:
        """Return the table, or a note that nothing ran."""
        return ledger_table(load(self.env, "ledger"))


class ErrataTable(SphinxDirective):
    """Every correction to the talk."""

    def run(self) -> list[nodes.Node]:
        """Return the cards, or a note that nothing ran."""
        bibliography = Path(self.env.srcdir) / "chapters" / "references.bib"
        self.env.note_dependency(str(bibliography))
        return errata_table(load(self.env, "errata"), self.config.chapter_numbers, bibliography)


class StatusTable(SphinxDirective):
    """Run times, versions and machine of the last cold run."""

    def run(self) -> list[nodes.Node]:
        """Return the tables, or a note that nothing ran."""
        return status_table(load(self.env, "status"))


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("ledger-table", LedgerTable)
    app.add_directive("errata-table", ErrataTable)
    app.add_directive("status-table", StatusTable)
