"""The pages of the book: which there are, where they lie, what is in them."""

from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jupytext
import yaml

ROOT = Path(__file__).resolve().parents[2]
NOT_COMPARED = "not-compared"


class BrokenPage(ValueError):
    """A page cannot be read as a notebook."""


@contextmanager
def broken(path: Path):
    """Turn whatever a file raises that is read here, for which the formats have no common class, into one line with its name."""
    try:
        yield
    except Exception as error:
        raise BrokenPage(f"{path} cannot be read: {' '.join(str(error).split())}") from error


@dataclass(frozen=True)
class Page:
    """An executable page: `name` is `<chapter>/<page>`, `root` the folder that holds `_toc.yml`."""

    name: str
    root: Path

    @property
    def source(self) -> Path:
        return self.root / "chapters" / f"{self.name}.md"

    @property
    def chapter(self) -> str:
        return self.name.split("/")[0]

    def read(self):
        """Return the page as an unexecuted notebook."""
        with broken(self.source):
            return deepcopy(_parsed(self.source, self.source.stat().st_mtime_ns))

    def line_of(self, cell) -> int:
        """Return the line of the page's source at which a cell's code starts, or 0 when it is not found."""
        position = self.source.read_text(encoding="utf-8").find(cell.source)
        return 0 if position < 0 else self.source.read_text(encoding="utf-8").count("\n", 0, position) + 1


@lru_cache(maxsize=256)
def _parsed(source: Path, stamp: int):
    """Return a page as a notebook, parsed once as long as the file is the same; a reader takes a copy."""
    return jupytext.read(source)


def files_in_toc(root: Path = ROOT) -> list[str]:
    """Return every file that `_toc.yml` lists, in reading order, relative to the root and without suffix."""

    def walk(node):
        if isinstance(node, list):
            return [name for child in node for name in walk(child)]
        if not isinstance(node, dict):
            return []
        own = [node[key] for key in ("root", "file") if key in node]
        return own + [name for key in ("parts", "chapters", "sections", "entries", "subtrees") for name in walk(node.get(key))]

    with broken(root / "_toc.yml"):
        found = [name.removesuffix(".md") for name in walk(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8")))]
        if not found:
            raise ValueError("it lists no page")
    return found


def is_notebook(path: Path) -> bool:
    """Tell whether a Markdown file is a page that runs: its front matter names a kernel."""
    if path.suffix != ".md" or not path.exists():
        return False
    with broken(path):
        parts = path.read_text(encoding="utf-8").split("---\n", 2)
        return len(parts) == 3 and not parts[0].strip() and "kernelspec" in (yaml.safe_load(parts[1]) or {})


def pages(root: Path = ROOT, names: list[str] | None = None) -> list[Page]:
    """Return the executable pages in reading order; `names` (page names or paths) selects some, listed in `_toc.yml` or not."""
    if names:
        return [_named(root, name) for name in names]
    listed = [file.removeprefix("chapters/") for file in files_in_toc(root) if file.startswith("chapters/")]
    return [Page(name, root) for name in listed if is_notebook(root / "chapters" / f"{name}.md")]


def _named(root: Path, name: str) -> Page:
    page = Page(name.removesuffix(".md").split("chapters/")[-1], root)
    if not is_notebook(page.source):
        raise SystemExit(f"{page.source} is not an executable page (a .md file whose front matter names a kernel)")
    return page
