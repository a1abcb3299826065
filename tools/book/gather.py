"""Gather from the executed pages what they claim, what they correct, what they show and what they cost."""

import base64
import json
import os
import platform
import statistics
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from book import page_cache
from book.budget import MEAN, PAGE, in_kernels
from book.pages import Page, pages

CLAIMS = "application/vnd.nnqg.claims+json"
ERRATA = "application/vnd.nnqg.errata+json"
VERSIONS = ("nnqg", "numpy", "scipy", "torch", "numba", "matplotlib", "jupyter-book")


def gather(root: Path) -> None:
    """Write `status.json`, `ledger.json`, `errata.json` and the figures to `_build/run`, from the cache alone."""
    cache, status, claims, errata = page_cache.open_cache(root), {}, [], []
    shown: dict[str, dict[str, str]] = {}
    units: list[float] = []
    for page in pages(root):
        found = page_cache.executed(cache, page)
        if found is None:
            continue
        notebook, measured = found
        status[page.name] = {**{key: measured[key] for key in ("wall", "cpu", "date")}, "kernels": in_kernels(measured)}
        units.append(measured["kernel"])
        claims += [placed(page, record) for record in records(notebook, CLAIMS)]
        errata += [placed(page, record) for record in records(notebook, ERRATA)]
        shown |= {name: {"page": page.name, **figure} for name, figure in figures(notebook).items()}
    date = max((entry["date"] for entry in status.values()), default=datetime.now(UTC).isoformat(timespec="seconds"))
    budget = {"page": PAGE, "mean": MEAN, "kernel": statistics.median(units) if units else None}
    _write(root, "status", {"pages": status, "budget": budget, "versions": versions(), "machine": machine(), "date": date})
    _write(root, "ledger", claims)
    _write(root, "errata", errata)
    for name, figure in shown.items():
        _write_bytes(root / "_build" / "run" / "figures" / f"{name}.png", base64.b64decode(figure.pop("png")))
    _write(root, "figures", shown)


def placed(page: Page, record: dict) -> dict:
    """Return a record with the place it comes from; its identifier is its short name behind the page's."""
    identifier = f"{page.source.stem}/{record['name']}"
    return {"page": page.name, "chapter": page.chapter, "identifier": identifier, **record}


def records(notebook, mimetype: str) -> list[dict]:
    """Return the objects that the cells of an executed notebook displayed as `mimetype`."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [record for output in outputs for record in output.get("data", {}).get(mimetype, [])]


def figures(notebook) -> dict[str, dict[str, str]]:
    """Return picture (PNG in base64), caption and alternative text of the named figures of an executed notebook."""
    found = {}
    for cell in notebook.cells:
        settings = cell.metadata.get("mystnb", {})
        name = settings.get("figure", {}).get("name")
        pictures = [output.data["image/png"] for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
        if name and pictures:
            texts = {"caption": settings["figure"].get("caption", ""), "alt": settings.get("image", {}).get("alt", "")}
            found[name] = {"png": pictures[0], **{key: " ".join(text.split()) for key, text in texts.items()}}
    return found


def versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in VERSIONS}}


def machine() -> dict[str, str | int | float | None]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"processor": _processor(), "cores": os.cpu_count(), "memory_GiB": round(memory, 1), "system": platform.platform(aliased=True)}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _write(root: Path, name: str, content) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    _write_bytes(root / "_build" / "run" / f"{name}.json", text.encode())


def _write_bytes(path: Path, content: bytes) -> None:
    """Write a file only where it differs, so that the book renders again only what has changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
