"""Who wrote which words of a passage: from the letters typed live, else from the revisions, as its own side may know.

What is typed live is told by the ids of Yjs's clients, which outlive compaction; words that came by the plain form or
from a file are those of the revision's maker. A view's caucus is read for its own side only: callers say whose.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from parley.accounts.models import User
from parley.programmes.models import Side

from .live.conversion import Unreadable, to_json
from .live.letters import letters_of, spans_of
from .live.protocol import EMPTY_UPDATE, Malformed
from .live.store import merged
from .models import LiveClient, LiveText, LiveUpdate, Passage, Revision
from .text import schema
from .text.difference import aligned

Node = dict[str, Any]

# Of a passage's history that is compared; what is older counts as its first state.
MOST_STATES: Final = 400
_PARTS: Final = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Hand:
    """Who wrote a stretch, and between when; a time is None where its rows are gone already."""

    person: int | None
    first: datetime | None = None
    last: datetime | None = None


NOBODY: Final = Hand(None)


@dataclass
class Writer:
    """One line of the page's list: `number` stands in the text before this person's words."""

    number: int
    person: User | None
    words: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def wrote(self, text: str, hand: Hand) -> None:
        self.words += len(re.findall(r"\w+", text))
        times = [at for at in (self.first, self.last, hand.first, hand.last) if at is not None]
        self.first, self.last = min(times, default=None), max(times, default=None)


@dataclass
class Authored:
    """A text whose words carry the number of their writer (`author`), and the writers."""

    text: Node
    writers: list[Writer] = field(default_factory=list)


@dataclass
class _Words:
    """All letters of a text in a row, and whose each is."""

    flat: str
    hands: list[Hand]


def authored(passage: Passage, *, side: Side | None) -> Authored:
    """The words that stand now, typed live or saved; `side`: whose caucus may be read beside what all sides see."""
    past = _states(passage, side)
    words, text = _Words("", []), schema.EMPTY
    for state in past:
        words, text = state.after(words), state.text
    return _numbered(text, words)


# ---- the states of a passage, in their order -----------------------------------------------------------------------


@dataclass
class _State:
    """A revision, whose new words are its maker's."""

    at: datetime
    text: Node
    hand: Hand

    def after(self, before: _Words) -> _Words:
        flat = _flat(self.text)
        return _Words(flat, _carried(before, flat, self.hand))


@dataclass
class _Typed(_State):
    """What a live text says at its end, or now: `own` tells of each letter who typed it, None for the server's."""

    own: list[Hand | None] = field(default_factory=list)

    def after(self, before: _Words) -> _Words:
        words = super().after(before)
        return _Words(words.flat, [own or held for own, held in zip(self.own, words.hands, strict=True)])


def _states(passage: Passage, side: Side | None) -> list[_State]:
    revisions = list(passage.revisions.seen_by(side).order_by("-pk")[:MOST_STATES])[::-1]
    states = [_State(one.made_at, one.text, Hand(one.made_by_id, one.made_at, one.made_at)) for one in revisions]
    typed = _typed(passage, side)
    open_ones = [state for text, state in typed if text.closed_at is None]
    ended = [state for text, state in typed if text.closed_at is not None]
    # A live text that ended left its words to a revision; what is typed now may stand in none yet.
    return [*_in_order([*states, *ended], revisions), *open_ones]


def _in_order(states: list[_State], revisions: list[Revision]) -> list[_State]:
    """By time; the last word is a revision's."""
    ordered = sorted(states, key=lambda state: state.at)
    if not revisions or (ordered and not isinstance(ordered[-1], _Typed)):
        return ordered
    last = revisions[-1]
    return [*ordered, _State(last.made_at, last.text, Hand(last.made_by_id, last.made_at, last.made_at))]


def _typed(passage: Passage, side: Side | None) -> list[tuple[LiveText, _State]]:
    """The passage's live texts before all sides or in this caucus. Rows are read before snapshots (`store.load`)."""
    own = passage.side if passage.side_id and side is not None and passage.side_id == side.pk else None
    texts = LiveText.objects.filter(passage=passage, caucus=own)
    rows: dict[int, list[LiveUpdate]] = defaultdict(list)
    for row in LiveUpdate.objects.filter(text__in=texts).order_by("text", "sequence"):
        rows[row.text_id].append(row)
    clients: dict[int, dict[int, int | None]] = defaultdict(dict)
    for client in LiveClient.objects.filter(text__in=texts):
        clients[client.text_id][client.client_id] = client.person_id
    found = [(text, _typed_in(text, rows[text.pk], clients[text.pk])) for text in texts.order_by("pk")]
    return [(text, state) for text, state in found if state is not None]


def _typed_in(text: LiveText, rows: list[LiveUpdate], people: dict[int, int | None]) -> _State | None:
    """None for what can't be read: then the revisions tell alone."""
    later = [bytes(row.payload) for row in rows if row.sequence > text.state_sequence]
    try:
        update = merged([bytes(text.state) or EMPTY_UPDATE, *later])
        words = to_json(update)
        own = list(_hands(update, rows, people))
    except (Unreadable, Malformed):
        return None
    placed = _placed(words, own)
    return None if placed is None else _Typed(text.closed_at or text.changed_at, words, NOBODY, placed)


def _hands(update: bytes, rows: list[LiveUpdate], people: dict[int, int | None]) -> Iterator[tuple[str, Hand | None]]:
    """Each stretch of letters with its typist, None for the server's own."""
    times = _times(rows)
    for letters in letters_of(update):
        person = people.get(letters.client)
        if person is None:
            yield letters.text, None
            continue
        at = [
            when
            for first, after, when in times[letters.client]
            if first < letters.clock + letters.length and after > letters.clock
        ]
        yield letters.text, Hand(person, min(at, default=None), max(at, default=None))


def _times(rows: Iterable[LiveUpdate]) -> dict[int, list[tuple[int, int, datetime]]]:
    """When each client wrote what, as far as the rows are kept."""
    found: dict[int, list[tuple[int, int, datetime]]] = defaultdict(list)
    for row in rows:
        for span in spans_of(bytes(row.payload)):
            found[span.client].append((span.first, span.after, row.at))
    return found


def _placed(words: Node, stretches: list[tuple[str, Hand | None]]) -> list[Hand | None] | None:
    """The hand of each letter of the flat text; None when the two do not say the same."""
    letters = [hand for text, hand in stretches for _letter in text]
    if "".join(text for text, _hand in stretches) != "".join(_texts(words)):
        return None
    following = iter(letters)
    return [next(following) if is_letter else None for _sign, is_letter in _signs(words)]


# ---- letters in a row ----------------------------------------------------------------------------------------------


def _signs(node: Node) -> Iterator[tuple[str, bool]]:
    """Every letter, and what parts paragraphs and notes, which nobody wrote."""
    for letter in node.get("text", ""):
        yield letter, True
    for child in node.get("content", []):
        yield from _signs(child)
    if node["type"] in {"paragraph", "heading", "footnote", "hardBreak"}:
        yield "\n", False


def _flat(node: Node) -> str:
    return "".join(sign for sign, _is_letter in _signs(node))


def _texts(node: Node) -> Iterator[str]:
    if "text" in node:
        yield node["text"]
    for child in node.get("content", []):
        yield from _texts(child)


def _carried(before: _Words, flat: str, hand: Hand) -> list[Hand]:
    """Words that stayed keep their hand; those that came are this one's."""
    old, new = _PARTS.findall(before.flat), _PARTS.findall(flat)
    was, came = iter(before.hands), iter(new)
    gone = iter(old)
    hands: list[Hand] = []
    for sign, count in aligned(old, new):
        for _part in range(count):
            length = len(next(gone)) if sign <= 0 else 0
            held = [next(was) for _letter in range(length)]
            arrived = next(came) if sign >= 0 else ""
            hands += held if sign == 0 else [hand] * len(arrived)
    return hands


# ---- as the page shows it ------------------------------------------------------------------------------------------


def _numbered(text: Node, words: _Words) -> Authored:
    people = User.objects.in_bulk({hand.person for hand in words.hands if hand.person is not None})
    writers: dict[int | None, Writer] = {}
    hands = iter(words.hands)
    return Authored(_marked(text, hands, writers, people), list(writers.values()))


# Stands before the first words of a block.
NOBODY_YET = object()


def _marked(node: Node, hands: Iterator[Hand], writers: dict[int | None, Writer], people: dict[int, User]) -> Node:
    content: list[Node] = []
    before: Any = NOBODY_YET
    for child in node.get("content", []):
        if "text" not in child:
            content.append(_marked(child, hands, writers, people))
            continue
        letters = [(letter, next(hands)) for letter in child["text"]]
        for person, stretch in groupby(letters, key=lambda one: one[1].person):
            signed = _signed(list(stretch), writers, people)
            content.append({**child, **signed, "goes_on": person == before})
            before = person
    if node["type"] in {"paragraph", "heading", "footnote", "hardBreak"}:
        next(hands)
    return {**node, **({"content": content} if "content" in node else {})}


def _signed(
    stretch: list[tuple[str, Hand]], writers: dict[int | None, Writer], people: dict[int, User]
) -> dict[str, Any]:
    words, person = "".join(letter for letter, _hand in stretch), stretch[0][1].person
    writer = writers.setdefault(person, Writer(len(writers) + 1, people.get(person or 0)))
    for hand, run in groupby(stretch, key=lambda one: one[1]):
        writer.wrote("".join(letter for letter, _hand in run), hand)
    return {"text": words, "author": writer}
