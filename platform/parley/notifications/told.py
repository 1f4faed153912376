"""What the rows of one mail are about, and which of them their reader may see now."""

from dataclasses import dataclass
from typing import Any

from .kinds import NoticeKind, Words, kind_named
from .lines import subjects_of
from .models import Delivery
from .safe_mail import allows_full_words, mail_words


class UnknownKind(LookupError):
    """No part of this release declares the kind of a row."""


@dataclass(frozen=True)
class Told:
    """A row, and its subject, which its reader may see."""

    row: Delivery
    kind: NoticeKind
    subject: Any

    @property
    def reader(self) -> Any:
        return self.row.reader

    @property
    def address(self) -> str:
        return str(self.reader.email)

    @property
    def is_news(self) -> bool:
        return not (self.kind.asks or self.row.urgency or self.row.with_calendar)

    @property
    def calendar(self) -> str:
        """The file that this mail carries, as things stand now; empty for most."""
        return self.kind.calendar(self.subject, self.reader).decode() if self.kind.calendar else ""

    @property
    def may_be_said(self) -> bool:
        return allows_full_words(self.subject, self.reader)

    @property
    def words(self) -> Words:
        """As this mail may say it, in the active language."""
        return mail_words(self.kind, self.subject, self.reader, self.row.facts)


def told_to(reader: Any, rows: list[Delivery]) -> list[Told]:
    """Raises UnknownKind: such a row waits for a worker that knows it, and is never dropped in silence."""
    if reader is None or not reader.is_active:
        return []
    kinds = {row.kind: kind_of(row) for row in rows}
    subjects = subjects_of(rows)
    found = ((row, kinds[row.kind], subjects.get((row.kind, row.subject))) for row in rows)
    return [
        Told(row, kind, subject)
        for row, kind, subject in found
        if subject is not None and kind.may_see(reader, subject)
    ]


def kind_of(row: Delivery) -> NoticeKind:
    kind = kind_named(row.kind)
    if kind is None:
        raise UnknownKind(row.kind)
    return kind
