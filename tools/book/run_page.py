"""Execute one page from cold, in a process of its own, and measure it."""

import os
import re
import tempfile
import time
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from book.budget import calibrate
from book.fingerprint import fingerprint, portable
from book.pages import Page

CELL_LIMIT = 300  # seconds; a page may take 60 in all, so whoever waits longer hangs
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Run:
    """What came of a page: the executed notebook and its cost, or the failure that names page, line and error.

    The fingerprints are of what the page depended on when it started.
    """

    page: Page
    notebook: NotebookNode
    wall: float
    cpu: float
    kernel: float
    date: str
    fingerprint: str
    portable: str
    failure: str = ""

    @property
    def measured(self) -> dict:
        """What the cache keeps beside the notebook."""
        return {name: getattr(self, name) for name in ("wall", "cpu", "kernel", "date", "fingerprint", "portable")}


def run(page: Page) -> Run:
    """Execute the page; wall and CPU seconds include the start and the end of its kernel."""
    notebook, prints, unit = page.read(), {"fingerprint": fingerprint(page), "portable": portable(page)}, calibrate()
    failure, wall, cpu = "", time.perf_counter(), _cpu_of_children()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.pop("MPLBACKEND", None)  # else the figures would not be shown in the page
        os.environ.update(_cold_environment(scratch))
        client = NotebookClient(
            notebook,
            timeout=CELL_LIMIT,
            record_timing=False,  # timings in the cells would change the cache's key
            coalesce_streams=True,  # how the prints of a cell were buffered must not show
            resources={"metadata": {"path": str(page.source.parent)}},
            extra_arguments=["--log-level=ERROR"],
        )
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            failure = _describe(page, notebook, error)
        except Exception:
            failure = f"{page.name}: {traceback.format_exc()}"
    date = datetime.now(UTC).isoformat(timespec="seconds")
    wall, cpu = round(time.perf_counter() - wall, 2), round(_cpu_of_children() - cpu, 2)
    return Run(page, notebook, wall, cpu, unit, date, **prints, failure=failure)


def _cold_environment(scratch: str) -> dict[str, str]:
    """One thread a page because two pages run at once; no compiled code, history or start-up files from earlier runs."""
    return {
        "OMP_NUM_THREADS": "1",
        "NUMBA_CACHE_DIR": f"{scratch}/numba",
        "IPYTHONDIR": f"{scratch}/ipython",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _cpu_of_children() -> float:
    """Return the CPU seconds of the processes that this one started and that have ended: the kernel."""
    times = os.times()
    return times.children_user + times.children_system


def _describe(page: Page, notebook: NotebookNode, error: Exception) -> str:
    """Return `page.md:line: error`, then the failing cell and its traceback."""
    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.get("execution_count")]
    failed = next((cell for cell in ran if any(output.output_type == "error" for output in cell.outputs)), None)
    cell = failed or (ran[-1] if ran else next(cell for cell in notebook.cells if cell.cell_type == "code"))
    number = 1 + [other for other in notebook.cells if other.cell_type == "code"].index(cell)
    last = ANSI.sub("", str(error)).strip().splitlines()
    what = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else f"{type(error).__name__}: {last[0]}"
    where = f"chapters/{page.name}.md:{page.line_of(cell)} (code cell {number})"
    return f"{where}: {what}\n" + "\n".join(f"    {line}" for line in last)
