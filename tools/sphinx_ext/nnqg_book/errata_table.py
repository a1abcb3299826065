"""Every correction of the book as a card: the talk part by part, then paper by paper, slips apart from remarks; how many stands above."""

import re
from collections.abc import Mapping
from pathlib import Path

from docutils import nodes

from nnqg.errata import KINDS

from .run_data import NOT_EXECUTED
from .tables import link_to_page, paragraph, placeholder, table, text_with_math

__all__ = ["errata_table", "paper_title", "source_of"]

MEANING = {"slip": "Slips", "contradiction": "Contradictions", "remark": "Remarks"}
PAPER = re.compile(r"(arXiv:\d{4}\.\d{4,5}|[a-z-]+/\d{7})")
APOSTROPHE = re.compile(r"(?<!\w)'(?=\d\d|t )")  # '94 and 't Hooft, which would be taken for the opening of a quotation
FIRST = ord("①")


def source_of(correction: Mapping[str, str], chapters: Mapping[str, int]) -> str:
    """Return the paper that a correction is about, or the part of the talk.

    Examples
    --------
    >>> source_of({"slide": "① 3/4", "chapter": "discussion"}, {"quantum-gravity": 1, "discussion": 7})
    'Part 1 of the talk: quantum gravity'
    >>> source_of({"slide": "arXiv:1809.10536, table 2", "chapter": "discussion"}, {})
    'arXiv:1809.10536'
    """
    slide, chapter = correction["slide"], correction["chapter"]
    if paper := PAPER.match(slide):
        return paper[0]
    named = {number: name for name, number in chapters.items()}
    part = ord(slide[0]) - FIRST + 1
    chapter = "discussion" if slide.startswith("Discussion") else named.get(part, chapter)
    return f"Part {chapters.get(chapter, '')} of the talk: {chapter.replace('-', ' ')}"


def paper_title(source: str, bibliography: Path) -> str:
    """Return a source with its title, where the bibliography has it."""
    eprint = re.escape(source.removeprefix("arXiv:"))
    text = bibliography.read_text(encoding="utf-8") if bibliography.is_file() else ""
    found = [entry for entry in text.split("\n\n") if re.search(rf"eprint = {{{eprint}}}", entry)]
    title = re.search(r"(?m)^ *title = {(.+)},?$", found[0]) if found else None
    return f"{source}: {re.sub('[{}]', '', title[1])}" if title else source


def errata_table(corrections: list[dict] | None, chapters: Mapping[str, int], bibliography: Path) -> list[nodes.Node]:
    """Return a table of numbers, and a section of cards for each source; or a placeholder.

    Parameters
    ----------
    corrections : list of dict or None
        Contents of ``errata.json``.
    chapters : mapping
        The number of the talk's part that a chapter rebuilds.
    bibliography : Path
        The BibTeX file that knows the papers' titles.

    Returns
    -------
    list of docutils nodes
        What the directive puts on the page.
    """
    if not corrections:
        return placeholder(f"No corrections are gathered: the book was {NOT_EXECUTED}.")
    sources: dict[str, list[dict]] = {}
    for correction in corrections:
        sources.setdefault(source_of(correction, chapters), []).append(correction)
    ordered = sorted(sources, key=lambda source: (not source.startswith("Part"), source))
    sections = [_section(paper_title(source, bibliography), sources[source]) for source in ordered]
    rows = [_counts(section, sources[source]) for section, source in zip(sections, ordered, strict=True)]
    total = [[paragraph("Together")], *_numbers(corrections)]
    return [table(("Where", *MEANING.values()), [*rows, (["total"], total)], "errata-counts"), *sections]


def _numbers(corrections: list[dict]) -> list[list[nodes.Node]]:
    counts = [sum(correction["kind"] == kind for correction in corrections) for kind in MEANING]
    return [[paragraph(str(count) if count else "–", "number")] for count in counts]


def _counts(section: nodes.section, corrections: list[dict]) -> tuple[list[str], list[list[nodes.Node]]]:
    link = nodes.reference("", section[0].astext(), refid=section["ids"][0], internal=True)
    return [], [[nodes.paragraph("", "", link)], *_numbers(corrections)]


def _section(title: str, corrections: list[dict]) -> nodes.section:
    """Return the cards of one source under their kinds."""
    section = nodes.section("", nodes.title("", title), ids=[nodes.make_id(title)], names=[nodes.fully_normalize_name(title)])
    for kind, meaning in MEANING.items():
        cards = [_card(correction) for correction in corrections if correction["kind"] == kind]
        if cards:
            section += [nodes.rubric("", f"{meaning} ({len(cards)})"), *cards]
    return section


def _card(correction: dict) -> nodes.container:
    """Return kind and place, then what is printed, what is right, the sentence with the number, and the page that computes it."""
    titles = (*KINDS[correction["kind"]], "Shown by")
    texts = [APOSTROPHE.sub("’", correction[key]) for key in ("printed", "right", "shown_by")]
    head = nodes.paragraph(
        "", "", nodes.inline("", correction["kind"], classes=["kind"]), nodes.Text(f" {correction['slide']}"), classes=["head"]
    )
    items = [(title, nodes.paragraph("", "", *text_with_math(text))) for title, text in zip(titles, texts, strict=True)]
    items.append(("Page", link_to_page(correction["page"])))
    listed = [nodes.definition_list_item("", nodes.term("", title), nodes.definition("", text)) for title, text in items]
    return nodes.container("", head, nodes.definition_list("", *listed), classes=["correction", f"kind-{correction['kind']}"])
