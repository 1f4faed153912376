"""Queries composed once: every call asks anew, for whoever calls."""

import pytest
from django.db import connection
from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from groups.actions import end_membership
from groups.standing import standing_now
from parley.access.composed import Composed, ComposedUpdate, Slot, WouldBeFrozen, key_of
from parley.accounts.models import User
from reports.models import Document, Passage, Section, Thread
from tests.factories import PersonFactory, World
from tests.factories.browsers import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_each_call_gets_the_rows_of_its_own_values() -> None:
    ani, leyla = PersonFactory(name="Ani"), PersonFactory(name="Leyla")
    named = Composed(lambda name: User.objects.filter(name=name), name=CharField())

    found = [named(name=name) for name in ("Ani", "Leyla", "Nobody")]

    assert found == [[ani], [leyla], []]


def test_it_is_composed_once_and_asked_each_time() -> None:
    composed: list[Slot] = []

    def compose(name: Slot) -> QuerySet[User]:
        composed.append(name)
        return User.objects.filter(name=name)

    named = Composed(compose, name=CharField())
    with CaptureQueriesContext(connection) as queries:
        before = named(name="Ani")
        ani = PersonFactory(name="Ani")
        after = named(name="Ani")

    asked = [query for query in queries if query["sql"].startswith("SELECT")]
    assert (before, after) == ([], [ani])
    assert (len(composed), len(asked)) == (1, 2)


def test_a_moment_that_was_written_in_is_refused() -> None:
    joined = Composed(lambda name: User.objects.filter(name=name, joined_at__lt=timezone.now()), name=CharField())

    with pytest.raises(WouldBeFrozen):
        joined(name="Ani")


def test_values_are_asked_for_without_making_objects() -> None:
    PersonFactory(name="Ani", email="ani@example.org")
    named = Composed(lambda name: User.objects.filter(name=name).values("email", "is_active"), name=CharField())

    found = [named.values(name=name) for name in ("Ani", "Nobody")]

    assert found == [[{"email": "ani@example.org", "is_active": True}], []]


def test_an_update_is_composed_once_and_told_each_time_of_which_rows_and_what() -> None:
    ani, leyla = PersonFactory(name="Ani"), PersonFactory(name="Leyla")
    composed: list[Slot] = []

    def compose(name: Slot, by: Slot) -> tuple[QuerySet[User], dict[str, object]]:
        composed.append(name)
        return User.objects.filter(name=name), {"access_epoch": F("access_epoch") + by}

    raised = ComposedUpdate(compose, name=CharField(), by=IntegerField())
    met = [raised(name=name, by=by) for name, by in (("Ani", 2), ("Leyla", 5), ("Ani", 1), ("Nobody", 1))]

    ani.refresh_from_db()
    leyla.refresh_from_db()
    assert (ani.access_epoch, leyla.access_epoch) == (3, 5)
    assert (met, len(composed)) == ([1, 1, 1, 0], 1)


def test_a_moment_that_was_written_into_an_update_is_refused() -> None:
    joined = ComposedUpdate(
        lambda name: (User.objects.filter(name=name), {"joined_at": timezone.now()}), name=CharField()
    )

    with pytest.raises(WouldBeFrozen):
        joined(name="Ani")


def test_a_persons_key_is_an_expression_with_or_without_a_slot() -> None:
    person, slot = User(pk=7), Slot("person", CharField())

    assert (key_of(person), key_of(slot)) == (Value(7), slot)


@pytest.mark.parametrize("model", [Document, Passage, Section, Thread])
def test_what_a_door_opens_is_composed_once(model: type) -> None:
    assert model.objects.opened_by.composed_once  # type: ignore[attr-defined]  # each model's own


def test_a_seat_that_ended_closes_a_door_that_was_open_a_moment_ago(made: World) -> None:
    browser, page = signed_in(made.member_a), f"/passages/{made.caucus_a.public_id}/comments/"
    before = browser.get(page).status_code

    end_membership(made.membership("member_a"), by=made.co_chair_a)

    assert (before, browser.get(page).status_code) == (200, 404)
    assert not standing_now(made.member_a, made.group).sees_texts
