"""A Word file as a program finds it that knows nothing of how it was made: accepted, rejected, its tracked changes."""

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
COMES, GOES = {f"{W}ins", f"{W}moveTo"}, {f"{W}del", f"{W}moveFrom"}
# What the file says of its passages in lines of its own.
BESIDE = {"Where", "Beside"}


def document(file: bytes, part: str = "word/document.xml") -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        return ET.fromstring(packed.read(part))  # noqa: S314 (made here)


def accepted(file: bytes) -> list[str]:
    return list(_lines(document(file), dropped=GOES))


def rejected(file: bytes) -> list[str]:
    return list(_lines(document(file), dropped=COMES))


def _lines(tree: ET.Element, dropped: set[str]) -> Iterator[str]:
    """The paragraphs, without what is dropped; one whose end is dropped goes on in the next."""
    begun = ""
    for paragraph in tree.iter(f"{W}p"):
        begun += "".join(_words(paragraph, dropped))
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        ends = {element.tag for element in paragraph.findall(f"{W}pPr/{W}rPr/*")}
        if ends & dropped:
            continue
        if style is None or style.get(f"{W}val") not in BESIDE:
            yield begun
        begun = ""
    assert begun == ""


def _words(element: ET.Element, dropped: set[str]) -> Iterator[str]:
    for child in element:
        if child.tag in dropped:
            continue
        if child.tag in (f"{W}t", f"{W}delText"):
            yield child.text or ""
        elif child.tag == f"{W}br":
            yield "\n"
        elif child.tag == f"{W}footnoteReference":
            yield "*"
        else:
            yield from _words(child, dropped)


def tracked(file: bytes, name: str) -> list[str]:
    """The words of every change of this kind."""
    return ["".join(_words(change, set())) for change in document(file).iter(f"{W}{name}") if len(change)]


def authors(file: bytes) -> set[str | None]:
    return {element.get(f"{W}author") for element in document(file).iter() if element.get(f"{W}author")}
