"""Calendar files of meetings (RFC 5545), as mails carry them (RFC 5546, RFC 6047) and as the page gives them.

Nobody reads replies that calendars send: so meetings are published, not requested, and answered on the web. A calendar
that took a meeting from a mail takes it off again by CANCEL, which names the one person to whom the mail goes.
"""

import datetime as dt
from collections.abc import Iterable
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress

from parley.accounts.models import User

from .models import Meeting

PRODUCT = "-//Parley//Meetings//EN"
PUBLISH, CANCEL = "PUBLISH", "CANCEL"


def file_for_mail(meeting: Meeting, reader: User) -> bytes:
    """As things stand when the mail is sent. Under safe mail it says when, and neither what nor where."""
    return calendar_file(meeting, reader, discreet=meeting.group.programme.safe_mail)


def calendar_file(meeting: Meeting, reader: User, *, discreet: bool = False) -> bytes:
    """One VEVENT with a stable UID, for one reader: nobody else's address stands in it."""
    method = method_of_meeting(meeting)
    event = event_of(meeting, discreet=discreet)
    event.add("organizer", _organizer())
    if method == CANCEL:  # RFC 5546 §3.2.1 allows no attendee in what is published
        event.add("attendee", vCalAddress(f"mailto:{reader.email}"))
    return _calendar([event], [meeting], method=method).to_ical()


def method_of_meeting(meeting: Meeting) -> str:
    return CANCEL if meeting.is_cancelled else PUBLISH


def feed_file(meetings: Iterable[Meeting], *, discreet: bool, name: str) -> bytes:
    """All meetings of a person, to be fetched again and again."""
    meetings = list(meetings)
    calendar = _calendar([event_of(meeting, discreet=discreet) for meeting in meetings], meetings)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", "PT1H", parameters={"VALUE": "DURATION"}, encode=False)
    return calendar.to_ical()


def uid(meeting: Meeting) -> str:
    return f"{meeting.public_id}@{urlsplit(settings.PARLEY_URL).hostname}"


def page(meeting: Meeting) -> str:
    return f"{settings.PARLEY_URL}{reverse('meeting', kwargs={'meeting': meeting.public_id})}"


def event_of(meeting: Meeting, *, discreet: bool) -> Event:
    """`discreet` keeps title and place out of calendars that others may see."""
    zone = ZoneInfo(meeting.zone)
    event = Event()
    event.add("uid", uid(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", meeting.starts.astimezone(zone))
    event.add("dtend", meeting.ends.astimezone(zone))
    event.add("summary", _("Meeting (Parley)") if discreet else meeting.title)
    event.add("url", page(meeting))
    event.add("description", _("Details and your answer: %(page)s") % {"page": page(meeting)})
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    if meeting.venue and not discreet:
        event.add("location", meeting.venue)
    return event


def _organizer() -> vCalAddress:
    """The address from which the mail comes: Outlook distrusts any other."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = name or "Parley"
    return organizer


def _calendar(events: list[Event], meetings: list[Meeting], *, method: str = "") -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    for zone in sorted({meeting.zone for meeting in meetings}):
        years = [moment.year for m in meetings if m.zone == zone for moment in (m.starts, m.ends)]
        if zone != "UTC":
            calendar.add_component(_zone(zone, min(years) - 1, max(years) + 1))
    for event in events:
        calendar.add_component(event)
    return calendar


@lru_cache(maxsize=256)
def _zone(name: str, first_year: int, last_year: int) -> Timezone:
    """The rules of a zone for these years, by its IANA name: calendars keep the wall time when rules change."""
    return Timezone.from_tzinfo(
        ZoneInfo(name), name, first_date=dt.date(first_year, 1, 1), last_date=dt.date(last_year, 12, 31)
    )
