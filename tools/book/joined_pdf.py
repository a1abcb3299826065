"""Printed pages as one file: page numbers, bookmarks, and links that lead to places in the file."""

from pathlib import Path
from typing import cast
from urllib.parse import unquote, urldefrag

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject

Places = dict[tuple[Path, str], tuple[int, float]]  # page and anchor: number of the sheet, height on it

TOP, MIDDLE, FOOT = 842, 292, 28  # points of an A4 sheet
FONT = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}


def join(parts: list[tuple[Path, Path, str, int]], output: Path) -> list[str]:
    """Write the parts (page, its print, title, depth in the bookmarks) to one file; return the links to pages that it does not have."""
    writer, owners = PdfWriter(), []
    places: Places = {}
    above: list = []
    for page, printed, title, depth in parts:
        reader, first = PdfReader(printed), len(writer.pages)
        places[page, ""] = (first, TOP)
        for name, place in reader.named_destinations.items():
            places[page, unquote(name).removeprefix("/")] = (first + (reader.get_destination_page_number(place) or 0), place.top or TOP)
        writer.append(reader, import_outline=False)
        owners += [page] * (len(writer.pages) - first)
        above = above[:depth]
        above.append(writer.add_outline_item(title, page_number=first, parent=above[-1] if above else None))  # type: ignore[call-arg]
    lost = []
    for number, (sheet, owner) in enumerate(zip(writer.pages, owners, strict=True), start=1):
        for link in (annotation.get_object() for annotation in sheet.get("/Annots", [])):
            lost += lead_inside(link, owner, places, writer)
        write_number(sheet, number, writer)
    writer.compress_identical_objects()
    writer.write(output)
    return lost


def lead_inside(link: DictionaryObject, owner: Path, places: Places, writer: PdfWriter) -> list[str]:
    """Give a link into the book its place in the file. One to a download ends; one to a page that is not printed is returned."""
    address = str(link.get("/A", {}).get("/URI", ""))
    if address and not address.startswith("file:"):
        return []
    path, anchor = urldefrag(unquote(address))
    page = Path(path.removeprefix("file://")) if path else owner
    anchor = anchor or unquote(str(link.get("/Dest", ""))).removeprefix("/")
    number, top = places.get((page, anchor), places.get((page, ""), (None, TOP)))
    link.pop("/A", None)
    if number is None:
        link.pop("/Dest", None)
        return [f"{owner.stem}: {page.name}"] if page.suffix == ".html" else []
    view = [NameObject("/XYZ"), FloatObject(0), FloatObject(top), FloatObject(0)]
    link[NameObject("/Dest")] = ArrayObject([writer.pages[number].indirect_reference, *view])
    return []


def write_number(sheet: PageObject, number: int, writer: PdfWriter) -> None:
    """Write a page's number at its foot, whatever the state in which the browser left the sheet."""
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in FONT.items()})
    resources = cast(DictionaryObject, sheet["/Resources"].get_object())
    cast(DictionaryObject, resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object())[NameObject("/Number")] = font
    before, after = DecodedStreamObject(), DecodedStreamObject()
    before.set_data(b"q\n")
    after.set_data(f"\nQ BT /Number 9 Tf 1 0 0 1 {MIDDLE} {FOOT} Tm ({number}) Tj ET\n".encode())
    old = sheet.raw_get("/Contents")
    streams = list(old.get_object()) if isinstance(old.get_object(), ArrayObject) else [old]
    add = writer._add_object  # noqa: SLF001  # pypdf has no other way to keep a stream
    sheet[NameObject("/Contents")] = ArrayObject([add(before), *streams, add(after)])
