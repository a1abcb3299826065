"""The set-up stops with one clear line where something is missing, and does nothing when nothing changed."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ("sh", "dirname", "awk", "sed", "id", "date", "sha256sum", "cat", "tail", "grep", "mkdir", "rm", "ln", "du", "cut", "tr")

UV = f"""[ "$1" = --version ] && exit
echo "$@" >>uv-calls
mkdir -p .venv/bin && ln -sf {sys.executable} .venv/bin/python"""


@pytest.fixture
def house(tmp_path):
    """Return a copy of what the set-up reads, and a folder that is its whole PATH."""
    for name in ("tools/setup.sh", "pyproject.toml", "uv.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    put(tmp_path, "python3", f'exec {sys.executable} "$@"')
    put(tmp_path, "df", "echo head; echo / 1 1 999999999 1% /")
    put(tmp_path, "uv", UV)
    return tmp_path


def put(house, name, script):
    """Make a command of that name."""
    path = house / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def setup(house, *words, **environment):
    command, variables = ["/bin/sh", house / "tools" / "setup.sh", *words], {"PATH": str(house / "bin"), **environment}
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def stopped(run):
    """Return the last line of a set-up that failed."""
    assert run.returncode == 1
    return run.stderr.strip().splitlines()[-1]


def calls(house):
    """Return what uv was asked for, apart from whether it runs."""
    return [line for line in (house / "uv-calls").read_text().splitlines() if line != "--version"]


def test_the_second_call_does_nothing_until_the_lock_changes(house):
    assert setup(house).returncode == 0
    assert setup(house).stdout == ""
    assert len(calls(house)) == 1
    (house / "uv.lock").write_text("version = 2\n")
    assert setup(house).returncode == 0
    assert len(calls(house)) == 2


def test_on_macos_another_command_reads_the_lock(house):
    setup(house)
    before = (house / ".venv" / "setup-stamp").read_text()
    put(house, "shasum", f'shift 2; exec {shutil.which("sha256sum")} "$@"')
    (house / "bin" / "sha256sum").unlink()
    assert setup(house).stdout == ""
    assert (house / ".venv" / "setup-stamp").read_text() == before and len(calls(house)) == 1


def test_packages_come_from_the_lock_alone(house):
    setup(house)
    assert calls(house)[0].startswith("sync --frozen")


def test_peers_are_added_to_what_is_there(house):
    setup(house)
    shutil.rmtree(house / "_build")  # as after `make clean`
    assert setup(house, "peers").returncode == 0
    assert calls(house)[1].endswith("--inexact --only-group peers")


def test_python_too_old(house):
    put(house, "python3", '[ "$1" = --version ] && echo Python 3.9.2 && exit; exit 1')
    assert stopped(setup(house)).startswith("setup: Python 3.11 to 3.14 is needed, found Python 3.9.2")


def test_no_disk_space(house):
    put(house, "df", "echo head; echo / 1 1 2097152 1% /")
    assert "GB of free disk space are needed, 2 GB are left" in stopped(setup(house))


def test_no_network(house):
    put(house, "uv", "echo 'error: Failed to fetch: dns error' >&2; exit 1")
    assert "is the network down?" in stopped(setup(house))


def test_what_uv_said_is_shown_when_the_network_is_down(house):
    put(house, "uv", "echo 'error: Failed to fetch: dns error' >&2; exit 1")
    assert "dns error" in setup(house).stderr


def test_behind_a_proxy_uv_gets_the_certificates_of_the_system(house):
    unknown = "{ echo 'error: Failed to fetch' >&2; echo 'cause: invalid peer certificate: UnknownIssuer' >&2; exit 1; }"
    put(house, "uv", f'{UV}; [ -n "$UV_SYSTEM_CERTS" ] && [ -n "$UV_NATIVE_TLS" ] || {unknown}')
    assert setup(house).returncode == 0
    assert len(set(calls(house))) == 1 and len(calls(house)) == 2
    assert setup(house).stdout == ""


def test_a_certificate_that_the_system_does_not_know_either(house):
    put(house, "uv", "echo 'error: Failed to fetch: invalid peer certificate: UnknownIssuer' >&2; exit 1")
    run = setup(house)
    assert "UnknownIssuer" in run.stderr and "network down" not in run.stderr
    assert "certificate" in stopped(run) and "SSL_CERT_FILE" in stopped(run)


def test_uv_that_cannot_be_fetched_shows_what_pip_said(house):
    (house / "bin" / "uv").unlink()
    program = house / "bin" / "program"
    put(house, "program", "echo 'pip: no such host' >&2; exit 1")
    put(
        house,
        "python3",
        f'if [ "$2" = venv ]; then mkdir -p .venv-uv/bin; : >.venv-uv/bin/uv; exec ln -s {program} .venv-uv/bin/python; fi\n'
        f'exec {sys.executable} "$@"',
    )
    run = setup(house)
    assert "no such host" in run.stderr and "is the network down?" in stopped(run)


def test_a_full_disk_is_one_line(house):
    put(house, "uv", "echo 'error: No space left on device (os error 28)' >&2; exit 1")
    assert setup(house).stderr.splitlines() == ["setup: the disk is full: about 8 GB are needed"]


@pytest.mark.parametrize("line", ["//server/my disk 1 1 {} 1% /mnt", "disk 5 1 1 {} 1% /my 7% mount", "overlay 1 1 {} - /"])
def test_names_with_spaces_in_the_list_of_disks(house, line):
    put(house, "df", f"echo Filesystem; echo '{line.format(999999999)}'")
    assert setup(house).returncode == 0
    shutil.rmtree(house / ".venv")
    put(house, "df", f"echo Filesystem; echo '{line.format(2097152)}'")
    assert "2 GB are left" in stopped(setup(house))


def test_disks_that_cannot_be_listed_stop_nothing(house):
    put(house, "df", "echo 'df: no file systems' >&2; exit 1")
    assert setup(house).returncode == 0


def test_settings_for_other_projects_do_not_move_the_packages(house):
    put(
        house,
        "uv",
        'mkdir -p .venv; echo "$PIP_USER $UV_PROJECT_ENVIRONMENT$UV_PROJECT$PIP_TARGET$VIRTUAL_ENV." >uv-calls',
    )
    other = dict.fromkeys(("UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "PIP_TARGET", "VIRTUAL_ENV"), "/elsewhere")
    assert setup(house, PIP_USER="1", **other).returncode == 0
    assert calls(house) == ["0 ."]


@pytest.mark.parametrize("way", [shutil.move, lambda old, new: shutil.copytree(old, new, symlinks=True)], ids=["moved", "copied"])
def test_a_clone_in_another_place_gets_its_packages_again(house, tmp_path_factory, way):
    setup(house, TORCH="cpu")
    (house / ".venv" / "program").write_text("#!old place")
    new = tmp_path_factory.mktemp("other") / "a clone"
    way(house, new)
    run = setup(new)
    assert run.returncode == 0 and f"moved or copied from {house}" in run.stdout
    assert not (new / ".venv" / "program").exists()
    assert len(calls(new)) == 4 and "--torch-backend cpu" in calls(new)[3], "and the build of torch is remembered"
    assert setup(new).stdout == ""


def test_a_clone_reached_by_another_path_is_the_same(house, tmp_path_factory):
    setup(house)
    link = tmp_path_factory.mktemp("other") / "link"
    link.symlink_to(house)
    assert setup(link).stdout == ""


def gone(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def a_folder(path):
    gone(path)
    path.mkdir()


def a_file(path):
    gone(path)
    path.write_text("x")


def half(path):
    path.write_text(path.read_text()[:30])


def without_target(path):
    gone(path)
    path.symlink_to("/nowhere/python3")


@pytest.mark.parametrize(
    ("part", "damage"),
    [
        (".venv/setup-stamp", half),
        (".venv/setup-stamp", gone),
        (".venv/setup-stamp", a_folder),
        (".venv/torch-choice", a_folder),
        (".venv/torch-choice", a_file),
        (".venv/bin/python", gone),
        (".venv/bin/python", a_file),
        (".venv/bin/python", without_target),
        (".venv/bin", gone),
    ],
)
def test_a_damaged_environment_is_repaired(house, part, damage):
    setup(house)
    (house / ".venv" / "bin" / "of-before").touch()
    damage(house / part)
    assert setup(house).returncode == 0
    assert (house / ".venv" / "bin" / "of-before").exists() == ("bin" not in part), "what cannot run is made anew"
    before = len(calls(house))
    assert setup(house).stdout == "" and len(calls(house)) == before


@pytest.mark.parametrize(
    ("part", "damage", "line"),
    [
        (".venv", a_file, "setup: {}/.venv is no folder: move it away and run make again"),
        ("_build", a_file, "setup: nothing can be written into {}/_build: is it a file, or read-only? Move it away and run make again"),
        ("uv.lock", gone, "setup: uv.lock is missing in {}: get it back (git checkout uv.lock) and run make again"),
        (
            "pyproject.toml",
            a_folder,
            "setup: pyproject.toml is missing in {}: get it back (git checkout pyproject.toml) and run make again",
        ),
    ],
)
def test_what_the_set_up_cannot_repair_is_one_line(house, part, damage, line):
    (house / "_build").mkdir()
    setup(house)
    (house / ".venv" / "setup-stamp").write_text("of before")
    damage(house / part)
    assert setup(house).stderr == line.format(house) + "\n"


def test_who_is_killed_while_uv_works_begins_again(house):
    """Also when the lock is the old one again, so that the stamp of the last whole set-up would fit."""
    setup(house)
    lock = (house / "uv.lock").read_text()
    (house / "uv.lock").write_text("version = 2\n")
    put(house, "uv", 'case $1 in sync) kill -9 "$PPID" ;; esac')
    assert setup(house).returncode == -signal.SIGKILL
    (house / "uv.lock").write_text(lock)
    put(house, "uv", UV)
    setup(house)
    assert len(calls(house)) == 2


def test_a_path_for_cd_leads_nowhere_else(house, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "tools").mkdir()
    command = ["/bin/sh", "tools/setup.sh"]
    subprocess.run(command, env={"PATH": str(house / "bin"), "CDPATH": str(other)}, cwd=house, check=True, capture_output=True)
    assert (house / ".venv" / "setup-stamp").exists() and not (other / ".venv").exists()


def test_without_any_command_for_checksums_the_lock_is_still_read(house):
    (house / "bin" / "sha256sum").unlink()
    (house / "bin" / "cksum").symlink_to(shutil.which("cksum"))
    setup(house)
    assert setup(house).stdout == "" and len(calls(house)) == 1


def test_a_uv_that_does_not_run_is_passed_over(house):
    (house / "bin" / "uv").write_bytes(b"\x7fELF of another machine")
    (house / ".venv-uv" / "bin").mkdir(parents=True)
    put(house, "copy", UV)
    (house / ".venv-uv" / "bin" / "uv").symlink_to(house / "bin" / "copy")
    assert setup(house).returncode == 0 and calls(house)[0].startswith("sync")


def test_any_other_failure_shows_what_uv_said(house):
    put(house, "uv", "echo 'error: the lock is broken' >&2; exit 1")
    run = setup(house)
    assert "the lock is broken" in run.stderr and "uv sync failed" in stopped(run)
    assert not (house / ".venv" / "setup-stamp").exists()


def test_no_venv_module(house):
    (house / "bin" / "uv").unlink()
    (house / "bin" / "id").unlink()
    put(house, "id", "echo 1000")
    put(house, "python3", f'[ "$1" = -m ] && exit 1; exec {sys.executable} "$@"')
    assert "sudo apt-get install python3-venv" in stopped(setup(house))


def test_the_cpu_build_leaves_out_cuda_and_is_remembered(house):
    assert setup(house, TORCH="cpu").returncode == 0
    sync, pip = calls(house)
    assert "--no-install-package torch" in sync and "--no-install-package nvidia-cudnn" in sync and "--no-install-package triton" in sync
    assert "--torch-backend cpu" in pip and pip.split()[-1].startswith("torch==")
    assert setup(house).stdout == ""
    assert setup(house, TORCH="default").returncode == 0
    assert calls(house)[-1].startswith("sync --frozen") and "--no-install-package" not in calls(house)[-1]


def test_an_unknown_build_of_torch(house):
    assert stopped(setup(house, TORCH="cuda")) == "setup: TORCH is cpu or default, not cuda"


def test_the_cpu_build_from_a_folder(house):
    setup(house, TORCH="cpu", TORCH_VERSION="2.13.0", UV_FIND_LINKS="/wheels")
    assert "--no-index" in calls(house)[1] and calls(house)[1].endswith("torch==2.13.0")


def test_without_a_browser_the_checks_are_skipped_with_a_notice(house):
    shutil.copy(ROOT / "tools" / "chromium.sh", house / "tools")
    (house / "bin" / "id").unlink()
    put(house, "id", "echo 1000")
    command, variables = ["/bin/sh", house / "tools" / "chromium.sh"], {"PATH": str(house / "bin")}
    run = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert run.returncode == 0
    assert run.stdout.startswith("NOTICE") and "SKIPPED" in run.stdout
