"""The bibliography is sorted by key, so that pages written side by side add their entries at different places."""

import re

from book.pages import ROOT

TEXT = (ROOT / "chapters" / "references.bib").read_text(encoding="utf-8")
KEYS = re.findall(r"(?m)^@\w+\{([^,]+),$", TEXT)


def test_entries_are_sorted_by_key_and_have_one_each():
    assert sorted(set(KEYS)) == KEYS
    assert len(KEYS) == TEXT.count("\n@")
