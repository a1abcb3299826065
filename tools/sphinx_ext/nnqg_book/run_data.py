"""The files that the cold run leaves behind, and how to say that they are not there yet."""

import json
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment

__all__ = ["NOT_EXECUTED", "chapter_of", "load", "page_of"]

NOT_EXECUTED = "not executed yet"
CHAPTERS = "chapters/"


def load(env: BuildEnvironment, name: str) -> Any:
    """Return what ``_build/run/<name>.json`` holds, None when there is no such file; the page is rendered again when it changes.

    Parameters
    ----------
    env : BuildEnvironment
        Sphinx environment of the build.
    name : str
        File name without its ending: ``status``, ``ledger`` or ``errata``.

    Returns
    -------
    Any
        The parsed JSON, or None.
    """
    path = Path(env.srcdir) / "_build" / "run" / f"{name}.json"
    env.note_dependency(str(path))
    if not path.is_file():
        return None
    return json.loads(path.read_text(encoding="utf-8"))


def page_of(docname: str) -> str:
    """Return ``<chapter>/<page>``, the name of a page in the run's files, from its Sphinx name ``chapters/<chapter>/<page>``."""
    return docname.removeprefix(CHAPTERS)


def chapter_of(page: str) -> str:
    """Return the chapter of ``<chapter>/<page>``."""
    return page.split("/", 1)[0]
