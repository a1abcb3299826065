"""When and where the book last ran from cold, how long each page took, and with which versions."""

from docutils import nodes

from .run_data import NOT_EXECUTED
from .run_time import seconds
from .tables import link_to_page, paragraph, placeholder, table

__all__ = ["status_table"]


def status_table(status: dict | None) -> list[nodes.Node]:
    """Return the run-time table and the tables of versions and machine, or a placeholder.

    Parameters
    ----------
    status : dict or None
        Contents of ``status.json``.

    Returns
    -------
    list of docutils nodes
        What the directive puts on the page.
    """
    if not status or not status.get("pages"):
        return placeholder(f"There are no run times: the book was {NOT_EXECUTED}.")
    made = [paragraph(f"Last cold run: {_when(status.get('date', ''))}."), _times(status["pages"])]
    for title, value_title, key in (("Package", "Version", "versions"), ("Machine", "Value", "machine")):
        if status.get(key):
            rows = [([], [[paragraph(name)], [paragraph(str(value))]]) for name, value in status[key].items()]
            made.append(table((title, value_title), rows, f"status-{key}"))
    return made


def _when(date: str) -> str:
    return date[:16].replace("T", " ") if date else "date unknown"


def _times(pages: dict[str, dict]) -> nodes.container:
    rows = [([], _row(page, times)) for page, times in pages.items()]
    walls = [times["wall"] for times in pages.values()]
    cpus = [times.get("cpu") or 0.0 for times in pages.values()]
    total = [[paragraph("Sum over pages")], [paragraph(seconds(sum(walls)), "number")], [paragraph(seconds(sum(cpus)), "number")]]
    rows.append((["total"], [*total, [paragraph("")]]))
    return table(("Page", "Wall time", "CPU time", "Date"), rows, "status-pages")


def _row(page: str, times: dict) -> list[list[nodes.Node]]:
    cpu = seconds(times["cpu"]) if times.get("cpu") is not None else "not measured"
    return [
        [link_to_page(page)],
        [paragraph(seconds(times["wall"]), "number")],
        [paragraph(cpu, "number")],
        [paragraph(_when(times.get("date", "")))],
    ]
