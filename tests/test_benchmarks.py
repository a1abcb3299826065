"""The table of `make bench`."""

import importlib.util
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"


def run():
    spec = importlib.util.spec_from_file_location("run", FOLDER / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_columns_are_aligned_and_rows_may_lack_some():
    text = run().table([{"what": "a step", "ratio": 1234.5678}, {"what": "b", "remark": "none"}])
    assert text.splitlines() == ["what    ratio  remark", "------  -----  ------", "a step  1235", "b              none"]


def test_every_benchmark_offers_rows():
    assert all("def rows(" in path.read_text() for path in FOLDER.glob("bench_*.py"))
