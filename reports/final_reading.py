"""A canonical text as a page reads it: the same words, numbers and order as print, with HTML in the place of the tree.

Views that follow each other stand beside each other, each with the replies to it; footnotes are numbered through and
collected at the end.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from parley.programmes.models import Side

from .publishing.copies import has_copies
from .publishing.labels import default_labels, fill
from .text.brackets import in_brief, words_of
from .text.html import render_apart
from .text.notes import notes_of, with_notes
from .text.stretches import Owner


@dataclass(frozen=True)
class Speaker:
    """A side as the text names it, in the hue in which pages show it."""

    id: str
    name: str
    demonym: str
    colour: int


@dataclass(frozen=True)
class Noted:
    """A bracket of a draft: its number in the passage, its words, and what each side would say (None: nothing)."""

    number: int
    side: Speaker
    words: str
    reason: str
    alternatives: list[tuple[Speaker, str | None]]


@dataclass
class Item:
    """One passage: its number, who speaks, its words; `replies` to a view stand beneath it."""

    id: str
    number: str
    voice: str
    side: Speaker | None
    label: str
    attribution: str
    heading: dict[str, str] | None
    answers: str | None
    words: SafeString
    replies: list["Item"] = field(default_factory=list)
    brackets: list["Noted"] = field(default_factory=list)
    # How far the sides support a recommendation: `label` and `text`, where print says it.
    support: dict[str, Any] | None = None


@dataclass
class Column:
    """What one side says in a run of views."""

    side: Speaker
    items: list[Item] = field(default_factory=list)


@dataclass
class Block:
    """What stands between the margins at once: one passage, or the sides' views beside each other."""

    item: Item | None = None
    columns: list[Column] = field(default_factory=list)

    @property
    def name(self) -> str:
        """One of a kind on the page: names the switch between its columns."""
        return self.columns[0].items[0].id if self.columns else ""


@dataclass(frozen=True)
class Part:
    id: str
    number: str
    title: str
    blocks: list[Block]


@dataclass(frozen=True)
class Person:
    """One line of the roster."""

    name: str
    own_script: str
    role_printed: str
    leads: bool


@dataclass(frozen=True)
class Party:
    """A side with its people: those who chair first."""

    side: Speaker
    heading: str
    people: list[Person]

    @property
    def chairs(self) -> list[Person]:
        return [person for person in self.people if person.leads]


@dataclass(frozen=True)
class Reading:
    """The whole text: `text` is the canonical model itself, `parts` its sections, `notes` all its footnotes."""

    text: dict[str, Any]
    parts: list[Part]
    parties: list[Party]
    notes: list[SafeString]

    @property
    def labels(self) -> dict[str, str]:
        """The printed words that were frozen with the text; a younger label falls back on today's."""
        statement = self.text["statement"] or {}
        values = {"host": self.text["host"]["name"], "name": statement.get("facilitator", ""), "url": ""}
        return {key: fill(words, **values) for key, words in (default_labels() | self.text["labels"]).items()}

    @property
    def has_brackets(self) -> bool:
        return any("brackets" in item for section in self.text["sections"] for item in section["items"])

    @property
    def to_the_whole(self) -> list[dict[str, str]]:
        """The reservations to the whole text that were made before it was frozen."""
        return self.text.get("reservations", [])

    @property
    def has_copies(self) -> bool:
        """In print; a page names the sides in the order of the text for everybody."""
        return has_copies(self.text)

    @property
    def has_contents(self) -> bool:
        """A statement is one text; a report of several sections is found by its contents."""
        return sum(bool(part.title) for part in self.parts) > 1

    @property
    def is_statement(self) -> bool:
        return bool(self.text["statement"])

    @property
    def has_chairs(self) -> bool:
        return any(party.chairs for party in self.parties)


def reading_of(model: dict[str, Any], sides: Iterable[Side] = ()) -> Reading:
    """`sides` lend their hues, so that a side looks the same here as on every other page."""
    hues = {side.code.lower(): side.colour for side in sides}
    by_code = {
        side["id"]: Speaker(**side, colour=hues.get(side["id"], place)) for place, side in enumerate(model["sides"], 1)
    }
    notes: list[SafeString] = []
    parts = [_part(section, by_code, notes) for section in model["sections"]]
    return Reading(model, parts, [_party(part, by_code) for part in model["roster"]], notes)


def reading_from(canonical: str, sides: Iterable[Side] = ()) -> Reading:
    """Of canonical bytes as they are kept."""
    return reading_of(json.loads(canonical), sides)


def _party(part: dict[str, Any], sides: dict[str, Speaker]) -> Party:
    return Party(sides[part["side"]], part["heading"], [_person(person) for person in part["people"]])


def _person(person: dict[str, str]) -> Person:
    """A withheld name is its phrase: “a member from …”."""
    return Person(
        name=person.get("withheld") or person["name"],
        own_script=person.get("own_script", ""),
        role_printed=person.get("role_printed", ""),
        leads=person.get("role") == "co-chair",
    )


def _part(section: dict[str, Any], sides: dict[str, Speaker], notes: list[SafeString]) -> Part:
    items = [_item(item, sides, notes) for item in section["items"]]
    return Part(section["id"], section["number"], section["title"], in_blocks(items, sides.values()))


def _item(item: dict[str, Any], sides: dict[str, Speaker], notes: list[SafeString]) -> Item:
    noted = _noted(item, sides)
    owners = {
        held["id"]: Owner(one.side.name, one.number, colour=one.side.colour)
        for held, one in zip(item.get("brackets", []), noted, strict=True)
    }
    words, own_notes = render_apart(
        with_notes(item["text"], notes_of(item)), footnotes="note", first=len(notes) + 1, owners=owners
    )
    notes += own_notes
    return Item(
        id=item["id"],
        number=item["number"],
        voice=item["voice"],
        side=sides.get(item["side"]),
        label=item["label"],
        attribution=item["attribution"],
        heading=item["heading"],
        answers=item["answers"],
        words=words,
        brackets=noted,
        support=item.get("support"),
    )


def _noted(item: dict[str, Any], sides: dict[str, Speaker]) -> list[Noted]:
    words = words_of(item["text"])
    return [
        Noted(
            number,
            sides[held["side"]],
            in_brief(words[held["id"]]),
            held["reason"],
            [(sides[one["side"]], in_brief(one["text"]) if one["text"] else None) for one in held["alternatives"]],
        )
        for number, held in enumerate(item.get("brackets", []), 1)
    ]


def in_blocks(items: list[Item], sides: Iterable[Speaker]) -> list[Block]:
    """Replies under the view that they answer; a run of views in columns by side, in the order of precedence."""
    blocks: list[Block] = []
    for item in _with_replies(items):
        if item.side is None:
            blocks.append(Block(item=item))
            continue
        if not blocks or not blocks[-1].columns:
            blocks.append(Block())
        _say(blocks[-1].columns, item.side, item)
    order = list(sides)
    for block in blocks:
        block.columns.sort(key=lambda column: order.index(column.side))
    return blocks


def _say(columns: list[Column], side: Speaker, item: Item) -> None:
    column = next((one for one in columns if one.side == side), None)
    if column is None:
        columns.append(column := Column(side))
    column.items.append(item)


def _with_replies(items: list[Item]) -> list[Item]:
    views = {item.id: item for item in items if item.voice == "view"}
    alone: list[Item] = []
    for item in items:
        view = views.get(item.answers or "")
        (view.replies if view else alone).append(item)
    return alone
