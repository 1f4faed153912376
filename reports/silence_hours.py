"""When a silence procedure may end: the hour in its zone, and how outages move it. Pure of the database."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from parley.accounts import zones

# None ends within so long of an outage: whoever could not object then can look at it in daylight.
AFTER_AN_OUTAGE = dt.timedelta(hours=12)

Span = tuple[dt.datetime, dt.datetime]


class NoSuchHour(Exception):
    """The clock of that place does not show this hour once on that day; the message says what to do."""


def instant_of(local: dt.datetime, zone: str) -> dt.datetime:
    """The instant at which the clock of that place shows this hour. Raises NoSuchHour."""
    try:
        there = ZoneInfo(zone)
        earlier, later = (local.replace(tzinfo=there, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
        shown = later.astimezone(there).replace(tzinfo=None, fold=0)
    except (OverflowError, ValueError) as error:
        raise NoSuchHour(_("This day is out of range. Give a day of this century.")) from error
    if earlier == later:
        return earlier
    if shown == local.replace(fold=0):
        raise NoSuchHour(
            _("This hour comes twice on that day, as the clocks are put back there. Give an earlier or a later one.")
        )
    raise NoSuchHour(
        _("This hour does not exist on that day, as the clocks are put forward there. Give an earlier or a later one.")
    )


def stated(facts: dict[str, object]) -> dt.datetime | None:
    """The instant of what a motion says ("2026-12-01T18:00" in a zone); None when it says none. Raises NoSuchHour."""
    zone = str(facts.get("zone") or "")
    try:
        local = parse_datetime(str(facts.get("ends") or ""))
    except ValueError:
        return None
    if local is None or local.tzinfo is not None or not zones.is_zone(zone):
        return None
    return instant_of(local, zone)


def end_after(planned: dt.datetime, outages: Iterable[Span]) -> dt.datetime:
    """The planned end, moved by the length of each outage that began before it and past the time after each.

    The outages are in their order, without overlap, and clipped to the time that the procedure ran.
    """
    end = planned
    for began, ended in outages:
        if began < end:
            end = max(end + (ended - began), ended + AFTER_AN_OUTAGE)
    return end
