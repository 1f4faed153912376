"""Notices as lines of a page: their words made now, and only those whose subject the reader may still see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .kinds import Words, kind_named
from .models import Delivery, Notice


@dataclass(frozen=True)
class Line:
    notice: Notice
    words: Words

    @property
    def asks(self) -> bool:
        """Whether it still waits for the reader to act."""
        return self.notice.asks and self.notice.done_at is None


def lines(reader: Any, notices: Iterable[Notice]) -> list[Line]:
    """One query per kind, however many notices. What may no longer be seen is left out."""
    notices = list(notices)
    subjects = subjects_of(notices)
    found = ((notice, _words(reader, notice, subjects.get((notice.kind, notice.subject)))) for notice in notices)
    return [Line(notice, words) for notice, words in found if words]


def subjects_of(notices: Iterable[Notice | Delivery]) -> dict[tuple[str, str], Any]:
    """The subjects by kind and public identifier; those that are gone are missing."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for notice in notices:
        wanted[notice.kind].add(notice.subject)
    kinds = {name: kind_named(name) for name in wanted}
    return {
        (name, public_id): subject
        for name, kind in kinds.items()
        if kind is not None
        for public_id, subject in kind.find_all(wanted[name]).items()
    }


def _words(reader: Any, notice: Notice, subject: Any | None) -> Words | None:
    kind = kind_named(notice.kind)
    if kind is None or subject is None or not kind.may_see(reader, subject):
        return None
    return kind.words(subject, reader, notice.facts)
