"""The calendar by month and as a list, by programme."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from tests.factories.browsers import signed_in

from .test_meetings import meeting_of

pytestmark = pytest.mark.django_db

MARCH = dt.datetime(2031, 3, 30, 20, 30, tzinfo=ZoneInfo("UTC"))


def shown(person, **asked) -> str:
    return signed_in(person).get(reverse("calendar"), {"month": "2031-03", **asked}).content.decode()


def test_a_meeting_stands_on_the_days_that_the_readers_clock_says(made):
    meeting_of(made, starts=MARCH, ends=MARCH + dt.timedelta(hours=3))
    made.member_b.time_zone = "Asia/Baku"
    made.member_b.save()

    days = signed_in(made.member_b).get(reverse("calendar"), {"month": "2031-03"}).context["days"]

    assert [day for day, _meetings in days] == [dt.date(2031, 3, 31)]


def test_a_month_is_shown_as_a_table_and_as_a_list(made):
    meeting_of(made, title="Talk by the weir", starts=MARCH, ends=MARCH + dt.timedelta(hours=3))

    table, listed = shown(made.member_a), shown(made.member_a, view="list")

    assert ('<table class="month">' in table, '<ol class="dated">' in listed) == (True, True)
    assert ["Talk by the weir" in page for page in (table, listed)] == [True, True]
    assert "March 2031" in table


def test_the_calendar_of_a_programme_leaves_others_out_and_one_that_is_not_ones_own_shows_nothing(made):
    meeting_of(made, title="Talk by the weir", starts=MARCH, ends=MARCH + dt.timedelta(hours=3))

    pages = [shown(made.member_a, programme=made.programme.public_id), shown(made.other_facilitator)]

    assert ["Talk by the weir" in page for page in pages] == [True, False]


def test_a_draft_stands_in_the_calendar_of_those_who_prepare_it(made):
    meeting_of(made, title="Perhaps", draft=True, starts=MARCH, ends=MARCH + dt.timedelta(hours=3))

    assert ["Perhaps" in shown(person) for person in (made.facilitator, made.co_chair_b, made.member_a)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("month", ["nonsense", "2031-13", "0001-01", "9999-12", ""])
def test_a_month_that_is_none_shows_the_present_one(made, month):
    answer = signed_in(made.member_a).get(reverse("calendar"), {"month": month})

    assert answer.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_month_costs_the_same_for_any_number_of_meetings(made, count, django_assert_num_queries):
    for number in range(count):
        meeting_of(made, title=f"Meeting {number}", starts=MARCH, ends=MARCH + dt.timedelta(hours=3))
    browser = signed_in(made.member_a)
    browser.get(reverse("calendar"))

    with django_assert_num_queries(CALENDAR_QUERIES):
        browser.get(reverse("calendar"), {"month": "2031-03"})


CALENDAR_QUERIES = 5
