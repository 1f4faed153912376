"""Dates as documents print them: a month, or a day."""

import datetime as dt

from babel.dates import format_date, format_skeleton
from django.utils.translation import get_language


def printed_date(date: str) -> str:
    """ "2025-11" → "November 2025", "2025-11-28" → "28 November 2025", in the active language; "" stays ""."""
    locale = (get_language() or "en").replace("-", "_")
    if not date:
        return ""
    if len(date) == len("2025-11"):
        return format_skeleton("yMMMM", dt.date.fromisoformat(f"{date}-01"), locale=locale)
    day = dt.date.fromisoformat(date)
    return format_date(day, "d MMMM y" if locale.startswith("en") else "long", locale=locale)
