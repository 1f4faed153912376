"""Updates, the outbox, health and the mailbox, as pages."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parley.notifications import access_changed
from parley.notifications.due import run_due
from parley.notifications.models import Delivery, Heartbeat, Notice

from .conftest import make_person, page_of
from .told import asked, told

pytestmark = pytest.mark.django_db


def test_new_notices_are_shown_in_their_own_words(subject: Any, reader: Any) -> None:
    told.announce(subject, facts={"said": "yes"})

    page = page_of(reader).get("/updates/")

    words = [line.words for line in page.context["lines"]]
    assert [(each.title, each.body) for each in words] == [("About Ani Petrosyan", "Said: yes")]
    assert f'href="/people/{subject.public_id}/"' in page.content.decode()


def test_nobody_sees_another_persons_notices(subject: Any, reader: Any) -> None:
    told.announce(subject, facts={"said": "canary"})

    page = page_of(subject).get("/updates/all/").content.decode()

    assert "canary" not in page
    assert "Nobody has told you anything yet." in page


def test_what_a_reader_may_no_longer_see_is_not_shown(subject: Any, reader: Any) -> None:
    told.announce(subject, facts={"said": "canary"})
    reader.name = "removed"
    reader.save()

    assert "canary" not in page_of(reader).get("/updates/all/").content.decode()


def test_a_change_of_access_takes_hidden_notices_out_of_the_count(subject: Any, reader: Any) -> None:
    told.announce(subject)
    reader.name = "removed"
    reader.save()
    access_changed(reader)

    run_due()

    assert Notice.objects.count() == 0


def test_a_change_of_access_leaves_what_may_still_be_seen(subject: Any, reader: Any) -> None:
    told.announce(subject)
    access_changed(reader)

    run_due()

    assert Notice.objects.count() == 1


def test_looking_changes_nothing(subject: Any, reader: Any) -> None:
    told.announce(subject)

    page_of(reader).get("/updates/")

    assert Notice.objects.unread().count() == 1


def test_a_notice_is_marked_as_read_by_a_button(subject: Any, reader: Any) -> None:
    told.announce(subject)
    notice = Notice.objects.get()

    answer = page_of(reader).post(reverse("mark_read", kwargs={"notice": notice.public_id}), {"show": "all"})

    assert (answer.status_code, answer.url) == (302, "/updates/all/")
    assert Notice.objects.unread().count() == 0


def test_what_was_asked_is_done_by_a_button(subject: Any, reader: Any) -> None:
    asked.announce(subject)
    notice = Notice.objects.get()
    client = page_of(reader)
    assert [line.asks for line in client.get("/updates/waiting/").context["lines"]] == [True]

    client.post(reverse("mark_done", kwargs={"notice": notice.public_id}), {"show": "https://evil.example.org"})

    assert (Notice.objects.waiting().count(), Notice.objects.unread().count()) == (0, 0)


def test_all_are_marked_as_read_at_once_but_only_ones_own(subject: Any, reader: Any) -> None:
    other = make_person("reader.two@example.org")
    told.announce(subject)
    told.announce(subject)

    page_of(reader).post("/updates/read/")

    assert {notice.reader for notice in Notice.objects.unread()} == {other}


@pytest.mark.parametrize("name", ["mark_read", "mark_done"])
def test_another_persons_notice_does_not_exist(subject: Any, reader: Any, name: str) -> None:
    told.announce(subject)
    address = reverse(name, kwargs={"notice": Notice.objects.get().public_id})

    assert page_of(subject).post(address).status_code == 404
    assert page_of(reader).get(address).status_code == 405


@pytest.mark.parametrize("address", ["/updates/", "/updates/all/", "/updates/outbox/"])
def test_nobody_comes_in_without_signing_in(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302


def test_the_list_costs_the_same_for_one_notice_and_for_thirty(
    subject: Any, reader: Any, django_assert_num_queries: Any
) -> None:
    client = page_of(reader)
    told.announce(subject)
    client.get("/updates/")
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get("/updates/")

    for _ in range(29):
        told.announce(make_person(f"{Notice.objects.count()}@example.org"))

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        page = client.get("/updates/")
    assert len(page.context["lines"]) == 30


# Session, person, count, notices, subjects, bell.
QUERIES_OF_THE_LIST = 6


def test_the_bell_counts_what_is_unread(subject: Any, reader: Any) -> None:
    for _ in range(3):
        told.announce(subject)

    assert page_of(reader).get("/updates/").context["unread"] == 3


def test_an_installer_sees_who_a_late_mail_is_for_and_why_but_not_what_about(
    subject: Any, reader: Any, installer: Any
) -> None:
    told.announce(subject, facts={"said": "canary"})
    Delivery.objects.update(state="dead", attempts=10, reason="SMTPRecipientsRefused 550")

    page = page_of(installer).get("/updates/outbox/").content.decode()

    assert [word in page for word in ("reader@example.org", "SMTPRecipientsRefused 550", "given up")] == [True] * 3
    assert [word for word in ("canary", "tests.told", "Ani Petrosyan", subject.public_id) if word in page] == []


def test_an_installer_has_a_mail_tried_again(subject: Any, reader: Any, installer: Any) -> None:
    told.announce(subject)
    Delivery.objects.update(state="dead", attempts=10)
    address = reverse("requeue_delivery", kwargs={"delivery": Delivery.objects.get().public_id})

    assert page_of(installer).post(address).status_code == 302
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == ("queued", 0)


def test_the_outbox_is_for_installers(subject: Any, reader: Any) -> None:
    told.announce(subject)
    Delivery.objects.update(state="dead")
    address = reverse("requeue_delivery", kwargs={"delivery": Delivery.objects.get().public_id})

    assert page_of(reader).get("/updates/outbox/").status_code == 403
    assert page_of(reader).post(address).status_code == 404
    assert Delivery.objects.get().state == "dead"


@pytest.mark.parametrize(("seconds", "beats"), [(None, False), (5, True), (300, False)])
def test_health_tells_whether_the_worker_beats(client: Client, seconds: int | None, beats: bool) -> None:
    if seconds is not None:
        Heartbeat.objects.create(name="worker", at=timezone.now() - timedelta(seconds=seconds))

    answer = client.get("/health/")

    assert (answer.status_code, answer.json()) == (200, {"database": True, "broker": True, "worker": beats})


def test_health_says_when_redis_is_gone(client: Client, settings: Any) -> None:
    settings.EMBEDDED, settings.CELERY_BROKER_URL = False, "redis://127.0.0.1:1/0"

    assert client.get("/health/").json()["broker"] is False


def test_a_process_without_a_database_is_alive_but_not_ready(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("parley.notifications.health.database_answers", lambda: False)

    assert client.get("/health/").status_code == 503
    assert client.get("/health/live/").json() == {"alive": True}


@pytest.fixture
def mailbox(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "parley.notifications.mailbox.MailboxBackend"
    settings.MAILBOX = tmp_path / "mailbox"
    return settings.MAILBOX


def test_in_development_mail_is_read_on_a_page_newest_first(client: Client, mailbox: Path) -> None:
    for number in (1, 2):
        mail = EmailMessage(f"Mail {number}", f"Code {number}: ə http://localhost:8000/x", to=["ani@example.org"])
        mail.connection = get_connection()
        mail.send()

    page = client.get("/mailbox/")

    assert [(mail.subject, mail.to) for mail in page.context["mails"]] == [
        ("Mail 2", "ani@example.org"),
        ("Mail 1", "ani@example.org"),
    ]
    assert 'Code 2: ə <a href="http://localhost:8000/x"' in page.content.decode()


def test_an_empty_mailbox_is_a_page_too(client: Client, mailbox: Path) -> None:
    assert "No mail yet." in client.get("/mailbox/").content.decode()


def test_elsewhere_there_is_no_mailbox(client: Client) -> None:
    assert client.get("/mailbox/").status_code == 404
