"""Mail from the outbox: what is sent, what is no longer wanted, what is tried again, what is given up."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone

from parley.audit import entries
from parley.notifications import outbox
from parley.notifications.actions import requeue
from parley.notifications.kinds import Urgency
from parley.notifications.models import Delivery, DeliveryState
from parley.notifications.outbox import claim, drain

from .conftest import make_person
from .sink import Sink
from .told import told

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def smtp(settings: Any, sink: Sink) -> Sink:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    return sink


def the_delivery() -> Delivery:
    return Delivery.objects.get()


def test_a_mail_that_was_sent_keeps_nothing_of_what_it_said(subject: Any, reader: Any) -> None:
    told.announce(subject, facts={"said": "canary"})

    assert drain() == 1

    sent = the_delivery()
    assert (sent.state, sent.facts, sent.lease_token) == ("sent", {}, "")
    assert sent.sent_at is not None
    assert drain() == 0
    assert [each.to for each in mail.outbox] == [["reader@example.org"]]


def test_its_message_id_follows_from_the_row(subject: Any, reader: Any) -> None:
    told.announce(subject)

    drain()

    headers = mail.outbox[0].extra_headers
    assert headers["Message-ID"] == f"<{the_delivery().key[:40]}@localhost>"
    assert headers["Auto-Submitted"] == "auto-generated"


def test_a_mail_goes_to_the_address_that_the_reader_has_now(subject: Any, reader: Any) -> None:
    told.announce(subject)
    reader.email = "reader.new@example.org"
    reader.save()

    drain()

    assert mail.outbox[0].to == ["reader.new@example.org"]


@pytest.mark.parametrize("change", [{"name": "removed"}, {"is_active": False}])
def test_queued_mail_of_somebody_who_lost_access_is_not_sent(subject: Any, reader: Any, change: dict) -> None:
    told.announce(subject, facts={"said": "canary"})
    for name, value in change.items():
        setattr(reader, name, value)
    reader.save()

    assert drain() == 0

    dropped = the_delivery()
    assert (dropped.state, dropped.facts, mail.outbox) == ("dropped", {}, [])


def test_access_is_asked_for_each_mail_and_not_once_for_the_batch(subject: Any, reader: Any) -> None:
    told.announce(subject)
    batch = claim()
    reader.name = "removed"
    reader.save()

    assert batch.send() == 0
    assert the_delivery().state == DeliveryState.DROPPED


def test_mail_about_what_is_gone_is_not_sent(subject: Any, reader: Any) -> None:
    told.announce(subject)
    subject.delete()

    assert drain() == 0
    assert the_delivery().state == DeliveryState.DROPPED


def test_mail_of_a_kind_that_this_release_does_not_know_waits_for_the_one_that_does(subject: Any, reader: Any) -> None:
    told.announce(subject)
    Delivery.objects.update(kind="tests.of_tomorrow")

    assert drain() == 0
    assert (the_delivery().state, the_delivery().reason) == ("queued", "UnknownKind")


def test_all_mails_of_a_batch_go_through_one_session(subject: Any, smtp: Sink) -> None:
    for number in range(5):
        make_person(f"reader{number}@example.org")
    told.announce(subject)

    assert drain() == 5
    assert (len(smtp.taken), smtp.sessions) == (5, 1)


def test_the_most_urgent_go_first(subject: Any, reader: Any) -> None:
    for key in ("due", "transactional"):
        told.announce(subject, key=key)
    Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk).update(urgency=Urgency.TRANSACTIONAL)

    assert [delivery.urgency for delivery in claim().deliveries] == [2, 1]


def test_a_server_that_is_down_puts_the_mail_off(subject: Any, reader: Any, smtp: Sink, settings: Any) -> None:
    settings.EMAIL_PORT = 1
    told.announce(subject, facts={"said": "kept"})
    before = timezone.now()

    assert drain() == 0

    waiting = the_delivery()
    assert (waiting.state, waiting.reason, waiting.attempts) == ("queued", "ConnectionRefusedError", 1)
    assert waiting.facts == {"said": "kept"}
    assert timedelta(seconds=20) < waiting.next_at - before < timedelta(seconds=45)


def test_it_goes_out_when_the_server_is_back(subject: Any, reader: Any, smtp: Sink, settings: Any) -> None:
    settings.EMAIL_PORT = 1
    told.announce(subject)
    drain()
    settings.EMAIL_PORT = smtp.port

    assert drain() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert drain() == 1


def test_an_address_that_is_refused_for_good_is_given_up_at_once(subject: Any, smtp: Sink) -> None:
    make_person("reader.gone@example.org")
    make_person("reader.here@example.org")
    smtp.refusing["reader.gone@example.org"] = "550 no such user here: canary"
    told.announce(subject)

    assert drain() == 1

    dead = Delivery.objects.dead().get()
    assert (dead.recipient, dead.attempts) == ("reader.gone@example.org", 1)
    assert dead.reason == "SMTPRecipientsRefused 550"


def test_an_address_that_is_refused_for_now_is_tried_again(subject: Any, reader: Any, smtp: Sink) -> None:
    smtp.refusing["reader@example.org"] = "451 later"
    told.announce(subject)

    drain()

    assert (the_delivery().state, the_delivery().reason) == ("queued", "SMTPRecipientsRefused 451")


def test_after_ten_attempts_it_is_given_up(subject: Any, reader: Any, smtp: Sink, settings: Any) -> None:
    settings.EMAIL_PORT = 1
    told.announce(subject)
    at = timezone.now()
    for _ in range(10):
        with time_machine.travel(at):
            drain()
        at += timedelta(hours=2)

    assert (the_delivery().state, the_delivery().attempts) == ("dead", 10)


def test_what_was_given_up_can_be_sent_after_all(subject: Any, reader: Any, installer: Any) -> None:
    told.announce(subject)
    Delivery.objects.update(state="dead", attempts=10, reason="TimeoutError")

    requeue(the_delivery(), by=installer)

    assert drain() == 1
    assert [entry.kind for entry in entries("site")] == ["notifications.mail_requeued"]


def test_a_mail_that_was_sent_is_not_requeued(subject: Any, reader: Any, installer: Any) -> None:
    told.announce(subject)
    drain()

    requeue(the_delivery(), by=installer)

    assert drain() == 0


def test_a_process_drains_once_at_a_time_and_forgets_nothing(subject: Any, reader: Any, monkeypatch: Any) -> None:
    """A second wake-up comes, with new mail, while the first is at work."""
    told.announce(subject)
    real, woken = outbox.write_together, []

    def write(rows: list[Delivery]) -> Any:
        if not woken:
            told.announce(subject)
            woken.append(drain())
        return real(rows)

    monkeypatch.setattr(outbox, "write_together", write)

    assert (drain(), woken) == (2, [0])


@pytest.mark.parametrize(("attempts", "least", "most"), [(1, 21, 39), (2, 42, 78), (9, 2520, 4680), (200, 2520, 4680)])
def test_the_pauses_grow_to_an_hour(attempts: int, least: float, most: float) -> None:
    pauses = [outbox.back_off(attempts).total_seconds() for _ in range(50)]

    assert least <= min(pauses) < max(pauses) <= most


def test_a_leased_row_is_nobody_elses_until_the_lease_lapses(subject: Any, reader: Any) -> None:
    told.announce(subject)
    first = claim()

    assert (len(first.deliveries), claim().deliveries) == (1, [])

    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1)):
        assert len(claim().deliveries) == 1


def test_a_worker_whose_lease_lapsed_does_not_mark_what_another_has_taken(subject: Any, reader: Any) -> None:
    told.announce(subject)
    late = claim()
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1)):
        other = claim()

    late._mark(late.deliveries, state=DeliveryState.SENT)

    assert (the_delivery().state, the_delivery().lease_token) == ("leased", other.token)


def test_nothing_is_sent_on_a_lease_that_is_about_to_lapse(subject: Any, reader: Any) -> None:
    told.announce(subject)
    batch = claim()
    batch.started -= outbox.LEASE.total_seconds() / 2

    assert batch.send() == 0
    assert mail.outbox == []


def test_the_marking_is_retried_and_not_the_mail(subject: Any, reader: Any, monkeypatch: Any) -> None:
    """A hiccup of the database right after the server took the mail."""
    told.announce(subject)
    real, hiccups = QuerySet.update, iter([DatabaseError("gone"), DatabaseError("gone")])

    def update(queryset: Any, **fields: Any) -> int:
        if fields.get("state") == DeliveryState.SENT:
            for hiccup in hiccups:
                raise hiccup
        return real(queryset, **fields)

    monkeypatch.setattr(QuerySet, "update", update)
    monkeypatch.setattr(outbox.connection, "close", lambda: None)
    monkeypatch.setattr(outbox.time, "sleep", lambda seconds: None)

    assert drain() == 1
    assert (the_delivery().state, len(mail.outbox)) == ("sent", 1)


def test_one_mail_that_cannot_be_written_does_not_stop_the_others(subject: Any, full_words: None) -> None:
    make_person("reader.one@example.org", time_zone="Asia")
    make_person("reader.two@example.org")
    told.announce(subject)

    assert drain() == 1

    failed = Delivery.objects.exclude(state="sent").get()
    assert (failed.reader.email, failed.state, failed.attempts) == ("reader.one@example.org", "queued", 1)


def test_failures_are_told_by_kind_and_code_alone() -> None:
    refused = smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"canary")})
    answer = smtplib.SMTPDataError(554, b"canary")

    assert outbox.reason_of(refused) == "SMTPRecipientsRefused 550"
    assert outbox.reason_of(answer) == "SMTPDataError 554"
    assert outbox.reason_of(ValueError("canary")) == "ValueError"
