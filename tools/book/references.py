"""The text outputs of the pages beside committed references: what is kept of a page, what counts as equal, and `make regen`.

A number counts as equal to the reference's within the tolerance of its cell, `nnqg: {rtol, atol}` in the cell's metadata;
everything else must agree to the letter. Cells tagged `not-compared` are left out.
"""

import argparse
import math
import re
import sys
from pathlib import Path

import nbformat
from pytest_notebook.diffing import diff_notebooks, diff_to_string, filter_diff

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __import__("book")  # before nbformat, see there

from book import ending, page_cache
from book.pages import NOT_COMPARED, ROOT, Page, pages
from book.proof import KEY, proved, reference_of

RTOL, ATOL = 1e-6, 1e-12
IGNORED = ["/cells/*/source", "/cells/*/id", "/cells/*/metadata", "/metadata", "/nbformat_minor"]
NUMBER = re.compile(r"(?<![\w.])[-+\u2212]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w])|(?<!\w)[-+]?(?:nan|inf)(?!\w)")


def slim(notebook):
    """Return the text outputs of an executed page: a notebook of the cells that have any, each with its first line of code."""
    cells = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or NOT_COMPARED in cell.metadata.get("tags", []):
            continue
        outputs = [text for output in cell.outputs for text in _text_of(output)]
        if outputs:
            metadata = {"nnqg": cell.metadata["nnqg"]} if "nnqg" in cell.metadata else {}
            kept = nbformat.v4.new_code_cell(first_line(cell), outputs=outputs, metadata=metadata)
            kept.id = f"cell-{len(cells)}"
            cells.append(kept)
    return nbformat.v4.new_notebook(cells=cells)


def first_line(cell) -> str:
    return next((line for line in cell.source.splitlines() if line.strip()), "")


def _text_of(output) -> list:
    """Return an output as plain text only; what goes to stderr is kept, so that it cannot pass unseen."""
    if output.output_type == "stream":
        return [nbformat.v4.new_output("stream", name=output.name, text=output.text)]
    if output.output_type in ("display_data", "execute_result") and "text/plain" in output.data:
        return [nbformat.v4.new_output("display_data", data={"text/plain": output.data["text/plain"]})]
    return []


def difference(reference, obtained) -> str:
    """Return a readable diff of two slim notebooks, empty when they agree within the tolerances of the obtained one."""
    obtained = nbformat.from_dict(obtained)
    for old, new in zip(reference.cells, obtained.cells, strict=False):
        tolerance = {"rtol": RTOL, "atol": ATOL, **new.metadata.get("nnqg", {})}
        for before, after in zip(old.outputs, new.outputs, strict=False):
            _forgive(before, after, **tolerance)
    return exact_difference(reference, obtained)


def exact_difference(reference, obtained) -> str:
    """Return a readable diff of two slim notebooks, empty when their outputs agree to the letter."""
    diff = filter_diff(diff_notebooks(reference, obtained), IGNORED)
    if not diff:
        return ""
    changed = sorted({entry["key"] for part in diff if part["key"] == "cells" for entry in part["diff"]})
    lines = [f"cell {i}: {obtained.cells[i].source}" for i in changed if i < len(obtained.cells)]
    return "\n".join(lines) + diff_to_string(reference, diff, use_color=False)


def _forgive(before, after, rtol: float, atol: float) -> None:
    """Put the reference's text in the place of the obtained one as far as the numbers agree."""
    if before.output_type != after.output_type:
        return
    if after.output_type == "stream":
        after.text = forgive(before.text, after.text, rtol, atol)
    else:
        after.data["text/plain"] = forgive(before.data["text/plain"], after.data["text/plain"], rtol, atol)


def forgive(reference: str, obtained: str, rtol: float, atol: float) -> str:
    """Return the obtained text with every number that is close to the reference's replaced by it, line by line."""
    old, new = reference.split("\n"), obtained.split("\n")
    if len(old) != len(new):
        return obtained
    return "\n".join(_forgive_line(before, after, rtol, atol) for before, after in zip(old, new, strict=True))


def _forgive_line(before: str, after: str, rtol: float, atol: float) -> str:
    words = [re.sub(r"\s+", " ", NUMBER.sub("#", line)).strip() for line in (before, after)]
    if words[0] != words[1]:
        return after
    found = iter(NUMBER.findall(after))
    return NUMBER.sub(lambda match: _choose(match[0], next(found), rtol, atol), before)


def _choose(reference: str, obtained: str, rtol: float, atol: float) -> str:
    a, b = (float(number.replace("\u2212", "-")) for number in (reference, obtained))
    same = a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= atol + rtol * abs(a)
    return reference if same else obtained


def read(page: Page):
    """Return the committed reference of a page, an empty notebook when there is none."""
    path = reference_of(page)
    return nbformat.read(path, as_version=4) if path.exists() else nbformat.v4.new_notebook()


def regenerate(page: Page, notebook) -> bool:
    """Write the reference of a page if its text has changed beyond the tolerance; say what changed."""
    old, new = read(page), slim(notebook)
    changes = difference(old, new)
    if not changes and reference_of(page).exists():
        return False
    print(f"{page.name}: {'changed' if reference_of(page).exists() else 'new'}\n{changes}")
    reference_of(page).parent.mkdir(parents=True, exist_ok=True)
    new.metadata = old.metadata
    nbformat.write(new, reference_of(page))
    return True


def keep_proof(page: Page, first, second) -> bool:
    """Write into the reference of a page that two executions agree; each comes with the measurements of its run."""
    prints = {measured["portable"] for _, measured in (first, second)}
    if len(prints) > 1 or proved(page) or exact_difference(slim(first[0]), slim(second[0])):
        return False
    reference = read(page)
    reference.metadata["nnqg"] = {KEY: prints.pop()}
    nbformat.write(reference, reference_of(page))
    return True


def command() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="only these (default: all in _toc.yml)")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder that holds _toc.yml")
    options = parser.parse_args()
    cache, chosen = page_cache.open_cache(options.root), pages(options.root, options.pages)
    ran = {page: page_cache.executed(cache, page) for page in chosen}
    if waiting := [page.name for page in chosen if ran[page] is None]:
        print(f"references: not executed: {', '.join(waiting)}. Remedy: make book")
        return 1
    written = sum(regenerate(page, notebook) for page, (notebook, _) in ran.items())
    again = page_cache.open_cache(options.root, page_cache.SECOND)
    twice = [(page, ran[page], page_cache.executed(again, page)) for page in chosen]
    kept = sum(keep_proof(page, first, second) for page, first, second in twice if second)
    known = {reference_of(page) for page in pages(options.root)} | {reference_of(page) for page in chosen}
    for path in sorted(set((options.root / "tests" / "references").rglob("*.ipynb")) - known):
        print(f"{path.relative_to(options.root)}: removed, its page is gone")
        path.unlink()
    print(f"{written} of {len(chosen)} references rewritten, {kept} more proofs that two executions agree")
    print("look at `git diff tests/references` before you commit")
    return 0


if __name__ == "__main__":
    raise SystemExit(ending.in_one_line("references", command))
