"""The outbox: mail as rows, claimed by lease, sent by any number of workers, none lost when one of them dies.

A row is leased (`SKIP LOCKED`, so that workers don't wait for each other), written, sent, and marked under the lease's
token. A worker that dies leaves a lease that lapses; what can be doubled is the one mail between the server's answer
and our mark, under the same Message-ID.
"""

import random
import secrets
import smtplib
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from .letters import write_together
from .models import Delivery, DeliveryState
from .planning import Planned, plan

log = structlog.get_logger(__name__)

BATCH = 50
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 10
BACK_OFF = timedelta(seconds=30)
BACK_OFF_LIMIT = timedelta(hours=1)
# What a row keeps when its mail is out or unwanted: nothing that was said.
WIPED: dict = {"facts": {}, "lease_until": None, "lease_token": ""}


# One drain at a time in a process, whatever its threads: so a process that is killed doubles one mail at the most.
_turn, _asked = threading.Lock(), threading.Event()


def drain(*, seconds: float = 20) -> int:
    """Send what is due; return how many mails went out.

    Asked while another thread of this process drains, it leaves the work to that one, which then looks once more.
    """
    sent = 0
    _asked.set()
    while _asked.is_set() and _turn.acquire(blocking=False):
        try:
            _asked.clear()
            sent += _drain_for(seconds)
        finally:
            _turn.release()
    return sent


def _drain_for(seconds: float) -> int:
    until, sent = time.monotonic() + seconds, 0
    drop_expired()
    while time.monotonic() < until:
        batch = claim()
        if not batch.found:
            break
        sent += batch.send()
    return sent


def drop_expired() -> None:
    """A code that no longer opens anything is not sent, and not kept."""
    Delivery.objects.expired(timezone.now()).update(state=DeliveryState.DROPPED, reason="expired", **WIPED)


def claim(size: int = 0) -> "Batch":
    """Lease the next rows that are due; of ordinary ones those that may leave now, the others are put off."""
    now, token, started = timezone.now(), secrets.token_hex(16), time.monotonic()
    with transaction.atomic():
        due = Delivery.objects.select_for_update(skip_locked=True).due(now)
        rows = list(due.values_list("pk", "urgency", "reader", "bundle", "with_calendar")[: size or BATCH])
        if not rows:
            return Batch(token, started, [])
        fresh = {
            pk: reader
            for pk, urgency, reader, bundle, calendar in rows
            if reader and not (urgency or bundle or calendar)
        }
        planned = plan(set(fresh.values()), now) if fresh else Planned()
        keys = [pk for pk, *_row in rows if pk not in fresh] + _of_these(bundle for *_row, bundle, _calendar in rows)
        for name, bundled in planned.bundles.items():
            Delivery.objects.filter(pk__in=bundled).update(bundle=name)
            keys += bundled
        Delivery.objects.filter(pk__in=keys).update(
            state=DeliveryState.LEASED, lease_token=token, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
    leased = Delivery.objects.filter(pk__in=keys, lease_token=token).select_related("reader")
    return Batch(token, started, list(leased.order_by("-urgency", "next_at", "pk")), planned.kept_back)


def _of_these(names: Iterable[str]) -> list[int]:
    """All rows of bundles of which some are due: they leave together, as at the first attempt."""
    bundles = set(names) - {""}
    if not bundles:
        return []
    unsent = [DeliveryState.QUEUED, DeliveryState.LEASED]
    return list(Delivery.objects.filter(bundle__in=bundles, state__in=unsent).values_list("pk", flat=True))


@dataclass
class Batch:
    """Rows leased together, sent on one SMTP session; those of a bundle in one mail."""

    token: str
    started: float
    deliveries: list[Delivery]
    put_off: int = 0
    server: BaseEmailBackend = field(default_factory=get_connection)

    @property
    def found(self) -> bool:
        """Whether it was worth the while to look."""
        return bool(self.deliveries or self.put_off)

    def send(self) -> int:
        """How many went out. Stops at half the lease: nothing is sent on a lease that is about to lapse."""
        try:
            return sum(self._deliver(rows) for rows in self._mails() if self._age() < LEASE / 2)
        finally:
            self._hang_up()

    def _mails(self) -> list[list[Delivery]]:
        """In the order of their first rows."""
        mails: dict[str, list[Delivery]] = {}
        for row in self.deliveries:
            mails.setdefault(row.bundle or row.key, []).append(row)
        return list(mails.values())

    def _age(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self.started)

    def _deliver(self, rows: list[Delivery]) -> bool:
        try:
            # The reader and their rights as they are now, not as they were when the batch was claimed.
            if rows[0].reader:
                rows[0].reader.refresh_from_db()
            written = write_together(rows)
        except Exception as failure:  # noqa: BLE001 (whatever fails, the other mails go on)
            self._put_off(rows, failure, apart=True)
            return False
        try:
            if written.letter is not None:
                self.server.open()
                written.letter.message(self.server).send()
        except Exception as failure:  # noqa: BLE001 (the mail server, in one of many ways)
            self._hang_up()
            self._put_off(rows, failure)
            return False
        self._mark(written.told, state=DeliveryState.SENT, sent_at=timezone.now(), reason="", **WIPED)
        self._mark(written.unwanted, state=DeliveryState.DROPPED, reason="no longer wanted", **WIPED)
        return written.letter is not None

    def _mark(self, rows: list[Delivery], **fields: object) -> None:
        """The mail is out: a hiccup of the database must not send it again. So the mark is retried, not the mail."""
        while rows:
            try:
                self._mine(rows).update(**fields)
            except (DatabaseError, InterfaceError):
                if self._age() > LEASE * 0.9:
                    raise
                connection.close()
                time.sleep(0.2)
            else:
                return

    def _put_off(self, rows: list[Delivery], failure: Exception, *, apart: bool = False) -> None:
        """`apart`: one of these cannot be written, and shall not hold up the others: each leaves by itself."""
        attempts = max(row.attempts for row in rows)
        given_up = is_final(failure) or attempts >= MAX_ATTEMPTS
        self._mark(
            rows,
            state=DeliveryState.DEAD if given_up else DeliveryState.QUEUED,
            next_at=timezone.now() + back_off(attempts),
            reason=reason_of(failure),
            lease_until=None,
            lease_token="",
            **({"bundle": F("public_id")} if apart and len(rows) > 1 else {}),
        )
        log.warning("mail_not_sent", delivery=rows[0].public_id, reason=reason_of(failure), attempts=attempts)

    def _mine(self, rows: list[Delivery]) -> QuerySet[Delivery]:
        return Delivery.objects.filter(pk__in=[row.pk for row in rows], lease_token=self.token)

    def _hang_up(self) -> None:
        with suppress(Exception):
            self.server.close()
        self.server = get_connection()


def back_off(attempts: int) -> timedelta:
    """Doubling up to an hour, with jitter, so that a mail server that comes back is not met by all at once."""
    return min(BACK_OFF * 2 ** min(attempts - 1, 10), BACK_OFF_LIMIT) * random.uniform(0.7, 1.3)  # noqa: S311 (jitter)


def is_final(failure: Exception) -> bool:
    """The server says that this address takes no mail (5yz, RFC 5321 §4.2.1)."""
    refused = isinstance(failure, smtplib.SMTPRecipientsRefused)
    return refused and all(500 <= code < 600 for code in codes_of(failure))


def reason_of(failure: Exception) -> str:
    """The kind of failure and the server's code; never its words, which may quote the mail."""
    return " ".join([type(failure).__name__, *map(str, sorted(codes_of(failure)))])


def codes_of(failure: Exception) -> set[int]:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return {code for code, _ in failure.recipients.values()}
    return {failure.smtp_code} if isinstance(failure, smtplib.SMTPResponseException) else set()
