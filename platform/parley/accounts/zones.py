"""Time zones that people may have, and how a page offers them."""

import zoneinfo
from collections import defaultdict
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import get_timezone_location
from django.utils.translation import gettext as _

UTC = "UTC"


@cache
def known() -> frozenset[str]:
    """Names of the IANA database; "Asia" is none of them, though a folder of that name exists."""
    return frozenset(zoneinfo.available_timezones())


def is_zone(name: str) -> bool:
    return name in known()


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name; UTC when the name is none, so that a bad row never takes a page down."""
    return zoneinfo.ZoneInfo(name if is_zone(name) else UTC)


def choices(language: str, current: str = UTC) -> list[tuple[str, list[tuple[str, str]]]]:
    """Zones for a <select>, grouped by region, cities in the reader's language; `current` is always among them."""
    offered = _by_region(language)
    listed = {name for _region, zones in offered for name, _city in zones}
    if current in listed:
        return offered
    return [("", [(current, current)]), *offered]


@cache
def _by_region(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    locale = Locale.parse(language, sep="-")
    regions = defaultdict(list)
    for name in _places():
        city = get_timezone_location(name, locale=locale, return_city=True)
        regions[name.partition("/")[0]].append((name, city))
    grouped = [(_region_named(region), sorted(regions[region], key=lambda pair: pair[1])) for region in sorted(regions)]
    return [(_("Without a place"), [(UTC, "UTC")]), *grouped]


def _places() -> list[str]:
    """One name for each place (the database's own table), without the older names it also answers to."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return sorted({row[2] for row in rows})


def _region_named(region: str) -> str:
    names = {
        "Africa": _("Africa"),
        "America": _("America"),
        "Antarctica": _("Antarctica"),
        "Arctic": _("Arctic"),
        "Asia": _("Asia"),
        "Atlantic": _("Atlantic"),
        "Australia": _("Australia"),
        "Europe": _("Europe"),
        "Indian": _("Indian Ocean"),
        "Pacific": _("Pacific"),
    }
    return names.get(region, region)
