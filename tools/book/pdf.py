"""Print the built book as one file, through the browser that the tests use.

What is folded in the browser (solutions, case files, checks) is printed open. The code of figures, imports and records, which the book
folds by rule, stays in the notebooks.
"""

import re
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

from pypdf import PdfReader

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __import__("book").quiet_start()

from book import ending
from book.joined_pdf import join
from book.pages import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
SCALE, WIDTH = 0.8, 841  # A4 less its margins is so many of the browser's pixels wide
MARGINS: Any = {"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"}
HEAD = '<div style="width: 100%; margin: 0 16mm; font-size: 7px; text-align: right"><span class="title"></span></div>'
CONTENTS = """<!doctype html><html lang="en"><title>Contents</title><style>
a { display: flex; justify-content: space-between; padding: 2px 0; font: 15px Georgia, serif; color: inherit; text-decoration: none; }
.level-0 { margin-top: 10px; font-weight: bold; } .level-1 { padding-left: 24px; } .level-2 { padding-left: 48px; }
</style><main><h1>Contents</h1>"""
# Waits for formulas, pictures and letters, unfolds, gives links from other pages their target; says what is cut or missing.
PREPARE = r"""async (anchors) => {
  const wait = () => new Promise(done => setTimeout(done, 20));
  while (document.querySelector('.math, .tex2jax_process') && !window.MathJax?.startup?.promise) await wait();
  await window.MathJax?.startup?.promise;
  document.querySelectorAll('main details:not(.hide)').forEach(box => { box.open = true; });
  document.querySelectorAll('main .toggle-hidden').forEach(box => box.classList.remove('toggle-hidden'));
  const images = [...document.images].filter(image => image.getClientRects().length);
  images.forEach(image => { image.loading = 'eager'; });
  await Promise.all(images.map(image => image.decode().catch(() => 0)));
  await document.fonts.ready;
  document.title = document.querySelector('main h1').innerText.replace(/#$/, '').trim();
  const target = (name) => Object.assign(document.createElement('a'), { href: `#${name}` });
  document.body.append(...anchors.map(target));
  const edge = document.documentElement.clientWidth + 1;
  const boxes = 'pre, div.math, mjx-container, .numbers, .text_html, .scroll-box, .pst-scrollable-table-container, td, p, dd, img, svg';
  const cut = [...document.querySelectorAll('main')].flatMap(main => [...main.querySelectorAll(boxes)]).filter(box =>
    box.clientWidth && (box.getBoundingClientRect().right > edge
      || (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== 'visible')));
  const say = (what, found) => found.slice(0, 5).map(box => `${what}: ${(box.src || box.textContent).trim().slice(0, 60)}`.toWellFormed());
  return [...say('cut', cut), ...say('no picture', images.filter(image => !image.naturalWidth)),
    ...say('no formula', [...document.querySelectorAll('main .math')].filter(box => !box.querySelector('mjx-container'))),
    ...say('a wrong formula', [...document.querySelectorAll('mjx-merror')])];
}"""


def reading_order(site: Path) -> list[Path]:
    """Return the pages of a built book, from its cover on by the link to the next one."""
    found, page = [], (site / "chapters" / "index.html").resolve()
    while page not in found:
        found.append(page)
        after = re.search(r'<link rel="next"[^>]* href="([^"]+)"', page.read_text(encoding="utf-8"))
        page = (page.parent / after[1]).resolve() if after else page
    return found


def title_of(page: Path) -> str:
    """Return a page's heading as plain text."""
    heading = re.search(r'(?s)<h1>(.*?)(?:<a class="headerlink"|</h1>)', page.read_text(encoding="utf-8").rpartition("<article")[2])
    return unescape(re.sub(r"<[^>]+>", "", heading[1])).strip() if heading else page.stem


def depth_of(page: Path, site: Path) -> int:
    """Return 0 for the cover, a chapter and a page of the reference, 1 for what stands below it."""
    folders = page.relative_to(site.resolve()).parts[1:-1]
    return max(0, len(folders) - (page.stem == "index" or "reference" in folders))


def anchors_wanted(pages: list[Path]) -> dict[Path, list[str]]:
    """Return for each page the anchors that other pages link to."""
    wanted: dict[Path, set[str]] = {page: set() for page in pages}
    for page in pages:
        for link in set(re.findall(r'href="([^":]+#[^"]+)"', page.read_text(encoding="utf-8"))):
            path, anchor = urldefrag(unescape(link))
            wanted.get((page.parent / path).resolve(), set()).add(unquote(anchor))
    return {page: sorted(anchors) for page, anchors in wanted.items()}


def browser_path() -> str | None:
    """Return the browser of this machine, None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def print_pages(work: list[tuple[Path, list[str], Path]]) -> list[str]:
    """Print each (page, anchors, file), in the light theme; return what is wrong with them."""
    from playwright.sync_api import sync_playwright

    problems = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=FLAGS)
        for page, anchors, file in work:
            tab = browser.new_page(viewport={"width": WIDTH, "height": 1189}, color_scheme="light", reduced_motion="reduce")
            tab.emulate_media(media="print")
            tab.goto(page.as_uri(), timeout=120_000)
            problems += [f"{page.stem}: {problem}" for problem in tab.evaluate(PREPARE, anchors)]
            tab.pdf(
                path=file, format="A4", scale=SCALE, margin=MARGINS, print_background=True,
                display_header_footer=True, header_template=HEAD, footer_template="<span></span>",
            )  # fmt: skip
            tab.close()
    return problems


def build(site: Path, output: Path) -> list[str]:
    """Print the book that lies in `site`: its cover, the contents, every page; return what is wrong with it."""
    pages = reading_order(site)
    anchors, titles, depths = anchors_wanted(pages), [title_of(page) for page in pages], [depth_of(page, site) for page in pages]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / f"{number}.pdf" for number in range(len(pages))]
        work = [(page, anchors[page], file) for page, file in zip(pages, files, strict=True)]
        with ProcessPoolExecutor(2) as workers:
            problems = [problem for half in workers.map(print_pages, [work[::2], work[1::2]]) for problem in half]
            lengths = [len(PdfReader(file).pages) for file in files]
            contents, printed, extra = folder / "contents.html", folder / "contents.pdf", 1
            for _ in range(2):  # how many sheets the contents are is known when they are printed
                starts = [1 + sum(lengths[:number]) + (extra if number else 0) for number in range(len(pages))]
                rows = zip(depths, pages, titles, starts, strict=True)
                lines = [
                    f'<a class="level-{d}" href="{page.as_uri()}"><span>{escape(t)}</span><span>{n}</span></a>' for d, page, t, n in rows
                ]
                contents.write_text(CONTENTS + "\n".join(lines), encoding="utf-8")
                problems += workers.submit(print_pages, [(contents, [], printed)]).result()
                extra = len(PdfReader(printed).pages)
        parts = list(zip(pages, files, titles, depths, strict=True))
        lost = join([parts[0], (contents, printed, "Contents", 0), *parts[1:]], output)
    return problems + [f"a link leads nowhere: {link}" for link in lost]


def command(site: Path = ROOT / "_build" / "html", output: Path = ROOT / "_build" / "nnqg.pdf") -> int:
    start = time.perf_counter()
    if not (site / "chapters" / "index.html").is_file():
        print("pdf: the book is not built. Remedy: make book")
        return 1
    if browser_path() is None:
        print("pdf: there is no browser to print with. Remedy: tools/chromium.sh, or apt-get install chromium")
        return 1
    problems = build(site, output)
    print(*(f"pdf: {problem}" for problem in problems), sep="\n", end="\n" if problems else "")
    sheets, size = len(PdfReader(output).pages), output.stat().st_size / 2**20
    print(f"the book was printed in {time.perf_counter() - start:.0f} s: {output} ({sheets} pages, {size:.0f} MB)")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(ending.in_one_line("pdf", command))
