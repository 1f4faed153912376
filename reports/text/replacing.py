"""Other words in the place of some: formats, footnotes and all that stands around them stay."""

import re
from collections import deque
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from reports.text.difference import aligned
from reports.text.places import Place, is_in_one_line, starts_of_lines

Node = dict[str, Any]
_PARTS: Final = re.compile(r"\w+|\s|[^\w\s]")


class NotInOneLine(ValueError):
    """The words begin in one paragraph (or line of it) and end in another: nobody can say where the new ones go."""


def replaced(doc: Node, place: Place, words: str) -> Node:
    """The text with these words at `place`: those that stay keep their formats, new ones take that of those replaced.

    Raises NotInOneLine.
    """
    if not is_in_one_line(doc, place):
        raise NotInOneLine
    starts = iter(starts_of_lines(doc))

    def again(node: Node) -> Node:
        if node["type"] in {"paragraph", "heading"}:
            return _line(node, next(starts), place, words)
        content = [again(child) for child in node.get("content", [])]
        return {**node, "content": content} if content else node

    return again(doc)


def _line(line: Node, at: int, place: Place, words: str) -> Node:
    pieces = list(_pieces(line))
    edges = [at]
    for piece in pieces:
        edges.append(edges[-1] + (piece["type"] != "footnote"))
    if not (at <= place.start and place.end <= edges[-1]):
        return line
    first, last = edges.index(place.start), edges.index(place.end)
    content = _joined([*pieces[:first], *_said(pieces[first:last], words), *pieces[last:]])
    bare = {name: value for name, value in line.items() if name != "content"}
    return {**bare, "content": content} if content else bare


def _pieces(line: Node) -> Iterator[Node]:
    """Letter by letter; what is no letter stands whole."""
    for child in line.get("content", []):
        if "text" in child:
            yield from ({**child, "text": letter} for letter in child["text"])
        else:
            yield child


def _said(old: list[Node], words: str) -> Iterator[Node]:
    pieces = deque(old)
    letters = [piece for piece in old if "text" in piece]
    like = letters[0]
    for sign, text in _changes("".join(piece["text"] for piece in letters), words):
        if sign > 0:
            yield from ({**like, "text": letter} for letter in text)
            continue
        row = list(_taken(pieces, len(text)))
        said = [piece for piece in row if "text" in piece]
        like = said[0] if sign < 0 else said[-1]
        yield from row if sign == 0 else (piece for piece in row if "text" not in piece)
    yield from pieces


def _changes(old: str, new: str) -> Iterator[tuple[int, str]]:
    """Word by word: (0, what stays), (-1, what goes), (1, what comes)."""
    went, came = _PARTS.findall(old), _PARTS.findall(new)
    i = j = 0
    for sign, count in aligned(went, came):
        yield sign, "".join(came[j : j + count] if sign > 0 else went[i : i + count])
        i, j = i + (count if sign <= 0 else 0), j + (count if sign >= 0 else 0)


def _taken(pieces: deque[Node], letters: int) -> Iterator[Node]:
    while letters:
        piece = pieces.popleft()
        letters -= "text" in piece
        yield piece


def _joined(pieces: list[Node]) -> list[Node]:
    """Letters of one format as one text again."""
    found: list[Node] = []
    for (is_text, _marks), run in groupby(pieces, key=lambda piece: ("text" in piece, repr(piece.get("marks")))):
        row = list(run)
        found += [{**row[0], "text": "".join(piece["text"] for piece in row)}] if is_text else row
    return found
