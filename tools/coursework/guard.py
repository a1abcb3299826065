"""Runs inside the process that executes a student's notebook, before any of the student's code.

Python offers no wall between a student's function and the check that calls it. The guard makes the ordinary ways around a check fail:

- once the page's own set-up cells have run, it remembers numpy, scipy, torch, math, the built-ins, `nnqg` and the names that the
  set-up defined, and restores them before every test cell;
- each test cell gets a fresh `nnqg.grading`, which nobody has touched, and the checks that pass are counted;
- a test cell that ran to its end, in which nothing was rebound meanwhile, is sealed: the guard emits a keyed hash over the cell's
  source and the number of passed checks. No seal, no points.

It imports nothing of the book's tools, because the sandbox holds only this file.
"""

import hashlib
import hmac
import json
import resource
import sys
import types
from pathlib import Path

SEAL = "application/vnd.nnqg.seal+json"
_WATCHED = ("builtins", "math", "cmath", "operator", "numpy", "scipy", "nnqg", "torch", "torch.nn", "torch.nn.functional", "torch.linalg",
            "torch.autograd", "torch.autograd.functional", "torch.func", "torchdiffeq")  # fmt: skip
_WHOLE = ("numpy.", "scipy.", "nnqg.")
_GRADING = "nnqg.grading"


def digest(source: str) -> str:
    """Return a short name for the source of a cell."""
    return hashlib.sha256(source.encode()).hexdigest()


def seal(key: str, source_digest: str, checks: int) -> str:
    """Return the proof that a cell with this source ran to its end and that so many checks passed in it."""
    return hmac.new(key.encode(), f"{source_digest} {checks}".encode(), "sha256").hexdigest()


def watched_modules() -> dict[str, types.ModuleType]:
    """Return the loaded modules that checks may rely on."""
    names = [name for name in sys.modules if name in _WATCHED or name.startswith(_WHOLE)]
    return {name: sys.modules[name] for name in names if name != _GRADING and type(sys.modules[name]) is types.ModuleType}


def parts(module: types.ModuleType) -> dict:
    """Return what a check can use of a module: functions, classes and constants, but no state that changes by itself."""
    return {name: value for name, value in vars(module).items() if callable(value) or type(value) is float}


class Snapshot:
    """The modules and the set-up's names as they were before the student's first line."""

    def __init__(self, namespace: dict, answers: list[str]):
        self.modules = {name: (module, parts(module)) for name, module in watched_modules().items()}
        self.tensor = dict(vars(sys.modules["torch"].Tensor)) if "torch" in sys.modules else {}
        self.names = {name: value for name, value in namespace.items() if not name.startswith("_") and name not in answers}
        self.arrays = {name: value.copy() for name, value in self.names.items() if type(value).__name__ == "ndarray"}

    def restore(self, namespace: dict):
        """Undo whatever was rebound since. Uses syntax and methods of dictionaries only, until the built-ins are back."""
        for name, (module, saved) in self.modules.items():
            sys.modules[name] = module
            module.__dict__.update(saved)
        for name in self._changed_tensor_methods():
            setattr(sys.modules["torch"].Tensor, name, self.tensor[name])
        namespace.update(self.names)
        namespace.update({name: value.copy() for name, value in self.arrays.items()})

    def changed(self) -> str:
        """Name one thing that is not what it was, or return an empty string."""
        for name, (module, saved) in self.modules.items():
            if sys.modules.get(name) is not module:
                return name
            for part, value in saved.items():
                if module.__dict__.get(part) is not value:
                    return f"{name}.{part}"
        return next((f"torch.Tensor.{name}" for name in self._changed_tensor_methods()), "")

    def _changed_tensor_methods(self) -> list[str]:
        current = vars(sys.modules["torch"].Tensor) if self.tensor else {}
        return [name for name, value in self.tensor.items() if callable(value) and current.get(name) is not value]


class Guard:
    """Listens to the cells that run. `orders` holds the key, the digests of set-up and test cells and the names of the answers."""

    def __init__(self, shell, orders: dict):
        import nnqg.grading

        self.shell, self.orders = shell, orders
        self.grading_file = nnqg.grading.__file__
        self.grading_code = compile(Path(self.grading_file).read_text(), self.grading_file, "exec")
        self.pending = list(orders["setup"])
        self.passed: list[int] = []
        self.snapshot = Snapshot(shell.user_ns, orders["answers"])
        shell.events.register("pre_run_cell", self.before)
        shell.events.register("post_run_cell", self.after)

    def before(self, info):
        """Prepare a test cell."""
        if info.raw_cell is not None and digest(info.raw_cell) in self.orders["tests"]:
            self.snapshot.restore(self.shell.user_ns)
            sys.settrace(None)
            sys.setprofile(None)
            self._fresh_grading()

    def after(self, result):
        """Remember the state after a set-up cell; seal a test cell."""
        if result.info.raw_cell is None:
            return
        name = digest(result.info.raw_cell)
        if self.pending and name == self.pending[0]:
            self.pending.pop(0)
            self.snapshot = Snapshot(self.shell.user_ns, self.orders["answers"])
        elif name in self.orders["tests"] and result.success:
            changed = self.snapshot.changed()
            if changed:
                print(f"{changed} was changed while the check ran, so the check does not count.")
                return
            checks = len(self.passed)
            data = {SEAL: {"checks": checks, "seal": seal(self.orders["key"], name, checks)}}
            self.shell.display_pub.publish(data=data, metadata={})

    def _fresh_grading(self):
        """Put a new `nnqg.grading` in place, whose checks are counted."""
        inner, outer = types.ModuleType(_GRADING), types.ModuleType(_GRADING)
        inner.__file__ = outer.__file__ = self.grading_file
        exec(self.grading_code, vars(inner))
        self.passed = passed = []

        def counted(check):
            def counting_check(*arguments, **options):
                check(*arguments, **options)
                passed.append(1)

            return counting_check

        outer.CheckFailed = inner.CheckFailed
        for name in ("close", "true", "raises"):
            setattr(outer, name, counted(getattr(inner, name)))
        sys.modules[_GRADING] = outer
        sys.modules["nnqg"].grading = self.shell.user_ns["grading"] = outer


def limit_resources(megabytes: int):
    """Bound memory and the size of files, so that a runaway copy stops itself and not the machine."""
    for kind, limit in ((resource.RLIMIT_DATA, megabytes * 2**20), (resource.RLIMIT_FSIZE, 2**28), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (limit if hard < 0 else min(limit, hard), hard))


def main():
    """Start the kernel: `guard.py ORDERS -f CONNECTION_FILE`. The orders are read and deleted."""
    orders_file = Path(sys.argv.pop(1))
    orders = json.loads(orders_file.read_text())
    orders_file.unlink()
    sys.path.remove(str(Path(__file__).resolve().parent))
    limit_resources(orders["megabytes"])
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.initialize(sys.argv[1:])
    Guard(app.shell, orders)
    app.start()


if __name__ == "__main__":
    main()
