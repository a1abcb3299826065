"""How a command of the book ends when it is interrupted, or when nothing can be written: in one line, without a traceback."""

import errno
import io
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool

from sqlalchemy.exc import DatabaseError

from book.pages import BrokenPage

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of this disk is used up",
    errno.EROFS: "the folder is read-only",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.ENOTDIR: "a file lies where a folder is needed: move it away",
    errno.EEXIST: "a file lies where a folder is needed: move it away",
    errno.EISDIR: "a folder lies where a file is needed: move it away",
}
OF_THE_DATABASE = {
    "disk is full": "the disk is full",
    "readonly database": "the folder is read-only",
    "unable to open": "the folder cannot be written, or the disk is full",
    "disk i/o error": "the disk is full or fails",
    "not a database": "it is damaged: move it away",
    "malformed": "it is damaged: move it away",
}
INTERRUPTED = 130


def in_one_line(name: str, command: Callable[[], int]) -> int:
    """Return what the command returns; what stops it from outside becomes one line, and who stops reading ends it quietly."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):  # a name that cannot be shown must not stop what is to be done with it
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _said(name, command)
        sys.stdout.flush()
        return code
    except OSError as error:
        if error.errno not in (errno.EPIPE, *REASONS):
            raise
        with open(os.devnull, "wb") as nowhere:  # or what is left to print would fail once more at the end
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        if error.errno != errno.EPIPE:
            print(f"{name}: the output cannot be written: {REASONS[error.errno]}", file=sys.stderr)
        return 1


def _said(name: str, command: Callable[[], int]) -> int:
    try:
        return command()
    except KeyboardInterrupt:
        print(f"\n{name}: interrupted; what is finished is kept, and the next call goes on from there")
        return INTERRUPTED
    except BrokenPage as error:
        print(f"{name}: {error}")
        return 1
    except SyntaxError as error:
        print(f"{name}: {error.filename}:{error.lineno}: {error.msg}: a module that a page imports does not parse")
        return 1
    except BrokenProcessPool:
        print(f"{name}: a process that ran a page was killed from outside; is there enough memory?")
        return 1
    except OSError as error:
        if error.errno not in REASONS:
            raise
        place = error.filename2 or error.filename  # the second is where a new file should have gone
        print(f"{name}: {REASONS[error.errno]}" + (f": {place}" if place else ""))
        return 1
    except (DatabaseError, sqlite3.DatabaseError, RuntimeError) as error:  # the cache makes a RuntimeError of some
        said = f"{error} {error.__cause__ or error.__context__}".lower()
        reason = next((reason for words, reason in OF_THE_DATABASE.items() if words in said), None)
        if reason is None:
            raise
        print(f"{name}: {reason}: the database in _build cannot be used")
        return 1
