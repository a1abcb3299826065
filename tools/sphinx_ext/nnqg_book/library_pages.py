"""The directive ``{library-pages}``: which packages of the library each page computes with, read off the pages themselves."""

import ast
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .tables import link_to_page, table

__all__ = ["LibraryPages", "modules_of", "setup"]

CELL = re.compile(r"(?ms)^```\{code-cell\}[^\n]*\n(?:---\n.*?^---\n)?(.*?)^```$")
MAGIC = re.compile(r"(?m)^[%!].*$")


def modules_of(text: str, library: Path) -> list[str]:
    """Return the modules of ``nnqg`` that the cells of a page import, in alphabetical order.

    Parameters
    ----------
    text : str
        Source of the page.
    library : Path
        The folder that holds the package.
    """
    found = set()
    for node in ast.walk(ast.parse("\n".join(MAGIC.sub("", cell) for cell in CELL.findall(text)))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            folder = library.joinpath(*node.module.split("."))
            found |= {f"{node.module}.{alias.name}" if folder.is_dir() else node.module for alias in node.names}
    return sorted(name for name in found if name.startswith("nnqg."))


class LibraryPages(SphinxDirective):
    """A row for each page in the order of the book: the page, and the modules of the chapters' rooms that it imports."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        source = Path(self.env.srcdir)
        listed = [name.removeprefix("chapters/") for name in self.env.found_docs if name.startswith("chapters/")]
        order = (source / "_toc.yml").read_text(encoding="utf-8")
        rows = [self._row(source, name) for name in sorted(listed, key=lambda name: order.find(f"chapters/{name}"))]
        return [table(("Page", "Computes with"), [row for row in rows if row], "library-pages")]

    def _row(self, source: Path, name: str) -> tuple[list[str], list[list[nodes.Node]]] | None:
        path = source / "chapters" / f"{name}.md"
        if not path.is_file():
            return None
        self.env.note_dependency(str(path))
        modules = [module.removeprefix("nnqg.") for module in modules_of(path.read_text(encoding="utf-8"), source / "lib")]
        rooms = [module for module in modules if "." in module]
        text = nodes.paragraph("", "", *[node for module in rooms for node in (nodes.literal("", module), nodes.Text(" "))])
        return ([], [[link_to_page(name)], [text]]) if rooms else None


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("library-pages", LibraryPages)
