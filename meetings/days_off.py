"""Public holidays by country: whether a day is one, never which."""

import datetime as dt
from functools import cache, lru_cache

import holidays
from babel import Locale


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes of the countries whose holidays are known."""
    return frozenset(code for code in holidays.list_supported_countries() if len(code) == 2)


@lru_cache(maxsize=8)
def choices(language: str) -> list[tuple[str, str]]:
    """Codes and the countries' names in the reader's language, by name."""
    names = Locale.parse(language, sep="-").territories
    return sorted(((code, names.get(code, code)) for code in countries()), key=lambda pair: pair[1])


def is_day_off(country: str, day: dt.date) -> bool:
    """False for a country of which nothing is known."""
    return country in countries() and day in _days_off(country, day.year)


@lru_cache(maxsize=64)
def _days_off(country: str, year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays(country, years=year))


def days_of(starts: dt.datetime, ends: dt.datetime) -> list[dt.date]:
    """The days that a meeting touches, on the clock of its zone; one that ends at midnight does not touch the next."""
    last = max(starts, ends - dt.timedelta(seconds=1)).date()
    return [starts.date() + dt.timedelta(days=n) for n in range((last - starts.date()).days + 1)]
