"""The hour in its zone, over changes of the clocks; and how outages move an end, whatever they are."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from parley.notifications.pulse import merged
from reports.silence_hours import AFTER_AN_OUTAGE, NoSuchHour, end_after, instant_of, stated

from .hands import freeze
from .silences import again, announced, live_until, mail_goes_out

NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        ("2026-10-24T18:00", "Europe/Berlin", "2026-10-24T16:00+00:00"),
        ("2026-10-25T18:00", "Europe/Berlin", "2026-10-25T17:00+00:00"),
        ("2026-10-31T18:00", "America/New_York", "2026-10-31T22:00+00:00"),
        ("2026-11-01T18:00", "America/New_York", "2026-11-01T23:00+00:00"),
        ("2027-04-03T18:00", "Australia/Lord_Howe", "2027-04-03T07:00+00:00"),
        ("2027-04-04T18:00", "Australia/Lord_Howe", "2027-04-04T07:30+00:00"),
        ("2026-12-01T18:00", "Asia/Yerevan", "2026-12-01T14:00+00:00"),
        ("2026-12-01T18:00", "Asia/Kathmandu", "2026-12-01T12:15+00:00"),
    ],
)
def test_an_hour_is_an_instant_by_the_clock_of_its_place(local, zone, instant):
    assert stated({"ends": local, "zone": zone}) == dt.datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    ("local", "zone", "why"),
    [
        ("2026-10-25T02:30", "Europe/Berlin", "comes twice"),
        ("2027-03-28T02:30", "Europe/Berlin", "does not exist"),
        ("2026-11-01T01:00", "America/New_York", "comes twice"),
        ("2027-03-14T02:59", "America/New_York", "does not exist"),
        ("2027-04-04T01:45", "Australia/Lord_Howe", "comes twice"),
        ("2026-10-04T02:10", "Australia/Lord_Howe", "does not exist"),
    ],
)
def test_an_hour_that_the_clocks_skip_or_show_twice_is_refused_with_the_remedy(local, zone, why):
    with pytest.raises(NoSuchHour, match=why):
        instant_of(dt.datetime.fromisoformat(local), zone)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Chisinau", "Asia/Yerevan"])
@pytest.mark.django_db
def test_over_a_night_in_which_clocks_are_put_back_it_ends_when_the_clock_of_its_zone_says_so(made, zone):
    with time_machine.travel(dt.datetime(2026, 10, 23, 8, tzinfo=dt.UTC), tick=False) as clock:
        text = freeze(made)
        ends = dt.datetime(2026, 10, 25, 18, tzinfo=ZoneInfo(zone))
        silence = announced(made, text, ends=ends, zone=zone)
        mail_goes_out(silence)
        live_until(clock, dt.datetime(2026, 10, 23, 10, tzinfo=dt.UTC))

        live_until(clock, ends.astimezone(dt.UTC) - dt.timedelta(seconds=1))
        before = again(silence).state
        live_until(clock, ends.astimezone(dt.UTC))

    assert (before, again(silence).state) == ("running", "adopted")


minutes = st.integers(min_value=0, max_value=14_000)
spans = st.lists(st.tuples(minutes, st.integers(min_value=6, max_value=3_000)), max_size=6)


@given(spans)
def test_whatever_the_outages_it_ends_late_enough_and_never_earlier_for_one_more(lengths):
    outages = merged(sorted((at(begin), at(begin + length)) for begin, length in lengths))

    end = end_after(at(4_320), outages)

    counted = [(began, ended) for began, ended in outages if began < end]
    assert end >= at(4_320) + sum((ended - began for began, ended in counted), dt.timedelta())
    assert all(end >= ended + AFTER_AN_OUTAGE for _began, ended in counted)
    assert all(end_after(at(4_320), outages[:known]) <= end for known in range(len(outages)))
    assert end_after(at(4_320), []) == at(4_320)


def at(minute: int) -> dt.datetime:
    return NOON + dt.timedelta(minutes=minute)
