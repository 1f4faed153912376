"""Saying when mail comes: the page of it, and the way out that every mail of a list carries."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from parley.notifications import places
from parley.notifications.leaving import address_to_leave
from parley.notifications.models import GroupLevel, Habits, Level
from parley.notifications.outbox import drain
from parley.notifications.places import Place

from .conftest import page_of
from .told import asked, news, told

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2026, 6, 3, 12, tzinfo=UTC)
SAID = {"level": "daily", "at_once": "on", "digest_at": "08:00", "quiet_from": "21:00", "quiet_until": "08:00"}


def habits_of(reader: Any) -> Habits:
    return Habits.objects.get(reader=reader)


def the_way_out(message: Any) -> str:
    return str(re.fullmatch(r"<http://localhost:8000(/.+)>", message.extra_headers["List-Unsubscribe"])[1])


def the_mail_about(kind: Any, subject: Any) -> Any:
    for moment in (WEDNESDAY, WEDNESDAY + timedelta(days=2)):
        with time_machine.travel(moment, tick=False):
            kind.announce(subject, key="once")
            drain()
    return mail.outbox[0]


# The way out.


@pytest.mark.parametrize(("kind", "change"), [(news, {"level": "waits"}), (asked, {"at_once": False})])
def test_a_mail_system_leaves_a_list_with_one_press_signed_out(subject, reader, kind, change):
    message = the_mail_about(kind, subject)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    answer = Client(enforce_csrf_checks=True).post(the_way_out(message), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 204
    assert {name: getattr(habits_of(reader), name) for name in change} == change


def test_looking_at_the_way_out_changes_nothing(subject, reader):
    page = Client().get(the_way_out(the_mail_about(news, subject)))

    assert page.status_code == 200
    assert habits_of(reader).level == Level.DAILY


def test_a_scanner_that_presses_the_button_has_chosen_nothing(subject, reader):
    pressed = Client().post(the_way_out(the_mail_about(news, subject)))

    assert pressed.status_code == 422
    assert habits_of(reader).level == Level.DAILY


def test_a_person_chooses_and_is_told_what_still_comes(subject, reader):
    way = the_way_out(the_mail_about(news, subject))

    page = Client(enforce_csrf_checks=True).post(way, {"stop": "yes"})

    assert "What is due within two days" in page.content.decode()
    assert habits_of(reader).level == Level.WAITS


def test_whoever_leaves_the_digests_leaves_those_of_every_group(reader):
    GroupLevel.objects.create(reader=reader, group="somewhere", level=Level.WEEKLY)

    Client().post(address_to_leave(reader, at_once=False)[21:], {"List-Unsubscribe": "One-Click"})

    assert not GroupLevel.objects.exists()


def test_an_address_that_we_did_not_write_is_no_way_out(reader):
    way = address_to_leave(reader, at_once=False)[21:]

    assert Client().post(way.replace("leave/", "leave/x"), {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert Client().get("/updates/leave/nonsense/").status_code == 404


def test_what_cannot_wait_has_no_way_out(subject, reader):
    assert "List-Unsubscribe" not in the_mail_about(told, subject).extra_headers


# The conversation.


def test_mails_about_one_thing_are_one_conversation_of_that_reader_alone(subject, reader, full_words, monkeypatch):
    monkeypatch.setattr(places, "_headings", [lambda about: Place(about.public_id, str(about))])
    other = type(reader).objects.create_user("reader.two@example.org")
    for about in (subject, subject, other):
        told.announce(about)

    drain()

    threads = [(sent.to[0], sent.extra_headers["References"]) for sent in mail.outbox]
    assert len(set(threads)) == 4  # two readers, two things
    assert len({thread for _to, thread in threads}) == 4


# The page.


def test_the_page_keeps_what_was_said(reader, monkeypatch):
    monkeypatch.setattr(places, "_of_a_person", [lambda user: [Place("water", "Water"), Place("trade", "Trade")]])
    client = page_of(reader)
    sent = SAID | {"digest_at": "07:00", "quiet_until": "06:00", "quiet_days": ["5", "6"], "group-water": "weekly"}

    client.post("/updates/settings/", sent)

    kept = habits_of(reader)
    assert (f"{kept.digest_at:%H:%M}", kept.quiet_days, kept.at_once, kept.paused_until) == ("07:00", "56", True, None)
    assert list(GroupLevel.objects.values_list("group", "level")) == [("water", "weekly")]
    assert '<option value="weekly" selected>' in client.get("/updates/settings/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"digest_at": "23:00"}, "This hour is quiet."),
        ({"quiet_days": list("1234567")}, "Leave one day that is not quiet"),
        ({"paused_until": "2999-01-01"}, "A pause lasts a year at the most."),
        ({"level": "never"}, "never is not one of the available choices"),
        ({"digest_at": "8"}, "is not one of the available choices"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(reader, wrong, words):
    answer = page_of(reader).post("/updates/settings/", SAID | wrong)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Habits.objects.filter(reader=reader).exists()
