"""Build the book from the cache of executed pages: warnings are errors, and nothing is executed."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __import__("book").quiet_start()  # before nbformat, see there

from book import ending, page_cache
from book.budget import notices
from book.pages import ROOT, pages
from book.run_page import ANSI

LINUX = ctypes.CDLL(None) if sys.platform == "linux" else None
PROGRAMS = Path(sys.executable).parent


def main() -> int:
    return ending.in_one_line("render", command)


def command() -> int:
    with page_cache.locked(ROOT):
        return build()


def build() -> int:
    start, before, waiting = time.perf_counter(), cached(), not_executed()
    if waiting:  # the book's own machinery would run them, one by one and without a word
        print(f"render: {len(waiting)} page(s) have not been executed, or not since something they use has changed: {', '.join(waiting)}")
        print("Remedy: make book")
        return 1
    log = ROOT / "_build" / "run" / "render.log"
    half = log.with_name("half-rendered")  # lies there as long as a build has not come to its end
    if half.exists():
        shutil.rmtree(ROOT / "_build" / ".doctrees", ignore_errors=True)
    half.touch()
    words = [f"{PROGRAMS}/jupyter-book", "build", str(ROOT), "--path-output", str(ROOT), "-W", "--keep-going"]
    with log.open("w", encoding="utf-8") as output:
        code = subprocess.run(
            words, stdout=output, stderr=subprocess.STDOUT, env=environment(), cwd=ROOT, preexec_fn=end_with_parent, check=False
        ).returncode
    if code:
        shutil.rmtree(ROOT / "_build" / ".doctrees", ignore_errors=True)  # else the next build skips what warned and passes
        print(
            complaints(log.read_text(encoding="utf-8")),
            f"\nrender: the book was not built, see above; the whole output is in {log}",
            sep="",
        )
        return code
    half.unlink()
    if cached() != before:
        print("render: a page was executed while rendering; its source and the notebook cache disagree")
        return 1
    for line in notices(json.loads((ROOT / "_build" / "run" / "status.json").read_text(encoding="utf-8"))):
        print(line)
    print(f"the book was built in {time.perf_counter() - start:.0f} s: {ROOT}/_build/html/index.html")
    return 0


def end_with_parent() -> None:
    """Have the kernel end this process when its parent is killed; only Linux can."""
    if LINUX is not None:
        LINUX.prctl(1, signal.SIGKILL)


def complaints(output: str) -> str:
    """Return the warnings and errors of a build, or its last lines when it broke otherwise."""
    lines = ANSI.sub("", output).splitlines()
    return "\n".join([line for line in lines if "WARNING" in line or "ERROR" in line] or lines[-40:])


def environment() -> dict[str, str]:
    """The programs of this Python first, no personal settings, no colour in the log."""
    path = f"{PROGRAMS}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "JUPYTER_PREFER_ENV_PATH": "1", "NO_COLOR": "1", "PYTHONWARNINGS": "ignore", "PYTHONUTF8": "1"}


def not_executed() -> list[str]:
    """Return the names of the pages without a result that still counts."""
    cache = page_cache.open_cache(ROOT)
    return [page.name for page in pages(ROOT) if page_cache.executed(cache, page) is None]


def cached() -> set:
    """Return what the cache holds: key and time of every executed page."""
    return {(record.hashkey, record.created) for record in page_cache.open_cache(ROOT).list_cache_records()}


if __name__ == "__main__":
    raise SystemExit(main())
