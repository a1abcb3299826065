"""The directive ``{library-source} module name``: a public function or class of the library, as it stands there, docstring left out."""

import ast
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

__all__ = ["LibrarySource", "setup", "source_of"]


def source_of(library: Path, module: str, name: str) -> str:
    """Return the source of a function or class without its docstring.

    Parameters
    ----------
    library : Path
        The folder that holds the package.
    module : str
        Dotted name of a module.
    name : str
        A function or class that it defines.
    """
    text = library.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    defined = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    found = [node for node in defined if node.name == name]
    if not found:
        raise ValueError(f"{module} defines no {name}")
    node, lines = found[0], text.splitlines()
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
    doc = node.body[0] if ast.get_docstring(node) and len(node.body) > 1 else None
    head = lines[first : doc.lineno - 1] if doc else []
    rest = lines[doc.end_lineno if doc else first : node.end_lineno]
    while doc and rest and not rest[0].strip():
        rest = rest[1:]
    return "\n".join(head + rest)


class LibrarySource(SphinxDirective):
    """The source, highlighted as a cell of the page is."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return a code block that names where it comes from."""
        module, name = self.arguments
        library = Path(self.env.srcdir) / "lib"
        self.env.note_dependency(str(library.joinpath(*module.split(".")).with_suffix(".py")))
        try:
            source = source_of(library, module, name)
        except (OSError, ValueError) as error:
            raise self.error(str(error)) from error
        where = nodes.paragraph("", "", nodes.Text("Source of "), nodes.literal("", f"{module}.{name}"), classes=["library-source"])
        return [where, nodes.literal_block(source, source, language="python")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("library-source", LibrarySource)
