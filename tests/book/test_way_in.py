"""The words of holography lead, at their first use on a page, to the page that explains them."""

import re

import pytest

from book.pages import ROOT, pages

WAY_IN = "quantum-gravity/holography-in-fifteen-minutes"
PAGES = [page for page in pages(ROOT) if page.name != WAY_IN]
WORDS = ["anti-de Sitter", "bulk", "horizon", "condensate", "meson", "dilaton", "Wilson loop", "entanglement entropy"]
FRONT_MATTER = r"\A---\n.*?\n---\n"
NO_PROSE = r"(?ms)^(`{3,}).*?^\1|^:::\{admonition\} About this page.*?^:::$|^#.*?$|^:\w+:.*?$|^:::.*?$|^\|.*?\|$"
MATHEMATICS_CODE_ROLES = r"\{[\w:]+\}`[^`]*`|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$"
LINK = re.compile(r"\[(?P<words>[^\]]*)\]\((?P<target>[^)]*)\)")


def blanked(text: str) -> str:
    """Return a page's source with everything that is no prose replaced by blanks of the same length."""

    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])

    text = re.sub(FRONT_MATTER, blank, text, flags=re.DOTALL)
    return re.sub(MATHEMATICS_CODE_ROLES, blank, re.sub(NO_PROSE, blank, text), flags=re.DOTALL)


def first_use(text: str, word: str) -> tuple[re.Match, str] | None:
    """Return where a word stands first in the prose of a page, and where the link around it leads."""
    prose = blanked(text)
    links = list(LINK.finditer(prose))
    for found in re.finditer(rf"\b{word}s?\b", prose, flags=re.IGNORECASE):
        around = [link for link in links if link.start() < found.start() < link.end()]
        if not around:
            return found, ""
        if found.start() < around[0].start("target"):
            return found, around[0]["target"]
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_words_of_holography_lead_to_their_explanation(page):
    text = page.source.read_text()
    uses = {word: first_use(text, word) for word in WORDS}
    assert {word: use[1] for word, use in uses.items() if use and WAY_IN.split("/")[1] not in use[1]} == {}


def test_a_word_without_a_link_is_noticed():
    assert first_use("# A horizon\n\nThe `horizon` of $horizon$. A horizon.", "horizon")[1] == ""
    assert first_use("[Horizons](../quantum-gravity/x.md) and a horizon", "horizon")[1] == "../quantum-gravity/x.md"
    assert first_use("[the page](horizon.md)", "horizon") is None
