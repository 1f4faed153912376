"""A Word file as HTML by mammoth, and what mammoth passes over: tracked changes, comments, how lists are numbered.

Before mammoth the words' part is looked through once: whatever wraps words without being known to mammoth is unwrapped,
and each entry of a list gets a style of its own that says where in its lists it stands, with which number or letter
they begin. Only parts with words go on to mammoth: no picture is ever unpacked.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree as ET

import mammoth

from .kinds import Unfit
from .numbering import Numbering
from .ooxml import W, children_named, value, words_in

STYLES: Final = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name='Quote'] => p:fresh
p[style-name='Intense Quote'] => p:fresh
p[style-name='List Paragraph'] => p:fresh
"""
NOT_READ: Final = ("word/media/", "word/embeddings/", "word/fonts/", "docProps/", "customXml/")
DOCUMENT: Final = "word/document.xml"
# Words inside these would be lost: mammoth knows none of them.
WRAPPERS: Final = {f"{W}fldSimple", f"{W}dir", f"{W}bdo"}
CHANGES: Final = {f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"}
FORMULAS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"


@dataclass
class Word:
    """The file as HTML, and what did not come with it."""

    html: str
    counts: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    remarks: list[dict[str, str]] = field(default_factory=list)


def read(data: bytes) -> Word:
    """Raises Unfit for what is no Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {part.filename: packed.read(part) for part in packed.infolist() if _is_read(part.filename)}
    if DOCUMENT not in parts:
        raise Unfit("not_word")
    trees = {name: _parsed(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}
    document = trees[DOCUMENT]
    word = Word("", counts=_counted(trees), changes=_changes(trees), remarks=_remarks(trees, document))
    for name in _with_words(trees):
        _unwrap(trees[name])
        parts[name] = b""
    numbering = Numbering(trees.get("word/numbering.xml"), trees.get("word/styles.xml"))
    styles = numbering.mark(document)
    for name in _with_words(trees):
        parts[name] = ET.tostring(trees[name], encoding="utf-8", xml_declaration=True)
    word.html = _converted(parts, STYLES + "\n".join(styles), word.counts)
    return word


def _is_read(name: str) -> bool:
    return name.endswith((".xml", ".rels")) and not name.startswith(NOT_READ)


def _parsed(part: bytes) -> ET.Element:
    """No part of a Word file declares entities: a document type is a trap (ECMA-376, part 2, 8.2.5)."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or "<!DOCTYPE".encode("utf-16-le") in part:
        raise Unfit("not_word")
    try:
        return ET.fromstring(part)  # noqa: S314 (without a document type there is nothing to expand)
    except (ET.ParseError, ValueError):
        raise Unfit("broken") from None


def _with_words(trees: dict[str, ET.Element]) -> list[str]:
    return [name for name in (DOCUMENT, "word/footnotes.xml", "word/endnotes.xml") if name in trees]


def _converted(parts: dict[str, bytes], styles: str, counts: Counter[str]) -> str:
    repacked = io.BytesIO()
    with zipfile.ZipFile(repacked, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    drop = _counting(counts)
    result = mammoth.convert_to_html(repacked, style_map=styles, convert_image=drop, external_file_access=False)
    html: str = result.value
    return html


def _counting(counts: Counter[str]) -> Callable[[Any], list[Any]]:
    def drop(image: Any) -> list[Any]:
        counts["images"] += 1
        return []

    return drop


# ---- what mammoth passes over --------------------------------------------------------------------------------------


def _counted(trees: dict[str, ET.Element]) -> Counter[str]:
    document = trees[DOCUMENT]
    margins = [tree for name, tree in trees.items() if name.startswith(("word/header", "word/footer"))]
    return Counter(
        formulas=sum(1 for _formula in document.iter(FORMULAS)),
        margins=sum(1 for tree in margins if words_in(tree).strip()),
    )


def _changes(trees: dict[str, ET.Element]) -> Counter[str]:
    """How many tracked changes, by whom."""
    found: Counter[str] = Counter()
    for name in _with_words(trees):
        for element in trees[name].iter():
            if element.tag in CHANGES:
                found[element.get(f"{W}author", "")[:80]] += 1
    return found


def _remarks(trees: dict[str, ET.Element], document: ET.Element) -> list[dict[str, str]]:
    comments = trees.get("word/comments.xml")
    if comments is None:
        return []
    spoken_of = _commented(document)
    return [
        {
            "by": comment.get(f"{W}author", "")[:80],
            "words": " ".join(words_in(paragraph) for paragraph in comment.iter(f"{W}p"))[:2_000],
            "on": spoken_of.get(comment.get(f"{W}id", ""), "")[:200],
        }
        for comment in children_named(comments, "comment")
    ]


def _commented(document: ET.Element) -> dict[str, str]:
    """The words that each comment stands at, by its id."""
    words: dict[str, str] = {}
    open_ones: set[str] = set()
    for element in document.iter():
        if element.tag == f"{W}commentRangeStart":
            open_ones.add(value(element, "id"))
        elif element.tag == f"{W}commentRangeEnd":
            open_ones.discard(value(element, "id"))
        elif element.tag == f"{W}t":
            for comment in open_ones:
                words[comment] = words.get(comment, "") + (element.text or "")
    return words


def _unwrap(tree: ET.Element) -> None:
    """Puts the children of wrappers in their place, and names a carriage return as the line break that it is."""
    for parent in list(tree.iter()):
        while any(child.tag in WRAPPERS for child in parent):
            parent[:] = [inner for child in parent for inner in (child if child.tag in WRAPPERS else [child])]
        for child in parent:
            if child.tag == f"{W}cr":
                child.tag = f"{W}br"
