"""What a calendar feed shows, and by which sign a calendar knows that nothing has changed."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils import timezone

from .models import CalendarFeed, Meeting
from .models.feeds import token_hash

# How long a meeting stays in the feed after it: calendars keep what they have seen, and the file doesn't grow for ever.
SHOWN_AFTER = dt.timedelta(days=90)


def feed_of(token: str) -> CalendarFeed | None:
    found = CalendarFeed.objects.select_related("person").filter(token_hash=token_hash(token)).first()
    return found if found and found.person.is_active else None


def meetings_of(feed: CalendarFeed) -> list[Meeting]:
    """What this person may see at this moment: an ended seat takes its meetings away."""
    seen = Meeting.objects.visible_to(feed.person).announced()
    return list(seen.filter(ends__gte=timezone.now() - SHOWN_AFTER).order_by("starts", "pk"))


def state_of(feed: CalendarFeed, meetings: Sequence[Meeting]) -> str:
    """Another one whenever the file would be another."""
    told = [f"{m.public_id} {m.sequence} {m.changed_at.timestamp()}" for m in meetings]
    parts = [str(feed.discreet), feed.person.language, *told]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def by_day(meetings: Iterable[Meeting]) -> dict[dt.date, list[Meeting]]:
    """Each under every day that it touches on the reader's clock."""
    days: dict[dt.date, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        first = timezone.localdate(meeting.starts)
        last = timezone.localdate(max(meeting.starts, meeting.ends - dt.timedelta(seconds=1)))
        for number in range((last - first).days + 1):
            days[first + dt.timedelta(days=number)].append(meeting)
    return days
