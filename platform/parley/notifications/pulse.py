"""The pulse of each part, and from its gaps the trail of outages by which deadlines are moved.

Nobody can tell that it is down: that it was, it learns from its own last beat. So a server that slept, a worker that
died and a database that was away look alike, and a clock that jumps ahead by more than a few minutes like an outage:
what waits for an hour then has more time, never less.
"""

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone

from .due import remind
from .models import Heartbeat, Outage

log = structlog.get_logger(__name__)

WORKER, PAGES = "worker", "pages"
# A shorter silence of a part is a restart, or a long batch of mail.
OUTAGE = timedelta(minutes=5)
PAGES_BEAT_SECONDS = 30
# The due row of an outage that has ended: layers above look at what may not end in one.
OUTAGE_ENDED = "notifications.outage_ended"

Span = tuple[datetime, datetime]


@transaction.atomic
def beat(part: str) -> None:
    """The part works now; what it missed since its last beat is written down, for ever."""
    now = timezone.now()
    pulse, new = Heartbeat.objects.select_for_update().get_or_create(name=part, defaults={"at": now})
    if new:
        return
    if now - pulse.at > OUTAGE:
        outage = Outage.objects.create(part=part, began=pulse.at, ended=now)
        remind(OUTAGE_ENDED, str(outage.pk), at=now)
        log.warning("outage_ended", part=part, seconds=int((now - pulse.at).total_seconds()))
    pulse.at = now
    pulse.save(update_fields=["at"])


def outages_since(moment: datetime) -> list[Span]:
    """From when until when parts were out, as far as it lies after `moment`; what overlaps is one."""
    rows = Outage.objects.filter(ended__gt=moment).order_by("began").values_list("began", "ended")
    return merged((max(began, moment), ended) for began, ended in rows)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Of spans in the order of their beginnings."""
    found: list[Span] = []
    for began, ended in spans:
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return found


def out_since() -> datetime | None:
    """Since when a part is out now, if one is. The embedded way has its pages where its worker is."""
    watched = [WORKER] if settings.EMBEDDED else [WORKER, PAGES]
    late = Heartbeat.objects.filter(name__in=watched, at__lt=timezone.now() - OUTAGE).order_by("at")
    return late.values_list("at", flat=True).first()


def beat_for_pages() -> None:
    """Of a process that serves pages (gunicorn's `post_worker_init`): a thread that beats as long as it lives."""
    threading.Thread(target=_beat_on, name="pulse", daemon=True).start()


def _beat_on() -> None:
    pause = threading.Event()
    while True:
        try:
            beat(PAGES)
        except DatabaseError as failure:
            log.warning("pulse_missed", reason=type(failure).__name__)
        finally:
            close_old_connections()
        pause.wait(PAGES_BEAT_SECONDS)
