"""Fold what is not physics: the code of figures, imports, and the cells of ledger and errata. A cell tagged ``show-input`` stays open.

The code of what only prints a table is folded by the page, with the tag ``hide-input``.
"""

import ast

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["fold", "setup", "what_is_folded"]

RECORDS = {"record": "ledger", "correct": "errata"}


def what_is_folded(code: str) -> str:
    """Return what a cell's code is when readers need not see it, else nothing.

    Examples
    --------
    >>> what_is_folded("figure, ax = plt.subplots()\\nplt.show()")
    'figure'
    >>> what_is_folded("import numpy as np\\n\\nrng = np.random.default_rng(1)")
    'imports'
    >>> what_is_folded("phi = phi + step * pi_")
    ''
    """
    try:
        body = ast.parse(code).body
    except SyntaxError:  # magic
        return ""
    calls = [_called(statement) for statement in body if _called(statement)]
    if calls and _called(body[-1]) and calls[-1] in ("plt.show", "sliders.show", "sliders.stage"):
        return "figure"
    records = [RECORDS[call.split(".")[-1]] for call in calls if call in ("ledger.record", "record", "errata.correct", "correct")]
    if records:
        return records[-1]
    return "imports" if body and isinstance(body[0], ast.Import | ast.ImportFrom) and len(body) > 1 else ""


def _called(statement: ast.stmt) -> str:
    """Return the name of the function that a statement calls, empty when it is no call."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func)
    return ""


def fold(app: Sphinx, doctree: nodes.document) -> None:
    """Fold the input of every such cell of a page that was read."""
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") != "cell_code" or "tag_show-input" in cell["classes"]:
            continue
        sources = [child for child in cell.children if child.get("nb_element") == "cell_code_source"]
        what = what_is_folded(sources[0].astext()) if sources else ""
        if cell.get("hide_mode") == "input":  # by the page
            cell["prompt_show"], cell["prompt_hide"] = "Show the code", "Hide the code"
        elif what and not cell.get("hide_mode"):
            cell["hide_mode"] = "input"
            cell["prompt_show"], cell["prompt_hide"] = f"Show the code: {what}", f"Hide the code: {what}"


def setup(app: Sphinx) -> None:
    """Run on each page after it was read."""
    app.connect("doctree-read", fold)
