"""Make the figure of the README again from the executed page, on white, because a README has no theme of ours."""

import base64
import io
import sys
from pathlib import Path

import matplotlib.image

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __import__("book")  # before nbformat, see there

from book import page_cache
from book.gather import figures
from book.pages import ROOT, pages

PAGE, FIGURE = "emergent-spacetime/learning-from-lattice-qcd", "fig-learning-from-lattice-qcd-metric"
PATH = ROOT / "chapters" / "_static" / "emergent-metric.png"


def picture():
    """Return the figure of the executed page as an array [row, column, 3], laid on white."""
    notebook = page_cache.executed(page_cache.open_cache(ROOT), pages(ROOT, [PAGE])[0])[0]
    rgba = matplotlib.image.imread(io.BytesIO(base64.b64decode(figures(notebook)[FIGURE]["png"])), format="png")
    return rgba[..., :3] * rgba[..., 3:] + (1 - rgba[..., 3:]) if rgba.shape[-1] == 4 else rgba


def main() -> int:
    matplotlib.image.imsave(PATH, picture(), dpi=200)
    print(PATH)
    return 0


if __name__ == "__main__":
    sys.exit(main())
