"""What nbgrader does with a copy, instead of its own steps: put the cells back in order, run them guarded, and count only sealed tests.

nbgrader 0.9.6 gives a test cell full marks when it finds no error in its output, also when the cell was never executed (tag the cell
`skip-execution`), and drops the whole copy when the process dies. These two preprocessors, named in the generated
`nbgrader_config.py`, give points for sealed test cells only, and keep what was sealed before the process died.
"""

import json
import time
from pathlib import Path

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Bool, Enum, Float, Integer, Unicode

from coursework.cells import assigned_names, is_setup, read_source, restore_cells
from coursework.guard import SEAL, digest, seal
from coursework.kernel import GuardedKernel, find_bwrap, make_key
from coursework.pages import is_solution, is_test, mark

PROCESS_ENDED = "the Python process ended in this cell or in one above, so this cell was not run"
OUT_OF_TIME = "the copy had used up its time, so this cell was not run"
STUCK = "a cell above ran for too long and could not be interrupted, so this cell was not run"
COUNTS = "checks.json"
OUTPUTS = ("stream", "display_data", "execute_result", "update_display_data")
SEAL_SIZE, MOST_OUTPUT = 200, 2_000_000  # characters


def orders_for(notebook, source) -> dict:
    """Return what the guard has to know: the key, which cells are set-up and tests, and which names are the answers."""
    answers = [name for cell in source.cells if is_solution(cell) for name in assigned_names(cell.source)]
    return {
        "key": make_key(),
        "setup": [digest(cell.source) for cell in notebook.cells if is_setup(cell)],
        "tests": [digest(cell.source) for cell in notebook.cells if is_test(cell)],
        "answers": answers,
    }


class RestoreCells(NbGraderPreprocessor):
    """Puts the lecturer's cells back: restored when deleted, changed, moved, doubled or marked as not to be run."""

    course = Unicode(help="the course directory").tag(config=True)

    def preprocess(self, nb, resources):
        page = resources["nbgrader"]["notebook"]
        return restore_cells(nb, read_source(Path(self.course), page)), resources


class GuardedExecute(Execute):
    """Runs a copy in a process of its own and turns what was sealed into marks."""

    course = Unicode(help="the course directory").tag(config=True)
    timeout = Integer(30, help="seconds for one cell", allow_none=True).tag(config=True)
    total_seconds = Float(240.0, help="seconds for a whole copy").tag(config=True)
    megabytes = Integer(4096, help="memory for a copy").tag(config=True)
    shutdown_kernel = Enum(["graceful", "immediate"], "immediate", help="nothing in the process is worth saving").tag(config=True)
    proving = Bool(False, help="count the checks of a reference solution, instead of asking for a known number")
    isolate = Bool(True, help="run the copy inside bubblewrap where it works").tag(config=True)

    def preprocess(self, nb, resources, km=None):
        root, page = Path(self.course), resources["nbgrader"]["notebook"]
        self._orders = {**orders_for(nb, read_source(root, page)), "megabytes": self.megabytes}
        self._stopped, self._started = "", time.monotonic()
        try:
            nb, resources = super().preprocess(nb, resources)
        finally:
            self._kernel.discard()
        expected = {} if self.proving else json.loads((root / COUNTS).read_text()).get(page, {})
        for cell in filter(is_test, nb.cells):
            judge(cell, self._orders["key"], None if self.proving else expected.get(mark(cell)["grade_id"], 0))
        return nb, resources

    def create_kernel_manager(self):
        self._kernel = GuardedKernel(self._orders, find_bwrap() if self.isolate else None)
        self.km = self._kernel
        return self.km

    def preprocess_cell(self, cell, resources, index):
        """Run a cell, or say why it was not run."""
        if cell.cell_type != "code":
            return cell, resources
        self._printed = 0
        if time.monotonic() - self._started > self.total_seconds:
            self._stopped = self._stopped or OUT_OF_TIME
        if not self._stopped:
            try:
                return super().preprocess_cell(cell, resources, index)
            except DeadKernelError:
                self._stopped = PROCESS_ENDED
            except CellTimeoutError:
                self._stopped = STUCK
        cell.outputs = [error("NotRun", self._stopped)]
        return cell, resources

    def process_message(self, msg, cell, cell_index):
        """Keep the output of a cell, up to a limit: a loop that prints must not fill the memory of the grader."""
        content = msg["content"]
        size = len(content.get("text", "")) + sum(len(str(value)) for value in content.get("data", {}).values())
        if msg["msg_type"] in OUTPUTS and size > SEAL_SIZE:
            self._printed += size
            if self._printed > MOST_OUTPUT:
                return None
        return super().process_message(msg, cell, cell_index)


def judge(cell, key: str, wanted: int | None):
    """Leave a test cell without error output only when it is sealed with as many checks as the reference solution passed.

    With `wanted` None any number of checks is right.
    """
    proofs = [output.data[SEAL] for output in cell.outputs if SEAL in output.get("data", {})]
    others = [output for output in cell.outputs if SEAL not in output.get("data", {})]
    checks = next((proof["checks"] for proof in proofs if is_genuine(proof, key, digest(cell.source))), None)
    cell.metadata["nnqg_checks"] = checks
    if checks is not None and wanted in (None, checks):
        cell.outputs = [harmless(output) for output in others]
        return
    cell.outputs = others
    if not any(output.output_type == "error" for output in others):
        reason = "the check did not run to its end" if checks is None else f"{checks} checks passed, {wanted} were expected"
        cell.outputs.append(error("NotCounted", reason))


def is_genuine(proof, key: str, source_digest: str) -> bool:
    """Tell whether a seal was made with the key of this copy, for this cell."""
    return isinstance(proof, dict) and proof.get("seal") == seal(key, source_digest, proof.get("checks", -1))


def harmless(output):
    """Keep a warning or a stray value of a passed test from costing or earning points, as nbgrader would have it."""
    if output.output_type == "stream":
        return new_output("stream", name="stdout", text=output.text)
    if output.output_type == "execute_result":
        return new_output("display_data", data=output.data, metadata=output.metadata)
    return output


def error(name: str, reason: str):
    """Return the output of a cell that failed."""
    return new_output("error", ename=name, evalue=reason, traceback=[f"{name}: {reason}"])
