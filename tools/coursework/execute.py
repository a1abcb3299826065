"""What nbgrader does with a copy whose cells are in order, instead of its own step: run them, and judge what the tests report.

nbgrader 0.9.6 gives a test cell full marks when it finds no error in its output, also when the cell was never executed (tag the cell
`skip-execution`), and drops the whole copy when the process dies. This preprocessor gives points only for test cells whose reports
agree with those of the reference solution, and keeps what was reported before the process died.
"""

import asyncio
import hashlib
import json
import time
from contextlib import suppress
from pathlib import Path

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Bool, Enum, Integer, Unicode

from coursework.cells import assigned_names, is_setup, read_source
from coursework.guard import EXPECTED, REPORT
from coursework.kernel import GuardedKernel
from coursework.pages import is_solution, is_test, mark
from coursework.reports import REPORTER, calls_only, disagreement

PROCESS_ENDED = "the Python process ended in this cell or in one above, or did not answer any more, so this cell was not run"
OUT_OF_TIME = "the copy had used up its time, so this cell was not run"
UNREADABLE = "the copy sent a message that cannot be read ({}), so this cell and those below were not run"
STUCK = "a cell above ran for too long and could not be interrupted, so this cell was not run"
NOT_STARTED = "no copy can be run on this machine, whose Python or sandbox says: {}"
CHECKS = "checks.json"
MOST_OUTPUT, MOST_OF_COPY, MOST_ERROR = 2_000_000, 20_000_000, 10_000  # characters of a cell, of all cells, of a line of an error
MOST_REPORT, MOST_REPORTS = 4_000_000, 100  # characters of a report, reports of a cell
LONGEST_SILENCE = 30  # seconds between what says that a cell has ended and the reply that was due before it


def known_checks(course: Path, page: str) -> dict[str, list]:
    """Return what the tests of a page expect, {test: checks}; stop unless it was recorded with the notebook as it is."""
    entry = read_checks(course).get(page, {})
    tests = entry.get("tests", {})
    if entry.get("digest") != digest(course, page, tests):
        raise SystemExit(f"{page}: its reference solutions have not been run since its notebook was made; run `make coursework` again")
    return tests


def read_checks(course: Path) -> dict[str, dict]:
    """Return what was recorded for all pages, {page: {"digest": ..., "tests": {test: checks}}}; of a damaged file nothing."""
    try:
        known = json.loads((course / CHECKS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def digest(course: Path, page: str, tests: dict[str, list]) -> str:
    """Return what changes with the complete notebook of a page, or with what its tests expect."""
    notebook = (course / "source" / page / f"{page}.ipynb").read_bytes()
    return hashlib.sha256(notebook + json.dumps(tests).encode()).hexdigest()


class GuardedExecute(Execute):
    """Runs a copy in a process of its own and turns what its tests report into marks."""

    course = Unicode(help="the course directory").tag(config=True)
    cpu_seconds = Integer(30, help="seconds of processor time for one cell").tag(config=True)
    timeout = Integer(120, help="seconds for one cell, behind which it is stopped from outside", allow_none=True).tag(config=True)
    total_seconds = Integer(480, help="seconds for a whole copy").tag(config=True)
    shutdown_kernel = Enum(["graceful", "immediate"], "immediate", help="nothing in the process is worth saving").tag(config=True)
    proving = Bool(False, help="the copy is the reference solution: record what its tests expect, instead of reading it")

    def preprocess(self, nb, resources, km=None):
        course, page = Path(self.course), resources["nbgrader"]["notebook"]
        self.checks = {} if self.proving else known_checks(course, page)
        self._answers = [name for cell in read_source(course, page).cells if is_solution(cell) for name in assigned_names(cell.source)]
        self._stopped, self._started, self._kernel = "", time.monotonic(), GuardedKernel(self.cpu_seconds)
        self._printed_in_all = 0
        try:
            return super().preprocess(nb, resources)
        except RuntimeError as reason:
            if "died before replying" not in str(reason):
                raise
            raise SystemExit(NOT_STARTED.format(self._kernel.last_words() or reason)) from reason
        finally:
            self._kernel.scratch.cleanup()

    def create_kernel_manager(self):
        self.km = self._kernel
        return self.km

    def preprocess_cell(self, cell, resources, index):
        """Run a cell, or say why it was not run. The cell keeps its source: what a test runs is not what it says."""
        if cell.cell_type != "code":
            return cell, resources
        self._printed, self._reports, self._expected, self._display_id_map = 0, [], [], {}  # a cell changes no output of another
        source, cell.source = cell.source, self._what_runs(cell)
        self._run(cell, resources, index)
        cell.source = source
        if is_test(cell):
            judge(cell, self._reports, self.checks.setdefault(mark(cell)["grade_id"], self._expected))
        return cell, resources

    def _what_runs(self, cell) -> str:
        """Return the code for a cell: of a test the calls only, and where it is not yet known what they should give, that as well."""
        if is_setup(cell):
            return f"{cell.source}\n{REPORTER}.remember()"
        if not is_test(cell):
            return cell.source
        calls = f"{REPORTER}.test({calls_only(cell.source)!r}, {self._answers})"
        known = not self.proving or mark(cell)["grade_id"] in self.checks
        return calls if known else f"{calls}\n{REPORTER}.expect({cell.source!r}, {self._answers})"

    def _run(self, cell, resources, index):
        if time.monotonic() - self._started > self.total_seconds:
            self._stopped = self._stopped or OUT_OF_TIME
        if not self._stopped:
            try:
                super().preprocess_cell(cell, resources, index)
                return
            except DeadKernelError:
                self._stopped = PROCESS_ENDED
            except CellTimeoutError:
                self._stopped = STUCK
            except Exception as failure:  # from a message that only somebody inside the process can have sent
                self._stopped = UNREADABLE.format(type(failure).__name__)
        cell.outputs = [error("NotRun", self._stopped)]

    async def _async_poll_kernel_alive(self):
        """Watch the process as nbclient does, which forgets this watch when a message cannot be read, and then ends its kernel."""
        with suppress(AssertionError):
            await super()._async_poll_kernel_alive()

    def process_message(self, msg, cell, cell_index):
        """Take the reports, and keep the output up to a limit: a loop that prints must not fill the memory of the grader."""
        if msg["msg_type"].startswith("comm_"):
            return None  # of widgets, which nobody will move
        content = msg["content"]
        if content.get("execution_state") == "idle":
            asyncio.get_running_loop().call_later(LONGEST_SILENCE, self.task_poll_for_reply.cancel)
        data = content.get("data", {})
        size = len(content.get("text", "")) + sum(len(str(value)) for value in data.values())
        for kind, taken in ((REPORT, self._reports), (EXPECTED, self._expected if self.proving else [])):
            if kind in data:
                taken.extend([data[kind]] if len(taken) < MOST_REPORTS and size < MOST_REPORT else [])
                return None
        if msg["msg_type"] == "error":
            content.update(evalue=content["evalue"][:MOST_ERROR], traceback=[line[:MOST_ERROR] for line in content["traceback"][-100:]])
        self._printed += size
        self._printed_in_all += size
        if size and (self._printed > MOST_OUTPUT or self._printed_in_all > MOST_OF_COPY):
            return None
        return super().process_message(msg, cell, cell_index)


def judge(cell, reports: list, checks: list[dict]):
    """Put first, where nbgrader looks for it, what earns a test cell all or nothing; a copy can send results and errors of its own."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    others = [output for output in cell.outputs if output.output_type != "error"]
    if message := disagreement(reports, checks):
        errors.insert(0, error("CheckFailed", message))
    elif not errors and (len(reports) != len(checks) or not checks):
        errors.append(error("NotCounted", f"{len(reports)} values were reported, {len(checks)} are expected"))
    points = {"text/plain": str(mark(cell)["points"]), "text/html": "passed"}
    cell.outputs = [*(errors or [new_output("execute_result", data=points)]), *others]


def error(name: str, reason: str):
    """Return the output of a cell that failed."""
    return new_output("error", ename=name, evalue=reason, traceback=[f"{name}: {reason}"])
