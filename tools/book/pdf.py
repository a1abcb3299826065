"""Print the built book as one file: the browser that the tests use makes the pages, pypdf joins, numbers and links them.

What is folded in the browser (solutions, case files, checks) is printed open; the code of figures and records, which the book folds
by rule, stays in the notebooks.
"""

import re
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from book import ending
from book.pages import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
SCALE, WIDTH = 0.8, 841  # an A4 page less its margins is so many of the browser's pixels wide
MARGINS = {"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"}
HEAD = '<div style="width: 100%; margin: 0 16mm; font-size: 7px; text-align: right"><span class="title"></span></div>'
STYLE = "#jb-print-docs-body, .headerlink, form.table-filter { display: none !important; } .bd-article h1 { display: block !important; }"
# Waits for letters and formulas, unfolds, gives a target to each link from elsewhere, and says what would be missing or cut.
PREPARE = r"""async (anchors) => {
  while (document.querySelector('.math, .tex2jax_process') && !window.MathJax?.startup?.promise) await new Promise(done => setTimeout(done, 20));
  await window.MathJax?.startup?.promise;
  document.querySelectorAll('main details:not(.hide), main details.above-output').forEach(box => { box.open = true; });
  document.querySelectorAll('main .toggle-hidden').forEach(box => box.classList.remove('toggle-hidden'));
  document.querySelectorAll('main img').forEach(image => { image.loading = 'eager'; });
  await Promise.all([...document.images].map(image => image.decode().catch(() => 0)));
  await document.fonts.ready;
  document.title = document.querySelector('main h1, h1').innerText.replace(/#$/, '').trim();
  document.body.append(...anchors.map(name => Object.assign(document.createElement('a'), { href: `#${name}`, hidden: true })));
  const edge = document.documentElement.clientWidth + 1;
  const seen = [...document.querySelectorAll('main *')].filter(box => box.getClientRects().length);
  const cut = seen.filter(box => box.getBoundingClientRect().right > edge
    || (box.scrollWidth > box.clientWidth + 2 && box.clientWidth > 30 && getComputedStyle(box).overflowX !== 'visible'));
  const missing = [...document.images].filter(image => image.getClientRects().length && !image.naturalWidth);
  const raw = [...document.querySelectorAll('main .math')].filter(box => !box.querySelector('mjx-container'));
  const words = (what, boxes) => boxes.slice(0, 5).map(box => `${what}: ${(box.src || box.innerText).trim().slice(0, 60)}`);
  return [...words('cut', cut), ...words('no picture', missing), ...words('no formula', raw),
    ...words('a wrong formula', [...document.querySelectorAll('mjx-merror')])];
}"""


def reading_order(site: Path) -> list[Path]:
    """Return the pages of a built book, from its cover by the link to the next one."""
    found, page = [], (site / "chapters" / "index.html").resolve()
    while page not in found:
        found.append(page)
        after = re.search(r'<link rel="next"[^>]* href="([^"]+)"', page.read_text(encoding="utf-8"))
        page = (page.parent / after[1]).resolve() if after else page
    return found


def title_of(page: Path) -> str:
    """Return a page's first heading as plain text."""
    heading = re.search(r"(?s)<h1[^>]*>(.*?)(?:<a class=\"headerlink\"|</h1>)", page.read_text(encoding="utf-8").rpartition("<article")[2])
    return unescape(re.sub(r"<[^>]+>", "", heading[1])).strip() if heading else page.stem


def anchors_wanted(pages: list[Path]) -> dict[Path, list[str]]:
    """Return for each page the anchors that other pages link to."""
    wanted: dict[Path, set[str]] = {page: set() for page in pages}
    for page in pages:
        for link in re.findall(r'href="([^":]+#[^"]+)"', page.read_text(encoding="utf-8")):
            path, anchor = urldefrag(unescape(link))
            target = (page.parent / path).resolve()
            if target != page and target in wanted:
                wanted[target].add(unquote(anchor))
    return {page: sorted(anchors) for page, anchors in wanted.items()}


def print_pages(work: list[tuple[Path, list[str], Path]]) -> list[str]:
    """Print each (page, anchors) to its file; return what is wrong with them."""
    from playwright.sync_api import sync_playwright

    problems = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=FLAGS)
        for page, anchors, target in work:
            tab = browser.new_page(viewport={"width": WIDTH, "height": 1189}, color_scheme="light", reduced_motion="reduce")
            tab.emulate_media(media="print")
            tab.goto(page.as_uri(), timeout=120_000)
            tab.add_style_tag(content=STYLE)
            problems += [f"{page.stem}: {problem}" for problem in tab.evaluate(PREPARE, anchors)]
            tab.pdf(
                path=target, format="A4", scale=SCALE, margin=MARGINS, print_background=True,
                display_header_footer=True, header_template=HEAD, footer_template="<span></span>",
            )  # fmt: skip
            tab.close()
    return problems


def browser_path() -> str | None:
    """Return the browser of this machine, None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def front(pages: list[Path], numbers: list[int], site: Path) -> str:
    """Return the contents with page numbers as HTML."""
    items = "".join(
        f'<a class="{"chapter" if level(page, site) == 0 else "page"}" href="{page.as_uri()}"><span>{escape(title_of(page))}</span><span>{number}</span></a>'
        for page, number in zip(pages, numbers, strict=True)
    )
    style = (
        "body { font: 15px Georgia, serif; } a { display: flex; justify-content: space-between; color: inherit; text-decoration: none; padding: 2px 0; }"
        ".chapter { font-weight: bold; margin-top: 12px; } .page { padding-left: 24px; }"
    )
    return f"<!doctype html><title>Contents</title><style>{style}</style><main><h1>Contents</h1>{items}</main>"


def level(page: Path, site: Path) -> int:
    """Return 0 for a cover, a chapter and a page of the reference, 1 for the pages of a chapter, and so on."""
    folders = page.relative_to(site.resolve() / "chapters").parts[:-1] if page.is_relative_to(site.resolve()) else ()
    return max(0, len(folders) - (page.stem == "index" or "reference" in folders))


def join(parts: list[tuple[Path, Path]], site: Path, output: Path) -> list[str]:
    """Join the printed (page, file)s, with bookmarks, page numbers and links that lead inside; return the links that lead nowhere."""
    writer, first, targets = PdfWriter(), {}, {}
    parents: list = []
    for page, file in parts:
        reader, first[page] = PdfReader(file), len(writer.pages)
        for name, place in reader.named_destinations.items():
            number = reader.get_destination_page_number(place)
            targets[page, unquote(str(name)).removeprefix("/")] = (first[page] + (number or 0), place.top)
        writer.append(reader, import_outline=False)
        parents = parents[: level(page, site)]
        parents.append(writer.add_outline_item(title_of(page), first[page], parent=parents[-1] if parents else None))
    owners = sorted((start, page) for page, start in first.items())
    lost = []
    for number, sheet in enumerate(writer.pages):
        here = [page for start, page in owners if start <= number][-1]
        for link in (annotation.get_object() for annotation in sheet.get("/Annots", [])):
            lost += lead_inside(link, here, first, targets, writer)
        write_number(sheet, number + 1, writer)
    writer.compress_identical_objects()
    writer.write(output)
    return lost


def lead_inside(link: DictionaryObject, here: Path, first: dict[Path, int], targets: dict, writer: PdfWriter) -> list[str]:
    """Give a link to a page of the book the place in this file; return it when the book has no such page."""
    address = str(link.get("/A", {}).get("/URI", ""))
    if "/Dest" in link and not isinstance(link["/Dest"], ArrayObject):
        page, anchor = here, unquote(str(link["/Dest"])).removeprefix("/")
    elif address.startswith("file:"):
        path, anchor = urldefrag(address)
        page = Path(unquote(path).removeprefix("file://"))
    else:
        return []
    number, top = targets.get((page, anchor), (first.get(page), None))
    link.pop("/A", None)
    if number is None:  # a notebook to download, a search
        link.pop("/Dest", None)
        return [] if page.suffix != ".html" else [f"{here.stem}: {page.name}#{anchor}"]
    place = [NameObject("/XYZ"), FloatObject(0), FloatObject(top or 842), FloatObject(0)]
    link[NameObject("/Dest")] = ArrayObject([writer.pages[number].indirect_reference, *place])
    return []


def write_number(sheet: PageObject, number: int, writer: PdfWriter) -> None:
    """Write a page's number below its text, whatever the state in which the browser left the page."""
    font = DictionaryObject({NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in FONT.items()})
    sheet[NameObject("/Resources")].get_object().setdefault(NameObject("/Font"), DictionaryObject()).get_object()[NameObject("/Number")] = (
        font
    )
    before, after = DecodedStreamObject(), DecodedStreamObject()
    before.set_data(b"q\n")
    after.set_data(f"\nQ BT /Number 9 Tf 1 0 0 1 292 28 Tm ({number}) Tj ET\n".encode())
    content = sheet.raw_get("/Contents")
    old = content.get_object()
    streams = list(old) if isinstance(old, ArrayObject) else [content]
    sheet[NameObject("/Contents")] = ArrayObject([writer._add_object(before), *streams, writer._add_object(after)])


FONT = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica"}


def build(site: Path, output: Path) -> list[str]:
    """Print the book that lies in `site`; return what is wrong with it."""
    pages = reading_order(site)
    anchors = anchors_wanted(pages)
    with tempfile.TemporaryDirectory() as folder:
        files = {page: Path(folder) / f"{number}.pdf" for number, page in enumerate(pages)}
        work = [(page, anchors[page], files[page]) for page in pages]
        with ProcessPoolExecutor(2) as workers:
            problems = [problem for part in workers.map(print_pages, [work[::2], work[1::2]]) for problem in part]
        lengths = [len(PdfReader(files[page]).pages) for page in pages]
        contents, printed = Path(folder) / "contents.html", Path(folder) / "contents.pdf"
        for _ in range(2):  # how long the contents are is known once they are printed
            extra = len(PdfReader(printed).pages) if printed.exists() else 1
            starts = [1 + sum(lengths[:number]) + (extra if number else 0) for number in range(len(pages))]
            contents.write_text(front(pages, starts, site), encoding="utf-8")
            print_pages([(contents, [], printed)])
        parts = [(page, files[page]) for page in pages]
        lost = join([parts[0], (contents, printed), *parts[1:]], site, output)
    return problems + [f"a link leads nowhere: {link}" for link in lost]


def command(site: Path = ROOT / "_build" / "html", output: Path = ROOT / "_build" / "nnqg.pdf") -> int:
    if not (site / "chapters" / "index.html").is_file():
        print("pdf: the book is not built; remedy: make book")
        return 1
    if browser_path() is None:
        print("pdf: no chromium to print with; remedy: install it (apt-get install chromium)")
        return 1
    start = time.perf_counter()
    problems = build(site, output)
    print(*problems, sep="\n", end="\n" if problems else "")
    seconds, size = time.perf_counter() - start, output.stat().st_size / 2**20
    print(f"{output}: {len(PdfReader(output).pages)} pages, {size:.0f} MB, printed in {seconds:.0f} s, {len(problems)} thing(s) to look at")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(ending.in_one_line("pdf", command))
