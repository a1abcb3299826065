#!/bin/sh
# What `make test` does: lint, run the pages, types, render, a second run of the pages where it is due, bad input, everything else.
# Two things at a time: the browser is installed while pages run, types are checked and the book is rendered while the library gets bad input.
set -eu
unset CDPATH # it would lead `cd tools/..` to another place
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1

.venv/bin/ruff check lib tests tools benchmarks
.venv/bin/ruff format --check --quiet lib tests tools benchmarks || { echo "run: .venv/bin/ruff format lib tests tools benchmarks"; exit 1; }
tools/chromium.sh &
BROWSER=$!
.venv/bin/python tools/book/execute.py
wait $BROWSER
BAD_INPUT=_build/run/bad-input.log
.venv/bin/pytest -q -m bad_input >"$BAD_INPUT" 2>&1 & # annotations not enforced, so that the library's own errors are seen
trap 'kill $! 2>/dev/null || true' EXIT
nice .venv/bin/mypy # where three want two cores, bad input goes first
.venv/bin/python tools/book/export.py
nice .venv/bin/python tools/book/render.py
echo "once more the pages of which it is not proved (with TWICE=all every page): two executions must give the same text"
.venv/bin/python tools/book/execute.py --second
wait $! || { cat "$BAD_INPUT"; exit 1; }
trap - EXIT
echo "bad input: $(tail -n 1 "$BAD_INPUT")"
echo "everything else"
.venv/bin/pytest -q -n 2
