"""Number the chapters as the talk does: a page gets the number that ``chapter_numbers`` gives to its folder."""

from collections.abc import Callable
from pathlib import PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

__all__ = ["in_chapter", "setup"]


def in_chapter(number: tuple[int, ...] | list[int], chapter: int) -> tuple[int, ...]:
    """Return a section number with its chapter replaced.

    Examples
    --------
    >>> in_chapter((1, 2), 3)
    (3, 2)
    """
    return (chapter, *number[1:]) if number else ()


def renumber(env: BuildEnvironment, page: str, chapter: int) -> None:
    """Replace the chapter's number of a page where Sphinx keeps it: in its anchors, its table of contents and its title."""
    env.toc_secnumbers[page] = {anchor: in_chapter(number, chapter) for anchor, number in env.toc_secnumbers[page].items()}
    for holder in (*env.tocs[page].findall(nodes.reference), env.titles[page]):
        if holder.get("secnumber"):
            holder["secnumber"] = list(in_chapter(holder["secnumber"], chapter))


def assign(collector: TocTreeCollector, env: BuildEnvironment, original: Callable) -> list[str]:
    """Assign section numbers as Sphinx does, then move them; return the pages whose numbers changed."""
    before = env.toc_secnumbers
    original(collector, env)
    for page in env.toc_secnumbers:
        folder = PurePosixPath(page).parent.name
        if folder in env.config.chapter_numbers:
            renumber(env, page, env.config.chapter_numbers[folder])
    return [page for page, numbers in env.toc_secnumbers.items() if numbers != before.get(page)]


def setup(app: Sphinx) -> None:
    """Wrap the numbering of ``_toc.yml``, which counts from 1 and leaves nothing out."""
    app.add_config_value("chapter_numbers", {}, "env")
    original = TocTreeCollectorWithStyles.assign_section_numbers
    setattr(TocTreeCollectorWithStyles, "assign_section_numbers", lambda collector, env: assign(collector, env, original))  # noqa: B010
