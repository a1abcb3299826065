"""A command that is interrupted or killed leaves no process, and what stops it from outside is said in one line."""

import errno
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from book import ending, execute, export, references
from book.pages import ROOT
from book.words import shared_words
from book.workers import psutil

SLOW = "import os, time\nfrom pathlib import Path\nPath('pid').write_text(str(os.getpid()))\ntime.sleep(300)"


def in_the_cache():
    """Raise what the cache makes of an error of its database."""
    try:
        raise sqlite3.OperationalError("database or disk is full")
    except sqlite3.OperationalError as error:
        raise RuntimeError("Unexpected error accessing jupyter cache") from error


def raising(error):
    def command():
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(errno.ENOSPC, "", "/a"), "render: the disk is full: /a"),
        (OSError(errno.EROFS, "", "/a"), "render: the folder is read-only: /a"),
        (PermissionError(errno.EACCES, "", "/a"), "render: no permission: /a"),
        (OSError(errno.EISDIR, "", "/a.new", None, "/a"), "render: a folder lies where a file is needed: move it away: /a"),
        (
            sqlite3.OperationalError("database or disk is full"),
            "render: the disk is full: the database in _build cannot be used",
        ),
    ],
)
def test_what_cannot_be_written_is_one_line(error, line, capsys):
    assert ending.in_one_line("render", raising(error)) == 1
    assert capsys.readouterr().out == f"{line}\n"


def test_a_full_disk_that_the_cache_meets_is_one_line(capsys):
    assert ending.in_one_line("execute", in_the_cache) == 1
    assert capsys.readouterr().out.startswith("execute: the disk is full: the database")


def replaced(path, content=None):
    """Put a text, or a folder, in the place of a file."""
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir() if content is None else path.write_text(content, encoding="latin-1")


PAGE = "chapters/example/spring.md"
MYST = "jupytext: {text_representation: {extension: .md, format_name: myst}}"


@pytest.mark.parametrize(
    ("tool", "part", "content", "line"),
    [
        (execute, PAGE, None, f"{PAGE} cannot be read: [Errno 21] Is a directory"),
        (execute, PAGE, "---\nkernelspec: caf\xe9\n---\n", f"{PAGE} cannot be read: 'utf-8' codec can't decode byte 0xe9"),
        (execute, PAGE, "---\nkernelspec: [\n---\n", f"{PAGE} cannot be read: while parsing"),
        (execute, PAGE, f"---\n{MYST}\nkernelspec: null\n---\n", f"{PAGE} cannot be read: None is not of type 'object'"),
        (execute, "_toc.yml", None, "_toc.yml cannot be read: [Errno 21]"),
        (execute, "_toc.yml", "a: [", "_toc.yml cannot be read: while parsing"),
        (execute, "_toc.yml", "", "_toc.yml cannot be read: it lists no page"),
        (execute, "_build", "a file", "execute: a file lies where a folder is needed: move it away: "),
        (execute, "_build/run/lock", None, "execute: a folder lies where a file is needed: move it away: "),
        (execute, "lib/nnqg/ledger.py", "def f(:", "ledger.py:1: invalid syntax: a module that a page imports does not parse"),
        (export, "_build", "a file", "export: a file lies where a folder is needed: move it away: "),
        (export, "_build/notebooks/example", "a file", "export: a file lies where a folder is needed: move it away: "),
        (export, "chapters/references.bib", "@article{a, title = {", "references.bib cannot be read: syntax error in line 1"),
        (export, "_config.yml", "sphinx: 1", "_config.yml cannot be read: 'int' object is not subscriptable"),
        (references, "lib/nnqg/ledger.py", "one = 1", "references: not executed: example/spring. Remedy: make book"),
    ],
)
def test_a_damaged_house_is_one_line(tool, part, content, line, book, monkeypatch, capsys):
    """A file that is a folder, a folder that is a file, a text that is none: the line names it."""
    replaced(book / part, content)
    monkeypatch.setattr(sys, "argv", ["a tool", "--root", str(book)])
    assert ending.in_one_line(tool.__name__.split(".")[-1], tool.command) == 1
    said = capsys.readouterr().out.splitlines()
    assert line in said[-1] and len(said) <= 2


def test_a_damaged_table_of_run_times_stops_nothing(book):
    replaced(book / "_build" / "run" / "status.json", '{"pa')
    assert shared_words(book).run_times == {}


@pytest.mark.parametrize("error", [OSError(errno.ENOENT, ""), sqlite3.OperationalError("no such column"), KeyError("a"), RuntimeError("a")])
def test_mistakes_of_ours_keep_their_traceback(error):
    with pytest.raises(type(error)):
        ending.in_one_line("render", raising(error))


def test_ctrl_c_is_one_line(capsys):
    assert ending.in_one_line("render", raising(KeyboardInterrupt())) == 130
    assert len(capsys.readouterr().out.strip().splitlines()) == 1


@pytest.fixture
def running(book, spring, change):
    """Start `execute.py` on a page that does not end, in a session of its own; return it with the processes below it."""
    change(spring, "import math", f"import math\n{SLOW}")
    command = [sys.executable, ROOT / "tools" / "book" / "execute.py", "--root", book]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    kernel = spring.with_name("pid")
    until(lambda: kernel.exists() and kernel.read_text())
    below = psutil.Process(started.pid).children(recursive=True)
    assert int(kernel.read_text()) in {process.pid for process in below}
    yield started, below
    for process in [started, *below]:
        if process.poll() is None if process is started else process.is_running():
            process.kill()
    started.communicate()


def until(condition, patience=60):
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def gone(processes):
    """Wait until the processes have ended; a zombie that its new parent has not seen yet has."""
    return lambda: not [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_ctrl_c_ends_an_execution_in_one_line(running):
    started, below = running
    os.killpg(started.pid, signal.SIGINT)  # as the terminal does
    output = started.communicate(timeout=30)[0]
    assert started.returncode == 130
    first, last = re.sub(r"\n+", "\n", output).strip().splitlines()
    assert first.startswith("1 pages") and last.startswith("execute: interrupted")
    until(gone(below))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_execution_leaves_no_worker(running, how):
    started, below = running
    started.send_signal(how)
    until(gone(below))


FAKE = "#!/bin/sh\necho $$ >pid.part; mv pid.part pid; exec sleep 300\n"
RENDER = """
import sys
from pathlib import Path
from book import render
render.ROOT, render.PROGRAMS, render.not_executed = Path(sys.argv[1]), Path(sys.argv[1]), list
sys.exit(render.main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_rendering_that_was_stopped_leaves_no_process_and_starts_afresh(book, how):
    program, doctree = book / "jupyter-book", book / "_build" / ".doctrees" / "half.doctree"
    program.write_text(FAKE)
    program.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tools")}
    words = [sys.executable, "-c", RENDER, book]
    started = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, text=True)
    until((book / "pid").exists)
    child = psutil.Process(int((book / "pid").read_text()))
    started.send_signal(how)
    output = started.communicate(timeout=30)[0]
    until(gone([child]))
    assert how == signal.SIGKILL or output.strip().splitlines() == [
        "render: interrupted; what is finished is kept, and the next call goes on from there"
    ]
    doctree.parent.mkdir(parents=True, exist_ok=True)
    doctree.touch()
    program.write_text("#!/bin/sh\n[ ! -e _build/.doctrees ] || touch stale\nexit 1\n")
    subprocess.run(words, env=environment, check=False, capture_output=True)
    assert not (book / "stale").exists()


def test_a_name_that_cannot_be_shown_does_not_stop_a_command():
    code = "from book import ending\nraise SystemExit(ending.in_one_line('x', lambda: print('Zo\\xeb', flush=True) or 3))"
    variables = {**os.environ, "PYTHONIOENCODING": "ascii:strict", "PYTHONPATH": str(ROOT / "tools")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=variables, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (3, "Zo\\xeb\n")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a device that is full")
@pytest.mark.parametrize("printed", ["'much\\n' * 9999", "'little'", "'at once', flush=True"])
@pytest.mark.parametrize(("place", "said"), [("/dev/full", "x: the output cannot be written: the disk is full\n"), ("", "")])
def test_an_output_that_takes_nothing_is_no_traceback(printed, place, said):
    """A full disk is one line; whoever has read enough (`| head`) needs none."""
    if place:
        output = os.open(place, os.O_WRONLY)
    else:
        reader, output = os.pipe()
        os.close(reader)
    code = f"from book import ending\nraise SystemExit(ending.in_one_line('x', lambda: print({printed}) or 0))"
    variables = {**os.environ, "PYTHONPATH": str(ROOT / "tools")}
    done = subprocess.run([sys.executable, "-c", code], stdout=output, stderr=subprocess.PIPE, env=variables, text=True, check=False)
    os.close(output)
    assert (done.returncode, done.stderr) == (1, said)
