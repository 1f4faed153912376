"""Times in words: the weekday, 24 hours and the zone's name, always; equal offsets of several zones merged."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_day_names, get_timezone_location
from django.utils.translation import get_language

# CLDR's plain "en" is American: month before day. This house writes "14 March".
HOUSE_LOCALES = {"en": "en_GB"}
# CLDR's patterns by whether the year is said; it gives short words only, long ones are made by widening their fields.
HOUSE_PATTERNS = {("en_GB", True): "E d MMM y"}
SKELETONS = {True: "yMMMEd", False: "MMMEd"}
WIDER = [
    (re.compile(r"(?<![Ec])(E{1,3}|c{3})(?![Ec])"), "EEEE"),
    (re.compile(r"(?<![ML])MMM(?!M)"), "MMMM"),
    (re.compile(r"(?<![ML])LLL(?!L)"), "LLLL"),
]


@dataclass(frozen=True)
class ZoneTime:
    """One line of a meeting's time: the hours on that day, and every city that shares them."""

    day: str
    hours: str
    cities: str
    other_day: bool


def locale_name() -> str:
    language = get_language() or "en"
    return HOUSE_LOCALES.get(language, language.replace("-", "_"))


def day_words(day: date, form: str = "long", *, this_year: int | None = None) -> str:
    """ "Friday 14 March 2025", or short "Fri 14 Mar 2025"; without the year when it is `this_year`."""
    return _day_words(day, form, day.year != this_year, locale_name())


@lru_cache(maxsize=4096)
def _day_words(day: date, form: str, with_year: bool, name: str) -> str:
    locale = _locale(name)
    pattern = HOUSE_PATTERNS.get((str(locale), with_year)) or locale.datetime_skeletons[SKELETONS[with_year]].pattern
    if form == "long":
        for narrow, wide in WIDER:
            pattern = narrow.sub(wide, pattern)
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def month_words(first: date, *, with_year: bool = True) -> str:
    """ "March 2027", or "March"; in a language that declines its months, as it stands alone."""
    words = format_skeleton("yMMMM" if with_year else "LLLL", first, locale=_locale(locale_name()))
    return words[:1].upper() + words[1:]


def weekdays() -> list[str]:
    """Seven short names, Monday first."""
    names = get_day_names("abbreviated", context="stand-alone", locale=_locale(locale_name()))
    return [names[number] for number in range(7)]


def city(zone: str) -> str:
    """The name that people give a zone: its city in the reader's language ("Yerevan"), or "UTC"."""
    return _city(zone, locale_name())


@lru_cache(maxsize=2048)
def _city(zone: str, name: str) -> str:
    if "/" not in zone or zone.startswith("Etc/"):
        return zone.removeprefix("Etc/")
    return get_timezone_location(ZoneInfo(zone), locale=_locale(name), return_city=True)


def moment_words(at: datetime, zone: str, form: str = "long", *, dated: bool = False) -> str:
    """ "Friday 14 March, 14:02 Yerevan"; the year is said when it is not the present one, or always if `dated`."""
    there = at.astimezone(ZoneInfo(zone))
    day = day_words(there.date(), form, this_year=None if dated else datetime.now(UTC).year)
    return f"{day}, {there:%H:%M} {city(zone)}"


def times_by_zone(start: datetime, end: datetime, zones: Iterable[str]) -> list[ZoneTime]:
    """The hours in each of `zones`, in their order (venue or reader first), zones with equal clocks on one line."""
    shared: dict[tuple[timedelta | None, timedelta | None], list[str]] = {}
    for zone in dict.fromkeys(zones):
        there = ZoneInfo(zone)
        offsets = (start.astimezone(there).utcoffset(), end.astimezone(there).utcoffset())
        shared.setdefault(offsets, []).append(zone)
    lines = [_line(start, end, names) for names in shared.values()]
    return [ZoneTime(day, hours, cities, other_day=day != lines[0][0]) for day, hours, cities in lines]


def _line(start: datetime, end: datetime, zones: list[str]) -> tuple[str, str, str]:
    there = ZoneInfo(zones[0])
    begins, ends = start.astimezone(there), end.astimezone(there)
    last = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{day_words(ends.date(), 'short')}, {ends:%H:%M}"
    return day_words(begins.date()), f"{begins:%H:%M}–{last}", ", ".join(city(zone) for zone in zones)
