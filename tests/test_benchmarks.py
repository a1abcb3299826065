"""The table of `make bench`."""

import importlib.util
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_columns_are_aligned_and_rows_may_lack_some():
    text = load(FOLDER / "run.py").table([{"what": "a step", "ratio": 1234.5678}, {"what": "b", "remark": "none"}])
    assert text.splitlines() == ["what    ratio  remark", "------  -----  ------", "a step  1235", "b              none"]


def test_every_benchmark_offers_rows(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    benchmarks = sorted(FOLDER.glob("bench_*.py"))
    assert benchmarks
    assert [path.name for path in benchmarks if not callable(getattr(load(path), "rows", None))] == []
