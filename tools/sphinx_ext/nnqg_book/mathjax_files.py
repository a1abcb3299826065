"""Serve MathJax with the book: copy the few files of it that the pages need (1.8 MB of 24) beside the other static files."""

import shutil
from pathlib import Path

import sphinx
from sphinx.application import Sphinx

__all__ = ["NEEDED", "copy_files", "setup", "source_folder"]

PACKAGE = "sphinx-mathjax-offline"
NEEDED = ("tex-chtml-full.js", "output/chtml/fonts")


def source_folder() -> Path:
    """Return the folder in which the installed package keeps MathJax."""
    site_packages = Path(sphinx.__file__).parents[1]
    return site_packages / PACKAGE / "static" / "mathjax"


def copy_files(source: Path, target: Path) -> None:
    """Copy what is missing in the target.

    Parameters
    ----------
    source, target : Path
        MathJax as installed, and its place in the book.
    """
    for name in NEEDED:
        if (target / name).exists():
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        else:
            shutil.copy2(source / name, target / name)


def copy_to_book(app: Sphinx, exception: Exception | None) -> None:
    """Copy after a successful HTML build."""
    if exception is None and app.builder.format == "html":
        copy_files(source_folder(), Path(app.outdir) / "_static" / "mathjax")


def setup(app: Sphinx) -> None:
    """Copy at the end of the build."""
    app.connect("build-finished", copy_to_book)
