"""A programme's page, its host, phases, facilitators and ground rules."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from parley.accounts import welcome
from parley.accounts.models import User
from parley.audit import entries
from parley.notifications.models import Notice
from parley.programmes import panels
from parley.programmes.actions import (
    LastFacilitator,
    OnAnotherSide,
    PhaseToBe,
    accept_ground_rules,
    add_phase,
    appoint_facilitator,
    end_facilitator,
    publish_ground_rules,
    take_part,
)
from parley.programmes.models import GroundRulesAcceptance, Precedence, Programme
from tests.factories import PersonFactory, programme_of
from tests.groups.hands import signed_in

pytestmark = pytest.mark.django_db

# Each page's queries, whatever stands on it (upper layers' panels left out).
PROGRAMMES, PROGRAMME = 5, 12


@pytest.fixture(autouse=True)
def _own_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups and people are upper layers' to test."""
    monkeypatch.setattr(panels, "_panels", [])


def at(name: str, programme: Programme) -> str:
    return reverse(name, kwargs={"programme": programme.public_id})


@pytest.fixture
def second(programme: Programme, starter: User) -> User:
    """Another facilitator of the programme."""
    person = PersonFactory(name="Second Facilitator")
    appoint_facilitator(programme=programme, person=person, by=starter)
    return person


def test_nobody_sees_a_programme_they_have_no_part_in(programme: Programme):
    stranger = signed_in(PersonFactory())
    pages = ("programme", "programme_edit", "programme_host", "phase_add", "ground_rules", "ground_rules_new")

    assert {stranger.get(at(name, programme)).status_code for name in pages} == {404}
    assert programme.name not in stranger.get(reverse("programmes")).content.decode()


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_of_programmes_asks_the_same_for_one_and_for_thirty(
    browser: Client, starter: User, django_assert_num_queries, rows: int
):
    for number in range(rows):
        programme_of(starter, name=f"Dialogue {number}")
    browser.get(reverse("programmes"))

    with django_assert_num_queries(PROGRAMMES):
        browser.get(reverse("programmes"))


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_a_programmes_page_asks_the_same_for_one_phase_and_for_thirty(
    browser: Client, starter: User, programme: Programme, django_assert_num_queries, rows: int
):
    for number in range(rows):
        phase = PhaseToBe(f"Phase {number}", dt.date(2026, 1, 1), dt.date(2026, 2, 1))
        add_phase(programme=programme, phase=phase, by=starter)
    browser.get(at("programme", programme))

    with django_assert_num_queries(PROGRAMME):
        browser.get(at("programme", programme))


def test_the_hosts_record_is_changed_as_it_will_be_printed(browser: Client, programme: Programme):
    sent = {
        "host-name": "Another Foundation",
        "addresses-TOTAL_FORMS": "2",
        "addresses-INITIAL_FORMS": "0",
        "addresses-0-lines": "Street 1",
        "addresses-1-label": "Branch",
        "addresses-1-lines": "Street 2",
    }

    browser.post(at("programme_host", programme), sent)

    programme.refresh_from_db()
    assert programme.host.name == "Another Foundation"
    assert [(a.label, a.lines) for a in programme.host.addresses.all()] == [("", "Street 1"), ("Branch", "Street 2")]


def test_phases_are_added_changed_and_removed(browser: Client, programme: Programme):
    browser.post(at("phase_add", programme), {"name": "First", "starts": "2026-01-01", "ends": "2026-02-01"})
    phase = programme.phases.get()
    change, remove = (reverse(name, kwargs={"phase": phase.public_id}) for name in ("phase_change", "phase_remove"))

    browser.post(change, {"name": "Second", "starts": "2026-01-01", "ends": "2026-03-01", "aims": "To meet."})
    phase.refresh_from_db()
    browser.post(remove)

    assert (phase.name, phase.ends, phase.aims) == ("Second", dt.date(2026, 3, 1), "To meet.")
    assert not programme.phases.exists()


@pytest.mark.parametrize(
    ("precedence", "order"),
    [
        (Precedence.ALPHABETICAL, ["Northland", "Southland"]),
        (Precedence.FIXED, ["Southland", "Northland"]),
        (Precedence.ALTERNAT, ["Northland", "Southland"]),
    ],
)
def test_which_side_is_named_first_follows_the_precedence(programme: Programme, precedence, order):
    programme.precedence = precedence
    programme.sides.filter(name="Northland").update(position=9)

    assert [one.name for one in programme.sides_in_order()] == order


def test_ground_rules_are_asked_after_sign_in_once_for_each_version(programme: Programme, starter: User, second: User):
    first = publish_ground_rules(programme=programme, text="Be kind.", by=starter)
    before = welcome.next_step(second)
    accept_ground_rules(first, by=second)
    accepted = welcome.next_step(second)
    newer = publish_ground_rules(programme=programme, text="Be kinder.", by=starter)

    again = welcome.next_step(second)

    assert (before and before.key, again and again.key) == ("ground_rules", "ground_rules")
    assert accepted is None or accepted.key != "ground_rules"
    assert newer.version == 2
    assert newer.public_id in again.url(second)


def test_a_get_accepts_nothing_and_a_post_accepts_this_version_once(programme: Programme, starter: User, second: User):
    rules = publish_ground_rules(programme=programme, text="Be kind.", by=starter)
    client, page = signed_in(second), reverse("ground_rules_accept", kwargs={"groundrules": rules.public_id})

    client.get(page)
    before = GroundRulesAcceptance.objects.count()
    for _press in range(2):
        client.post(page)

    kinds = [entry.kind for entry in entries(programme.chain)]
    assert (before, GroundRulesAcceptance.objects.filter(rules=rules, person=second).count()) == (0, 1)
    assert kinds.count("programme.ground_rules_accepted") == 1


def test_a_new_version_waits_for_everybody_until_they_accept(programme: Programme, starter: User, second: User):
    publish_ground_rules(programme=programme, text="Be kind.", by=starter)
    newer = publish_ground_rules(programme=programme, text="Be kinder.", by=starter)

    waiting = list(Notice.objects.waiting().filter(reader=second).values_list("subject", flat=True))
    accept_ground_rules(newer, by=second)

    assert waiting == [newer.public_id]
    assert not Notice.objects.waiting().filter(reader=second).exists()


def test_earlier_versions_stay_readable(browser: Client, programme: Programme, starter: User):
    publish_ground_rules(programme=programme, text="Be kind.", by=starter)
    publish_ground_rules(programme=programme, text="Be kinder.", by=starter)

    words = browser.get(at("ground_rules", programme)).content.decode()

    assert ("Be kind." in words, "Be kinder." in words) == (True, True)


def test_a_facilitator_who_has_ended_sees_nothing_any_more(programme: Programme, starter: User, second: User):
    client = signed_in(second)
    before = client.get(at("programme", programme)).status_code

    end_facilitator(programme.facilitators.get(person=second), by=starter)

    assert [before, client.get(at("programme", programme)).status_code] == [200, 404]


def test_a_programme_is_never_without_a_facilitator(browser: Client, programme: Programme, starter: User):
    only = programme.facilitators.get()

    with pytest.raises(LastFacilitator):
        end_facilitator(only, by=starter)
    answered = browser.post(reverse("facilitator_end", kwargs={"facilitator": only.public_id}), follow=True)

    assert b"never without a facilitator" in answered.content
    assert programme.facilitators.acting().count() == 1


def test_a_facilitator_is_on_no_side(programme: Programme, starter: User):
    person = PersonFactory()
    take_part(programme=programme, person=person, side=programme.sides.first())

    with pytest.raises(OnAnotherSide):
        appoint_facilitator(programme=programme, person=person, by=starter)
