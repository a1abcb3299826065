"""The proof that two executions of a page give the same text, kept in the page's committed reference as a fingerprint.

A page is executed a second time only where what it depends on is no longer what was proved; with TWICE=all, as in the weekly
run, every page is.
"""

import json
import os
from pathlib import Path

from book.fingerprint import portable
from book.pages import Page

KEY = "two_executions_agree"


def reference_of(page: Page) -> Path:
    """Return where the committed text of a page lies."""
    return page.root / "tests" / "references" / f"{page.name}.ipynb"


def proved(page: Page) -> bool:
    """Tell whether the page as it is has been executed twice with the same text."""
    path = reference_of(page)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))["metadata"]["nnqg"][KEY]
    except (OSError, ValueError, LookupError, TypeError):  # none yet, or a damaged one: then nothing is proved
        return False
    return kept == portable(page)


def needed(page: Page) -> bool:
    """Tell whether the page has to be executed a second time."""
    return os.environ.get("TWICE") == "all" or not proved(page)
