"""Words of a text that stand in a bracket: not agreed yet, and changed by the key of every side alone.

A bracket is a mark with an id on words of one paragraph. Line breaks and footnotes carry no marks: what stands between
two words of one bracket is in it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from reports.text import places, plain, schema
from reports.text.limits import TextRefused
from reports.text.places import Place
from reports.text.stretches import MARK, runs

Node = dict[str, Any]
_SHOWN: Final = 120


class Overlaps(Exception):
    """Some of the words stand in the bracket with this id already."""

    def __init__(self, bracket: str) -> None:
        super().__init__(bracket)
        self.bracket = bracket


def ids_of(doc: Node) -> list[str]:
    """The brackets of a text in reading order, each once."""
    return list(dict.fromkeys(bracket for bracket, _pieces in _stretches(doc)))


def words_of(doc: Node) -> dict[str, Node]:
    """By its id what stands in each bracket, as a text of one paragraph without the mark."""
    return {bracket: _paragraph(pieces) for bracket, pieces in _stretches(doc)}


def stand_whole(doc: Node) -> bool:
    """Whether each bracket is one stretch of one paragraph."""
    found = [bracket for bracket, _pieces in _stretches(doc)]
    return len(found) == len(set(found))


def renamed(doc: Node, ids: Mapping[str, str]) -> Node:
    """The text with other ids on its brackets."""
    renaming = {"marks": [_renamed(mark, ids) for mark in doc["marks"]]} if "marks" in doc else {}
    inner = {"content": [renamed(child, ids) for child in doc["content"]]} if "content" in doc else {}
    return {**doc, **renaming, **inner}


def _renamed(mark: Node, ids: Mapping[str, str]) -> Node:
    return {**mark, "attrs": {"id": ids[mark["attrs"]["id"]]}} if mark["type"] == MARK else mark


def in_brief(words: Node) -> str:
    """What stands in a bracket on one line, for lists and messages."""
    return plain.excerpt(words, _SHOWN)


def opened(doc: Node, place: Place, bracket: str) -> Node:
    """The checked text with a new bracket on the words at `place`. Raises Overlaps and TextRefused."""
    for other, held in places.marked_places(doc, MARK).items():
        if held.start < place.end and place.start < held.end:
            raise Overlaps(other)
    text = schema.check(_marked(doc, place, bracket))
    if sum(found == bracket for found, _pieces in _stretches(text)) != 1:
        raise TextRefused("", _("A bracket stands in one paragraph. Open one for each paragraph."))
    return text


def _marked(doc: Node, place: Place, bracket: str) -> Node:
    heading = schema.heading_of(doc)[0]
    if heading is not None and place.start <= len(plain.line(heading)):
        raise TextRefused("", _("A heading takes no bracket. Open it on words of the text below."))
    return places.with_mark(doc, place, {"type": MARK, "attrs": {"id": bracket}})


def without(doc: Node, drop: Callable[[str], bool] = lambda bracket: True) -> Node:
    """The checked text without the brackets for whose id `drop` holds; their words stay."""
    if not any(drop(bracket) for bracket in ids_of(doc)):
        return doc
    return schema.check(places.without_marks(doc, lambda mark: mark["type"] == MARK and drop(mark["attrs"]["id"])))


def replaced(doc: Node, bracket: str, words: Node | None) -> Node:
    """The checked text with these words (a text of one paragraph) in the place of a bracket's; with None it goes."""
    return schema.check(_filled(doc, bracket, iter(words["content"][0].get("content", []) if words else ())))


def kept(old: Node, new: Node) -> Node:
    """The checked text `new` with the brackets that `old` has, each whole and in its words. Raises TextRefused.

    A bracket that `old` does not have is no bracket: its words stay, without the mark.
    """
    held = words_of(old)
    text = without(new, lambda bracket: bracket not in held)
    found = list(_stretches(text))
    for bracket, words in held.items():
        if [_paragraph(pieces) for other, pieces in found if other == bracket] != [words]:
            raise changed(words)
    return text


def changed(words: Node) -> TextRefused:
    reason = _(
        "These words stand in a bracket, so that only the keys of all sides change them: “%(words)s”. Put them back as "
        "they were; other words for them are proposed on the bracket’s page."
    )
    return TextRefused("", reason % {"words": in_brief(words)})


def mended(old: Node, new: Node) -> Node:
    """The checked text `new` with every bracket of `old` as it stands there; the rest of `new` is left as it is."""
    held = dict(_stretches(old))
    text = without(new, lambda bracket: bracket not in held)
    for bracket, pieces in held.items():
        text = _mended(old, text, bracket, pieces)
    return text


def _mended(old: Node, text: Node, bracket: str, pieces: list[Node]) -> Node:
    found = [words for other, words in _stretches(text) if other == bracket]
    if found == [pieces]:
        return text
    if found:
        return schema.check(_filled(text, bracket, iter(pieces)))
    place = places.carried(old, text, places.marked_places(old, MARK)[bracket])
    if place is not None:
        marked = schema.check(places.with_mark(text, place, {"type": MARK, "attrs": {"id": bracket}}))
        if words_of(marked).get(bracket) == _paragraph(pieces):
            return marked
    return _put_back(old, text, bracket, pieces)


def _put_back(old: Node, text: Node, bracket: str, pieces: list[Node]) -> Node:
    """As a paragraph of its own, where the block that held it stood."""
    at = next(i for i, block in enumerate(old["content"]) if bracket in ids_of({"type": "doc", "content": [block]}))
    blocks = list(text["content"])
    blocks.insert(max(at, 1) if schema.heading_of(text)[0] else at, {"type": "paragraph", "content": pieces})
    return schema.check({**text, "content": blocks})


# ---- the tree --------------------------------------------------------------------------------------------------------


def _stretches(node: Node) -> Iterator[tuple[str, list[Node]]]:
    if node["type"] == "paragraph":
        yield from ((bracket, pieces) for bracket, pieces in runs(node.get("content", [])) if bracket)
        return
    for child in node.get("content", []):
        if "text" not in child:
            yield from _stretches(child)


def _paragraph(pieces: list[Node]) -> Node:
    bare = [_bare(piece) if "text" in piece else piece for piece in pieces]
    return schema.check({"type": "doc", "content": [{"type": "paragraph", "content": bare}]})


def _bare(piece: Node) -> Node:
    return {**piece, "marks": [mark for mark in piece.get("marks", []) if mark["type"] != MARK]}


def _filled(node: Node, bracket: str, pieces: Iterator[Node]) -> Node:
    """The tree with these pieces in the place of a bracket's first stretch; a second stretch of it goes."""
    if node["type"] == "paragraph":
        return {**node, "content": list(_line_filled(node.get("content", []), bracket, pieces))}
    content = [child if "text" in child else _filled(child, bracket, pieces) for child in node.get("content", [])]
    return {**node, "content": content} if content else node


def _line_filled(line: Sequence[Node], bracket: str, pieces: Iterator[Node]) -> Iterator[Node]:
    for other, held in runs(line):
        yield from pieces if other == bracket else held
