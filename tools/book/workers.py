"""Processes that run pages or copies, and that end when the command that started them ends, however it does."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress

import psutil

PATIENCE = 5  # seconds that a process has to put its kernel and its scratch folder away


def each(function: Callable, items: list, at_once: int) -> Generator:
    """Yield what the function returns for each item, as it comes."""
    if not items:
        return
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(at_once, initializer=begin)
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited: Ctrl-C is for the command alone, not for its processes
    try:
        futures = [pool.submit(function, item) for item in items]
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
    try:
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        end(pool, before)
        raise
    pool.shutdown()


def end(pool: ProcessPoolExecutor, others: set) -> None:
    """End the pool now: it starts no more, and its processes are ended as long as there are any."""
    shutdown = threading.Thread(target=pool.shutdown, kwargs={"cancel_futures": True})
    shutdown.start()
    while shutdown.is_alive():
        end_processes(set(multiprocessing.active_children()) - others)
        shutdown.join(0.1)


def end_processes(processes: set) -> None:
    """Ask the processes to end, and end those that do not."""
    for process in processes:
        end_children(process.pid)  # the kernel at once, because one that is asked to stop prints a traceback
        process.terminate()
    limit = time.monotonic() + PATIENCE
    for process in processes:
        process.join(max(0, limit - time.monotonic()))
        if process.is_alive():
            end_children(process.pid)
            process.kill()


def begin() -> None:
    """Prepare the process that runs a page: out of reach of the terminal's Ctrl-C, and bound to the life of its parent."""
    with suppress(PermissionError):
        os.setsid()
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: leave())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=follow_parent, daemon=True).start()


def follow_parent() -> None:
    """Wait until the parent is gone; leave then, in an orderly way if there is one."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    end_children(os.getpid())
    os.kill(os.getpid(), signal.SIGTERM)  # while a page runs, nbclient listens to it, and the scratch folder is removed
    time.sleep(PATIENCE)
    leave()


def leave() -> None:
    """End this process and all that it has started, at once."""
    end_children(os.getpid())
    os._exit(1)


def end_children(process: int) -> None:
    with suppress(psutil.Error):
        for child in psutil.Process(process).children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
