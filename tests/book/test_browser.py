"""What a reader's browser makes of every page: errors, requests, mathematics, accessibility in both themes, width of a phone."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
import torch
from axe_playwright_python.base import AXE_SCRIPT

from book.pages import files_in_toc
from nnqg.emergent_spacetime.black_hole.training import LabelledPoints, Objective
from nnqg.emergent_spacetime.bulk_network import RadialGrid

THEME_RULES = ("label-content-name-mismatch", "region", "summary-name")  # what the theme itself breaks
CONTRAST, LINKS = "color-contrast", "link-in-text-block"
THEME_MESSAGE = "THEBE_JS_URL' has already been declared"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

TYPESET = """async () => {
  if (!document.querySelector('.math, .tex2jax_process')) return [];
  while (!window.MathJax?.startup?.promise) await new Promise(done => setTimeout(done, 20));
  await MathJax.startup.promise;
  const raw = [...document.querySelectorAll('main .math')].filter(box => !box.querySelector('mjx-container'));
  const wrong = [...document.querySelectorAll('mjx-merror')];
  const left = [...document.querySelectorAll('main .tex2jax_process')].filter(box => /\\\\[(]/.test(box.innerText));
  return [...raw, ...wrong, ...left].map(box => box.textContent.slice(0, 80));
}"""
WITHOUT_ALT = "[...document.images].filter(image => !(image.alt || '').trim()).map(image => image.src)"
# What looks alike is kept a few times only; axe would need minutes for every letter of every formula and every word of code.
SHORTEN = """() => {
  const beyond = (selector, number, kind) => {
    const seen = {};
    return [...document.querySelectorAll(selector)].filter(one => (seen[kind(one)] = (seen[kind(one)] || 0) + 1) > number);
  };
  const style = part => part.tagName + '.' + (part.getAttribute('class') || '').replace(/\\bpage-\\S+/g, '');
  const look = one => [one, ...one.querySelectorAll('*')].map(style).join(' ');
  const formulas = [...document.querySelectorAll('mjx-container')];
  const sizes = formulas.map(one => [one.scrollWidth, one.clientHeight]);  // all before the first change, or each is laid out anew
  formulas.forEach((formula, n) => {
    const box = document.createElement('span');
    box.style = `display: inline-block; vertical-align: top; width: ${sizes[n][0]}px; height: ${sizes[n][1]}px`;
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', 'formula');
    formula.replaceChildren(box);
  });
  beyond('mjx-container', 20, () => '').forEach(formula => formula.replaceWith('formula'));
  beyond('div.highlight span', 3, word => word.className).forEach(word => word.replaceWith(word.textContent));
  beyond('div.highlight button', 3, button => button.className).forEach(button => button.remove());
  beyond('tbody tr', 3, look).forEach(row => row.remove());
  beyond('dl.py', 6, () => '').forEach(entry => entry.remove());
}"""
AXE = """async options => {
  const found = (await axe.run(options)).violations;
  return Object.fromEntries(found.map(rule => [rule.id, `${rule.id}: ${rule.help} at ${rule.nodes[0].html.slice(0, 160)}`]));
}"""
# Colours are a matter of styles, not of words: one text for each way through tags, classes and own styles that was not seen before,
# on this page or another, and with a link the words around it.
FEW_WORDS = """before => {
  const names = one => (one.getAttribute('class') || '').replace(/\\bpage-\\S+/g, '') + (one.getAttribute('style') || '');
  const seen = new Set(before), kept = new Set(), style = one => one.tagName + '.' + names(one);
  const path = one => one === document.body ? '' : path(one.parentElement) + ' ' + style(one);
  const words = one => [...one.childNodes].filter(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const all = [...document.querySelectorAll('body *')].filter(one => words(one).length);
  all.forEach(one => {
    if (seen.has(path(one))) return;
    seen.add(path(one));
    kept.add(one).add(one.tagName === 'A' && one.parentElement.closest('p, li, td, th, dd, dt, div'));
  });
  all.filter(one => !kept.has(one)).forEach(one => words(one).forEach(node => node.remove()));
  [...document.querySelectorAll('main *')].reverse().forEach(one => {
    if (!one.firstElementChild && !one.textContent.trim() && !one.matches('input, select, img')) one.remove();
  });
  return [...seen];
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What is wider than its box, with everything unfolded: code and printed text, formulas, tables.
TOO_WIDE = """() => {
  document.querySelectorAll('main details').forEach(box => { box.open = true; });
  const boxes = 'div.highlight pre, .cell_output pre, div.math, .numbers, .cell_output .text_html, '
    + '.pst-scrollable-table-container, .scroll-box, mjx-container[display="true"], p, dd';
  return [...document.querySelectorAll('main')].flatMap(main => [...main.querySelectorAll(boxes)])
    .filter(box => box.clientWidth && box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== 'visible')
    .map(box => `${box.scrollWidth} > ${box.clientWidth}: ${box.textContent.trim().slice(0, 60)}`);
}"""
# Fonts on their way, boxes fading in and columns moving have colours and widths of their own; the frames let a resize begin to move.
SETTLE = """async () => {
  await document.fonts.ready;
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  document.getAnimations().forEach(one => { try { one.finish(); } catch { one.cancel(); } });
}"""
# Formulas that scroll on a phone although they are made to fit.
CUT_FORMULAS = """() => [...document.querySelectorAll('mjx-container[display="true"]')]
  .filter(one => one.clientWidth && one.scrollWidth > one.clientWidth + 1).map(one => `${one.scrollWidth} > ${one.clientWidth}`)"""
# How much smaller than drawn the smallest figure is shown; a retina picture has two pixels for one.
SCALE = """() => Math.min(1, ...[...document.querySelectorAll('main .cell_output img')]
  .filter(image => image.naturalWidth && image.clientWidth).map(image => 2 * image.clientWidth / image.naturalWidth))"""
SMALLEST = 9 * 100 / 72  # pixels of the smallest letters, drawn at 9 points


@dataclass(frozen=True)
class Visit:
    """What was seen on one page, loaded once from the file system."""

    errors: list[str]
    requests: list[str]
    mathematics: list[str]
    without_alt: list[str]
    overflow: int
    cut_formulas: list[str]
    too_wide: list[str]
    letters: dict[str, float]
    axe: dict[str, list[str]]


def violations(page, theme: str, **choice) -> dict[str, str]:
    """Return the accessibility rules that the page breaks in a theme, with the first element that breaks each."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
    page.evaluate(SETTLE)
    return page.evaluate(AXE, {"resultTypes": ["violations"], "preload": False, **choice})


def accessibility(page, styles: set[str]) -> dict[str, list[str]]:
    """Return what axe finds: everything in the light theme, and in both themes the colours of `styles` not seen before."""
    page.evaluate(SHORTEN)
    page.evaluate(AXE_SCRIPT)
    light = violations(page, "light", rules={rule: {"enabled": False} for rule in (*THEME_RULES, CONTRAST)})
    styles.update(page.evaluate(FEW_WORDS, list(styles)))
    dark = violations(page, "dark", runOnly=[CONTRAST, LINKS])
    contrast = violations(page, "light", runOnly=[CONTRAST])
    return {
        "structure": [words for rule, words in light.items() if rule != LINKS],
        "light": [*contrast.values(), *(words for rule, words in light.items() if rule == LINKS)],
        "dark": list(dark.values()),
    }


def only_tab(browser, hidden: str = "", **options):
    """Yield a tab for one page after the other, each as at a first visit: in a new tab the browser compiles all scripts anew."""
    context = browser.new_context(**options)
    context.add_init_script("try { localStorage.clear(); sessionStorage.clear(); } catch {}")  # about:blank has none
    if hidden:
        context.route(hidden, lambda route: route.abort())
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def reader(browser):
    """The tab in which pages are looked at."""
    yield from only_tab(browser, reduced_motion="reduce")


def turn_to(page, address: str, viewport: dict[str, int], theme: str = "light"):
    """Open an address, whatever was done in the tab before."""
    page.goto("about:blank")
    page.mouse.move(0, 0)
    page.set_viewport_size(viewport)
    page.emulate_media(media="screen", color_scheme=theme)
    page.goto(address)


def look(page, address: str, styles: set[str]) -> Visit:
    """Load a page once and look at it on a phone, then on a desk, in the light theme and in the dark theme."""
    errors, requests = [], []
    listeners = {
        "console": lambda message: errors.append(message.text) if message.type == "error" else None,
        "pageerror": lambda problem: errors.append(str(problem)),
        "request": lambda request: requests.append(request.url),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    turn_to(page, address, PHONE)
    mathematics, overflow = page.evaluate(TYPESET), page.evaluate(OVERFLOW)
    page.evaluate(SETTLE)
    cut_formulas = page.evaluate(CUT_FORMULAS)
    letters = {"phone": SMALLEST * page.evaluate(SCALE)}
    page.set_viewport_size(DESKTOP)
    page.evaluate(SETTLE)
    letters["desktop"] = SMALLEST * page.evaluate(SCALE)
    without_alt, too_wide = page.evaluate(WITHOUT_ALT), page.evaluate(TOO_WIDE)
    axe = accessibility(page, styles)
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    return Visit(errors, requests, mathematics, without_alt, overflow, cut_formulas, too_wide, letters, axe)


@pytest.fixture(scope="session")
def styles() -> set[str]:
    """The styles of which the colours were seen on a page before."""
    return set()


@pytest.fixture(scope="module", params=files_in_toc())
def visit(request, reader, site: Path, styles: set[str]) -> Visit:
    """Each page of the book, visited once for all tests below."""
    return look(reader, (site / f"{request.param}.html").as_uri(), styles)


def test_no_error_in_the_console(visit: Visit):
    messages = list(visit.errors)
    known = [message for message in messages if THEME_MESSAGE in message]
    assert len(known) <= 1
    assert [message for message in messages if message not in known] == []


def test_no_request_to_another_host(visit: Visit):
    assert [address for address in visit.requests if not address.startswith(("file:", "data:"))] == []


def test_mathematics_is_typeset(visit: Visit):
    assert visit.mathematics == []


def test_every_image_has_alt_text(visit: Visit):
    assert visit.without_alt == []


@pytest.mark.parametrize("part", ["structure", "light", "dark"])
def test_accessible(visit: Visit, part: str):
    assert visit.axe[part] == []


def test_no_wider_than_a_phone(visit: Visit):
    assert visit.overflow <= 0


def test_formulas_fit_on_a_phone(visit: Visit):
    assert visit.cut_formulas == []


def test_nothing_scrolls_sideways_on_a_desk(visit: Visit):
    assert visit.too_wide == []


@pytest.mark.parametrize(("screen", "points"), [("desktop", 8), ("phone", 4.2)])
def test_letters_in_figures_are_legible(visit: Visit, screen: str, points: float):
    assert visit.letters[screen] * 72 / 96 >= points


@pytest.fixture(scope="session")
def user(browser):
    """The tab in which pages are used; what is used is no formula, and MathJax takes a second for those of a page."""
    yield from only_tab(browser, hidden="**/mathjax/*.js*")


@pytest.fixture
def tab(user, site: Path):
    """A tab that opens pages of the book by name."""
    turn_to(user, "about:blank", DESKTOP)
    user.open = lambda name: user.goto(f"{site.as_uri()}/{name}")
    return user


PAPER_WIDTH = 718  # pixels of an A4 sheet between margins of 1 cm
CUT = """boxes => boxes.filter(box => box.clientWidth && box.scrollWidth > box.clientWidth + 1
  && getComputedStyle(box).overflowX !== 'visible').map(box => box.outerHTML.slice(0, 160))"""


@pytest.mark.parametrize(
    "name",
    ["networks-as-spacetime/friction", "emergent-spacetime/learning-from-lattice-qcd", "reference/ledger", "reference/library/shared"],
)
def test_paper_is_light_and_nothing_is_cut(reader, site: Path, name: str):
    turn_to(reader, (site / "chapters" / f"{name}.html").as_uri(), {"width": PAPER_WIDTH, "height": 1000}, "dark")
    reader.evaluate(TYPESET)
    assert reader.evaluate("document.documentElement.dataset.theme") == "dark"
    reader.emulate_media(media="print")
    reader.wait_for_function("document.documentElement.dataset.theme === 'light'")
    reader.evaluate(SETTLE)
    assert reader.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not reader.locator(".bd-header-article, .bd-sidebar-primary, .copybtn").locator("visible=true").count()
    assert reader.locator("details.case-file:not([open])").count() == 0
    assert reader.evaluate(OVERFLOW) <= 0
    assert reader.locator("main pre, main div, main p, main dd").evaluate_all(CUT) == []
    breaks = reader.locator("main div.highlight pre").evaluate_all("all => all.map(one => getComputedStyle(one).whiteSpace)")
    assert {*breaks} <= {"pre-wrap"}
    reader.emulate_media(media="screen")
    reader.wait_for_function("document.documentElement.dataset.theme === 'dark'")


def test_copies_hold_no_prompts_and_outputs_cannot_be_copied(tab):
    tab.open("chapters/reference/library/shared.html")
    tab.evaluate("document.addEventListener('copy', event => { window.copied = event.target.value; })")
    example = tab.locator("div.highlight:has(.gp):has(.go)").first
    example.hover()
    example.locator("button.copybtn").click()
    tab.wait_for_function("window.copied")
    copied, shown = tab.evaluate("window.copied"), example.locator("pre").inner_text()
    assert ">>>" in shown and ">>>" not in copied
    assert [
        line for line in shown.splitlines() if line.strip() and not line.startswith((">>>", "...")) and line in copied.splitlines()
    ] == []
    assert all(line[4:] in copied for line in shown.splitlines() if line.startswith(">>> "))
    tab.open("chapters/networks-as-spacetime/friction.html")
    assert tab.locator("div.cell_input button.copybtn").count() and not tab.locator("div.output button.copybtn").count()


FOUND = {  # what is asked: pages of which one comes first
    "friction": ["networks-as-spacetime/friction"],
    "condensate": ["learning-from-lattice-qcd", "dilaton-at-finite-temperature", "string-breaking", "neural-ode", "glossary"],
    "soft wall": ["meson-spectrum", "dilaton-potential"],
    "Wilson loop": ["quark-potential", "dilaton-potential", "weights-as-gauge-fields"],
    "Table II": ["quark-potential", "learning-from-lattice-qcd"],
    "sign error": ["reference/errata"],
    "1809.10536": ["learning-from-lattice-qcd", "quark-potential"],
    "Poincare": ["bibliography", "glossary"],
    "Muller": ["regge-calculus", "bibliography"],
    "Ryu": ["entanglement-renormalisation", "geometry-from-entanglement"],
    "Regge": ["regge-calculus"],
}


@pytest.mark.parametrize("query", FOUND)
def test_search_finds_the_page_first_and_the_library_last(tab, query: str):
    tab.open(f"search.html?q={quote(query)}")
    tab.wait_for_function("/finished|not match/.test(document.querySelector('.search-summary')?.innerText)")
    found = tab.locator("#search-results li > a").evaluate_all("all => all.map(one => one.getAttribute('href').split('.html')[0])")
    assert any(found[0].endswith(f"/{name}") for name in FOUND[query]), found[:3]
    library = [name.startswith("chapters/reference/library") for name in found]
    assert library == sorted(library)


def test_ledger_filter(tab):
    tab.open("chapters/reference/ledger.html")
    rows, form = tab.locator("tr.claim"), tab.locator("form.table-filter")
    if tab.locator(".placeholder").count():
        pytest.skip("the ledger is empty: no page was executed")
    everything = rows.count()
    assert everything == tab.locator("tr.claim:visible").count() >= 1
    for kind in ("page", "verdict"):
        select = form.locator(f"select[name={kind}]")
        values = [value for value in select.locator("option").evaluate_all("all => all.map(one => one.value)") if value]
        for value in values[:6]:
            select.select_option(value)
            shown = tab.locator("tr.claim:visible").count()
            assert shown == tab.locator(f"tr.claim.{kind}-{value}").count()
            assert form.locator("output").inner_text() == f"{shown} of {everything} claims"
        select.select_option("")


def test_what_a_filter_shows_is_kept_in_the_address(tab):
    tab.open("chapters/reference/notation.html#words=eta+depth")
    form, shown = tab.locator("form.table-filter"), tab.locator("table.notation tbody tr:visible")
    assert form.locator("input").input_value() == "eta depth" and 0 < shown.count() < tab.locator("table.notation tbody tr").count()
    form.locator("select[name=page]").select_option("friction")
    assert tab.url.endswith("#page=friction&words=eta+depth")
    form.locator("button").click()
    tab.wait_for_function("!location.hash")
    assert shown.count() == tab.locator("table.notation tbody tr").count()
    form.locator("select[name=page]").focus()
    for name in ("symbol", "words"):
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.name") == name


@pytest.mark.parametrize(("size", "shown", "hidden"), [(DESKTOP, "wide", "tall"), (PHONE, "tall", "wide")])
def test_roadmap_fits_the_screen(tab, size: dict, shown: str, hidden: str):
    tab.set_viewport_size(size)
    tab.open("chapters/index.html")
    assert tab.locator(f".roadmap-{shown}").is_visible()
    assert not tab.locator(f".roadmap-{hidden}").is_visible()


def test_roadmap_links_show_focus_and_lead_to_chapters(tab, site: Path):
    tab.open("chapters/index.html")
    links = tab.locator(".roadmap-wide a")
    assert tab.locator(".roadmap-tall a").count() == links.count() == 11
    links = tab.locator(".roadmap-wide a, .roadmap-corners a")
    tab.keyboard.press("Tab")  # a browser shows focus once the keyboard is used
    for number in range(links.count()):
        link = links.nth(number)
        frame = link.locator("rect").first
        link.evaluate("link => link.blur()")
        plain = frame.evaluate("box => getComputedStyle(box).strokeWidth")
        link.focus()
        assert frame.evaluate("box => getComputedStyle(box).strokeWidth") != plain
        assert (site / "chapters" / link.get_attribute("href")).is_file()
        assert link.get_attribute("aria-label")


@pytest.mark.parametrize(("size", "name"), [(DESKTOP, "wide"), (PHONE, "tall"), (DESKTOP, "corners"), (PHONE, "corners")])
def test_words_of_the_roadmap_stay_inside_their_boxes(tab, size: dict, name: str):
    tab.set_viewport_size(size)
    tab.open("chapters/index.html")
    outside = """boxes => boxes.flatMap(box => {
      const frame = box.querySelector('rect').getBoundingClientRect();
      return [...box.querySelectorAll('text')].filter(text => {
        const words = text.getBoundingClientRect();
        return words.left < frame.left + 1 || words.right > frame.right - 1 || words.bottom > frame.bottom;
      }).map(text => text.textContent);
    })"""
    assert tab.locator(f".roadmap-{name} .box").evaluate_all(outside) == []
    cut = """texts => texts.filter(text => {
      const words = text.getBoundingClientRect(), whole = text.ownerSVGElement.getBoundingClientRect();
      return words.left < whole.left || words.right > whole.right;
    }).map(text => text.textContent)"""
    assert tab.locator(f".roadmap-{name} text").evaluate_all(cut) == []


@cache
def pages_with(site: Path, text: str) -> list[str]:
    """Return the addresses, within the book, of the pages whose HTML holds a text."""
    return [f"{name}.html" for name in files_in_toc() if text in (site / f"{name}.html").read_text(encoding="utf-8")]


def seen(frames) -> list[tuple[str, str]]:
    """Return value and words of the frames that are visible."""
    visible = "all => all.filter(one => one.checkVisibility()).map(one => [one.dataset.value, one.alt])"
    return [tuple(one) for one in frames.locator("img").evaluate_all(visible)]


TOLD = """frames => {
  const slider = frames.querySelector('input[type=range]');
  return [slider.getAttribute('aria-valuetext'), frames.querySelector('.value').innerText, slider.labels[0].innerText];
}"""  # to those who listen, and to those who look


def test_a_slider_changes_the_frame_by_keyboard_and_by_mouse(tab, site: Path):
    pages = pages_with(site, 'class="frames"')
    assert pages
    for name in pages:
        tab.open(name)
        for frames in tab.locator("div.frames").all():
            slider, images = frames.get_by_role("slider"), frames.locator("img")
            values = images.evaluate_all("all => all.map(one => [one.dataset.value, one.alt])")
            shown = []
            slider.press("Home")
            for _ in values:
                shown += seen(frames)
                told, value, label = frames.evaluate(TOLD)
                assert told == value == shown[-1][0] and value in label
                slider.press("ArrowRight")
            assert [list(one) for one in shown] == values and len({words for _, words in shown}) == len(values)
            slider.click(position={"x": 3, "y": 5})
            assert seen(frames) == shown[:1]


def test_one_frame_is_there_without_scripts_and_on_paper(browser, site: Path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in pages_with(site, 'class="frames"'):
        page.goto(f"{site.as_uri()}/{name}")
        for medium in ("screen", "print"):
            page.emulate_media(media=medium)
            for frames in page.locator("div.frames").all():
                assert [value for value, _ in seen(frames)] == [frames.locator(".value").inner_text()]
                assert frames.locator("input").count() == 0
    context.close()


def test_be_the_network_is_the_library(tab):
    tab.open("chapters/emergent-spacetime/recovering-a-black-hole.html")
    stage = tab.locator("[data-script=be-the-network]")
    given = json.loads(stage.get_attribute("data-given"))
    phi, pi_, label = torch.tensor(given["points"], dtype=torch.float64).T
    objective = Objective(RadialGrid(1.0, 0.1, 10))
    for name, h in given["metrics"].items():
        stage.get_by_role("button", name=name, exact=True).click()
        ours = tab.evaluate("([h, points]) => points.map(([phi, pi]) => beTheNetwork.propagate(h, phi, pi))", [h, given["points"]])
        library = torch.stack(objective.network(np.array(h)).propagate(phi, pi_), dim=1)
        np.testing.assert_allclose(ours, library.numpy(), rtol=0, atol=1e-9)
        accuracy = float(objective.accuracy(np.array(h), LabelledPoints(phi, pi_, label)))
        assert f"Accuracy {accuracy:.4f}:" in stage.locator(".score").inner_text()
        assert stage.locator("circle.wrong").count() == round(len(label) * (1 - accuracy))


def test_be_the_network_is_moved_by_keyboard_and_gives_its_picture_to_paper(tab):
    tab.open("chapters/emergent-spacetime/recovering-a-black-hole.html")
    stage = tab.locator("[data-script=be-the-network]")
    before, last = stage.locator(".score").inner_text(), stage.get_by_role("slider").last
    for _ in range(5):
        last.press("ArrowUp")
    assert stage.locator(".score").inner_text() != before and last.get_attribute("aria-label") == "h at depth 0.19"
    assert stage.locator(".game").is_visible() and not stage.locator("> img").is_visible()
    tab.emulate_media(media="print")
    assert stage.locator("> img").is_visible() and not stage.locator(".game").is_visible()
