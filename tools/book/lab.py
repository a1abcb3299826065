"""Start JupyterLab on the chapters; the MyST pages open as notebooks on a double click."""

import json
import os
import sys
from pathlib import Path

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __import__("book")  # before nbformat, see there

from book.pages import ROOT

OVERRIDES = {"@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}}}


def main() -> None:
    """Change the defaults of the JupyterLab in .venv only; the reader's own settings stay and win."""
    path = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(OVERRIDES), encoding="utf-8")
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    os.environ["PATH"] = f"{sys.prefix}/bin:{os.environ['PATH']}"
    os.execv(sys.executable, [sys.executable, "-m", "jupyter", "lab", f"--notebook-dir={ROOT / 'chapters'}", *sys.argv[1:]])


if __name__ == "__main__":
    main()
