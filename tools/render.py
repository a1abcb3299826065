"""Build the book from the cache of executed pages: warnings are errors, and nothing is executed."""

import os
import subprocess
import sys
import time

from jupyter_cache import get_cache

import house
from pages import ROOT


def main() -> int:
    start, before = time.perf_counter(), cached()
    log = ROOT / "_build" / "run" / "render.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "jupyter_book", "build", str(ROOT), "--path-output", str(ROOT), "-W", "--keep-going", "-n"]
    with log.open("w") as output:
        code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, env=environment(), cwd=ROOT).returncode
    if code:
        print(log.read_text(), f"\nrender: the book was not built, see above ({log})", sep="")
        return code
    if cached() != before:
        print("render: a page was executed while rendering; its source and the notebook cache disagree")
        return 1
    print(f"the book was built in {time.perf_counter() - start:.0f} s: {ROOT}/_build/html/index.html")
    return 0


def environment() -> dict[str, str]:
    """The tools of .venv first, no personal settings, no colour in the log."""
    path = f"{ROOT}/.venv/bin:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "JUPYTER_PREFER_ENV_PATH": "1", "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"}


def cached() -> set:
    """Return what the cache holds: key and time of every executed page."""
    return {(record.hashkey, record.created) for record in get_cache(ROOT / "_build" / house.FIRST).list_cache_records()}


if __name__ == "__main__":
    raise SystemExit(main())
