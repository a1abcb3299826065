"""The words of the glossary: defined once, used once a page, and those of holography at their first use."""

import re

import pytest

from book.pages import ROOT, pages

WAY_IN = "quantum-gravity/holography-in-fifteen-minutes"
PAGES = pages(ROOT)
OTHERS = [page for page in PAGES if page.name != WAY_IN]
INDEXES = sorted((ROOT / "chapters").glob("*/index.md"))
SOURCES = [*(page.source for page in PAGES), *INDEXES]
WORDS = ["anti-de Sitter", "bulk", "horizon", "condensate", "meson", "dilaton", "Wilson loop", "entanglement entropy"]
NEEDS_HOLOGRAPHY = ["quantum-gravity", "networks-as-spacetime", "emergent-spacetime", "symmetries", "discussion"]
FRONT_MATTER = r"\A---\n.*?\n---\n"
BOXES = r"(?ms)^(`{3,}|:{3,})\{.*?^\1$|^#[^\n]*$|^\|[^\n]*\|$"
REST = "## What to keep"
MATHEMATICS_AND_CODE = r"\{[\w:-]+\}`[^`]*`|`[^`]*`|\$\$.*?\$\$|\$(?:[^$\n]|\n(?!\n))*\$|\]\([^)]*\)"
ROLE = re.compile(r"\{term\}`(?P<shown>[^`<]*)(?:<(?P<target>[^`>]*)>)?`")
ENTRY = re.compile(r"(?m)^(?P<names>(?:\S.*\n)+)  (?P<definition>\S.*)\n\n  \[\]\(\.\./(?P<page>[\w/-]+)\.md\)$")


def entries() -> list[re.Match]:
    """Return the entries of the glossary."""
    text = (ROOT / "chapters" / "reference" / "glossary.md").read_text(encoding="utf-8")
    return list(ENTRY.finditer(text.split("```{glossary}\n")[1]))


def names(entry: re.Match) -> list[str]:
    """Return the words that an entry defines."""
    return entry["names"].splitlines()


def terms(text: str) -> list[str]:
    """Return the words of the glossary that a page marks, in order."""
    return [match["target"] or match["shown"] for match in ROLE.finditer(text)]


def story(text: str) -> str:
    """Return a page's prose without boxes, code, formulas, headings and the sections at its end; marked words stand in «»."""
    text = ROLE.sub(r"«\g<shown>»", text.split(REST)[0])
    for pattern in (FRONT_MATTER, BOXES, MATHEMATICS_AND_CODE):
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    return text


def first_use(text: str, word: str) -> str:
    """Return the first use of a word in the prose with the characters around it: « before it when it is marked."""
    found = re.search(rf"(?i).?\b{word}s?\b.{{0,20}}", story(text))
    return found[0] if found else ""


def test_the_glossary_is_in_order_and_short():
    text = (ROOT / "chapters" / "reference" / "glossary.md").read_text(encoding="utf-8")
    found = [names(entry)[0] for entry in entries()]
    assert 60 <= len(found) <= 90
    assert found == sorted(found, key=str.lower)
    assert len(found) == text.count("\n  [](")
    assert all(len(re.findall(r"[.?!](?:\)|”)?(?:\s|$)", entry["definition"])) <= 3 for entry in entries())


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: names(entry)[0])
def test_every_word_is_used_and_leads_to_a_page(entry):
    assert (ROOT / "chapters" / f"{entry['page']}.md").is_file()
    assert "{" not in entry["definition"] and "$" not in entry["definition"]  # the card shows plain text
    marked = {term for source in SOURCES for term in terms(source.read_text(encoding="utf-8"))}
    assert marked & set(names(entry))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.parent.name}/{source.stem}")
def test_a_page_marks_a_word_once(source):
    found = terms(source.read_text(encoding="utf-8"))
    assert [term for term in set(found) if found.count(term) > 1] == []
    assert set(found) <= {name for entry in entries() for name in names(entry)}


@pytest.mark.parametrize("page", OTHERS, ids=lambda page: page.name)
def test_words_of_holography_are_marked_at_their_first_use(page):
    text = page.source.read_text(encoding="utf-8")
    uses = [first_use(text, word) for word in WORDS]
    assert [use for use in uses if use and not use.startswith("«")] == []


@pytest.mark.parametrize("chapter", NEEDS_HOLOGRAPHY)
def test_a_chapter_that_needs_holography_leads_to_the_way_in(chapter):
    text = (ROOT / "chapters" / chapter / "index.md").read_text(encoding="utf-8")
    assert WAY_IN.split("/")[1] in text.split("\n| ")[0]


def test_a_word_that_is_not_marked_is_noticed():
    assert first_use("# A horizon\n\nThe `horizon` of $horizon$. {term}`Horizons <horizon>`, a horizon.", "horizon").startswith("«")
    assert first_use("A horizon, {term}`horizon`.", "horizon").startswith(" horizon")
