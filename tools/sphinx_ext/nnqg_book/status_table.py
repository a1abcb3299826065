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
    made = [paragraph(f"Last cold run: {_when(status.get('date', ''))}.{_budget(status.get('budget'))}"), _times(status)]
    for title, value_title, key in (("Package", "Version", "versions"), ("Machine", "Value", "machine")):
        if status.get(key):
            rows: list[tuple[list[str], list]] = [([], [[paragraph(name)], [paragraph(str(value))]]) for name, value in status[key].items()]
            made.append(table((title, value_title), rows, f"status-{key}"))
    return made


def _when(date: str) -> str:
    return date[:16].replace("T", " ") if date else "date unknown"


def _budget(budget: dict | None) -> str:
    """Return what the unit of the pages' cost is, in words."""
    if not budget or not budget.get("kernel"):
        return ""
    unit = f"The calibration kernel took {budget['kernel']:.3f} s of CPU time"
    return f" {unit}; the budget of a page is {budget['page']} kernels, the goal for the mean {budget['mean']}."


def _times(status: dict) -> nodes.container:
    pages, limit = status["pages"], (status.get("budget") or {}).get("page", float("inf"))
    over = {page for page, times in pages.items() if times.get("kernels", 0) > limit}
    rows: list[tuple[list[str], list]] = [(["over-budget"] * (page in over), _row(page, times)) for page, times in pages.items()]
    walls = [times["wall"] for times in pages.values()]
    cpus = [times.get("cpu") or 0.0 for times in pages.values()]
    total = [[paragraph("Sum over pages")], [paragraph(seconds(sum(walls)), "number")], [paragraph(seconds(sum(cpus)), "number")]]
    kernels = [times["kernels"] for times in pages.values() if times.get("kernels") is not None]
    mean = f"mean {sum(kernels) / len(kernels):.0f}" if kernels else ""
    rows.append((["total"], [*total, [paragraph(mean, "number")], [paragraph("")]]))
    return table(("Page", "Wall time", "CPU time", "Kernels", "Date"), rows, "status-pages")


def _row(page: str, times: dict) -> list[list[nodes.Node]]:
    cpu = seconds(times["cpu"]) if times.get("cpu") is not None else "not measured"
    kernels = f"{times['kernels']:.0f}" if times.get("kernels") is not None else "not measured"
    return [
        [link_to_page(page)],
        [paragraph(seconds(times["wall"]), "number")],
        [paragraph(cpu, "number")],
        [paragraph(kernels, "number")],
        [paragraph(_when(times.get("date", "")))],
    ]
