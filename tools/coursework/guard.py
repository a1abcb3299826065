"""Runs inside the process that executes a copy: bounds what it uses, calls the student's functions and reports what came back.

Nothing that is expected is in this process. A test cell of the copy holds only the calls (`reports.calls_only`); what they return
is sent, as plain numbers, to the grader, who compares. Whoever takes this module apart from inside can send other numbers: the
right ones are not here to be found.

It imports nothing of the book's tools, because the sandbox holds only this file.
"""

import builtins
import linecache
import resource
import signal
import sys
from pathlib import Path

REPORT, EXPECTED = "application/vnd.nnqg.report+json", "application/vnd.nnqg.expected+json"
MOST = 100_000  # numbers of a report


class Reporter:
    """What a copy knows as the built-in `__nnqg__`: keeps the names of the set-up, runs the calls of a test, reports their values."""

    def __init__(self, shell):
        from nnqg import grading
        from nnqg.grading import _plain

        self.grading, self.describe = grading, _plain
        self.shell, self.names, self.arrays = shell, {}, {}
        self.builtins = dict(vars(builtins))

    def remember(self):
        """Keep the names that the set-up has defined."""
        self.names = {name: value for name, value in self.shell.user_ns.items() if not name.startswith("_")}
        self.arrays = {name: value.copy() for name, value in self.names.items() if type(value).__name__ == "ndarray"}

    def test(self, source: str, answers: list[str]):
        """Run a test among names of its own: the built-ins and the set-up's as they were, and the student's answers."""
        __tracebackhide__ = True
        kept = self.names | {name: value.copy() for name, value in self.arrays.items()}
        names = {name: value for name, value in self.shell.user_ns.items() if name in answers or name not in self.builtins}
        names |= {name: value for name, value in kept.items() if name not in answers}
        names |= {"__nnqg__": self, "__builtins__": dict(self.builtins)}
        linecache.cache["<check>"] = (len(source), None, source.splitlines(keepends=True), "<check>")
        exec(compile(source, "<check>", "exec"), names)

    def plain(self, value) -> dict | list:
        """Return a value as kind, shape and numbers that JSON can hold (as text, because JSON has no NaN), or the name of its type."""
        if type(value) in (list, tuple):
            return [self.plain(entry) for entry in value[:MOST]]
        try:
            kind, shape, numbers = self.describe("", value)
        except self.grading.CheckFailed:
            return {"type": type(value).__name__}
        return {"kind": kind, "shape": list(shape), "numbers": [repr(number) for number in numbers[:MOST]]}

    def send(self, kind: str, content):
        self.shell.display_pub.publish(data={kind: content}, metadata={})

    def report(self, value):
        """Report what a call returned."""
        self.send(REPORT, self.plain(value))

    def expect(self, source: str, answers: list[str]):
        """Run a complete test on the reference solution and report what it expects. No copy of a student ever does this."""
        check = self.grading.close

        def record(what, value, expected, **options):
            check(what, value, expected, **options)
            self.send(EXPECTED, {"what": what, "expected": self.plain(expected), "options": options})

        vars(self.grading)["close"] = record
        try:
            self.test(source, answers)
        finally:
            vars(self.grading)["close"] = check


def limit_resources():
    """Bound memory and the size of files, so that a runaway copy stops itself and not the machine."""
    for kind, limit in ((resource.RLIMIT_DATA, 2**32), (resource.RLIMIT_FSIZE, 2**28), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (limit if hard < 0 else min(limit, hard), hard))


def limit_time(shell, seconds: int):
    """Stop a cell that has used up its processor time. A cell that waits, or does not listen, is stopped from outside."""

    def stop(*_):
        raise TimeoutError(f"this cell had used up its {seconds} s of processor time")

    signal.signal(signal.SIGPROF, stop)
    shell.events.register("pre_run_cell", lambda info: signal.setitimer(signal.ITIMER_PROF, seconds, 1.0))
    shell.events.register("post_run_cell", lambda result: signal.setitimer(signal.ITIMER_PROF, 0))


def main():
    """Start the kernel: `guard.py SECONDS -f CONNECTION_FILE`."""
    sys.path.remove(str(Path(__file__).resolve().parent))
    seconds = int(sys.argv.pop(1))
    limit_resources()
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.initialize(sys.argv[1:])
    vars(builtins)["__nnqg__"] = Reporter(app.shell)  # where `%reset` leaves it
    limit_time(app.shell, seconds)
    app.start()


if __name__ == "__main__":
    main()
