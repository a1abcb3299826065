#!/bin/sh
# Bring .venv to what uv.lock says. A second call does nothing when neither pyproject.toml nor uv.lock has changed.
# In a clone that was moved or copied .venv is made again, because its programs name the place where they were installed.
# With the word `peers` it then adds the programs that `make bench` times beside the library (about 0.4 GB).
#
#   TORCH=cpu           torch's CPU build, of the locked version, instead of the CUDA build; remembered until TORCH=default
#   TORCH_VERSION=x.y.z another version of the CPU build, where only that one can be had
#   UV_FIND_LINKS=DIR   take the CPU build from a folder of wheels instead of PyTorch's own index
# The CPU build was tried from a folder (torch 2.13.0, no CUDA package in .venv, 2.0 GB), not from PyTorch's index.
set -eu
unset CDPATH # it would lead `cd tools/..` to another place
cd "$(dirname "$0")/.."
unset VIRTUAL_ENV PYTHONDONTWRITEBYTECODE CONDA_PREFIX UV_PROJECT_ENVIRONMENT UV_PROJECT PIP_TARGET PIP_PREFIX
export PIP_USER=0 # before a `user = true` in pip's own settings
TORCH=${TORCH:-$(sed -n '1s/^cpu$/cpu/p' .venv/torch-choice 2>/dev/null || true)}
TORCH=${TORCH:-default}
TORCH_VERSION=${TORCH_VERSION:-$(sed -n 2p .venv/torch-choice 2>/dev/null || true)}

stop() {
    echo "setup: $*" >&2
    exit 1
}

# the last lines of what a tool said, before the line that says what failed
stop_after() {
    tail -n 15 "$1" >&2 || true
    shift
    stop "$@"
}

for file in pyproject.toml uv.lock; do
    [ -f "$file" ] || stop "$file is missing in $(pwd -P): get it back (git checkout $file) and run make again"
done

case $TORCH in
    cpu) NEED_GB=4 ;;
    default) NEED_GB=8 TORCH_VERSION= ;;
    *) stop "TORCH is cpu or default, not $TORCH" ;;
esac

have_root() {
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        path=$(command -v "$name") || continue
        if "$path" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
            echo "$path"
            return
        fi
    done
    stop "Python 3.11 to 3.14 is needed, found $(python3 --version 2>/dev/null || echo none): install one of these and run make again"
}

stamp() {
    echo "$("$PYTHON" --version) torch=$TORCH $TORCH_VERSION"
    echo "in $(pwd -P)"
    # the second on macOS, the third everywhere
    sha256sum pyproject.toml uv.lock 2>/dev/null || shasum -a 256 pyproject.toml uv.lock 2>/dev/null || cksum pyproject.toml uv.lock
}

runs() {
    "$@" >/dev/null 2>&1
}

remove_broken_venv() {
    if [ ! -e .venv ] || runs .venv/bin/python -c ''; then return; fi
    [ -d .venv ] || stop "$(pwd -P)/.venv is no folder: move it away and run make again"
    echo "setup: .venv has no Python that runs: it is made again"
    rm -rf .venv
}

remove_venv_of_another_place() {
    place=$(sed -n 's/^in //p' .venv/setup-stamp 2>/dev/null || true)
    if [ -z "$place" ] || [ "$place" = "$(pwd -P)" ]; then return; fi
    echo "setup: this clone was moved or copied from $place: .venv is made again"
    PYTHON=$("$PYTHON" -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))')
    rm -rf .venv
}

check_disk() {
    # the last number before the percentage, because the names of device and folder may hold spaces; nothing where df says nothing
    free=$(df -Pk . 2>/dev/null | awk 'NR > 1 {for (i = 4; i < NF; i++) if ($(i - 1) ~ /^[0-9]+$/ && $i ~ /^[0-9]+$/ && $(i + 1) ~ /^([0-9]+%|-)$/) {print int($i / 1048576); exit}}')
    [ -n "$free" ] || return 0
    [ "$free" -ge "$NEED_GB" ] || stop "about $NEED_GB GB of free disk space are needed, $free GB are left: free some, or use make setup TORCH=cpu (4 GB)"
}

make_bootstrap_venv() {
    rm -rf .venv-uv
    "$PYTHON" -m venv .venv-uv >.venv-uv.log 2>&1 && return
    have_root || stop_after .venv-uv.log "this Python has no venv module: sudo apt-get install python3-venv, and run make again"
    echo "setup: installing python3-venv"
    { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv; } >.venv-uv.log 2>&1 ||
        stop_after .venv-uv.log "apt-get install python3-venv failed (see above): install it by hand and run make again"
    rm -rf .venv-uv
    "$PYTHON" -m venv .venv-uv >.venv-uv.log 2>&1 || stop_after .venv-uv.log "$PYTHON cannot make a virtual environment: install its venv module and run make again"
}

CERTIFICATES=/etc/ssl/certs/ca-certificates.crt

unknown_certificate() {
    grep -qi certificate "$1"
}

why() {
    if unknown_certificate "$1"; then
        echo "the certificate of the package index or of a proxy is not trusted: add it to those of this system (update-ca-certificates), or name its file in SSL_CERT_FILE"
    else
        echo "is the network down? Connect and run make again"
    fi
}

fetch_uv() {
    .venv-uv/bin/python -m pip install --quiet --retries 2 uv >.venv-uv.log 2>&1
}

find_uv() {
    for UV in uv .venv-uv/bin/uv; do
        status=0
        runs "$UV" --version || status=$?
        [ "$status" -ge 126 ] || return 0 # whatever else is wrong, it says itself
    done
    echo "setup: fetching uv"
    make_bootstrap_venv
    fetch_uv && return
    if unknown_certificate .venv-uv.log && [ -f "$CERTIFICATES" ]; then
        echo "setup: pip does not know the certificate of the package index: trying with those of this system"
        PIP_CERT=$CERTIFICATES fetch_uv && return
    fi
    stop_after .venv-uv.log "uv could not be fetched (see above): $(why .venv-uv.log)"
}

run_uv() {
    { runs mkdir -p _build && [ -w _build ]; } || stop "nothing can be written into $(pwd -P)/_build: is it a file, or read-only? Move it away and run make again"
    "$UV" "$@" 2>_build/setup.log && return
    if unknown_certificate _build/setup.log; then
        echo "setup: uv does not know the certificate of the package index: trying with those of this system"
        export UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 # the new and the old name
        "$UV" "$@" 2>_build/setup.log && return
    fi
    ! grep -qiE 'no space left|disk quota' _build/setup.log || stop "the disk is full: about $NEED_GB GB are needed"
    if grep -qiE 'failed to fetch|error sending request|dns error|connect error|timed out|network|certificate' _build/setup.log; then
        stop_after _build/setup.log "a package could not be fetched (see above): $(why _build/setup.log)"
    fi
    stop_after _build/setup.log "uv $1 failed, see the lines above"
}

# torch's companions on a CUDA machine, by their names in the lock file
cuda_packages() {
    sed -n 's/^name = "\(nvidia-[^"]*\|cuda-[^"]*\|triton\)"$/\1/p' uv.lock
}

install_cpu() {
    version=${TORCH_VERSION:-$(sed -n '/^name = "torch"$/{n;s/^version = "\(.*\)"$/\1/p;}' uv.lock)}
    skip="--no-install-package torch"
    for package in $(cuda_packages); do skip="$skip --no-install-package $package"; done
    # shellcheck disable=SC2086  # the options are words
    run_uv sync --frozen --python "$PYTHON" --compile-bytecode $skip
    run_uv pip install --python .venv/bin/python --no-deps --reinstall --compile-bytecode --torch-backend cpu ${UV_FIND_LINKS:+--no-index} "torch==$version"
}

install() {
    [ -w . ] || stop "nothing can be written into $(pwd -P): make it writable, or work in a copy"
    remove_broken_venv
    remove_venv_of_another_place
    [ -f .venv/setup-stamp ] || check_disk
    find_uv
    start=$(date +%s)
    echo "setup: installing the locked packages into .venv (torch: $TORCH); the first time this downloads a few GB"
    [ ! -f .venv/setup-stamp ] || printf 'unfinished\nin %s\n' "$(pwd -P)" >.venv/setup-stamp # nobody who is stopped here leaves the old one
    if [ "$TORCH" = cpu ]; then install_cpu; else run_uv sync --frozen --python "$PYTHON" --compile-bytecode; fi
    rm -rf .venv/torch-choice .venv/setup-stamp # which may be folders
    printf '%s\n%s\n' "$TORCH" "$TORCH_VERSION" >.venv/torch-choice
    stamp >.venv/setup-stamp
    echo "setup: done in $(($(date +%s) - start)) s, $(du -sh .venv | cut -f1) in .venv"
}

PYTHON=$(find_python)
{ [ -f .venv/setup-stamp ] && [ "$(stamp)" = "$(cat .venv/setup-stamp)" ] && runs .venv/bin/python -c ''; } || install
if [ "${1:-}" = peers ]; then
    find_uv
    echo "setup: adding the programs that the library is timed against"
    run_uv sync --frozen --python .venv/bin/python --inexact --only-group peers # by this name, because another path to it would make .venv anew
fi
