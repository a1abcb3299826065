"""Leave out the scripts of the theme that would fetch a live kernel from other hosts: this book offers downloads instead."""

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["is_live_kernel", "setup"]


def is_live_kernel(script: object) -> bool:
    """Return whether a script of the page belongs to the live-kernel extension."""
    name = str(getattr(script, "filename", script) or "")
    body = getattr(script, "attributes", {}).get("body") or ""
    return "thebe" in name or "THEBE_JS_URL" in body


def remove_live_kernel(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Take those scripts off the page."""
    context["script_files"] = [script for script in context.get("script_files", []) if not is_live_kernel(script)]


def setup(app: Sphinx) -> None:
    """Run after the theme has listed its scripts."""
    app.connect("html-page-context", remove_live_kernel, priority=900)
