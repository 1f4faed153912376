"""Meetings: announced, answered, moved, cancelled, remembered the day before."""

import datetime as dt
from datetime import timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups.actions import seat
from groups.models import Role
from meetings.actions import (
    TOMORROW,
    Point,
    announce_meeting,
    answer_meeting,
    cancel_meeting,
    change_meeting,
    remind_of_meeting,
)
from meetings.calendars import calendar_file
from meetings.forms import MeetingForm
from meetings.models import Answer, Meeting, Mode
from meetings.registries import meeting_is_tomorrow
from parley.accounts.second_factor import has_one
from parley.notifications.letters import write
from parley.notifications.models import Delivery, Due, Notice
from tests.factories import PersonFactory
from tests.parley.accounts.hands import give_app

pytestmark = pytest.mark.django_db

TBILISI = "Asia/Tbilisi"


def meeting_of(made, **details) -> Meeting:
    starts = (timezone.now() + timedelta(days=10)).replace(microsecond=0)
    kept = {
        "title": "Third meeting",
        "starts": starts,
        "ends": starts + timedelta(hours=3),
        "zone": TBILISI,
        "mode": Mode.HYBRID,
        "venue": "Hotel by the sea",
        "link": "https://meet.example/three",
    }
    return announce_meeting(group=made.group, by=made.facilitator, **{**kept, **details})


def browser_of(person) -> Client:
    """Signed in; with a second factor set up, without which some are led nowhere else."""
    client = Client()
    if not has_one(person):
        give_app(person)
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def event_of(data: bytes | str) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return event


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("reader__email", flat=True))


EVERYBODY_ELSE = {
    "co-chair-a@example.org",
    "co-chair-b@example.org",
    "member-a@example.org",
    "deputy-a@example.org",
    "member-b@example.org",
    "member-c@example.org",
}


def test_an_announced_meeting_reaches_members_by_mail_with_a_calendar_file_and_no_observer(made):
    meeting = meeting_of(made)

    assert told("meetings.announced") == EVERYBODY_ELSE
    letters = [write(mail) for mail in Delivery.objects.filter(kind="meetings.announced")]
    assert {str(event_of(letter.calendar)["UID"]) for letter in letters} == {f"{meeting.public_id}@localhost"}


def test_a_calendar_file_holds_the_place_and_the_wall_time_and_nobodys_address(made):
    meeting = meeting_of(made, starts=dt.datetime(2027, 3, 12, 10, 0, tzinfo=ZoneInfo(TBILISI)),
                         ends=dt.datetime(2027, 3, 12, 13, 0, tzinfo=ZoneInfo(TBILISI)))  # fmt: skip
    data = calendar_file(meeting, made.member_a)
    event = event_of(data)

    assert event.decoded("DTSTART") == dt.datetime(2027, 3, 12, 10, 0, tzinfo=ZoneInfo(TBILISI))
    assert (str(event["LOCATION"]), int(event["SEQUENCE"]), str(event["STATUS"])) == (
        "Hotel by the sea",
        0,
        "CONFIRMED",
    )
    assert b"METHOD:PUBLISH" in data
    assert [address for address in made.people.values() if address.email.encode() in data] == []
    assert b"meet.example" not in data


def test_moving_a_meeting_raises_the_sequence_and_asks_everybody_again(made):
    meeting = meeting_of(made)
    answer_meeting(meeting, coming=Answer.Coming.YES, by=made.member_a)

    moved = change_meeting(
        meeting, starts=meeting.starts + timedelta(days=1), ends=meeting.ends + timedelta(days=1), by=made.facilitator
    )

    assert moved.sequence == 1
    assert told("meetings.moved") == EVERYBODY_ELSE
    assert browser_of(made.member_a).get(reverse("meeting", args=[meeting.public_id])).context["outdated"] is True


def test_a_new_agenda_does_not_move_the_meeting(made):
    meeting = meeting_of(made)

    changed = change_meeting(meeting, agenda=[Point("The river", "Ani", 30)], by=made.facilitator)

    assert changed.sequence == 0
    assert [(p.title, p.speaker, p.minutes) for p in changed.agenda.all()] == [("The river", "Ani", 30)]
    assert told("meetings.moved") == set()


def test_a_cancelled_meeting_is_taken_off_calendars_and_is_not_answered_any_more(made):
    meeting = meeting_of(made)
    cancel_meeting(meeting, because="The hotel is closed.", by=made.facilitator)
    meeting.refresh_from_db()
    event = event_of(write(Delivery.objects.filter(kind="meetings.cancelled").first()).calendar)

    answered = browser_of(made.member_a).post(reverse("answer_meeting", args=[meeting.public_id]), {"coming": "yes"})

    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 1)
    assert answered.status_code == 403
    assert not Answer.objects.exists()
    assert not Due.objects.filter(kind=TOMORROW).exists()


def test_the_reminder_comes_a_day_before_and_not_to_those_who_cannot_come(made):
    meeting = meeting_of(made)
    answer_meeting(meeting, coming=Answer.Coming.NO, by=made.member_b)

    due = Due.objects.get(kind=TOMORROW)
    meeting_is_tomorrow(due.key)
    meeting_is_tomorrow(due.key)

    assert due.at == meeting.starts - timedelta(days=1)
    assert told("meetings.tomorrow") == (EVERYBODY_ELSE | {"facilitator@example.org"}) - {"member-b@example.org"}
    assert Notice.objects.filter(kind="meetings.tomorrow").count() == len(EVERYBODY_ELSE)


def test_a_moved_meetings_reminder_moves_with_it(made):
    meeting = meeting_of(made)

    change_meeting(
        meeting, starts=meeting.starts + timedelta(days=2), ends=meeting.ends + timedelta(days=2), by=made.facilitator
    )

    assert Due.objects.get(kind=TOMORROW).at == meeting.starts + timedelta(days=1)


def test_who_answered_what_is_seen_by_those_who_prepare_the_meeting(made):
    meeting = meeting_of(made)
    answer_meeting(meeting, coming=Answer.Coming.NO, needs="No stairs", by=made.member_a)
    page = reverse("meeting", args=[meeting.public_id])

    assert "Member A" in browser_of(made.co_chair_b).get(page).content.decode()
    assert "Member A" not in browser_of(made.member_b).get(page).content.decode()


def test_what_somebody_needs_is_read_by_them_and_by_who_arranges_it(made):
    meeting = meeting_of(made)
    answer_meeting(meeting, coming=Answer.Coming.YES, needs="No stairs", by=made.member_a)
    page = reverse("meeting", args=[meeting.public_id])

    roles = ("facilitator", "member_a", "co_chair_a", "co_chair_b", "member_b")
    readers = [role for role in roles if "No stairs" in browser_of(made.people[role]).get(page).content.decode()]

    assert readers == ["facilitator", "member_a"]


def test_members_see_meetings_and_observers_and_strangers_never_do(made):
    page = reverse("meeting", args=[meeting_of(made).public_id])

    answers = {
        role: browser_of(made.people[role]).get(page).status_code
        for role in ("member_b", "observer", "outsider", "ex_member_a")
    }

    assert answers == {"member_b": 200, "observer": 404, "outsider": 404, "ex_member_a": 404}


def form(**typed):
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    kept = {
        "title": "Talk",
        "mode": "online",
        "link": "https://meet.example/x",
        "day": day,
        "begins": "10:00",
        "finishes": "12:00",
        "zone": TBILISI,
    }
    return MeetingForm({**kept, **typed}, zone=TBILISI)


def test_a_whole_form_gives_the_instant_on_the_meetings_own_clock():
    asked = form(agenda="The weir | Nino | 45\nOther things")

    assert asked.is_valid(), asked.errors
    assert asked.details["starts"].tzinfo == ZoneInfo(TBILISI)
    assert asked.details["agenda"] == [Point("The weir", "Nino", 45), Point("Other things")]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"mode": "in-person"}, "venue"),
        ({"mode": "hybrid", "venue": "Here", "link": ""}, "link"),
        ({"finishes": "09:00"}, "finishes"),
        ({"day": "2001-01-01"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"last_day": "2099-01-01"}, "last_day"),
        ({"zone": "Asia"}, "zone"),
        ({"agenda": "a | b | c | d"}, "agenda"),
        ({"agenda": "weir | Nino | soon"}, "agenda"),
        ({"title": "\u200b\u200b"}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"day": "2027-13-45"}, "day"),
        ({"begins": "2 pm"}, "begins"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(typed, field):
    asked = form(**typed)

    assert not asked.is_valid()
    assert field in asked.errors


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ({"day": "2027-13-45"}, "Give the day as year, month and day, for example 2026-11-28."),
        ({"begins": "2 pm"}, "Give the hour as 24 hours and minutes, for example 14:30."),
        ({"link": "room 5"}, "Give the whole address of the link, for example https://meet.example.org/room."),
    ],
)
def test_a_slip_of_the_hand_is_answered_with_how_to_write_it(typed, remedy):
    (said,) = form(**typed).errors.values()

    assert said == [remedy]


def test_an_hour_that_the_clock_skips_is_refused():
    asked = form(day="2027-03-28", begins="02:30", finishes="05:00", zone="Europe/Amsterdam")

    assert list(asked.errors) == ["begins"]


def test_a_form_sent_twice_announces_one_meeting(made):
    browser = browser_of(made.facilitator)
    sent = {**form().data, "idempotency_key": "k" * 22}

    for _press in range(2):
        answer = browser.post(reverse("announce_meeting", args=[made.group.public_id]), sent)

    assert answer.status_code == 302
    assert Meeting.objects.count() == 1


def test_the_database_refuses_a_meeting_that_ends_before_it_begins(made):
    now = timezone.now()

    with pytest.raises(IntegrityError, match="meeting_ends_after_it_starts"), transaction.atomic():
        Meeting.objects.create(
            group=made.group,
            title="x",
            starts=now,
            ends=now,
            zone="UTC",
            mode="online",
            link="https://x.example",
            announced_by=made.facilitator,
        )


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_asks_as_often_for_thirty_meetings_as_for_one(made, count, django_assert_num_queries):
    for place in range(count):
        meeting_of(made, title=f"Meeting {place}")
    browser = browser_of(made.member_a)
    browser.get(reverse("meetings"))

    with django_assert_num_queries(LIST_QUERIES):
        page = browser.get(reverse("meetings"))

    assert page.content.decode().count("Meeting ") >= count


LIST_QUERIES = 7


@pytest.mark.parametrize("count", [1, 3])
def test_announcing_asks_as_often_for_more_people(made, count, django_assert_num_queries):
    for number in range(count):
        seat(
            group=made.group,
            person=PersonFactory(name=f"Person {number}"),
            role=Role.MEMBER,
            side=made.a,
            by=made.co_chair_a,
        )
    browser, where = browser_of(made.facilitator), reverse("announce_meeting", args=[made.group.public_id])
    browser.get(where)

    with django_assert_num_queries(ANNOUNCING_QUERIES[connection.vendor]):
        browser.post(where, form().data)


# With the marks of a savepoint.
ANNOUNCING_QUERIES = {"postgresql": 13, "sqlite": 14}


def test_a_reminder_goes_to_whoever_has_not_answered_once_a_day(made):
    meeting = meeting_of(made)
    answer_meeting(meeting, coming=Answer.Coming.NO, by=made.member_a)

    remind_of_meeting(meeting, by=made.co_chair_a)
    remind_of_meeting(meeting, by=made.co_chair_a)

    reminded = Notice.objects.filter(kind="meetings.answer_wanted").values_list("reader__email", flat=True)
    assert sorted(reminded) == [
        "co-chair-b@example.org",
        "deputy-a@example.org",
        "member-b@example.org",
        "member-c@example.org",
    ]


def test_who_answered_before_the_meeting_moved_is_reminded_too(made):
    meeting = meeting_of(made)
    answer_meeting(meeting, coming=Answer.Coming.YES, by=made.member_a)
    change_meeting(meeting, starts=meeting.starts + timedelta(hours=1), by=made.facilitator)

    remind_of_meeting(meeting, by=made.facilitator)

    assert "member-a@example.org" in told("meetings.answer_wanted")


def test_a_reminder_that_is_answered_waits_no_longer(made):
    meeting = meeting_of(made)
    remind_of_meeting(meeting, by=made.facilitator)

    answer_meeting(meeting, coming=Answer.Coming.YES, by=made.member_a)

    assert not Notice.objects.filter(kind="meetings.answer_wanted", reader=made.member_a, done_at=None).exists()


def test_the_page_of_a_reminder_names_whom_it_goes_to_and_sends_nothing(made):
    meeting = meeting_of(made)
    answer_meeting(meeting, coming=Answer.Coming.YES, by=made.member_a)
    address = reverse("remind_of_meeting", kwargs={"meeting": meeting.public_id})

    page = browser_of(made.facilitator).get(address).content.decode()

    assert "Member B" in page
    assert "Member A" not in page
    assert told("meetings.answer_wanted") == set()
