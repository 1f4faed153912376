"""Public holidays: marked for the side whose country has one, never named."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from meetings.actions import set_customs
from meetings.days_off import days_of, is_day_off
from tests.factories.browsers import signed_in

from .polls import poll_of

TBILISI = ZoneInfo("Asia/Tbilisi")


def test_the_days_of_a_meeting_are_counted_on_its_clock():
    evening = dt.datetime(2031, 5, 27, 22, tzinfo=TBILISI)

    assert days_of(evening, dt.datetime(2031, 5, 28, 0, tzinfo=TBILISI)) == [dt.date(2031, 5, 27)]
    assert days_of(evening, dt.datetime(2031, 5, 29, 1, tzinfo=TBILISI))[-1] == dt.date(2031, 5, 29)


def test_a_country_of_which_nothing_is_known_has_no_holidays():
    assert [is_day_off(country, dt.date(2031, 1, 1)) for country in ("", "XX", "AM")] == [False, False, True]


@pytest.mark.django_db
def test_a_poll_marks_the_day_for_the_side_without_the_holidays_name(made):
    starts = dt.datetime(2031, 5, 27, 10, tzinfo=TBILISI)
    slots = [(starts + dt.timedelta(days=n), starts + dt.timedelta(days=n, hours=2)) for n in (0, 1, 2)]
    poll = poll_of(made, slots=slots)
    # 28 May: Republic Day in Armenia, Independence Day in Azerbaijan, no holiday in Georgia.
    set_customs(made.programme, answers_by_link=False, countries={made.a: "AM", made.b: "GE"}, by=made.facilitator)

    page = signed_in(made.member_b).get(reverse("poll", args=[poll.public_id])).content.decode()

    assert page.count("Public holiday:") == 1
    assert "Republic" not in page
