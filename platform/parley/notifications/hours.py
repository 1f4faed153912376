"""When mail reaches a person: their quiet hours and days, their pause, the hour of their digest, in their own zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .models import Habits, Level

MONDAY = 1
# Of two weeks at least one day is not quiet: the form and `is_quiet` see to it.
DAYS_AHEAD = 15


@dataclass(frozen=True)
class Hours:
    """One person's hours. Wall time is kept over a change of the clock: eight o'clock stays eight o'clock.

    A wall time that a change skips is read as the instant at which it would have been (PEP 495, fold 0).
    """

    habits: Habits
    zone: ZoneInfo

    @classmethod
    def of(cls, reader: Any, habits: Habits) -> "Hours":
        return cls(habits, zone_of(reader))

    def open_from(self, at: datetime) -> datetime:
        """The first instant, not before `at`, at which ordinary mail may reach them."""
        for opens, closes in self._open_hours(self._local(at).date() - timedelta(days=1)):
            if at < closes:
                return max(at, opens)
        raise AssertionError("every day is quiet")

    def digest_after(self, at: datetime, level: str) -> datetime:
        """The first digest after `at`, whatever the pause: each day that is not quiet; by the week its first one."""
        first = self._local(at).date()
        for day in self._days(first, first + timedelta(days=DAYS_AHEAD)):
            moment = self._at(day, self.habits.digest_at)
            if moment > at and (level != Level.WEEKLY or self._opens_the_week(day)):
                return moment
        raise AssertionError("every day is quiet")

    def day_began(self, at: datetime) -> datetime:
        return self._at(self._local(at).date(), time(0))

    def _opens_the_week(self, day: date) -> bool:
        """Monday, or the first day after it that is not quiet."""
        monday = day - timedelta(days=day.isoweekday() - MONDAY)
        return day == next(self._days(monday, day + timedelta(days=1)))

    def _days(self, first: date, end: date) -> Iterator[date]:
        """Those that are not quiet."""
        for number in range((end - first).days):
            day = first + timedelta(days=number)
            if not self._is_quiet(day):
                yield day

    def _is_quiet(self, day: date) -> bool:
        return str(day.isoweekday()) in self.habits.quiet_days

    def _open_hours(self, first: date) -> Iterator[tuple[datetime, datetime]]:
        """From each opening until the next closing, from a day on or from the end of the pause."""
        first = max(first, self.habits.paused_until or first)
        for day in self._days(first, first + timedelta(days=DAYS_AHEAD)):
            for opens, closes in self._open_times():
                end = self._at(day + timedelta(days=1), time(0)) if closes is None else self._at(day, closes)
                yield self._at(day, opens), end

    def _open_times(self) -> list[tuple[time, time | None]]:
        """Of one day: from, until; None is midnight."""
        quiet, awake = self.habits.quiet_from, self.habits.quiet_until
        if quiet == awake:
            return [(time(0), None)]
        if quiet > awake:
            return [(awake, quiet)]
        return [(time(0), quiet), (awake, None)]

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone).astimezone(UTC)


def zone_of(reader: Any) -> ZoneInfo:
    """A bad row holds up nobody's mail but delays it by some hours."""
    try:
        return ZoneInfo(reader.time_zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
