"""When mail comes: what waits within minutes, the news in digests, nothing at night, and not too much of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from parley.notifications import places
from parley.notifications.actions import change_habits, mark_read
from parley.notifications.hours import Hours
from parley.notifications.models import Delivery, GroupLevel, Habits, Level, Notice
from parley.notifications.outbox import claim, drain
from parley.notifications.places import Place

from .conftest import make_person
from .told import asked, news, told

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

YEREVAN = "Asia/Yerevan"
# Half past nine in the morning there.
WEDNESDAY = datetime(2026, 6, 3, 5, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(WEDNESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def reader(clock: Any, full_words: None) -> Any:
    return make_person("reader@example.org", time_zone=YEREVAN)


@pytest.fixture
def subject(clock: Any) -> Any:
    return make_person("subject@example.org", name="Ani Petrosyan")


def in_yerevan(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo(YEREVAN))


def mails_by(clock: Any, until: datetime, *, every: timedelta = timedelta(minutes=5)) -> list[str]:
    """What left until then, as "day hour:minute subject" in Yerevan, with a worker that looks every five minutes."""
    found = []
    while timezone.now() <= until:
        before = len(mail.outbox)
        drain()
        at = timezone.now().astimezone(ZoneInfo(YEREVAN))
        found += [f"{at.day} {at:%H:%M} {sent.subject}" for sent in mail.outbox[before:]]
        clock.shift(every)
    return found


# What waits, and the news.


def test_what_waits_comes_in_five_minutes_and_with_all_else_that_waits_by_then(clock, subject, reader):
    for number in range(7):
        asked.announce(subject, facts={"said": str(number)})

    assert mails_by(clock, in_yerevan(3, 10)) == ["3 09:35 7 things wait for you"]
    assert [f"Said: {number}" in mail.outbox[0].body for number in range(7)] == [True] * 7


def test_what_cannot_wait_does_not(clock, subject, reader):
    told.announce(subject)

    assert mails_by(clock, WEDNESDAY) == ["3 09:30 About Ani Petrosyan"]


def test_news_comes_at_eight_the_next_morning_under_one_heading(clock, subject, reader):
    news.announce(subject, facts={"said": "first"})
    clock.shift(timedelta(hours=1))
    news.announce(subject, facts={"said": "second"})

    assert mails_by(clock, in_yerevan(5, 9)) == ["4 08:00 News: your groups"]
    assert mail.outbox[0].body.index("second") < mail.outbox[0].body.index("first")


def test_what_waits_stands_on_top_of_the_digest_even_if_it_came_before(clock, subject, reader):
    asked.announce(subject, facts={"said": "please"})
    news.announce(subject, facts={"said": "by the way"})

    assert mails_by(clock, in_yerevan(4, 9)) == ["3 09:35 About Ani Petrosyan", "4 08:00 1 thing waits for you"]
    assert mail.outbox[1].body.index("please") < mail.outbox[1].body.index("by the way")


def test_what_was_read_in_the_bell_is_not_mailed(clock, subject, reader):
    news.announce(subject)
    asked.announce(subject)
    for notice in Notice.objects.all():
        mark_read(notice, by=reader)

    assert mails_by(clock, in_yerevan(5, 9)) == []
    assert set(Delivery.objects.values_list("state", "reason")) == {("dropped", "read in Parley")}


def test_a_day_without_news_has_no_digest(clock, subject, reader):
    news.announce(subject)

    assert len(mails_by(clock, in_yerevan(10, 9), every=timedelta(minutes=30))) == 1


# Night, Sunday, pause.


def test_at_night_what_waits_is_kept_until_eight(clock, subject, reader):
    clock.move_to(in_yerevan(3, 22))
    asked.announce(subject)

    assert mails_by(clock, in_yerevan(4, 9)) == ["4 08:00 About Ani Petrosyan"]


def test_what_is_due_breaks_through_night_and_pause(clock, subject, reader):
    change_habits(reader, levels={}, by=reader, paused_until=in_yerevan(20, 0).date())
    clock.move_to(in_yerevan(3, 23))
    told.announce(subject)

    assert mails_by(clock, in_yerevan(3, 23)) == ["3 23:00 About Ani Petrosyan"]


def test_on_sunday_nothing_comes_and_on_monday_all_of_it(clock, subject, reader):
    clock.move_to(in_yerevan(6, 21))  # Saturday night
    asked.announce(subject, facts={"said": "please"})
    news.announce(subject, facts={"said": "by the way"})

    assert mails_by(clock, in_yerevan(9, 9), every=timedelta(minutes=30)) == ["8 08:00 1 thing waits for you"]


def test_after_a_pause_one_mail_has_everything(clock, subject, reader):
    change_habits(reader, levels={}, by=reader, paused_until=in_yerevan(15, 0).date())
    for number in range(3):
        asked.announce(subject, facts={"said": f"please {number}"})
        news.announce(subject, facts={"said": f"by the way {number}"})
        clock.shift(timedelta(days=1))

    assert mails_by(clock, in_yerevan(16, 9), every=timedelta(minutes=30)) == ["15 08:00 3 things wait for you"]


def test_a_pause_that_is_ended_lets_go_what_waits(clock, subject, reader):
    change_habits(reader, levels={}, by=reader, paused_until=in_yerevan(15, 0).date())
    asked.announce(subject)
    clock.shift(timedelta(minutes=10))
    drain()

    change_habits(reader, levels={}, by=reader, paused_until=None)

    assert (drain(), len(mail.outbox)) == (1, 1)


# Not too much.


def test_the_sixth_mail_of_a_day_opens_the_digest(clock, subject, reader):
    for number in range(7):
        asked.announce(subject, facts={"said": f"please {number}"})
        clock.shift(timedelta(minutes=5))
        drain()
        clock.shift(timedelta(minutes=5))
    at_once = len(mail.outbox)

    tomorrow = mails_by(clock, in_yerevan(4, 9))

    assert at_once == 5
    assert tomorrow == ["4 08:00 7 things wait for you"]
    assert "please 6" in mail.outbox[5].body


def test_who_wants_nothing_at_once_has_it_on_top_of_the_digest(clock, subject, reader):
    change_habits(reader, levels={}, by=reader, at_once=False)
    asked.announce(subject)

    assert mails_by(clock, in_yerevan(4, 9)) == ["4 08:00 About Ani Petrosyan"]


def test_who_wants_only_what_waits_gets_no_news(clock, subject, reader):
    change_habits(reader, levels={}, by=reader, level=Level.WAITS)
    news.announce(subject)
    asked.announce(subject)

    assert mails_by(clock, in_yerevan(9, 9), every=timedelta(minutes=30)) == ["3 10:00 About Ani Petrosyan"]


def test_in_ten_weeks_of_news_who_wants_it_by_the_week_gets_ten_digests(clock, subject, reader):
    change_habits(reader, levels={}, by=reader, level=Level.WEEKLY)
    clock.move_to(in_yerevan(1, 9))
    days = []
    for day in range(70):
        clock.move_to(in_yerevan(1, 12) + timedelta(days=day))
        news.announce(subject, facts={"said": str(day)})
        drain()
        clock.move_to(in_yerevan(2, 8) + timedelta(days=day))
        drain()
        days += [day] * (len(mail.outbox) - len(days))

    assert len(mail.outbox) == 10
    assert {day % 7 for day in days} == {6}
    assert Counter(word for sent in mail.outbox for word in sent.body.split() if word.isdigit()).keys() >= {
        str(day) for day in range(70)
    }


def test_the_level_of_a_group_goes_before_what_holds_elsewhere(clock, subject, reader, monkeypatch):
    monkeypatch.setattr(places, "_groups", [lambda found: Place(found.public_id, str(found))])
    quiet = make_person("quiet@example.org", name="Narek Grigoryan")
    change_habits(reader, levels={quiet.public_id: Level.WAITS, subject.public_id: ""}, by=reader)
    news.announce(quiet, facts={"said": "not this"})
    news.announce(subject, facts={"said": "but this"})

    mails_by(clock, in_yerevan(4, 9), every=timedelta(minutes=30))

    assert [("but this" in sent.body, "not this" in sent.body) for sent in mail.outbox] == [(True, False)]
    assert GroupLevel.objects.count() == 1


# Nothing lost.


def test_who_loses_access_before_the_digest_reads_nothing_of_it(clock, subject, reader):
    news.announce(subject, facts={"said": "canary"})
    drain()
    reader.name = "removed"
    reader.save()

    assert mails_by(clock, in_yerevan(4, 9)) == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}


def test_a_bundle_whose_worker_died_is_sent_again_as_the_same_mail_whatever_came_since(clock, subject, reader):
    for number in range(3):
        asked.announce(subject, facts={"said": str(number)})
    clock.shift(timedelta(minutes=5))
    claim().send()
    Delivery.objects.update(state="leased", lease_until=timezone.now())  # taken by the mail server, and never marked
    first = mail.outbox.pop()
    Delivery.objects.update(facts={"said": "again"})
    asked.announce(subject, facts={"said": "later"})
    clock.shift(timedelta(minutes=2))

    drain()

    again = mail.outbox.pop()
    assert again.extra_headers["Message-ID"] == first.extra_headers["Message-ID"]
    assert Delivery.objects.filter(state="queued").count() == 1


def test_one_thing_that_cannot_be_told_holds_up_none_of_its_bundle(clock, subject, reader):
    for said in ("fine", "broken", "good"):
        asked.announce(subject, facts={"said": said})
    broken = Delivery.objects.order_by("pk")[1]
    Delivery.objects.filter(pk=broken.pk).update(facts=["no dictionary"])

    mails_by(clock, in_yerevan(3, 10))

    assert len(mail.outbox) == 2
    assert [row.pk for row in Delivery.objects.filter(state="queued")] == [broken.pk]


def test_two_workers_send_a_reader_one_mail(clock, subject, reader):
    for _ in range(2):
        asked.announce(subject)
    clock.shift(timedelta(minutes=5))

    first, second = claim(size=1), claim(size=1)

    assert (len(first.deliveries), second.found) == (2, False)


def test_planning_asks_the_same_of_the_database_for_one_reader_and_for_twenty(
    clock, subject, reader, django_assert_num_queries
):
    counts = []
    for people in (0, 19):
        for number in range(people):
            make_person(f"reader.{number}@example.org", time_zone=YEREVAN)
        news.announce(subject)
        with django_assert_num_queries(11):
            counts.append(claim().put_off)

    assert counts == [1, 20]


# Hours and days.


def hours(zone: str, **habits: Any) -> Hours:
    return Hours(Habits(**habits), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Amsterdam", datetime(2026, 3, 28, 7, tzinfo=UTC), datetime(2026, 3, 30, 6, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 7, 13, tzinfo=UTC), datetime(2026, 3, 9, 12, tzinfo=UTC)),
        ("Asia/Yerevan", datetime(2026, 3, 28, 4, tzinfo=UTC), datetime(2026, 3, 30, 4, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 3, 21, tzinfo=UTC), datetime(2026, 4, 5, 21, 30, tzinfo=UTC)),
    ],
)
def test_eight_o_clock_stays_eight_o_clock_when_the_clocks_change(zone: str, before: datetime, after: datetime) -> None:
    there = hours(zone)

    assert there.digest_after(before, Level.DAILY) == after
    assert there.open_from(before + timedelta(hours=14)) == after


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "asked_at", "opens"),
    [
        ((21), (8), 3, 8),
        ((21), (8), 12, 12),
        ((13), (15), 14, 15),
        ((13), (15), 3, 3),
        ((8), (8), 3, 3),
    ],
)
def test_quiet_hours_may_lie_over_midnight_or_in_the_day(quiet_from, quiet_until, asked_at, opens):
    there = hours("UTC", quiet_from=time(quiet_from), quiet_until=time(quiet_until), quiet_days="")

    assert there.open_from(datetime(2026, 6, 3, asked_at, tzinfo=UTC)) == datetime(2026, 6, 3, opens, tzinfo=UTC)


def test_a_week_whose_monday_is_quiet_begins_on_its_tuesday() -> None:
    there = hours("UTC", quiet_days="17")

    assert there.digest_after(datetime(2026, 6, 3, 12, tzinfo=UTC), Level.WEEKLY) == datetime(2026, 6, 9, 8, tzinfo=UTC)
