"""Calendar files: the same instant everywhere, nobody's address to anybody else, read by two parsers."""

import datetime as dt
import re
from email.utils import parseaddr
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from meetings.actions import announce_draft, cancel_meeting, change_meeting, make_feed
from meetings.calendars import calendar_file, feed_file, file_for_mail
from meetings.models import CalendarFeed, Meeting
from meetings.models.feeds import token_hash
from parley.notifications.letters import write
from parley.notifications.models import Delivery
from parley.programmes.models import Programme
from tests.factories.browsers import signed_in

from .test_meetings import event_of, meeting_of

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).with_name("golden")
ZONES = ("Asia/Yerevan", "Asia/Baku", "Asia/Tbilisi", "Europe/Amsterdam", "America/New_York")
# The night before, of, and after the clocks are changed in Europe and in America.
DAYS = tuple(
    dt.datetime(2031, month, day, 10)  # noqa: DTZ001 (on the clock of each zone in turn)
    for month, day in ((3, 9), (3, 30), (10, 26), (11, 2), (7, 1))
)


def moment(day: dt.datetime, zone: str) -> dt.datetime:
    return day.replace(tzinfo=ZoneInfo(zone))


def on(made, day: dt.datetime, zone: str, **details) -> Meeting:
    starts = moment(day, zone)
    return meeting_of(made, starts=starts, ends=starts + dt.timedelta(hours=3), zone=zone, **details)


@pytest.mark.parametrize("zone", ZONES)
def test_mail_page_file_and_feed_say_the_same_instant_in_every_zone_and_on_every_day(made, zone):
    meetings = [on(made, day, zone) for day in DAYS]
    token = make_feed(discreet=False, by=made.member_a)
    feed = made_feed_of(signed_in(made.member_a), token)
    by_uid = {str(event["UID"]): event for event in icalendar.Calendar.from_ical(feed).walk("VEVENT")}

    for meeting, day in zip(meetings, DAYS, strict=True):
        said = [event_of(calendar_file(meeting, made.member_a)), by_uid[f"{meeting.public_id}@localhost"]]

        assert [event.decoded("DTSTART") for event in said] == [meeting.starts] * 2
        # The wall time is kept, whatever becomes of the zone's rules.
        assert [event["DTSTART"].to_ical().decode() for event in said] == [f"{day:%Y%m%dT%H%M%S}"] * 2
        assert {event["DTSTART"].params["TZID"] for event in said} == {zone}


def made_feed_of(browser, token: str) -> bytes:
    return browser.get(reverse("feed", args=[token])).content


@pytest.mark.parametrize("zone", ZONES)
def test_a_second_parser_reads_the_same_instant_from_the_rules_in_the_file(made, zone):
    for day in DAYS:
        meeting = on(made, day, zone)

        event = vobject.readOne(calendar_file(meeting, made.member_a).decode()).vevent

        assert event.dtstart.value.astimezone(dt.UTC) == meeting.starts.astimezone(dt.UTC)
        assert event.dtend.value.astimezone(dt.UTC) == meeting.ends.astimezone(dt.UTC)
        assert (event.uid.value, event.summary.value) == (f"{meeting.public_id}@localhost", meeting.title)


def test_uid_stays_and_sequence_rises_only_with_time_place_or_status(made):
    meeting = meeting_of(made)
    changes = (
        {"notes": "Bring a coat."},
        {"title": "Another title"},
        {"travel": "By bus."},
        {"venue": "Hotel on the hill"},
        {"starts": meeting.starts + dt.timedelta(hours=1)},
    )

    sequences = [change_meeting(meeting, by=made.facilitator, **change).sequence for change in changes]
    cancel_meeting(meeting, because="Snow.", by=made.facilitator)
    meeting.refresh_from_db()
    event = event_of(calendar_file(meeting, made.member_a))

    assert [*sequences, int(event["SEQUENCE"])] == [0, 0, 0, 1, 2, 3]
    assert str(event["UID"]) == f"{meeting.public_id}@localhost"


def test_no_mail_carries_the_address_of_anybody_but_its_reader(made):
    meeting = meeting_of(made)
    change_meeting(meeting, venue="Elsewhere", by=made.facilitator)
    cancel_meeting(meeting, because="Snow.", by=made.facilitator)
    addresses = {person.email for person in made.people.values()}

    leaks = set()
    for mail in Delivery.objects.filter(kind__startswith="meetings.").select_related("reader"):
        said = unfolded(write(mail).calendar)
        leaks |= {(mail.reader.email, other) for other in addresses - {mail.reader.email} if other in said}

    assert Delivery.objects.filter(kind="meetings.cancelled").count() > 5
    assert leaks == set()


def unfolded(text: str) -> str:
    return re.sub(r"\r?\n[ \t]", "", text)


def test_what_is_published_names_no_attendee_and_a_cancellation_exactly_its_reader(made):
    meeting = meeting_of(made)
    published = event_of(calendar_file(meeting, made.member_b))
    cancel_meeting(meeting, because="Snow.", by=made.facilitator)
    meeting.refresh_from_db()
    data = calendar_file(meeting, made.member_b)

    assert "ATTENDEE" not in published
    assert str(event_of(data)["ATTENDEE"]) == "mailto:member-b@example.org"
    assert b"METHOD:CANCEL" in data
    assert str(event_of(data)["STATUS"]) == "CANCELLED"


def test_the_organizer_is_the_address_from_which_the_mail_comes(made):
    event = event_of(calendar_file(meeting_of(made), made.member_a))

    assert str(event["ORGANIZER"]) == f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


def test_under_safe_mail_a_mails_file_says_when_and_neither_what_nor_where(made):
    meeting = meeting_of(made)
    safe = event_of(file_for_mail(meeting, made.member_a))
    Programme.objects.update(safe_mail=False)
    full = event_of(file_for_mail(Meeting.objects.get(), made.member_a))

    assert (str(safe["SUMMARY"]), "LOCATION" in safe) == ("Meeting (Parley)", False)
    assert (str(full["SUMMARY"]), str(full["LOCATION"])) == ("Third meeting", "Hotel by the sea")


def test_of_a_draft_no_mail_leaves_and_once_announced_its_file_begins_at_nought(made):
    meeting = meeting_of(made, draft=True)
    change_meeting(meeting, venue="Elsewhere", by=made.facilitator)
    told = Delivery.objects.filter(kind__startswith="meetings.").count()

    announce_draft(meeting, by=made.co_chair_a)

    mail = Delivery.objects.filter(kind="meetings.announced").first()
    assert told == 0
    assert int(event_of(write(mail).calendar)["SEQUENCE"]) == 0


# Golden files: byte for byte, so that no new version of a library changes what calendars get unseen.


def golden_meeting(made) -> Meeting:
    on(made, DAYS[1], "Europe/Amsterdam", venue="Hôtel «Ծով», 3; Pier\nBatumi")
    then = dt.datetime(2030, 12, 1, 12, tzinfo=dt.UTC)
    Meeting.objects.update(public_id="23456789abcd", changed_at=then)
    return Meeting.objects.select_related("group__programme").get()


@pytest.mark.parametrize("name", ["publish", "moved", "cancel", "feed"])
def test_the_file_is_the_golden_one(made, name):
    meeting = golden_meeting(made)
    if name == "moved":
        meeting.sequence, meeting.venue = 1, "Hotel on the hill"
    if name == "cancel":
        meeting.sequence, meeting.cancelled_at = 2, meeting.changed_at

    data = (
        feed_file([meeting], discreet=True, name="Parley") if name == "feed" else calendar_file(meeting, made.member_a)
    )

    golden = GOLDEN / f"{name}.ics"
    assert data == golden.read_bytes()


# The feed.


def test_a_feed_holds_what_the_person_may_see_and_loses_it_with_the_seat(made):
    meeting_of(made, title="Talk by the weir")
    meeting_of(made, title="Perhaps", draft=True)
    token = make_feed(discreet=False, by=made.co_chair_a)

    from groups.actions import end_membership

    before = made_feed_of(signed_in(made.outsider), token).decode()
    end_membership(made.membership("co_chair_a"), by=made.co_chair_a)
    after = made_feed_of(signed_in(made.outsider), token).decode()

    assert ("Talk by the weir" in before, "Perhaps" in before) == (True, False)
    assert "VEVENT" not in after


def test_discreet_titles_are_the_persons_choice(made):
    meeting_of(made, title="Talk by the weir")

    said = [
        made_feed_of(signed_in(made.member_a), make_feed(discreet=discreet, by=made.member_a)).decode()
        for discreet in (True, False)
    ]

    assert [("Talk by the weir" in page, "Hotel by the sea" in page) for page in said] == [
        (False, False),
        (True, True),
    ]


def test_a_feed_is_kept_as_a_hash_and_its_old_address_opens_nothing_once_it_is_renewed_or_taken_back(made):
    browser = signed_in(made.member_a)
    old, new = (make_feed(discreet=True, by=made.member_a) for _twice in (1, 2))

    answers = [browser.get(reverse("feed", args=[token])).status_code for token in (old, new)]
    kept = CalendarFeed.objects.get().token_hash
    browser.post(reverse("calendar_feed"), {"revoke": "1"})
    answers.append(browser.get(reverse("feed", args=[new])).status_code)

    assert answers == [404, 200, 404]
    assert kept == token_hash(new)


def test_the_address_of_a_feed_is_shown_once(made):
    browser = signed_in(made.member_a)

    shown = browser.post(reverse("calendar_feed"), {"discreet": "on"}).content.decode()
    again = browser.get(reverse("calendar_feed")).content.decode()

    assert ("/feed/" in shown, "/feed/" in again) == (True, False)


def test_a_calendar_that_knows_the_feed_is_answered_304_until_something_changes(made):
    meeting = meeting_of(made)
    where = reverse("feed", args=[make_feed(discreet=True, by=made.member_a)])
    browser = signed_in(made.member_a)
    known = browser.get(where)["ETag"]

    unchanged = browser.get(where, headers={"If-None-Match": known})
    change_meeting(meeting, notes="Bring a coat.", by=made.facilitator)
    changed = browser.get(where, headers={"If-None-Match": known})

    assert (unchanged.status_code, unchanged.content, changed.status_code) == (304, b"", 200)


@pytest.mark.parametrize("count", [1, 200])
def test_a_feed_asks_as_often_for_two_hundred_meetings_as_for_one(made, client, count, django_assert_num_queries):
    first = meeting_of(made)
    Meeting.objects.bulk_create(
        Meeting(
            group=made.group, title=f"Meeting {n}", mode="online", link="https://meet.example/x", zone=first.zone,
            starts=first.starts + dt.timedelta(days=n), ends=first.ends + dt.timedelta(days=n),
            announced_by=made.facilitator,
        )
        for n in range(1, count)
    )  # fmt: skip
    where = reverse("feed", args=[make_feed(discreet=True, by=made.member_a)])
    client.get(where)

    with django_assert_num_queries(2):
        answer = client.get(where)

    assert answer.content.count(b"BEGIN:VEVENT") == count


def test_long_past_meetings_leave_the_feed(made):
    meeting_of(made)
    Meeting.objects.update(starts=timezone.now() - dt.timedelta(days=101), ends=timezone.now() - dt.timedelta(days=100))

    said = made_feed_of(signed_in(made.member_a), make_feed(discreet=True, by=made.member_a))

    assert b"VEVENT" not in said
