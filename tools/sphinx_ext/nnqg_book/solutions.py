"""Keep the marker lines of the coursework out of the rendered code: students see them, readers of the book need not.

With `SOLUTIONS=no` in the environment the solutions stay out as well, for a book that lies beside a running course.
"""

import os
import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx_exercise.nodes import solution_node

__all__ = ["setup", "without_markers"]

MARKER = re.compile(r"^[ \t]*#{2,3} (BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)[ \t]*\n?", re.MULTILINE)


def without_markers(code: str) -> str:
    """Return code without the lines that mark solutions and hidden tests.

    Examples
    --------
    >>> without_markers("def f():\\n    ### BEGIN SOLUTION\\n    return 1\\n    ### END SOLUTION")
    'def f():\\n    return 1'
    """
    return MARKER.sub("", code).rstrip("\n") if MARKER.search(code) else code


def configure(app: Sphinx, config: Config) -> None:
    """Let a change of mind read every page again, and no source lie in a book without solutions."""
    config.with_solutions = os.environ.get("SOLUTIONS") != "no"
    config.html_copy_source = config.html_copy_source and config.with_solutions


def clean(app: Sphinx, doctree: nodes.document) -> None:
    """Rewrite every code block of a page that has such lines; remove the solutions where they are not wanted."""
    for solution in [] if app.config.with_solutions else list(doctree.findall(solution_node)):
        solution.parent.remove(solution)
    for block in doctree.findall(nodes.literal_block):
        code = without_markers(block.astext())
        if code != block.astext():
            block[:] = [nodes.Text(code)]
            block.rawsource = code


def setup(app: Sphinx) -> None:
    """Run on each page after it was read."""
    app.add_config_value("with_solutions", True, "env", bool)
    app.connect("config-inited", configure)
    app.connect("doctree-read", clean)
