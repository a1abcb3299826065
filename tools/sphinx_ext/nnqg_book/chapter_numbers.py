"""Number the chapters as the talk does: the first numbered chapter of ``_toc.yml`` gets the number ``first_chapter``."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

__all__ = ["setup", "shifted"]


def shifted(number: tuple[int, ...] | list[int], offset: int) -> tuple[int, ...]:
    """Return a section number with its chapter moved.

    Examples
    --------
    >>> shifted((1, 2), 2)
    (3, 2)
    """
    return (number[0] + offset, *number[1:]) if number else ()


def shift_page(env: BuildEnvironment, page: str, offset: int) -> None:
    """Move the chapter number of a page where Sphinx keeps it: in its anchors, its table of contents and its title."""
    env.toc_secnumbers[page] = {anchor: shifted(number, offset) for anchor, number in env.toc_secnumbers[page].items()}
    for holder in (*env.tocs[page].findall(nodes.reference), env.titles[page]):
        if holder.get("secnumber"):
            holder["secnumber"] = list(shifted(holder["secnumber"], offset))


def assign(collector: TocTreeCollector, env: BuildEnvironment, original: object) -> list[str]:
    """Assign section numbers as Sphinx does, then move them; return the pages whose numbers changed."""
    before = env.toc_secnumbers
    original(collector, env)
    for page in env.toc_secnumbers:
        shift_page(env, page, env.config.first_chapter - 1)
    return [page for page, numbers in env.toc_secnumbers.items() if numbers != before.get(page)]


def setup(app: Sphinx) -> None:
    """Wrap the numbering of ``_toc.yml``, which has no setting for the first number."""
    app.add_config_value("first_chapter", 1, "env")
    original = TocTreeCollectorWithStyles.assign_section_numbers
    TocTreeCollectorWithStyles.assign_section_numbers = lambda collector, env: assign(collector, env, original)
