"""What a file of the exchange format says."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

JOINT: Final = "joint"


class Kind(StrEnum):
    REPORT = "report"
    STATEMENT = "statement"
    MINUTES = "minutes"
    SUMMARY = "summary"


class Role(StrEnum):
    CO_CHAIR = "co-chair"
    MEMBER = "member"


@dataclass(frozen=True)
class Address:
    lines: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True)
class Host:
    name: str
    website: str = ""
    email: str = ""
    addresses: tuple[Address, ...] = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    name: str
    role: Role = Role.MEMBER


@dataclass(frozen=True)
class Side:
    name: str
    demonym: str
    members: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Alternative:
    """What a side would say in the place of a bracket's words: a checked text of one paragraph; None: nothing."""

    side: str
    text: dict[str, Any] | None


@dataclass(frozen=True)
class Bracket:
    """Words that are not agreed: the side that opened it and why, and what the sides would say instead."""

    side: str
    reason: str
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True)
class Reservation:
    """A side's recorded dissent or, with a name, one person's: words of one paragraph without marks."""

    side: str
    text: str
    person: str = ""


@dataclass(frozen=True)
class Passage:
    """Words with one voice: JOINT or the name of a side.

    `text` is a checked text of `reports.text`, without a heading. `responds_to` is the index of the passage that it
    answers, in the same list. `attributed_in_text`: its own words say who speaks. `brackets`: of joint words, in
    reading order; the marks in `text` carry their numbers, from "1" on, as ids. `reservations` are footnotes of it.
    """

    voice: str
    text: dict[str, Any]
    responds_to: int | None = None
    attributed_in_text: bool = False
    brackets: tuple[Bracket, ...] = ()
    reservations: tuple[Reservation, ...] = ()


@dataclass(frozen=True)
class Recommendation:
    """The first passage is the recommendation itself, the others explain it."""

    heading: str
    passages: tuple[Passage, ...]
    addressee: str = ""
    horizon: str = ""


@dataclass(frozen=True)
class Section:
    """`passages` stand before `recommendations`; most sections have only one of them."""

    title: str
    passages: tuple[Passage, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()

    def every_passage(self) -> tuple[Passage, ...]:
        return self.passages + tuple(one for under in self.recommendations for one in under.passages)


@dataclass(frozen=True)
class Contents:
    """A whole document: a report by its sections, a statement by its paragraphs in the joint voice."""

    kind: Kind
    programme: str
    group: str
    title: str
    date: str  # YYYY-MM or YYYY-MM-DD
    host: Host
    sides: tuple[Side, ...]
    sections: tuple[Section, ...] = ()
    paragraphs: tuple[Passage, ...] = ()
    place: str = ""
    meeting: str = ""
    facilitator: str = ""
    reservations: tuple[Reservation, ...] = ()  # to the whole
    source: str = ""  # where the file was taken from; said by the file, stored nowhere
