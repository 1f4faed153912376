"""The few words of WordprocessingML (ECMA-376, part 1, 17) that are read here."""

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def children_named(element: ET.Element | None, name: str) -> Iterator[ET.Element]:
    if element is not None:
        yield from element.findall(f"{W}{name}")


def child(element: ET.Element | None, *names: str) -> ET.Element | None:
    """The element at the end of this path, if all of it is there."""
    for name in names:
        element = element.find(f"{W}{name}") if element is not None else None
    return element


def value(element: ET.Element | None, name: str = "val") -> str:
    return element.get(f"{W}{name}", "") if element is not None else ""


def words_in(element: ET.Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{W}t"))
