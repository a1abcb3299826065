"""The directive ``library-room``: the reference of every public module of a package, so that a new module cannot be forgotten."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

__all__ = ["LibraryRoom", "public_modules", "setup"]

LIBRARY = "lib"


def public_modules(folder: Path) -> list[str]:
    """Return the names of the public modules of a package folder in alphabetical order.

    Parameters
    ----------
    folder : Path
        Folder of the package.

    Returns
    -------
    list of str
        Module names without the package.
    """
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def reference(package: str, module: str) -> list[str]:
    """Return a section that documents one module, as lines of reStructuredText."""
    name = f"{package}.{module}"
    title = f"``{name}``"
    return [title, "-" * len(title), "", f".. automodule:: {name}", "   :members:", ""]


class LibraryRoom(SphinxDirective):
    """Reference of the public modules of the package named by the argument."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Insert the sections behind the directive."""
        package = self.arguments[0]
        folder = Path(self.env.srcdir) / LIBRARY / package.replace(".", "/")
        self.env.note_dependency(str(folder))
        lines = [line for module in public_modules(folder) for line in reference(package, module)]
        self.state_machine.insert_input(lines, self.get_source_info()[0])
        return []


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("library-room", LibraryRoom)
