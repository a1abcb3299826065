"""The built book as files: links, downloads, metadata, and what must not be in it."""

import json
import pickle
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

from book import pdf
from book.pages import ROOT, files_in_toc, pages
from book.words import INSTALL
from nnqg.sliders import LARGEST

HEAD_ONLY = {"canonical", "prev", "next", "index", "search", "author", "genindex"}
FETCHED = dict.fromkeys(("script", "img", "iframe", "source", "audio", "video", "embed"), "src") | {"object": "data"}


@dataclass
class Document(HTMLParser):
    """The links, anchors, images and metadata of one HTML file."""

    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    meta: dict[str, str] = field(default_factory=dict)
    images: list[dict] = field(default_factory=list)
    relations: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attributes):
        values = {name: value or "" for name, value in attributes}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "img":
            self.images.append(values)
        if tag == "meta":
            self.meta[values.get("property") or values.get("name", "")] = values.get("content", "")
        if tag == "link":
            self.relations[values.get("rel", "")] = values.get("href", "")
            if values.get("rel") not in HEAD_ONLY:
                self.fetched.append(values.get("href", ""))
        if values.get(FETCHED.get(tag)):
            self.fetched.append(values[FETCHED[tag]])


@cache
def document(path: Path) -> Document:
    """Return the parsed file."""
    parsed = Document()
    parsed.feed(path.read_text(encoding="utf-8"))
    return parsed


def page_files(site: Path) -> list[Path]:
    """Return the HTML files of all pages in `_toc.yml`."""
    return [site / f"{name}.html" for name in files_in_toc()]


def is_local(address: str) -> bool:
    """Return whether an address stays in the book."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc


def broken(path: Path, address: str) -> Iterator[str]:
    """Yield what is wrong with a local link."""
    parts = urlsplit(address)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        yield f"{path.name}: no file for {address}"
    elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in document(target).anchors:
        yield f"{path.name}: no anchor for {address}"


def test_every_page_of_the_toc_is_there(site: Path):
    assert [str(path) for path in page_files(site) if not path.is_file()] == []


def test_no_broken_internal_link(site: Path):
    library = (site / "chapters" / "reference" / "library").rglob("*.html")
    files = {*page_files(site), *library, site / "index.html", site / "search.html", site / "genindex.html"}
    links = [(path, link) for path in files for link in document(path).links + document(path).fetched if is_local(link)]
    assert [problem for path, link in links for problem in broken(path, link)] == []


def test_nothing_is_fetched_from_another_host(site: Path):
    fetched = [(path.name, address) for path in site.rglob("*.html") for address in document(path).fetched]
    assert [one for one in fetched if not is_local(one[1]) and not one[1].startswith("data:")] == []


def test_every_image_has_alt_text(site: Path):
    assert [(path.name, image) for path in page_files(site) for image in document(path).images if not image.get("alt", "").strip()] == []


def test_a_figure_with_a_slider_is_small(site: Path):
    texts = [path.read_text(encoding="utf-8") for path in page_files(site)]
    sizes = [len(part) for text in texts for part in re.findall(r'<div class="(?:frames|stage)".*?</div>', text, re.DOTALL)]
    assert sizes and max(sizes) <= LARGEST


def test_solutions_are_unmarked_and_hidden_tests_absent(site: Path):
    texts = {path: path.read_text(encoding="utf-8") for path in page_files(site)}
    assert [path.name for path, text in texts.items() if re.search("BEGIN SOLUTION|END SOLUTION|HIDDEN TESTS", text)] == []


def offered(site: Path, page) -> list:
    """Return the notebooks that a page offers, by itself and its exercises."""
    path = site / "chapters" / f"{page.name}.html"
    links = sorted({link for link in document(path).links if link.endswith(".ipynb")}, key=len)
    assert [link.rsplit("/", 1)[1] for link in links] == [f"{path.stem}.ipynb", f"{path.stem}-exercises.ipynb"]
    assert not [link for link in document(path).links if link.endswith(".md")]
    return [json.loads((path.parent / link).read_text(encoding="utf-8")) for link in links]


def sources(notebook: dict, kind: str = "markdown") -> str:
    return "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind)


def test_every_page_offers_itself_with_outputs_and_its_exercises_without(site: Path):
    for page in pages():
        whole, exercises = offered(site, page)
        for notebook in (whole, exercises):
            assert notebook["nbformat"] == 4 and "".join(notebook["cells"][0]["source"]) == INSTALL
        assert any(cell.get("outputs") for cell in whole["cells"]) and not any(cell.get("outputs") for cell in exercises["cells"])
        assert "YOUR CODE HERE" in sources(exercises, "code") and "HIDDEN TESTS" not in sources(exercises, "code")


def test_notebooks_have_the_numbers_of_the_book(site: Path):
    for page in pages():
        whole, exercises = offered(site, page)
        shown = (site / "chapters" / f"{page.name}.html").read_text(encoding="utf-8")
        equations = re.findall(r'<span class="eqno">\(([\d.]+)\)', shown)
        figures = re.findall(r'<span class="caption-number">Fig\. ([\d.]+) </span>', shown)
        exercise = re.findall(r'<p class="admonition-title"><span class="caption-number">Exercise ([\d.]+) ?</span>', shown)
        assert exercise and re.findall(r"(?m)^### Exercise ([\d.]+):", sources(whole)) == exercise, page.name
        assert re.findall(r"(?m)^## Exercise ([\d.]+)\. ", sources(exercises)) == exercise, page.name
        assert re.findall(r"\\tag\{([\d.]+)\}", sources(whole)) == equations, page.name
        assert re.findall(r"(?m)^\*Fig\. ([\d.]+)\.\*", sources(whole)) == figures, page.name


def test_metadata_for_search_engines_and_social_cards(site: Path):
    for path in page_files(site):
        meta = document(path).meta
        assert meta["og:title"] and meta["og:description"] and meta["og:url"].endswith(f"{path.stem}.html")
        card = urlsplit(meta["og:image"]).path.split("_images/", 1)[1]
        assert (site / "_images" / card).read_bytes().startswith(b"\x89PNG")
        assert "icon" in document(path).relations or "shortcut icon" in document(path).relations


def test_site_map_lists_every_page(site: Path):
    places = [element.text for element in ElementTree.parse(site / "sitemap.xml").iter() if element.tag.endswith("}loc")]
    assert [name for name in files_in_toc() if not any(place.endswith(f"/{name}.html") for place in places)] == []


def test_pages_follow_each_other(site: Path):
    followed = [page.relative_to(site.resolve()) for page in pdf.reading_order(site)]
    listed = [Path(f"{name}.html") for name in files_in_toc()]
    assert [page for page in followed if page in listed] == listed
    assert {page.parent.parent.name for page in followed if page not in listed} == {"library"}


def test_mathjax_lies_in_the_book(site: Path):
    assert (site / "_static" / "mathjax" / "tex-chtml-full.js").is_file()
    assert len(list((site / "_static" / "mathjax").rglob("*.woff"))) > 20


@pytest.mark.parametrize("name", ["ledger", "errata", "status"])
def test_results_are_those_of_the_pages(site: Path, name: str):
    run = site.parent / "run" / f"{name}.json"
    if not run.is_file():
        pytest.skip(f"no {run}: the book was not executed")
    gathered = json.loads(run.read_text(encoding="utf-8"))
    text = (site / "chapters" / "reference" / f"{name}.html").read_text(encoding="utf-8")
    assert "not executed yet" not in text
    wanted = {"ledger": 'class="claim', "errata": 'class="correction', "status": "Wall time"}[name]
    assert text.count(wanted) == (1 if name == "status" else len(gathered))


def test_every_page_shows_its_run_time(site: Path):
    for page in pages():
        text = (site / "chapters" / f"{page.name}.html").read_text(encoding="utf-8")
        (shown,) = re.findall(r'class="run-time">([^<]+)<', text)
        assert re.fullmatch(r"[\d.]+ s \([\d.]+ s of CPU time\), measured on \d{4}-\d\d-\d\d", shown), f"{page.name}: {shown}"


def test_every_public_module_is_in_the_library_reference(site: Path):
    folder = site.parent.parent / "lib" / "nnqg"
    modules = [".".join(path.relative_to(folder.parent).with_suffix("").parts) for path in folder.rglob("[!_]*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in (site / "chapters" / "reference" / "library").rglob("*.html"))
    assert [module for module in modules if f'id="module-{module}"' not in text] == []


def test_what_pages_are_made_of_are_files(site: Path, monkeypatch):
    """A folder would count as changed at every build, and with one page that has changed all are written anew."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "tools" / "sphinx_ext"), *sys.path])
    environment = pickle.loads((site.parent / ".doctrees" / "environment.pickle").read_bytes())
    used = {(page, name) for page, names in environment.dependencies.items() for name in names}
    assert len(used) > 100 and {(page, name) for page, name in used if not (ROOT / name).is_file()} == set()
