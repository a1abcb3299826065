"""Runs inside the process that executes a copy: bounds what it uses, calls the student's functions and reports what came back.

Nothing that is expected is in this process. A test cell of the copy holds only the calls (`reports.calls_only`); what they return
is sent, as plain numbers, to the grader, who compares. Whoever takes this module apart from inside can send other numbers: the
right ones are not here to be found.

It imports nothing of the book's tools, because the sandbox holds only this file.
"""

import builtins
import inspect
import linecache
import resource
import signal
import sys
import types
from pathlib import Path

REPORT, EXPECTED = "application/vnd.nnqg.report+json", "application/vnd.nnqg.expected+json"
MOST = 100_000  # numbers of a report


class Reporter:
    """What a copy knows as `__nnqg__`: keeps the names of the set-up, runs the calls of a test, reports their values."""

    def __init__(self, shell):
        from nnqg import grading
        from nnqg.grading import _BOOLEANS, _plain

        self.grading, self.booleans, self.describe = grading, _BOOLEANS, _plain
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
        names |= {"__nnqg__": self, "__builtins__": dict(self.builtins), "grading": sys.modules["nnqg"].grading}
        linecache.cache["<check>"] = (len(source), None, source.splitlines(keepends=True), "<check>")
        exec(compile(source, "<check>", "exec"), names)

    def plain(self, value) -> dict | list:
        """Return a value as kind, shape and numbers that JSON can hold (as text, because JSON has no NaN), or the name of its type."""
        if type(value) in (list, tuple):
            return [self.plain(entry) for entry in value[:MOST]]
        if type(value) in self.booleans:
            return {"true": bool(value)}
        try:
            kind, shape, numbers = self.describe("", value)
        except self.grading.CheckFailed:
            return {"type": type(value).__name__}
        return {"kind": kind, "shape": list(shape), "numbers": [repr(number) for number in numbers[:MOST]]}

    def send(self, kind: str, content):
        self.shell.display_pub.publish(data={kind: content}, metadata={})

    def report(self, value):
        """Report a value, or a condition."""
        self.send(REPORT, self.plain(value))

    def report_error(self, call):
        """Report the error of a call."""
        try:
            came, errors = f"a result of type {type(call()).__name__}", []
        except Exception as error:
            came, errors = f"{type(error).__name__}: {error}", [kind.__name__ for kind in type(error).__mro__]
        self.send(REPORT, {"errors": errors, "came": came[:200]})

    def expect(self, source: str, answers: list[str]):
        """Run a complete test on the reference solution and report what it expects. No copy of a student ever does this."""
        import nnqg

        recorders = {name: self._recorder(name, getattr(self.grading, name)) for name in ("close", "true", "raises")}
        vars(nnqg)["grading"] = types.SimpleNamespace(**recorders)
        try:
            self.test(source, answers)
        finally:
            vars(nnqg)["grading"] = self.grading

    def _recorder(self, name: str, check):
        def record(*arguments, **options):
            check(*arguments, **options)
            call = inspect.signature(check).bind(*arguments, **options)
            call.apply_defaults()
            said = {key: value for key, value in call.arguments.items() if key in ("what", "rtol", "atol", "hint")}
            said |= {key: self.plain(value) for key, value in call.arguments.items() if key == "expected"}
            said |= {key: value.__name__ for key, value in call.arguments.items() if key == "error"}
            self.send(EXPECTED, {"check": name, **said})

        return record


def limit_resources(megabytes: int):
    """Bound memory and the size of files, so that a runaway copy stops itself and not the machine."""
    for kind, limit in ((resource.RLIMIT_DATA, megabytes * 2**20), (resource.RLIMIT_FSIZE, 2**28), (resource.RLIMIT_CORE, 0)):
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
    """Start the kernel: `guard.py MEGABYTES SECONDS -f CONNECTION_FILE`."""
    sys.path.remove(str(Path(__file__).resolve().parent))
    limit_resources(int(sys.argv.pop(1)))
    seconds = int(sys.argv.pop(1))
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.initialize(sys.argv[1:])
    app.shell.user_ns["__nnqg__"] = Reporter(app.shell)
    limit_time(app.shell, seconds)
    app.start()


if __name__ == "__main__":
    main()
