"""A calendar feed of 200 meetings beside a bare one of the same events: `python -m bench.feed`. It never fails a build.

Both are composed by icalendar. The bare one has what RFC 5545 §3.6.1 asks of an event and a title; no zones' rules.
"""

import datetime as dt
import os
import statistics
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings.test")

import django

django.setup()

from icalendar import Calendar, Event  # noqa: E402 (models need the settings, and isort keeps them together)

from groups.models import ThematicGroup  # noqa: E402
from meetings.calendars import feed_file  # noqa: E402
from meetings.models import Meeting, Mode  # noqa: E402

COUNT, ROUNDS = 200, 15
ZONE = "Asia/Tbilisi"


def meetings() -> list[Meeting]:
    first = dt.datetime(2031, 1, 1, 10, tzinfo=ZoneInfo(ZONE))
    about = {"group": ThematicGroup(name="Water"), "mode": Mode.IN_PERSON, "venue": "A pier", "zone": ZONE}
    days = [first + dt.timedelta(days=n) for n in range(COUNT)]
    return [
        Meeting(title=f"Meeting of {day:%d %B}", starts=day, ends=day + dt.timedelta(hours=3), **about) for day in days
    ]


def bare(of: list[Meeting]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//bare//")
    calendar.add("version", "2.0")
    for meeting in of:
        event = Event()
        event.add("uid", meeting.public_id)
        event.add("dtstamp", meeting.changed_at)
        event.add("dtstart", meeting.starts)
        event.add("dtend", meeting.ends)
        event.add("summary", meeting.title)
        calendar.add_component(event)
    return calendar.to_ical()


def milliseconds(act: Callable[[], bytes]) -> float:
    begun = time.process_time()
    act()
    return (time.process_time() - begun) * 1000


def main() -> None:
    of = meetings()
    rounds = [
        (milliseconds(lambda: feed_file(of, discreet=False, name="Parley")), milliseconds(lambda: bare(of)))
        for _round in range(ROUNDS)
    ]
    ours, floor = (statistics.median(each) for each in zip(*rounds, strict=True))
    print(f"feed of {COUNT} meetings: {ours:.0f} ms, bare {floor:.0f} ms, {ours / floor:.1f} × (most: 3)")


if __name__ == "__main__":
    main()
