"""Two edits of one text put together, word by word: what only one of them changed is taken from it.

Where both changed the same words nothing is guessed: the places are named, and people decide. Words count as the same
place when no unchanged word and no beginning of a block stands between the two changes.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

from reports.text import schema
from reports.text.difference import aligned
from reports.text.limits import TextRefused

Node = dict[str, Any]

_PARTS: Final = re.compile(r"\w+(?:[’'ʼ\-‐‑]\w+)*|\s|[^\w\s]")
_WORD: Final = re.compile(r"\w")
_LISTS: Final = {"bulletList": "listItem", "orderedList": "listItem", "options": "option"}
_PLACES: Final = ("addressee", "horizon")


@dataclass(frozen=True)
class Overlap:
    """The same words, as they were and as each of the two edits has them; "" where it left them out."""

    was: str
    one: str
    other: str


@dataclass(frozen=True)
class Merged:
    """`text` is None where the edits touch the same words (`overlaps`), or make no text of ours together."""

    text: Node | None
    overlaps: tuple[Overlap, ...] = ()


def merge(base: Node, one: Node, other: Node) -> Merged:
    """Both edits of `base` in one checked text. All three are checked texts; the order of the two does not matter."""
    if other in (base, one):
        return Merged(one)
    if one == base:
        return Merged(other)
    before, first, second = (list(_tokens(text)) for text in (base, one, other))
    changes = _clusters(before, _changes(before, first), _changes(before, second))
    overlaps = tuple(_overlap(before, *cluster) for cluster in changes if all(cluster))
    return Merged(None, overlaps) if overlaps else _put_together(before, changes)


# ---- changes ---------------------------------------------------------------------------------------------------------


class Token(NamedTuple):
    """A word, a gap, a sign with its marks, an edge of a footnote, or (`block`) the beginning of a block."""

    text: str
    marks: str = ""
    block: str = ""
    depth: int = 0
    start: int = 1

    @property
    def parts(self) -> bool:
        """Whether it holds two changes apart when it stands unchanged between them."""
        return bool(self.block) or _WORD.search(self.text) is not None


class Change(NamedTuple):
    """Tokens `start` to `end` (not included) of the base become these."""

    start: int
    end: int
    now: tuple[Token, ...]

    def begins_block(self, base: Sequence[Token]) -> bool:
        """It puts or takes whole blocks, so that it can't be meant for the words before it."""
        firsts = [*base[self.start : self.end][:1], *self.now[:1]]
        return bool(firsts) and all(token.block for token in firsts)


# What each of the two edits changed at one place.
Cluster = tuple[list[Change], list[Change]]


def _changes(base: list[Token], new: list[Token]) -> list[Change]:
    found: list[Change] = []
    at_base = at_new = 0
    for stays, steps in groupby(aligned([*map(repr, base)], [*map(repr, new)]), key=lambda step: step[0] == 0):
        counts = list(steps)
        gone = sum(count for sign, count in counts if sign <= 0)
        come = sum(count for sign, count in counts if sign >= 0)
        if not stays:
            change = Change(at_base, at_base + gone, tuple(new[at_new : at_new + come]))
            found.append(_with_block(base, change, found[-1].end if found else 0))
        at_base, at_new = at_base + gone, at_new + come
    return found


def _with_block(base: list[Token], change: Change, first: int) -> Change:
    """The same change, moved (not before `first`) so that it begins with a block, where it may as well."""
    moved = change
    while moved.start > first and not moved.begins_block(base):
        before, (start, end, now) = base[moved.start - 1], moved
        last = base[end - 1] if end > start else now[-1]
        if (end > start and now) or last != before:
            return change
        moved = Change(start - 1, end - 1, (before, *now[:-1]) if now else ())
    return moved if moved.begins_block(base) else change


def _clusters(base: list[Token], one: list[Change], other: list[Change]) -> list[Cluster]:
    """Changes in their order; those of the two edits that lie at one place together. What both did alike is one's."""
    alike = set(one) & set(other)
    placed = [(change, 0) for change in one] + [(change, 1) for change in other if change not in alike]
    placed.sort(key=lambda held: (held[0].start, held[0].end, held[0].begins_block(base)))
    clusters: list[Cluster] = []
    for change, whose in placed:
        if not clusters or _apart(base, clusters[-1], change):
            clusters.append(([], []))
        clusters[-1][whose].append(change)
    return clusters


def _apart(base: list[Token], cluster: Cluster, change: Change) -> bool:
    held = [*cluster[0], *cluster[1]]
    until = max(before.end for before in held)
    if change.start < until:
        return False
    if any(token.parts for token in base[until : change.start]):
        return True
    if change.end > change.start or not change.begins_block(base):
        return False  # what takes a block's beginning joins its words to those before, where the other edit wrote
    at_the_same = [before for before in held if before.end == change.start]
    return not any(before.start == before.end and before.begins_block(base) for before in at_the_same)


def _overlap(base: list[Token], one: list[Change], other: list[Change]) -> Overlap:
    start = min(change.start for change in (*one, *other))
    end = max(change.end for change in (*one, *other))
    return Overlap(*(_said(_applied(base, changes, start, end)) for changes in ([], one, other)))


def _applied(base: list[Token], changes: list[Change], start: int, end: int) -> list[Token]:
    """The tokens of this stretch of the base with the changes made."""
    found: list[Token] = []
    for change in sorted(changes, key=lambda one: (one.start, one.end)):
        found += [*base[start : change.start], *change.now]
        start = change.end
    return found + base[start:end]


def _said(tokens: list[Token]) -> str:
    return " ".join("".join(" " if token.block else token.text for token in tokens).split())


def _put_together(base: list[Token], clusters: list[Cluster]) -> Merged:
    found: list[Token] = []
    at = 0
    for cluster in clusters:
        for change in (*cluster[0], *cluster[1]):
            found += [*base[at : change.start], *change.now]
            at = change.end
    try:
        return Merged(schema.check(_text([*found, *base[at:]])))
    except (TextRefused, _Unfit):
        return Merged(None)


# ---- a text as a row of tokens, and back -----------------------------------------------------------------------------


class _Unfit(Exception):
    """Each edit for itself makes a text, the two of them do not: one within the other's new footnote, say."""


_OPENS, _CLOSES, _BREAK = Token("^["), Token("]^"), Token("\n", "break")


def _tokens(text: Node) -> Iterator[Token]:
    return _block_tokens(text["content"], 0)


def _block_tokens(nodes: list[Node], depth: int) -> Iterator[Token]:
    for node in nodes:
        if node["type"] == "heading":
            yield Token("", block="heading")
            yield from _inline(node)
            for name in _PLACES:
                yield Token("", block=name)
                yield from (Token(part) for part in _PARTS.findall(node["attrs"][name]))
        elif node["type"] in _LISTS:
            yield from _entries(node, depth)
        else:
            yield Token("", block=node["type"], depth=depth)
            yield from _inline(node)


def _entries(node: Node, depth: int) -> Iterator[Token]:
    """An entry's first paragraph begins with the entry itself; its further blocks stand deeper."""
    start = node.get("attrs", {}).get("start", 1)
    for place, item in enumerate(node["content"]):
        first, *rest = item["content"]
        yield Token("", block=node["type"], depth=depth, start=1 if place else start)
        yield from _inline(first)
        yield from _block_tokens(rest, depth + 1)


def _inline(node: Node) -> Iterator[Token]:
    for child in node.get("content", []):
        if child["type"] == "footnote":
            yield _OPENS
            yield from _inline(child)
            yield _CLOSES
        elif child["type"] == "hardBreak":
            yield _BREAK
        else:
            marks = json.dumps(child["marks"], sort_keys=True) if child.get("marks") else ""
            yield from (Token(part, marks) for part in _PARTS.findall(child["text"]))


Block = tuple[Token, list[Node]]


def _text(tokens: list[Token]) -> Node:
    blocks = list(_blocks(tokens))
    heading = _heading(blocks)
    found = _Reading(blocks[len(_PLACES) + 1 :] if heading else blocks)
    return {"type": "doc", "content": [*([heading] if heading else []), *found.at(0)]}


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    begins = [place for place, token in enumerate(tokens) if token.block]
    if not begins or begins[0]:
        raise _Unfit
    for place, following in zip(begins, [*begins[1:], len(tokens)], strict=True):
        yield tokens[place], _nodes(tokens[place + 1 : following])


def _nodes(tokens: list[Token]) -> list[Node]:
    found: list[Node] = []
    note: list[Node] | None = None
    for token in tokens:
        if (token == _OPENS) != (note is None) and token in (_OPENS, _CLOSES):
            raise _Unfit
        if token == _OPENS:
            note = []
        elif token == _CLOSES:
            found.append({"type": "footnote", "content": note})
            note = None
        else:
            (found if note is None else note).append(_node(token))
    if note is not None:
        raise _Unfit
    return found


def _node(token: Token) -> Node:
    if token == _BREAK:
        return {"type": "hardBreak"}
    marks = {"marks": json.loads(token.marks)} if token.marks else {}
    return {"type": "text", "text": token.text, **marks}


def _heading(blocks: list[Block]) -> Node | None:
    """The heading with which a recommendation begins; one in pieces, or elsewhere, is none."""
    names = ("heading", *_PLACES)
    found = [place for place, (token, _content) in enumerate(blocks) if token.block in names]
    if not found:
        return None
    if found != [0, 1, 2] or tuple(token.block for token, _content in blocks[:3]) != names:
        raise _Unfit
    words, *places = (content for _token, content in blocks[:3])
    said = ("".join(node.get("text", "") for node in content) for content in places)
    return {"type": "heading", "attrs": dict(zip(_PLACES, said, strict=True)), "content": words}


class _Reading:
    """Blocks read from the front, those of one depth at a time."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks[::-1]

    def at(self, depth: int) -> list[Node]:
        found: list[Node] = []
        while self.blocks and self.blocks[-1][0].depth >= depth:
            token, content = self.blocks.pop()
            if token.depth > depth:
                raise _Unfit
            paragraph = {"type": "paragraph", "content": content}
            if token.block == "paragraph":
                found.append(paragraph)
                continue
            if not found or found[-1]["type"] != token.block:
                found.append(_list(token))
            item = {"type": _LISTS[token.block], "content": [paragraph, *self.at(depth + 1)]}
            found[-1]["content"].append(item)
        return found


def _list(token: Token) -> Node:
    attrs: dict[str, Any] = {"attrs": {"start": token.start}} if token.block == "orderedList" else {}
    return {"type": token.block, **attrs, "content": []}
