"""Two canonical texts beside each other: which passages stayed, came, went and moved, in the order of the newer one.

Sections and passages are told by their permanent ids, never by their place or their words. Numbers are generated: that
a passage has another one since something came before it is no change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reports.text import difference
from reports.text.notes import notes_of, with_notes
from reports.text.schema import EMPTY

Model = dict[str, Any]
Node = dict[str, Any]
Pair = tuple[Node, Node]

# Of a recommendation, beside its words.
PLACES = ("addressee", "horizon")


class Fate(StrEnum):
    """What became of a passage. `LEFT` is the place from which it was moved; it stands again where it is `MOVED`."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    LEFT = "left"


@dataclass(frozen=True)
class Stand:
    """A passage in one of the texts, the section that it stands in there, and the names of the sides by their ids."""

    item: Node
    section: Node
    sides: dict[str, str]


@dataclass(frozen=True)
class Fact:
    """What is printed around the words, by the key of its label, as it was and as it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Compared:
    fate: Fate
    before: Stand | None
    after: Stand | None

    @property
    def here(self) -> Stand:
        """As it stands, or stood, at this place."""
        stand = self.before if self.fate in (Fate.REMOVED, Fate.LEFT) else self.after
        assert stand is not None  # noqa: S101 (for the type checker: each fate has the side that it speaks of)
        return stand

    @property
    def words(self) -> Pair:
        """The words before and after; what came or went is compared with nothing."""
        return whole(self.before), whole(self.after)

    @property
    def notes(self) -> Pair:
        """What stands beside the words of its brackets."""
        return _notes(self.before), _notes(self.after)

    @property
    def is_worded_anew(self) -> bool:
        return self.words[0] != self.words[1] or self.notes[0] != self.notes[1]

    @property
    def speaks_otherwise(self) -> bool:
        """Another voice or side says it, or it has got another name."""
        if self.before is None or self.after is None:
            return False
        old, new = self.before.item, self.after.item
        return any(old[name] != new[name] for name in ("voice", "side", "label"))


@dataclass(frozen=True)
class Part:
    """A section in both texts, or in one of them.

    `left`: the place from which a section was moved as a whole, with what had stood there; it is told of where the
    section stands now.
    """

    before: Node | None
    after: Node | None
    moved: bool = False
    left: bool = False
    passages: list[Compared] = field(default_factory=list)

    @property
    def here(self) -> Node:
        section = self.before if self.left or self.after is None else self.after
        assert section is not None  # noqa: S101 (for the type checker: a part is of one text at least)
        return section

    @property
    def is_renamed(self) -> bool:
        return None not in (self.before, self.after) and self.before["title"] != self.after["title"]  # type: ignore[index]

    @property
    def is_changed(self) -> bool:
        """By itself, whatever became of its passages."""
        return self.before is None or self.after is None or self.moved or self.left or self.is_renamed


@dataclass(frozen=True)
class Comparison:
    facts: list[Fact]
    parts: list[Part]

    @property
    def is_empty(self) -> bool:
        return not self.facts and not any(
            part.is_changed or any(is_change(passage) for passage in part.passages) for part in self.parts
        )


def is_change(passage: Compared) -> bool:
    return passage.fate != Fate.SAME


def compare(old: Model, new: Model) -> Comparison:
    """Everything of both texts, each passage at its place; what left stands where it had stood."""
    was, now = _stands(old), _stands(new)
    before = {section["id"]: section for section in old["sections"]}
    after = {section["id"]: section for section in new["sections"]}
    parts = []
    for side, key in _woven(list(before), list(after)):
        if side == "old" and key in after:
            parts.append(Part(before[key], after[key], left=True, passages=_leaving(before[key], was, now)))
        else:
            one, other = before.get(key), after.get(key)
            moved = side == "new" and one is not None
            parts.append(Part(one, other, moved=moved, passages=_passages(one, other, was, now)))
    return Comparison(_facts(old, new), parts)


def _stands(model: Model) -> dict[str, Stand]:
    sides = {side["id"]: side["name"] for side in model["sides"]}
    return {item["id"]: Stand(item, section, sides) for section in model["sections"] for item in section["items"]}


def _passages(before: Node | None, after: Node | None, was: dict[str, Stand], now: dict[str, Stand]) -> list[Compared]:
    old, new = ([item["id"] for item in section["items"]] if section else [] for section in (before, after))
    return [_compared(side, was.get(key), now.get(key)) for side, key in _woven(old, new)]


def _leaving(section: Node, was: dict[str, Stand], now: dict[str, Stand]) -> list[Compared]:
    """All that had stood in a section, which is told of again where the section stands now."""
    stands = [(was[item["id"]], now.get(item["id"])) for item in section["items"]]
    return [Compared(Fate.LEFT if after else Fate.REMOVED, before, after) for before, after in stands]


def _compared(side: str, before: Stand | None, after: Stand | None) -> Compared:
    if before is None:
        return Compared(Fate.ADDED, None, after)
    if after is None:
        return Compared(Fate.REMOVED, before, None)
    if side == "old":
        return Compared(Fate.LEFT, before, after)
    if side == "new":
        return Compared(Fate.MOVED, before, after)
    stays = Compared(Fate.SAME, before, after)
    return Compared(Fate.CHANGED, before, after) if stays.is_worded_anew or stays.speaks_otherwise else stays


def _woven(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Both rows as one: ("both", id) for the longest row that kept its order, ("old", id) and ("new", id) between."""
    place = {key: j for j, key in enumerate(new)}
    stays = difference.longest_rising([(i, place[key]) for i, key in enumerate(old) if key in place])
    at_old = at_new = 0
    for i, j in [*stays, (len(old), len(new))]:
        yield from (("old", key) for key in old[at_old:i])
        yield from (("new", key) for key in new[at_new:j])
        if i < len(old):
            yield "both", old[i]
        at_old, at_new = i + 1, j + 1


# ---- the words of a passage, with all that is printed among them -----------------------------------------------------


def whole(stand: Stand | None) -> Node:
    """Heading, addressee, horizon, attribution and words as one text, so that a change of each shows."""
    if stand is None:
        return EMPTY
    item = stand.item
    text = with_notes(item["text"], notes_of(item))
    said = _attributed(item["attribution"], text["content"])
    support = [_paragraph(f"{item['support']['label']}: {item['support']['text']}")] if "support" in item else []
    return {**text, "content": [*_heading(item["heading"]), *support, *said]}


def _heading(heading: Node | None) -> list[Node]:
    if not heading:
        return []
    title = {"type": "heading", "attrs": dict.fromkeys(PLACES, ""), "content": [_text(heading["text"])]}
    lines = [f"{heading[f'{name}_label']}: {heading[name]}" for name in PLACES if heading[name]]
    return [title, *map(_paragraph, lines)]


def _attributed(attribution: str, blocks: list[Node]) -> list[Node]:
    """As print has it: running in before the first words."""
    if not attribution:
        return blocks
    words = {**_text(f"{attribution} "), "marks": [{"type": "bold"}]}
    if not blocks or blocks[0]["type"] != "paragraph":
        return [{"type": "paragraph", "content": [words]}, *blocks]
    first = {**blocks[0], "content": [words, *blocks[0].get("content", [])]}
    return [first, *blocks[1:]]


def _notes(stand: Stand | None) -> Node:
    """Of each bracket whose it is and why, and what each side would say instead."""
    held = stand.item.get("brackets", []) if stand else []
    return {**EMPTY, "content": [line for bracket in held for line in _note(bracket, stand.sides)]}  # type: ignore[union-attr]


def _note(bracket: Node, sides: dict[str, str]) -> Iterator[Node]:
    yield _paragraph(f"[…] {sides[bracket['side']]}: {bracket['reason']}")
    for one in bracket["alternatives"]:
        words = one["text"]["content"][0].get("content", []) if one["text"] else [_text("–")]
        yield {"type": "paragraph", "content": [_text(f"{sides[one['side']]}: "), *words]}


def _paragraph(words: str) -> Node:
    return {"type": "paragraph", "content": [_text(words)]}


def _text(words: str) -> Node:
    return {"type": "text", "text": words}


# ---- what is printed around the passages -----------------------------------------------------------------------------


def _facts(old: Model, new: Model) -> list[Fact]:
    was, now = _printed(old), _printed(new)
    keys = dict.fromkeys([*now, *was])
    return [Fact(key, was.get(key, ""), now.get(key, "")) for key in keys if was.get(key, "") != now.get(key, "")]


def _printed(model: Model) -> dict[str, str]:
    """By the key of a label what a cover, a roster and the host's page say."""
    host, statement = model["host"], model["statement"] or {}
    addresses = ["\n".join([one["label"], *one["lines"]]) for one in host["addresses"]]
    printed = {
        "title": model["document"]["title"],
        "date": model["document"]["date_printed"],
        "place": "\n".join(filter(None, [statement.get("place", ""), statement.get("meeting", "")])),
        "programme": "\n".join(dict.fromkeys([model["programme"]["name"], model["group"]["name"]])),
        "sides": "\n".join(f"{side['name']} ({side['demonym']})" for side in model["sides"]),
        "authors": "\n".join(line for part in model["roster"] for line in _people(part)),
        "host": "\n".join([*(host[name] for name in ("name", "website", "email")), *addresses, *host["about"]]),
    }
    return printed | {"funder": host["funder"], "reservations": "\n".join(notes_of(model))}


def _people(part: Node) -> Iterator[str]:
    yield part["heading"]
    for person in part["people"]:
        name = person.get("withheld") or person["name"]
        yield ", ".join(filter(None, [name, person.get("own_script", ""), person.get("role_printed", "")]))


def as_text(words: str) -> Node:
    """Printed lines as a text, to be compared word by word."""
    return {**EMPTY, "content": [_paragraph(line) for line in words.split("\n") if line]}
