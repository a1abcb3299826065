"""The built book and a browser, for the tests that look at what readers get."""

import os
from pathlib import Path

import pytest

from book.pages import ROOT
from book.pdf import FLAGS, browser_path


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built book; BOOK_HTML names another one."""
    folder = Path(os.environ.get("BOOK_HTML", ROOT / "_build" / "html"))
    if not (folder / "index.html").is_file():
        pytest.skip(f"the book is not built: no {folder}/index.html (run `make book`)")
    return folder


@pytest.fixture(scope="session")
def browser():
    """One headless browser for all tests; without one the tests are skipped, but never in CI when one is installed."""
    path = browser_path()
    if path is None:
        pytest.skip("NOTICE: no chromium on this machine, so the book was not looked at in a browser (apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="NOTICE: playwright is missing: no browser tests")
    with playwright.sync_playwright() as driver:
        try:
            opened = driver.chromium.launch(executable_path=path, args=FLAGS)
        except playwright.Error as problem:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"NOTICE: {path} does not start, so the book was not looked at in a browser: {str(problem).splitlines()[0]}")
        yield opened
        opened.close()
