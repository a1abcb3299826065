"""Execute every page of `_toc.yml` once, from cold, two at a time, into the notebook cache of the book.

A page runs when something that it depends on has changed (`fingerprint.py`). What the pages claim, correct and cost is then
written to `_build/run` for the pages `reference/ledger`, `reference/errata` and `reference/status`.
"""

import argparse
import errno
import sys
import time
from contextlib import closing
from pathlib import Path

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __import__("book").quiet_start()  # before nbformat, see there

import nbformat

from book import ending, page_cache, proof, workers
from book.gather import gather
from book.pages import ROOT, pages
from book.run_page import run

AT_ONCE = 2


def execute(root: Path, names: list[str] | None = None, cache_name: str = page_cache.FIRST, again: bool = False) -> list[str]:
    """Bring the cache up to date; return the failures."""
    start, failures = time.perf_counter(), []
    cache, chosen = page_cache.open_cache(root, cache_name), pages(root, names)
    if cache_name == page_cache.SECOND:
        chosen = [page for page in chosen if proof.needed(page)]
    waiting = [page for page in chosen if again or page_cache.executed(cache, page) is None]
    print(f"{len(chosen)} pages, {len(chosen) - len(waiting)} unchanged, {len(waiting)} to run, {AT_ONCE} at a time", flush=True)
    with closing(workers.each(run, waiting, AT_ONCE)) as runs:
        for number, done in enumerate(runs, start=1):
            print(f"[{time.perf_counter() - start:6.1f} s] {number}/{len(waiting)} {done.page.name}: {_outcome(done)}", flush=True)
            if f"[Errno {errno.ENOSPC}]" in done.failure:
                raise OSError(errno.ENOSPC, "while the page ran", done.page.name)
            if done.failure:
                failures.append(done.failure)
                continue
            page_cache.store(cache, done.page, done.notebook, done.measured)
            page_cache.forget_rendering(done.page)
    return failures


def _outcome(done) -> str:
    return "FAILED" if done.failure else f"{done.wall:.1f} s, CPU {done.cpu:.1f} s"


def save(root: Path, names: list[str] | None, folder: Path) -> None:
    """Write the executed notebooks, outputs included, as .ipynb files."""
    cache = page_cache.open_cache(root)
    for page in pages(root, names):
        path = folder / f"{page.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(page_cache.executed(cache, page)[0], path)
        print(path)


def main() -> int:
    return ending.in_one_line("execute", command)


def command() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="only these, as <chapter>/<page> or a path (default: all in _toc.yml)")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder that holds _toc.yml")
    parser.add_argument("--again", action="store_true", help="run even what is unchanged")
    parser.add_argument("--second", action="store_true", help="into the second cache, what is not proved: that two executions agree")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="also write the executed notebooks here as .ipynb")
    options = parser.parse_args()
    root = options.root.resolve()
    with page_cache.locked(root):
        failures = execute(root, options.pages, page_cache.SECOND if options.second else page_cache.FIRST, options.again)
        if not options.second:
            gather(root)
    if failures:
        print("\n" + "\n\n".join(failures) + f"\n\nexecute: {len(failures)} page(s) failed, see above")
        return 1
    if options.save:
        save(root, options.pages, options.save)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
