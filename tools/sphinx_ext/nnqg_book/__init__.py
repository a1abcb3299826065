"""The book's own Sphinx extension: what the finished pages show of the last cold run, and how the site is put together.

Each module adds one thing and registers it in its own ``setup``.
"""

from sphinx.application import Sphinx

from . import (
    case_files,
    chapter_numbers,
    citation_roles,
    claim_value,
    downloads,
    effort,
    folding,
    glossary_cards,
    key_figure,
    library_pages,
    library_room,
    library_source,
    mathjax_files,
    notation_table,
    quicker,
    results,
    run_time,
    scripts,
    search,
    site_address,
    solutions,
)

__all__ = ["setup"]

PARTS = (
    site_address,
    quicker,
    citation_roles,
    mathjax_files,
    scripts,
    search,
    run_time,
    results,
    notation_table,
    solutions,
    library_room,
    library_pages,
    downloads,
    key_figure,
    chapter_numbers,
    case_files,
    folding,
    library_source,
    glossary_cards,
    effort,
    claim_value,
)


def setup(app: Sphinx) -> dict:
    """Register every part of the extension."""
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
