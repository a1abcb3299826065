"""The bibliography is sorted by key, so that pages written side by side add their entries at different places, and all of it is cited."""

import re
from collections import Counter

from book.pages import ROOT

TEXT = (ROOT / "chapters" / "references.bib").read_text(encoding="utf-8")
KEYS = re.findall(r"(?m)^@\w+\{([^,]+),$", TEXT)


def test_entries_are_sorted_by_key_and_have_one_each():
    assert sorted(set(KEYS)) == KEYS
    assert len(KEYS) == TEXT.count("\n@")


def test_every_entry_is_cited():
    """By a page, or by its arXiv number in a docstring of the library."""
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "chapters").rglob("*.md"))
    library = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "lib").rglob("*.py"))
    cited = {key.strip() for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", pages) for key in keys.split(",")}
    numbers = dict(re.findall(r"(?ms)^@\w+\{([^,\n]+),$(?:(?!^@).)*?^\s*eprint\s*=\s*\{([^}]+)\}", TEXT))
    assert [key for key in KEYS if key not in cited and f"arXiv:{numbers.get(key)}" not in library] == []
    assert cited <= set(KEYS)


def test_no_two_entries_have_the_same_label():
    """Pages cite by authors and year, the third and later authors as "et al."; a letter behind the year tells two works apart."""
    entry = r"(?ms)^@\w+\{[^,\n]+,$(?=(?:(?!^@).)*?^\s*author = \{(.*?)\},$)(?=(?:(?!^@).)*?^\s*year = \{(.*?)\})"
    labels = Counter()
    for authors, year in re.findall(entry, TEXT):
        names = [name.split(",")[0] for name in authors.split(" and ")]
        labels[" and ".join(names) if len(names) < 3 else f"{names[0]} et al.", year] += 1
    assert sum(labels.values()) > 0.9 * len(KEYS)
    assert [label for label, number in labels.items() if number > 1] == []
