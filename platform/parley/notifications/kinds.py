"""Kinds of notice: what happened, who hears of it, who may still see it, in which words. Declared once each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from django.db import connection, models
from django.utils import timezone

from parley.access import new_id
from parley.access.adding import Alike, add_unless_there

from .models import Delivery, Notice, event_key
from .wake import poke, ring

_kinds: dict[str, "NoticeKind"] = {}

# Seven comments answered in a row are one mail.
BUNDLED = timedelta(minutes=5)


class Urgency(IntEnum):
    """The three classes of DOMAIN: the higher is sent first; what is not ordinary breaks through pauses."""

    ORDINARY = 0
    DEADLINE = 1
    TRANSACTIONAL = 2


@dataclass(frozen=True)
class Words:
    """What a notice says: a title, a sentence or two, and the page (a path of this site) where one goes on."""

    title: str
    body: str
    url: str


class NotInATransaction(RuntimeError):
    """A notice belongs into the transaction of the act it tells of: else it is lost or a phantom."""


@dataclass(frozen=True)
class NoticeKind:
    """Declared in an app's `notices.py`.

    `readers(subject, facts)` are told, never the actor; `may_see(user, subject)` is asked again whenever the notice is
    shown or its mail is written; `words(subject, reader, facts)` are made then, in the reader's language and zone.
    `safe(subject, reader)` may give the words of a safe mail; without it the mail says that something waits. `in_mail`
    are the words of a mail that may say all, where they differ from the bell's. `calendar(subject, reader)` is the
    iCalendar file (RFC 5545) of the mail, as things stand when it is sent. `asks` keeps it under "waiting for me" until
    it is settled. `related` are relations to fetch with the subject.
    """

    name: str
    subject: type[models.Model]
    readers: Callable[[Any, dict[str, Any]], Iterable[Any]]
    may_see: Callable[[Any, Any], bool]
    words: Callable[[Any, Any, dict[str, Any]], Words]
    urgency: Urgency = Urgency.ORDINARY
    safe: Callable[[Any, Any], Words | None] | None = None
    in_mail: Callable[[Any, Any, dict[str, Any]], Words] | None = None
    calendar: Callable[[Any, Any], bytes] | None = None
    asks: bool = False
    related: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.name in _kinds:
            raise ValueError(f"The notice kind {self.name!r} is declared twice.")
        _kinds[self.name] = self

    def announce(
        self,
        subject: Any,
        *,
        by: Any = None,
        facts: Mapping[str, Any] | None = None,
        key: str | None = None,
        readers: Iterable[Any] | None = None,
    ) -> None:
        """Tell the readers by bell and mail, in the transaction of the act; woken on commit.

        `key` names the event: announced again under the same key nobody hears of it twice. `readers` are those of the
        kind where the act has read them already. Raises `NotInATransaction`.
        """
        if not connection.in_atomic_block:
            raise NotInATransaction(self.name)
        facts = dict(facts or {})
        event = f"{self.name}|{subject.public_id}|{key or new_id()}"
        told = self.told(subject, facts, by, readers)
        if not told:
            return
        now = timezone.now()
        bells, mails = _each(event, told, "bell"), _each(event, told, "mail")
        add_unless_there(
            Alike(self._notice(subject, facts, now), bells),
            Alike(self._delivery(subject, facts, now), mails | {"bell": bells["key"]}),
        )
        ring(told)
        poke()

    def told(self, subject: Any, facts: dict[str, Any], by: Any, readers: Iterable[Any] | None = None) -> list[Any]:
        """Each active reader once, without the actor."""
        found = self.readers(subject, facts) if readers is None else readers
        by_key = {reader.pk: reader for reader in found if reader.is_active}
        by_key.pop(getattr(by, "pk", None), None)
        return list(by_key.values())

    def settle(self, subject: Any, *, reader: Any = None) -> None:
        """What was asked is done (by this reader, or for all): it no longer waits."""
        from .actions import settle

        settle(self.name, subject.public_id, reader=reader)

    def asked(self, subject: Any) -> list[Any]:
        """For whom it waits still."""
        waiting = Notice.objects.waiting().filter(kind=self.name, subject=subject.public_id)
        return [notice.reader for notice in waiting.select_related("reader")]

    def find(self, subject: str) -> Any | None:
        """The subject by its public identifier, or None when it is gone."""
        return self.find_all([subject]).get(subject)

    def find_all(self, subjects: Iterable[str]) -> dict[str, Any]:
        rows: Any = self.subject._default_manager.filter(public_id__in=set(subjects))
        rows = rows.select_related(*self.related) if self.related else rows
        return {row.public_id: row for row in rows}

    def _notice(self, subject: Any, facts: dict[str, Any], now: datetime) -> Notice:
        return Notice(kind=self.name, subject=subject.public_id, facts=facts, asks=self.asks, at=now)

    def _delivery(self, subject: Any, facts: dict[str, Any], now: datetime) -> Delivery:
        return Delivery(
            kind=self.name,
            subject=subject.public_id,
            facts=facts,
            with_calendar=self.calendar is not None,
            urgency=self.urgency,
            queued_at=now,
            next_at=now + BUNDLED if self.may_be_bundled else now,
        )

    @property
    def may_be_bundled(self) -> bool:
        """What waits for somebody comes at once, which is within minutes: with all else that comes in these."""
        return self.asks and self.urgency == Urgency.ORDINARY and self.calendar is None


def _each(event: str, readers: Sequence[Any], channel: str) -> dict[str, list[Any]]:
    """What differs from reader to reader."""
    return {
        "public_id": [new_id() for _reader in readers],
        "reader_id": [reader.pk for reader in readers],
        "key": [event_key(event, reader.public_id, channel) for reader in readers],
    }


def kind_named(name: str) -> NoticeKind | None:
    """None for a kind that a newer or older release declared."""
    return _kinds.get(name)


def known_kinds() -> dict[str, NoticeKind]:
    return dict(_kinds)
