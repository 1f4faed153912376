"""Calendar files of meetings (RFC 5545, RFC 5546 method PUBLISH): answers are given on the web."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from .models import Meeting

PRODUCT = "-//Parley//Meetings//EN"


def calendar_file(meeting: Meeting) -> bytes:
    """One VEVENT with a stable UID; no attendee stands in it, so that no address reaches the other side.

    The title is discreet: "Meeting" and the group's name stay out of calendars that others may see.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(meeting))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def uid(meeting: Meeting) -> str:
    return f"{meeting.public_id}@{urlsplit(settings.PARLEY_URL).hostname}"


def page(meeting: Meeting) -> str:
    return f"{settings.PARLEY_URL}{reverse('meeting', kwargs={'meeting': meeting.public_id})}"


def _event(meeting: Meeting) -> Event:
    zone = ZoneInfo(meeting.zone)
    event = Event()
    event.add("uid", uid(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("dtstart", meeting.starts.astimezone(zone))
    event.add("dtend", meeting.ends.astimezone(zone))
    event.add("summary", _("Meeting (Parley)"))
    event.add("url", page(meeting))
    event.add("description", _("Details and your answer: %(page)s") % {"page": page(meeting)})
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    if meeting.venue:
        event.add("location", meeting.venue)
    return event
