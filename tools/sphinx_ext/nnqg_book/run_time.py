"""The role ``{run-time}`` gives the measured run time of a page: ``{run-time}`networks-as-spacetime/friction` ``."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from .run_data import NOT_EXECUTED, load

__all__ = ["RunTime", "seconds", "sentence", "setup"]


def seconds(value: float) -> str:
    """Return a time for a reader: one decimal below ten seconds, none above."""
    return f"{value:.1f} s" if value < 9.95 else f"{value:.0f} s"


def sentence(status: dict | None, page: str) -> str:
    """Return the run time of a page in words.

    Parameters
    ----------
    status : dict or None
        Contents of ``status.json``.
    page : str
        ``<chapter>/<page>``.

    Returns
    -------
    str
        Wall and CPU time and date, or that the page has not run.
    """
    times = (status or {}).get("pages", {}).get(page)
    if not times:
        return NOT_EXECUTED
    words = seconds(times["wall"])
    if times.get("cpu") is not None:
        words += f" ({seconds(times['cpu'])} of CPU time)"
    return f"{words}, measured on {times['date'][:10]}" if times.get("date") else words


class RunTime(SphinxRole):
    """Role that shows the run time of the page it names."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the sentence as inline text."""
        words = sentence(load(self.env, "status"), self.text.strip())
        return [nodes.inline(self.rawtext, words, classes=["run-time"])], []


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("run-time", RunTime())
