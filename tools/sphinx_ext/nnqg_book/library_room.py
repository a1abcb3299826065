"""The library's reference: a page for each package, written before the pages are read, and the directive ``library-room`` that fills it.

What a page says is read off the package, so that a new module cannot be forgotten: its docstring, a table of its packages and modules,
and the reference of every public module.
"""

import ast
import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective

from .tables import Cell, link_to_page, paragraph, table

__all__ = ["LibraryRoom", "entries", "lecture", "packages", "public_modules", "setup", "summary", "write_pages"]

LIBRARY = "lib"
FOLDER = "chapters/reference/library"
ENTRY = re.compile(r"(?m)^- `(\w+)`: ([^;\n]+); ([\w, -]+)$")


def public_modules(folder: Path) -> list[str]:
    """Return the names of the public modules that lie in a package's folder, in alphabetical order."""
    return sorted(path.stem for path in folder.glob("[!_]*.py"))


def packages(folder: Path) -> list[str]:
    """Return the names of the packages that lie in a package's folder, in alphabetical order."""
    return sorted(path.parent.name for path in folder.glob("[!_]*/__init__.py"))


def docstring(folder: Path) -> str:
    """Return the docstring of a package, each entry of a list on one line."""
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return re.sub(r"\n  +", " ", text)


def summary(text: str) -> str:
    """Return the first sentence of a docstring.

    Examples
    --------
    >>> summary("The bulk (arXiv:2005.02636). Bad input raises an error.")
    'The bulk (arXiv:2005.02636)'
    """
    return re.split(r"\.\s|\.?\n|\.?$", text, maxsplit=1)[0]


def entries(text: str) -> dict[str, tuple[str, list[str]]]:
    """Return what a docstring says about its modules: name -> what it is, pages that it serves.

    Examples
    --------
    >>> entries("A room.\\n\\n- `penalty`: three regularisers; meson-spectrum, neural-ode")
    {'penalty': ('three regularisers', ['meson-spectrum', 'neural-ode'])}
    """
    return {name: (what, pages.split(", ")) for name, what, pages in ENTRY.findall(text)}


def lecture(text: str) -> str:
    """Return a docstring without its entries, as reStructuredText: names in backticks are code."""
    return re.sub(r"(?<!`)`([^`\n]+)`(?!`)", r"``\1``", ENTRY.sub("", text)).strip()


def write_pages(app: Sphinx, config: Config) -> None:
    """Write a page for each package of each room, and remove those of packages that are gone."""
    source, wanted = Path(app.srcdir), {}
    library = source / LIBRARY / "nnqg"
    for room in packages(library):
        for name in packages(library / room):
            title = name.replace("_", " ").capitalize()
            text = f"{title}\n{'=' * len(title)}\n\n.. library-room:: nnqg.{room}.{name}\n"
            wanted[source / FOLDER / room.replace("_", "-") / f"{name.replace('_', '-')}.rst"] = text
    for path in set((source / FOLDER).glob("*/*.rst")) - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


class LibraryRoom(SphinxDirective):
    """The package named by the argument; ``:alone:`` leaves its packages out."""

    required_arguments = 1
    option_spec = {"alone": lambda text: True}

    def run(self) -> list[nodes.Node]:
        """Return lecture and tables, and insert the reference of the modules behind the directive."""
        package = self.arguments[0]
        folder = Path(self.env.srcdir) / LIBRARY / package.replace(".", "/")
        for path in (*folder.glob("*.py"), *folder.glob("*/__init__.py")):  # files only: a folder would always count as changed
            self.env.note_dependency(str(path))
        text, modules = docstring(folder), public_modules(folder)
        box = nodes.container()
        self.state.nested_parse(StringList(lecture(text).splitlines(), source=package), 0, box)
        made = [nodes.paragraph("", "", nodes.literal("", package)), *box.children]
        if entries(text):
            rows = [self._module(package, name, *entry) for name, entry in entries(text).items()]
            made.append(table(("Module", "What is in it", "Serves"), rows, "library-pages"))
        inner = [] if "alone" in self.options else packages(folder)
        if inner:
            rows = [self._package(package, name, summary(docstring(folder / name))) for name in inner]
            made.append(table(("Package", "What is in it"), rows, "library-pages"))
        lines = [line for module in modules for line in reference(package, module)]
        self.state_machine.insert_input(lines, self.get_source_info()[0])
        return made

    def _package(self, package: str, name: str, what: str) -> tuple[list[str], list[Cell]]:
        """Return a row that leads to the page of a package."""
        room = package.removeprefix("nnqg.").replace("_", "-")
        link = pending_xref("", nodes.literal("", name), refdomain="std", reftype="doc", refwarn=True, refexplicit=True)
        link["reftarget"] = f"/{FOLDER}/{room}/{name.replace('_', '-')}"
        return [], [[nodes.paragraph("", "", link)], [paragraph(what.replace("`", ""))]]

    def _module(self, package: str, name: str, what: str, pages: list[str]) -> tuple[list[str], list[Cell]]:
        """Return a row that leads to the section of a module, and to the pages that use it."""
        link = nodes.reference("", "", nodes.literal("", name), refid=f"module-{package}.{name}", internal=True)
        chapters = {path.stem: path.parent.name for path in (Path(self.env.srcdir) / "chapters").glob("*/*.md")}
        serves: list[nodes.Node] = [link_to_page(f"{chapters[page]}/{page}") for page in pages if page in chapters]
        return [], [[nodes.paragraph("", "", link)], [paragraph(what.replace("`", ""))], serves]


def reference(package: str, module: str) -> list[str]:
    """Return a section that documents one module, as lines of reStructuredText."""
    title = f"``{module}``"
    return [title, "-" * len(title), "", f".. automodule:: {package}.{module}", "   :members:", ""]


def setup(app: Sphinx) -> None:
    """Register the directive, and write the pages before the table of contents is read."""
    app.add_directive("library-room", LibraryRoom)
    app.connect("config-inited", write_pages)
