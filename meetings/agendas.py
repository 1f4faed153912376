"""An agenda with its hours: as long as each point says how long it takes, the next one's begin is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .models import AgendaLine, Meeting


@dataclass(frozen=True)
class Timed:
    """A point and the hour at which it begins; empty behind a point whose length nobody gave."""

    line: AgendaLine
    begins: str


def timed(meeting: Meeting, zone: str) -> Sequence[Timed]:
    """On the clock of that zone; no hours at all for an agenda without lengths."""
    lines = list(meeting.agenda.all())
    begins: datetime | None = meeting.starts if any(line.minutes for line in lines) else None
    found = []
    for line in lines:
        found.append(Timed(line, f"{begins.astimezone(ZoneInfo(zone)):%H:%M}" if begins else ""))
        begins = begins + timedelta(minutes=line.minutes) if begins and line.minutes else None
    return found
