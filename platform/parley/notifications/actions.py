"""What people do with their notices, and installers with the outbox."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from parley.audit import record

from .models import Delivery, DeliveryState, Notice
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


def _read(notices: Any) -> None:
    notices.unread().update(read_at=timezone.now())
