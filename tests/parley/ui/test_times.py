"""Times in words: weekday, 24 hours, the zone's name; equal clocks on one line."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from parley.ui.times import ZoneTime, city, day_words, moment_words, times_by_zone

FRIDAY = datetime(2027, 3, 12, 10, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Friday 12 March 2027"),
        ("ru", "пятница, 12 марта 2027\u202fг."),
        ("hy", "2027 թ. մարտի 12, ուրբաթ"),
        ("az", "12 mart 2027, cümə"),
        ("ka", "პარასკევი, 12 მარტი. 2027"),
    ],
)
def test_a_day_is_said_with_its_weekday_in_every_language(language, words):
    with translation.override(language):
        assert day_words(date(2027, 3, 12)) == words


def test_the_present_year_goes_without_saying():
    assert day_words(date(2027, 3, 12), this_year=2027) == "Friday 12 March"
    assert day_words(date(2026, 3, 12), this_year=2027) == "Thursday 12 March 2026"
    assert day_words(date(2027, 3, 12), "short", this_year=2027) == "Fri 12 Mar"


@time_machine.travel("2027-01-05T00:00:00+00:00")
def test_a_moment_names_the_readers_zone():
    assert moment_words(FRIDAY, "Asia/Yerevan") == "Friday 12 March, 14:02 Yerevan"
    assert moment_words(FRIDAY, "UTC", "short") == "Fri 12 Mar, 10:02 UTC"
    assert moment_words(FRIDAY, "UTC", "short", dated=True) == "Fri 12 Mar 2027, 10:02 UTC"


def test_a_city_is_named_in_the_readers_language():
    with translation.override("ru"):
        assert city("Asia/Yerevan") == "Ереван"
    with translation.override("en"):
        assert city("Etc/UTC") == "UTC"


def test_an_unknown_language_falls_back_to_english():
    with translation.override("xx"):
        assert day_words(date(2027, 3, 12)) == "Friday 12 March 2027"


def test_cities_with_the_same_clock_share_a_line_in_the_order_given():
    lines = times_by_zone(
        FRIDAY, FRIDAY + timedelta(hours=2), ["Asia/Yerevan", "Europe/Amsterdam", "Asia/Baku", "Asia/Tbilisi"]
    )

    assert lines == [
        ZoneTime("Friday 12 March 2027", "14:02–16:02", "Yerevan, Baku, Tbilisi", other_day=False),
        ZoneTime("Friday 12 March 2027", "11:02–13:02", "Amsterdam", other_day=False),
    ]


def test_a_line_on_another_day_is_marked_as_such():
    evening = datetime(2027, 3, 12, 22, 30, tzinfo=UTC)

    lines = times_by_zone(evening, evening + timedelta(hours=1), ["Europe/London", "Asia/Yerevan"])

    assert lines == [
        ZoneTime("Friday 12 March 2027", "22:30–23:30", "London", other_day=False),
        ZoneTime("Saturday 13 March 2027", "02:30–03:30", "Yerevan", other_day=True),
    ]


def test_an_end_on_the_next_day_says_its_day():
    evening = datetime(2027, 3, 12, 22, 30, tzinfo=UTC)

    [line] = times_by_zone(evening, evening + timedelta(hours=3), ["UTC"])

    assert line.hours == "22:30–Sat 13 Mar 2027, 01:30"


def test_zones_that_part_while_the_meeting_lasts_stand_on_lines_of_their_own():
    """Amsterdam puts its clocks forward at 01:00 UTC on 28 March 2027; Lagos, equal until then, does not."""
    night = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)

    lines = times_by_zone(night, night + timedelta(hours=1), ["Europe/Amsterdam", "Africa/Lagos"])

    assert [(line.hours, line.cities) for line in lines] == [("01:30–03:30", "Amsterdam"), ("01:30–02:30", "Lagos")]
