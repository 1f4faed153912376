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
class Passage:
    """Words with one voice: JOINT or the name of a side.

    `text` is a checked text of `reports.text`, without a heading. `responds_to` is the index of the passage that it
    answers, in the same list. `attributed_in_text`: its own words say who speaks.
    """

    voice: str
    text: dict[str, Any]
    responds_to: int | None = None
    attributed_in_text: bool = False


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
    source: str = ""  # where the file was taken from; said by the file, stored nowhere
