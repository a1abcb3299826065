#!/bin/sh
# Bring .venv to what uv.lock says. A second call does nothing when neither pyproject.toml nor uv.lock has changed.
# With the word `peers` it then adds the programs that `make bench` times beside the library (about 0.4 GB).
#
#   TORCH=cpu           torch's CPU build, of the locked version, instead of the CUDA build; remembered until TORCH=default
#   TORCH_VERSION=x.y.z another version of the CPU build, where only that one can be had
#   UV_FIND_LINKS=DIR   take the CPU build from a folder of wheels instead of PyTorch's own index
# The CPU build was tried from a folder (torch 2.13.0, no CUDA package in .venv, 2.0 GB), not from PyTorch's index.
set -eu
cd "$(dirname "$0")/.."
unset VIRTUAL_ENV PYTHONDONTWRITEBYTECODE CONDA_PREFIX
TORCH=${TORCH:-$(sed -n 1p .venv/torch-choice 2>/dev/null || true)}
TORCH=${TORCH:-default}
TORCH_VERSION=${TORCH_VERSION:-$(sed -n 2p .venv/torch-choice 2>/dev/null || true)}

stop() {
    echo "setup: $*" >&2
    exit 1
}

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
    sha256sum pyproject.toml uv.lock
}

check_disk() {
    free=$(df -Pk . | awk 'NR == 2 {print int($4 / 1048576)}')
    [ "$free" -ge "$NEED_GB" ] || stop "about $NEED_GB GB of free disk space are needed, $free GB are left: free some, or use make setup TORCH=cpu (4 GB)"
}

make_bootstrap_venv() {
    rm -rf .venv-uv
    "$PYTHON" -m venv .venv-uv >/dev/null 2>&1 && return
    have_root || stop "this Python has no venv module: sudo apt-get install python3-venv, and run make again"
    echo "setup: installing python3-venv"
    { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv; } >.venv-uv.log 2>&1 ||
        stop "apt-get install python3-venv failed (see .venv-uv.log): install it by hand and run make again"
    rm -rf .venv-uv .venv-uv.log
    "$PYTHON" -m venv .venv-uv >/dev/null 2>&1 || stop "$PYTHON cannot make a virtual environment: install its venv module and run make again"
}

find_uv() {
    if command -v uv >/dev/null; then
        UV=uv
        return
    fi
    UV=.venv-uv/bin/uv
    [ -x "$UV" ] && return
    echo "setup: fetching uv"
    make_bootstrap_venv
    .venv-uv/bin/python -m pip install --quiet --retries 2 uv >.venv-uv.log 2>&1 ||
        stop "uv could not be fetched (see .venv-uv.log): is the network down? Connect and run make again"
}

run_uv() {
    mkdir -p _build
    "$UV" "$@" 2>_build/setup.log && return
    if grep -qiE 'failed to fetch|error sending request|dns error|connect error|timed out|network' _build/setup.log; then
        stop "a package could not be fetched (see _build/setup.log): is the network down? Connect and run make again"
    elif grep -qiE 'no space left|disk quota' _build/setup.log; then
        stop "the disk is full: about $NEED_GB GB are needed"
    fi
    tail -n 15 _build/setup.log >&2
    stop "uv $1 failed, see the lines above"
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
    [ -f .venv/setup-stamp ] || check_disk
    find_uv
    start=$(date +%s)
    echo "setup: installing the locked packages into .venv (torch: $TORCH); the first time this downloads a few GB"
    if [ "$TORCH" = cpu ]; then install_cpu; else run_uv sync --frozen --python "$PYTHON" --compile-bytecode; fi
    printf '%s\n%s\n' "$TORCH" "$TORCH_VERSION" >.venv/torch-choice
    stamp >.venv/setup-stamp
    echo "setup: done in $(($(date +%s) - start)) s, $(du -sh .venv | cut -f1) in .venv"
}

PYTHON=$(find_python)
[ -f .venv/setup-stamp ] && [ "$(stamp)" = "$(cat .venv/setup-stamp)" ] || install
if [ "${1:-}" = peers ]; then
    find_uv
    echo "setup: adding the programs that the library is timed against"
    run_uv sync --frozen --python "$PYTHON" --inexact --only-group peers
fi
