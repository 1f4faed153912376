"""What a group's page shows of its meetings and date polls."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.browsers import signed_in

from .polls import poll_of
from .test_meetings import meeting_of

pytestmark = pytest.mark.django_db


def shown(made, person) -> tuple[list[str], list[str]]:
    page = signed_in(person).get(reverse("group", args=[made.group.public_id]))
    (panel,) = [panel.context for panel in page.context["panels"] if panel.template == "meetings/panel.html"]
    return [str(poll) for poll in panel["polls"]], [str(meeting) for meeting in panel["meetings"]]


def test_polls_stand_before_the_next_three_meetings_and_drafts_only_before_those_who_prepare_them(made):
    for number in range(4):
        starts = timezone.now() + timedelta(days=number + 5)
        meeting_of(made, title=f"Meeting {number}", draft=number == 0, starts=starts, ends=starts + timedelta(hours=1))
    poll_of(made, title="When?")

    assert shown(made, made.member_a) == (["When?"], ["Meeting 1", "Meeting 2", "Meeting 3"])
    assert shown(made, made.co_chair_a)[0] == ["When?"]
    assert "Meeting 0" in shown(made, made.facilitator)[1]


def test_a_meeting_on_the_page_of_its_group_says_how_and_when_people_meet(made):
    meeting_of(made, title="Talk by the weir")

    page = signed_in(made.member_b).get(reverse("group", args=[made.group.public_id])).content.decode()

    assert "in person and online" in page
    assert "Announced" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_group_costs_the_same_for_any_number_of_them(made, count, django_assert_num_queries):
    for number in range(count):
        meeting_of(made, title=f"Meeting {number}")
        poll_of(made, title=f"Poll {number}")
    browser, where = signed_in(made.member_a), reverse("group", args=[made.group.public_id])
    browser.get(where)

    with django_assert_num_queries(GROUP_QUERIES):
        browser.get(where)


GROUP_QUERIES = 8
