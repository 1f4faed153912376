"""What people do with their notices, and installers with the outbox."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from parley.audit import record

from .leaving import DIGESTS
from .models import Delivery, DeliveryState, GroupLevel, Habits, Level, Notice
from .wake import poke, ring


@transaction.atomic
def mark_read(notice: Notice, *, by: Any) -> None:
    _read(Notice.objects.filter(pk=notice.pk))
    ring([by])


@transaction.atomic
def mark_all_read(*, by: Any) -> None:
    _read(Notice.objects.visible_to(by))
    ring([by])


@transaction.atomic
def mark_done(notice: Notice, *, by: Any) -> None:
    """The reader says that it needs nothing more from them."""
    now = timezone.now()
    Notice.objects.filter(pk=notice.pk, done_at=None).update(done_at=now)
    _read(Notice.objects.filter(pk=notice.pk))
    ring([by])


def settle(kind: str, subject: str, *, reader: Any = None) -> None:
    """What the notices of this kind asked for is done, by one reader or by all who were asked."""
    notices = Notice.objects.filter(kind=kind, subject=subject, done_at=None)
    notices = notices.filter(reader=reader) if reader else notices
    now = timezone.now()
    readers = [notice.reader for notice in notices.unread().select_related("reader")]
    notices.unread().update(read_at=now)
    notices.update(done_at=now)
    ring(readers)


@transaction.atomic
def requeue(delivery: Delivery, *, by: Any) -> None:
    """Try a mail that was given up once more, from the first attempt."""
    requeued = Delivery.objects.dead().filter(pk=delivery.pk)
    if requeued.update(state=DeliveryState.QUEUED, attempts=0, next_at=timezone.now(), reason=""):
        record("notifications.mail_requeued", chain="site", by=by, facts={"delivery": delivery.public_id})
        poke()


def record_bounce(kind: str, subject: str, *, reader: Any) -> bool:
    """Write down that this reader's mail came back; False when none is out, or it has come back already.

    The caller records who says so.
    """
    out = Delivery.objects.filter(kind=kind, subject=subject, reader=reader, state=DeliveryState.SENT, bounced_at=None)
    return bool(out.update(bounced_at=timezone.now()))


def _read(notices: Any) -> None:
    notices.unread().update(read_at=timezone.now())


@transaction.atomic
def change_habits(reader: Any, *, levels: Mapping[str, str], by: Any, **habits: Any) -> None:
    """`levels` by the public identifier of a group; "" for what holds elsewhere. `habits` are fields of `Habits`.

    It holds for what waits already, too.
    """
    Habits.objects.update_or_create(reader=reader, defaults=habits)
    GroupLevel.objects.filter(reader=reader, group__in=levels).delete()
    GroupLevel.objects.bulk_create(
        GroupLevel(reader=reader, group=group, level=level) for group, level in levels.items() if level
    )
    _plan_anew(reader)


@transaction.atomic
def leave_list(reader: Any, of: str) -> None:
    """By the address in a mail: no digests any more, or nothing at once but what is due within two days."""
    change = {"level": Level.WAITS} if of == DIGESTS else {"at_once": False}
    Habits.objects.update_or_create(reader=reader, defaults=change)
    if of == DIGESTS:
        GroupLevel.objects.filter(reader=reader).delete()
    _plan_anew(reader)


def _plan_anew(reader: Any) -> None:
    Delivery.objects.to_be_planned().filter(reader=reader).update(next_at=timezone.now())
    poke()
