"""Offer each executable page, and its exercises, as a notebook: copy ``_build/notebooks`` and put the links into the page's header."""

import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from .run_data import page_of

__all__ = ["buttons", "setup"]

FOLDER = "notebooks"
EXERCISES = "-exercises.ipynb"


def exported(app: Sphinx) -> Path:
    """Return the folder with the notebooks that the build wrote for readers."""
    return Path(app.srcdir) / "_build" / FOLDER


def buttons(notebook: str) -> dict:
    """Return the header's download menu for a page whose notebook lies at ``notebook``, an address relative to the page.

    Examples
    --------
    >>> [button["text"] for button in buttons("../notebooks/chapter/page.ipynb")["buttons"]]
    ['Notebook', 'Exercises', 'Paper']
    """
    page = {"type": "link", "url": notebook, "text": "Notebook", "icon": "fas fa-code", "label": "download-notebook-button"}
    page |= {"tooltip": "This page as a notebook (.ipynb), with outputs"}
    exercises = page | {"url": notebook.removesuffix(".ipynb") + EXERCISES, "text": "Exercises", "icon": "fas fa-pen"}
    exercises |= {"label": "download-exercises-button", "tooltip": "Its exercises as a notebook (.ipynb), without solutions"}
    paper = {"type": "javascript", "javascript": "window.print()", "text": "Paper", "icon": "fas fa-file-pdf"}
    paper |= {"label": "download-pdf-button", "tooltip": "Print this page, or keep it as PDF"}
    menu = {"type": "group", "tooltip": "Download this page", "icon": "fas fa-download", "label": "download-buttons"}
    return menu | {"buttons": [page, exercises, paper]}


def add_button(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Replace the theme's download of the Markdown source, on pages that have a notebook."""
    others = [button for button in context.get("header_buttons", []) if button.get("label") != "download-buttons"]
    name = f"{page_of(page)}.ipynb"
    if (exported(app) / name).is_file():
        others.insert(0, buttons(context["pathto"](f"{FOLDER}/{name}", 1)))
    context["header_buttons"] = others


def copy_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Copy the exported notebooks beside the pages."""
    if exception is None and app.builder.format == "html" and exported(app).is_dir():
        shutil.copytree(exported(app), Path(app.outdir) / FOLDER, dirs_exist_ok=True)


def setup(app: Sphinx) -> None:
    """Run after the theme has filled the header, and after the build."""
    app.connect("html-page-context", add_button, priority=900)
    app.connect("build-finished", copy_notebooks)
