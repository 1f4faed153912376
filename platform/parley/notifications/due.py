"""Due rows: reminders and deadlines as rows in the database; beat finds them when their time has come."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from .models import Due

log = structlog.get_logger(__name__)

Handler = Callable[[str], None]
_handlers: dict[str, Handler] = {}

BACK_OFF_LIMIT = timedelta(hours=1)


def due_kind(name: str) -> Callable[[Handler], Handler]:
    """Decorate what is done when such a row falls due: `handler(key)`.

    It runs in the transaction that removes the row: what it writes and announces happens once, or not at all. So it
    must not send, print or call out itself.
    """

    def register(handler: Handler) -> Handler:
        _handlers[name] = handler
        return handler

    return register


def remind(kind: str, key: str, *, at: datetime) -> None:
    """Have `kind` done with `key` at a time; asked again, it moves there."""
    Due.objects.update_or_create(kind=kind, key=key, defaults={"at": at, "attempts": 0, "reason": ""})


def remind_all(rows: Mapping[tuple[str, str], datetime]) -> None:
    """`remind` for several, by kind and key, in one statement."""
    Due.objects.bulk_create(
        [Due(kind=kind, key=key, at=at) for (kind, key), at in rows.items()],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["at", "attempts", "reason"],
    )


def forget(kind: str, key: str) -> None:
    Due.objects.filter(kind=kind, key=key).delete()


def run_due(*, limit: int = 200) -> int:
    """Do what has fallen due; return how many rows were done. Any number of workers may run it at once."""
    done = 0
    for _ in range(limit):
        outcome = _do_next()
        if outcome is None:
            break
        done += outcome
    return done


def _do_next() -> bool | None:
    """True: done; False: put off after a failure; None: nothing is due."""
    with transaction.atomic():
        row = Due.objects.select_for_update(skip_locked=True).due(timezone.now()).first()
        if row is None:
            return None
        try:
            with transaction.atomic():
                _handlers[row.kind](row.key)
                row.delete()
        except Exception as failure:  # noqa: BLE001 (one row's failure must not stop the others)
            _put_off(row, failure)
            return False
    return True


def _put_off(row: Due, failure: Exception) -> None:
    delay = min(timedelta(seconds=30) * 2 ** min(row.attempts, 10), BACK_OFF_LIMIT) * random.uniform(0.7, 1.3)  # noqa: S311 (jitter)
    Due.objects.filter(kind=row.kind, key=row.key).update(
        at=timezone.now() + delay, attempts=row.attempts + 1, reason=type(failure).__name__
    )
    log.error("due_row_failed", kind=row.kind, reason=type(failure).__name__, attempts=row.attempts + 1)
