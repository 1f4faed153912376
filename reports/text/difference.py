"""What changed between two texts, word by word: words, formats, paragraphs, entries, footnotes.

Words become single characters for diff-match-patch (its own documentation, "Line or Word Diffs"). Words that occur
once in both texts anchor the comparison first ("patience"): reports of 20,000 words take a part of a second.
"""

import re
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from diff_match_patch import diff_match_patch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.text import plain
from reports.text.html import marked
from reports.text.stretches import MARK, runs

Node = dict[str, Any]
Mark = tuple[str, str]  # name and target

_PARTS: Final = re.compile(r"\w+(?:[’'ʼ\-‐‑]\w+)*|\s|[^\w\s]")
_LONGEST_SEARCH: Final = 0.3  # seconds; what is not compared by then is shown as replaced whole
_FIRST_CHARACTER: Final = 0xF0000  # of the supplementary private planes, which no text may hold
NOTE: Final[Mark] = ("footnote", "")
_BRACKET: Final[Mark] = ("bracket", "")
_LISTS: Final = {"bulletList": "bullets", "orderedList": "numbers", "options": "options"}


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


_KINDS: Final = {0: Kind.SAME, -1: Kind.REMOVED, 1: Kind.ADDED}


class Piece(NamedTuple):
    """A stretch of words that stayed, went or came; a blank line in `text` begins a block."""

    kind: Kind
    text: str


class Token(NamedTuple):
    """A word, a gap or a sign with its format, or the beginning of a block.

    `shown` is the generated number or letter of an entry: it changes with its neighbours, and is no change itself.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    block: str = ""
    depth: int = 0
    shown: str = ""

    @property
    def same_as(self) -> tuple[object, ...]:
        return self[:4]


Step = tuple[Kind, Token]


def words(old: Node, new: Node) -> list[Piece]:
    """The difference of two checked texts as stretches in reading order; an empty list when they are equal."""
    if old == new:
        return []
    grouped = groupby(_steps(old, new), key=itemgetter(0))
    pieces = [Piece(kind, "".join(token.text for _kind, token in steps)) for kind, steps in grouped]
    pieces[0] = Piece(pieces[0].kind, pieces[0].text.removeprefix("\n\n"))
    return pieces if pieces[0].text else pieces[1:]


def html(old: Node, new: Node) -> SafeString:
    """The new text with what came in `<ins>` and what went in `<del>`, each also said in words; empty when equal.

    Each block is a `<p class="difference__block difference__block--options" data-depth="0">` (paragraph, heading,
    addressee, horizon, bullets, numbers, options); "¶" is a beginning of a block that came or went, "↵" a line break.
    """
    return SafeString("") if old == new else shown(old, new)


def shown(old: Node, new: Node) -> SafeString:
    """The same, and of equal texts the words without a change."""
    return format_html_join("", "{}", ((_block(steps),) for steps in blocks(old, new)))


def blocks(old: Node, new: Node) -> list[list[Step]]:
    """All words of both texts in reading order, in blocks, each word with what became of it."""
    return list(_by_block(_steps(old, new)))


def _steps(old: Node, new: Node) -> list[Step]:
    before, after = list(_tokens(old["content"])), list(_tokens(new["content"]))
    letters = _Letters()
    engine = diff_match_patch()
    parts = _compared(engine, letters.spell(before), letters.spell(after))
    engine.diff_cleanupSemantic(parts)
    _begin_with_blocks(parts, letters.of_blocks())
    went, came = iter(before), iter(after)
    steps: list[Step] = []
    for sign, stretch in parts:
        gone = [next(went) for _letter in stretch] if sign <= 0 else []
        now = [next(came) for _letter in stretch] if sign >= 0 else []
        steps += [(_KINDS[sign], token) for token in (now or gone)]
    return steps


def aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """How two rows of words differ: (0, n) for n that stay, (-1, n) for n that went, (1, n) for n that came."""
    known: dict[str, str] = {}
    spelt = ["".join(known.setdefault(word, chr(_FIRST_CHARACTER + len(known))) for word in row) for row in (old, new)]
    return [(sign, len(stretch)) for sign, stretch in _compared(diff_match_patch(), *spelt)]


class _Letters:
    """One character for each different token."""

    def __init__(self) -> None:
        self.known: dict[tuple[object, ...], str] = {}

    def spell(self, tokens: list[Token]) -> str:
        return "".join(
            self.known.setdefault(token.same_as, chr(_FIRST_CHARACTER + len(self.known))) for token in tokens
        )

    def of_blocks(self) -> set[str]:
        return {letter for (_text, _marks, block, _depth), letter in self.known.items() if block}


def _begin_with_blocks(parts: list[tuple[int, str]], blocks: set[str]) -> None:
    """Moves changes so that a paragraph that came or went begins with its own beginning, not with its words."""
    for i in range(1, len(parts) - 1):
        (_same, before), (sign, stretch), (_same, after) = parts[i - 1 : i + 2]
        last = stretch[-1:]
        if sign and parts[i - 1][0] == 0 == parts[i + 1][0] and last in blocks and before.endswith(last):
            parts[i - 1 : i + 2] = [(0, before[:-1]), (sign, last + stretch[:-1]), (0, last + after)]


def _compared(engine: diff_match_patch, old: str, new: str) -> list[tuple[int, str]]:
    """Differences between the anchors, and the anchors themselves, as diff-match-patch writes them."""
    until = time.monotonic() + _LONGEST_SEARCH
    parts: list[tuple[int, str]] = []
    at_old = at_new = 0
    for i, j in [*_anchors(old, new), (len(old), len(new))]:
        left = max(until - time.monotonic(), 0.0)
        parts += engine.diff_main(old[at_old:i], new[at_new:j], False, time.time() + left)
        parts += [(0, old[i : i + 1])] if i < len(old) else []
        at_old, at_new = i + 1, j + 1
    engine.diff_cleanupMerge(parts)
    return parts


def _anchors(old: str, new: str) -> list[tuple[int, int]]:
    """Places of tokens that occur once in both texts, the longest row of them that is in the same order in both."""
    once = _once(old) & _once(new)
    place = {letter: j for j, letter in enumerate(new) if letter in once}
    return longest_rising([(i, place[letter]) for i, letter in enumerate(old) if letter in once])


def _once(letters: str) -> set[str]:
    return {letter for letter, count in Counter(letters).items() if count == 1}


def longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Patience sorting: the longest row of pairs whose second places rise as well."""
    tops: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, (_i, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        previous.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [j]
        ends[pile : pile + 1] = [index]
    row: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        row.append(pairs[index])
        index = previous[index]
    return row[::-1]


def _tokens(nodes: list[Node], depth: int = 0) -> Iterator[Token]:
    for node in nodes:
        if node["type"] == "heading":
            yield from _heading(node)
        elif node["type"] == "paragraph" and node.get("content"):
            yield Token("\n\n", block="paragraph", depth=depth)
            yield from _inline(node)
        elif node["type"] in _LISTS:
            yield from _entries(node, depth)


def _heading(node: Node) -> Iterator[Token]:
    yield Token("\n\n", block="heading")
    yield from _inline(node)
    for name, label in (("addressee", _("Addressee:")), ("horizon", _("Horizon:"))):
        if node["attrs"][name]:
            yield Token("\n\n", block=name, shown=label)
            yield from (Token(part) for part in _PARTS.findall(node["attrs"][name]))


def _entries(node: Node, depth: int) -> Iterator[Token]:
    """An entry's first paragraph begins with the entry itself; its further blocks stand deeper."""
    first_number = node.get("attrs", {}).get("start", 1)
    for i, item in enumerate(node["content"]):
        first, *rest = item["content"]
        marks = (("start", str(first_number)),) if first_number != 1 and not i else ()
        yield Token("\n\n", marks, _LISTS[node["type"]], depth, plain.marker(node, i))
        yield from _inline(first)
        yield from _tokens(rest, depth + 1)


def _inline(node: Node, within: tuple[Mark, ...] = ()) -> Iterator[Token]:
    """The signs of a bracket are words of their own: where one is opened or closed, they come or go, not its words."""
    for bracket, pieces in runs(node.get("content", [])):
        if bracket:
            yield Token("[", (_BRACKET,))
        yield from _pieces(pieces, within)
        if bracket:
            yield Token("]", (_BRACKET,))


def _pieces(pieces: list[Node], within: tuple[Mark, ...]) -> Iterator[Token]:
    for child in pieces:
        if child["type"] == "footnote":
            yield Token("[", (NOTE,))
            yield from _inline(child, (NOTE,))
            yield Token("]", (NOTE,))
        elif child["type"] == "hardBreak":
            yield Token("\n")
        else:
            marks = tuple(_mark(mark) for mark in child.get("marks", []) if mark["type"] != MARK)
            yield from (Token(part, within + marks) for part in _PARTS.findall(child["text"]))


def _mark(mark: Node) -> Mark:
    return mark["type"], mark.get("attrs", {}).get("href", "")


def _by_block(steps: list[Step]) -> Iterator[list[Step]]:
    """The steps divided where a block begins; a block whose beginning was only replaced is not shown twice."""
    block: list[Step] = []
    for step in steps:
        if step[1].block and any(not token.block for _kind, token in block):
            yield block
            block = []
        block.append(step)
    yield block


def _block(steps: list[Step]) -> SafeString:
    begins = [token for _kind, token in steps if token.block]
    shown = format_html('<span class="difference__mark">{}</span> ', begins[-1].shown) if begins[-1].shown else ""
    stretches = groupby(steps, key=itemgetter(0))
    body = format_html_join("", "{}", ((_stretch(kind, [token for _k, token in found]),) for kind, found in stretches))
    return format_html(
        '<p class="difference__block difference__block--{}" data-depth="{}">{}{}</p>\n',
        begins[-1].block,
        begins[-1].depth,
        shown,
        body,
    )


def _stretch(kind: Kind, tokens: Sequence[Token]) -> SafeString:
    runs = groupby(tokens, key=lambda token: token.marks)
    body = format_html_join("", "{}", ((_run(kind, marks, list(found)),) for marks, found in runs))
    if kind is Kind.SAME:
        return body
    element, before, after = {
        Kind.REMOVED: ("del", _("removed:"), _("end of removed words")),
        Kind.ADDED: ("ins", _("added:"), _("end of added words")),
    }[kind]
    return format_html(
        '<{0}><span class="unseen">[{1} </span>{2}<span class="unseen"> {3}]</span></{0}>',
        element,
        before,
        body,
        after,
    )


def _run(kind: Kind, marks: tuple[Mark, ...], tokens: list[Token]) -> SafeString:
    changed = kind is not Kind.SAME
    text = "".join(("¶ " if changed else "") if token.block else token.text for token in tokens)
    lines = ((line,) for line in text.split("\n"))
    words = format_html_join(SafeString("↵<br>" if changed else "<br>"), "{}", lines)
    for name, target in reversed(marks):
        words = (
            format_html('<span class="difference__note">{}</span>', words)
            if (name, target) == NOTE
            else marked({"type": name, "attrs": {"href": target}}, words)
        )
    return words
