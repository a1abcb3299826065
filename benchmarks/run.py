"""Time the library: run `rows()` of every `benchmarks/bench_*.py` and print one table.

`rows()` returns a list of dictionaries, one a row, whose keys are the columns; usual are `what`, `this book`, `baseline`, `ratio`
and `remark`. Both sides of a ratio are measured in the same run, on one thread. The run has its own empty folder for compiled code,
so that "with compilation" counts all of it.
"""

import argparse
import importlib.util
import os
import tempfile
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def load(path: Path):
    """Return a benchmark file as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(rows: list[dict]) -> str:
    """Return the rows as text with aligned columns, in the order in which the columns first appear."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [columns, *[[show(row.get(column, "")) for column in columns] for row in rows]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def show(value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only the files whose name contains one of these words")
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as cache:
        os.environ["NUMBA_CACHE_DIR"] = cache
        for path in sorted(FOLDER.glob("bench_*.py")):
            if options.names and not any(name in path.stem for name in options.names):
                continue
            start = time.perf_counter()
            found += load(path).rows()
            print(f"{path.name}: {time.perf_counter() - start:.1f} s", flush=True)
    print(f"\nOMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'not set')}, {os.cpu_count()} cores\n")
    print(table(found) if found else "no benchmarks")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
