"""Above every page stands the programme that a person has a part in; with more than one the name of the house."""

import re

import pytest
from django.urls import reverse

from groups.actions import end_membership, found_group, seat
from groups.models import Role
from tests.factories import programme_of
from tests.groups.hands import signed_in

pytestmark = pytest.mark.django_db

PAGES = ["home", "updates", "meetings", "settings", "documents"]


def masthead(person, page: str) -> str:
    found = re.search(
        r'class="brand"[^>]*><span\s*>(.*?)</span>', signed_in(person).get(reverse(page)).content.decode()
    )
    assert found
    return found[1]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_of_no_programme_names_the_only_one_of_its_reader(made, page):
    assert [masthead(made.people[who], page) for who in ("member_a", "observer", "facilitator")] == ["A dialogue"] * 3


def test_the_title_and_the_print_name_it_too(made):
    page = signed_in(made.member_a).get(reverse("home")).content.decode()

    assert "· A dialogue </title>" in " ".join(page.split())
    assert 'print-head"> <span>A dialogue</span>' in " ".join(page.split())


def test_who_takes_part_in_two_programmes_reads_the_name_of_the_house(made):
    other = found_group(programme=programme_of(made.facilitator, name="Another"), name="Air", by=made.facilitator)
    seat(group=other, person=made.observer, role=Role.OBSERVER, side=None, by=made.facilitator)

    assert [masthead(made.people[who], "home") for who in ("observer", "facilitator")] == ["Parley", "Parley"]


def test_several_groups_of_one_programme_are_one_programme(made):
    seat(group=made.other_group, person=made.observer, role=Role.OBSERVER, side=None, by=made.facilitator)

    assert masthead(made.observer, "home") == "A dialogue"


def test_who_has_no_part_any_more_reads_nothing_of_the_programme(made):
    before = masthead(made.member_c, "home")

    end_membership(made.membership("member_c"), by=made.co_chair_b)

    assert before == "A dialogue"
    assert [masthead(made.people[who], "home") for who in ("member_c", "outsider")] == ["Parley", "Parley"]
