"""Words in a text that something hangs on: found by their quote, carried from one state of the text to the next.

A place counts characters of `run_on`: the lines of paragraphs and headings one after another, footnotes left out. What
hangs on words is kept outside the text, so that nothing of it stands in a text that others read; it is carried whenever
a revision is cut, through every edit that leaves the words, to wherever they were moved.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from reports.text import plain
from reports.text.difference import aligned

Node = dict[str, Any]
CONTEXT: Final = 40
_PARTS: Final = re.compile(r"\w+|\s|[^\w\s]")
_GAPS: Final = re.compile(r"\s+")
# Of moved words so much of their surroundings must have moved along.
_COMPANY: Final = 8


@dataclass(frozen=True)
class Place:
    """Characters `start` to `end` (not included) of a text's `run_on`."""

    start: int
    end: int


@dataclass(frozen=True)
class Quote:
    """Words and what stands beside them, as somebody saw them: white space counts as one space."""

    words: str
    before: str = ""
    after: str = ""


def run_on(doc: Node) -> str:
    """The text that places count in: each paragraph and heading is a line of it, a line break begins another."""
    return "\n".join(plain.texts_of(doc, footnotes=False))


def quote_at(doc: Node, place: Place) -> Quote:
    return _Folded(run_on(doc)).quote(place)


def find(doc: Node, quote: Quote) -> Place | None:
    """Where the text says these words: of several places the one whose surroundings agree most, then the first."""
    return _Folded(run_on(doc)).find(quote)


def lines_around(doc: Node, place: Place) -> str:
    """The whole of the paragraphs and lines that the place touches."""
    text = run_on(doc)
    end = text.find("\n", place.end)
    return text[text.rfind("\n", 0, place.start) + 1 : end if end >= 0 else len(text)]


def is_in_one_line(doc: Node, place: Place) -> bool:
    return "\n" not in run_on(doc)[place.start : place.end]


def stand_twice(doc: Node, quote: Quote) -> bool:
    """Whether the words stand in several places and nothing beside the quote says which of them is meant."""
    return not (quote.before.strip() or quote.after.strip()) and len(list(_Folded(run_on(doc)).all(quote.words))) > 1


def stands_out(doc: Node, quote: Quote, place: Place) -> bool:
    """Whether no other place that says the words has surroundings as much like those of the quote."""
    text = _Folded(run_on(doc))
    others = [other for other in text.all(quote.words) if other != place]
    return all(text.company(other, quote) < text.company(place, quote) for other in others)


def carried(old: Node, new: Node, place: Place) -> Place | None:
    """Where the words at `place` stand after an edit; None when they are gone.

    Words that were partly rewritten keep their place while half of their letters stand.
    """
    return Carrying(old, new).to(place)


class Carrying:
    """From one state of a text to the next, for however many places: the two are compared once, if at all."""

    def __init__(self, old: Node, new: Node) -> None:
        self._old, self._new = _Folded(run_on(old)), _Folded(run_on(new))

    @cached_property
    def _moved(self) -> "_Moved":
        return _Moved(self._old.whole, self._new.whole)

    def to(self, place: Place) -> Place | None:
        """As `carried`."""
        if self._old.whole == self._new.whole:
            return place
        quote, following = self._old.quote(place), self._moved.place(place)
        if following and self._new.says(following.place, quote.words):
            return following.place
        moved = self._new.find(quote)
        if moved and (self._new.company(moved, quote) >= _COMPANY or self._is_the_only_one(quote)):
            return moved
        return following.place if following and following.kept * 2 >= place.end - place.start else None

    def back_to(self, quote: Quote) -> Place | None:
        """Where words that had lost their place stand again, told from others by what stood beside them."""
        place = self._new.find(quote)
        beside = min(_COMPANY, len(_folded(quote.before)) + len(_folded(quote.after)))
        return place if place and self._new.company(place, quote) >= beside else None

    def _is_the_only_one(self, quote: Quote) -> bool:
        return len(list(self._old.all(quote.words))) == 1 == len(list(self._new.all(quote.words)))


def with_mark(doc: Node, place: Place, mark: Node) -> Node:
    """The text with this mark on the words at `place`, after the marks that they carry; footnotes carry none."""
    return _marked(doc, place, lambda marks: [*marks, mark])


def without_marks(doc: Node, drop: Callable[[Node], bool]) -> Node:
    """The text without the marks for which `drop` holds."""
    whole = Place(0, len(run_on(doc)))
    return _marked(doc, whole, lambda marks: [mark for mark in marks if not drop(mark)])


def marked_places(doc: Node, name: str) -> dict[str, Place]:
    """By the `id` of each mark of this name the stretch from its first word to its last."""
    found: dict[str, Place] = {}
    for at, node in _texts(doc):
        for mark in node.get("marks", []):
            if mark["type"] == name:
                first = found.get(mark["attrs"]["id"], Place(at, at))
                found[mark["attrs"]["id"]] = Place(first.start, at + len(node["text"]))
    return found


# ---- the tree and its lines ------------------------------------------------------------------------------------------


def _lines(doc: Node) -> Iterator[Node]:
    """Paragraphs and headings in the order of `run_on`."""
    for child in doc.get("content", []):
        if child["type"] in {"paragraph", "heading"}:
            yield child
        elif child["type"] != "footnote" and "text" not in child:
            yield from _lines(child)


def _texts(doc: Node) -> Iterator[tuple[int, Node]]:
    """Each run of words with where it begins."""
    at = 0
    for line in _lines(doc):
        for child in line.get("content", []):
            if "text" in child:
                yield at, child
            at += _length(child)
        at += 1


def _length(node: Node) -> int:
    return 1 if node["type"] == "hardBreak" else len(node.get("text", ""))


def _marked(doc: Node, place: Place, change: Callable[[list[Node]], list[Node]]) -> Node:
    starts = iter(starts_of_lines(doc))

    def again(node: Node) -> Node:
        if node["type"] in {"paragraph", "heading"}:
            return _line_marked(node, next(starts), place, change)
        content = [again(child) for child in node.get("content", [])]
        return {**node, "content": content} if content else node

    return again(doc)


def starts_of_lines(doc: Node) -> list[int]:
    """Where each paragraph and heading begins."""
    starts, at = [], 0
    for line in _lines(doc):
        starts.append(at)
        at += sum(map(_length, line.get("content", []))) + 1
    return starts


def _line_marked(line: Node, at: int, place: Place, change: Callable[[list[Node]], list[Node]]) -> Node:
    content: list[Node] = []
    for child in line.get("content", []):
        content += _cut(child, at, place, change) if "text" in child else [child]
        at += _length(child)
    return {**line, "content": content} if content else line


def _cut(node: Node, at: int, place: Place, change: Callable[[list[Node]], list[Node]]) -> list[Node]:
    text = node["text"]
    first, last = (min(max(edge - at, 0), len(text)) for edge in (place.start, place.end))
    inside = [{**node, "text": text[first:last], "marks": change(node.get("marks", []))}] if first < last else []
    outside = ({**node, "text": text[:first]}, {**node, "text": text[last:] if inside else text[first:]})
    pieces = [outside[0], *inside, outside[1]]
    return [_bare(piece) for piece in pieces if piece["text"]]


def _bare(node: Node) -> Node:
    return node if node.get("marks") else {name: value for name, value in node.items() if name != "marks"}


# ---- comparing -------------------------------------------------------------------------------------------------------


class _Folded:
    """A text whose white space counts as one space, with where each of its characters stands."""

    def __init__(self, text: str) -> None:
        self.whole = text
        pieces, self.at = [], []
        last = 0
        for gap in _GAPS.finditer(text):
            pieces += [text[last : gap.start()], " "]
            self.at += [*range(last, gap.start()), gap.start()]
            last = gap.end()
        self.text = "".join([*pieces, text[last:]])
        self.at += range(last, len(text) + 1)

    def quote(self, place: Place) -> Quote:
        return Quote(
            self.whole[place.start : place.end],
            self.whole[max(place.start - CONTEXT, 0) : place.start],
            self.whole[place.end : place.end + CONTEXT],
        )

    def find(self, quote: Quote) -> Place | None:
        return max(self.all(quote.words), key=lambda place: self.company(place, quote), default=None)

    def all(self, words: str) -> Iterator[Place]:
        """Every place that says these words, overlapping ones too."""
        wanted = _folded(words).strip()
        begins = self.text.find(wanted) if wanted else -1
        while begins >= 0:
            yield Place(self.at[begins], self.at[begins + len(wanted) - 1] + 1)
            begins = self.text.find(wanted, begins + 1)

    def says(self, place: Place, words: str) -> bool:
        return any(found == place for found in self.all(words))

    def company(self, place: Place, quote: Quote) -> int:
        """How many characters beside the place are those beside the quote."""
        starts, ends = self.at.index(place.start), self.at.index(place.end - 1) + 1
        before = _alike(self.text[:starts][::-1], _folded(quote.before)[::-1])
        return before + _alike(self.text[ends:], _folded(quote.after))


def _folded(words: str) -> str:
    return _GAPS.sub(" ", words)


def _alike(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


@dataclass(frozen=True)
class _Following:
    """Where a place went with the edits around it, and how many of its characters went along."""

    place: Place
    kept: int


class _Moved:
    """The stretches that two texts share, word by word: `(start in the old, start in the new, length)`."""

    def __init__(self, old: str, new: str) -> None:
        self.shared = list(_shared(_PARTS.findall(old), _PARTS.findall(new)))

    def place(self, place: Place) -> _Following | None:
        """From the first character that stayed to the last."""
        kept = [
            (new + max(place.start - old, 0), new + min(place.end - old, length))
            for old, new, length in self.shared
            if old < place.end and place.start < old + length
        ]
        if not kept:
            return None
        return _Following(Place(kept[0][0], kept[-1][1]), sum(end - start for start, end in kept))


def _shared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    at_old = at_new = i = j = 0
    for sign, count in aligned(old, new):
        gone = sum(map(len, old[i : i + count])) if sign <= 0 else 0
        come = sum(map(len, new[j : j + count])) if sign >= 0 else 0
        if sign == 0:
            yield at_old, at_new, gone
        i, j = i + (count if sign <= 0 else 0), j + (count if sign >= 0 else 0)
        at_old, at_new = at_old + gone, at_new + come
