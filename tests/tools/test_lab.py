"""JupyterLab of the house opens the pages as notebooks."""

import json
import os
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from book.pages import ROOT


@pytest.fixture
def lab(tmp_path):
    """Start `make lab` without a browser on a free port; return how to ask it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=lab"]
    environment = {**os.environ, "HOME": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    with open(tmp_path / "log", "w") as log:
        server = subprocess.Popen([sys.executable, ROOT / "tools" / "book" / "lab.py", *options], env=environment, stdout=log, stderr=log)
    yield lambda path: ask(f"http://127.0.0.1:{port}/{path}?token=lab")
    server.terminate()
    server.wait(timeout=20)


def ask(address, patience=60):
    end = time.monotonic() + patience
    while True:
        try:
            return json.load(urlopen(address, timeout=10))
        except (URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


def test_pages_open_as_notebooks(lab):
    settings = lab("lab/api/settings/@jupyterlab/docmanager-extension:plugin")
    assert settings["schema"]["properties"]["defaultViewers"]["default"]["myst"] == "Jupytext Notebook"
    source = next(path for path in (ROOT / "chapters").rglob("*.md") if "kernelspec" in path.read_text())
    assert lab(f"api/contents/{source.relative_to(ROOT / 'chapters')}")["type"] == "notebook"
