"""Home for those who sit nowhere yet: what they wait for, or what they can begin."""

import pytest
from django.urls import reverse

from groups.actions import seat
from groups.models import Role
from parley.programmes.actions import let_start_programmes
from tests.factories.browsers import signed_in

pytestmark = pytest.mark.django_db


def home_of(person) -> str:
    return signed_in(person).get(reverse("home")).content.decode()


def test_who_waits_for_a_seat_reads_whose_word_opens_it(made):
    seat(group=made.group, person=made.outsider, role=Role.MEMBER, side=made.b, by=made.facilitator)

    page = home_of(made.outsider)

    assert "Waiting for the co-chair of Southland" in " ".join(page.split())
    assert "Your seat in Water" in page
    assert "You sit in no group" not in page


def test_who_sits_nowhere_is_told_how_people_come_in(made):
    page = home_of(made.outsider)

    assert "You sit in no group." in page
    assert reverse("programme_start") not in page


def test_the_first_facilitator_is_led_to_a_programme(db):
    person = let_start_programmes(email="first@example.org", name="First", by=None)

    page = home_of(person)

    assert f'href="{reverse("programme_start")}"' in page
    assert "You have no programme yet." in page
