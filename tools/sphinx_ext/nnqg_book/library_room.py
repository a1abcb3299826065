"""The directive ``library-room``: the reference of every public module of a package, so that a new module cannot be forgotten."""

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

__all__ = ["LibraryRoom", "public_modules", "setup"]

LIBRARY = "lib"


def public_modules(folder: Path) -> list[str]:
    """Return the dotted names of the public modules of a package folder and of its sub-packages in alphabetical order.

    Parameters
    ----------
    folder : Path
        Folder of the package.

    Returns
    -------
    list of str
        Module names without the package's.
    """
    paths = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.py"))
    return sorted(".".join(path.parts) for path in paths if not any(part.startswith("_") for part in path.parts))


def reference(package: str, module: str) -> list[str]:
    """Return a section that documents one module, as lines of reStructuredText."""
    name = f"{package}.{module}"
    title = f"``{name}``"
    return [title, "-" * len(title), "", f".. automodule:: {name}", "   :members:", ""]


class LibraryRoom(SphinxDirective):
    """Reference of the public modules of the package named by the argument, without its sub-packages if it says ``:alone:``."""

    required_arguments = 1
    option_spec = {"alone": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Insert the sections behind the directive."""
        package = self.arguments[0]
        folder = Path(self.env.srcdir) / LIBRARY / package.replace(".", "/")
        self.env.note_dependency(str(folder))
        modules = [module for module in public_modules(folder) if "alone" not in self.options or "." not in module]
        lines = [line for module in modules for line in reference(package, module)]
        self.state_machine.insert_input(lines, self.get_source_info()[0])
        return []


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("library-room", LibraryRoom)
