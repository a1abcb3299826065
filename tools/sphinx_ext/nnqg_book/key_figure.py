"""The directive ``{key-figure}``: a chapter's index shows a figure of one of its pages, with its caption and its number there."""

from pathlib import PurePosixPath

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .run_data import NOT_EXECUTED, load

__all__ = ["KeyFigure", "setup"]

FOLDER = PurePosixPath("/_build/run/figures")  # of the source directory


class KeyFigure(SphinxDirective):
    """The figure named by the argument, from the last cold run. It keeps its own number, because it gets no second one here."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return image and caption, or a note that the page did not run."""
        name = self.arguments[0]
        figure = (load(self.env, "figures") or {}).get(name)
        box = nodes.container(classes=["key-figure"])
        if figure is None:
            box += nodes.paragraph(text=f"{name}: {NOT_EXECUTED}")
            return [box]
        path = str(FOLDER / f"{name}.png")
        self.env.note_dependency(path.removeprefix("/"))
        box += nodes.image(uri=path, alt=figure["alt"])
        caption = f"{{numref}}`{name}` of [](/chapters/{figure['page']}.md): {figure['caption']}"
        self.state.nested_parse(StringList([caption], self.get_source_info()[0]), self.content_offset, box)
        return [box]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("key-figure", KeyFigure)
