"""Starting a programme by its form, with lists that grow without scripts."""

import pytest
from django.test import Client
from django.urls import reverse

from parley.accounts.models import User
from parley.programmes.actions import TooFewSides, start_programme
from parley.programmes.models import HostOrganisation, Programme
from tests.factories import PersonFactory
from tests.factories.programmes import SIDES, host
from tests.groups.hands import signed_in

pytestmark = pytest.mark.django_db

SENT = {
    "programme-name": "Dialogue on the River",
    "programme-language": "en",
    "programme-precedence": "fixed",
    "programme-ground_rules": "We speak for ourselves.",
    "host-name": "The Hosting Foundation",
    "host-about": "We host.\r\n\r\nSince 1990.",
    "host-funder": "With support",
    "addresses-TOTAL_FORMS": "2",
    "addresses-INITIAL_FORMS": "0",
    "addresses-0-label": "Head office",
    "addresses-0-lines": "Long Street 1\r\nThe Hague",
    "addresses-1-label": "",
    "addresses-1-lines": "",
    "sides-TOTAL_FORMS": "3",
    "sides-INITIAL_FORMS": "0",
    "sides-0-name": "Southland",
    "sides-0-demonym": "Southern",
    "sides-0-code": "SOU",
    "sides-1-name": "Northland",
    "sides-1-demonym": "Northern",
    "sides-1-code": "NOR",
    "phases-TOTAL_FORMS": "1",
    "phases-INITIAL_FORMS": "0",
    "phases-0-name": "Drafting",
    "phases-0-starts": "2026-01-01",
    "phases-0-ends": "2026-12-31",
    "idempotency_key": "k" * 22,
}


def post(browser: Client, **changes: str):
    return browser.post(reverse("programme_start"), {**SENT, **changes})


def test_everything_typed_becomes_the_programme(browser: Client, starter: User):
    answered = post(browser)

    programme = Programme.objects.get()
    assert answered["Location"] == reverse("programme", kwargs={"programme": programme.public_id})
    assert (programme.name, programme.precedence, programme.safe_mail) == ("Dialogue on the River", "fixed", True)
    assert [(s.name, s.demonym, s.code, s.colour) for s in programme.sides_in_order()] == [
        ("Southland", "Southern", "SOU", 1),
        ("Northland", "Northern", "NOR", 2),
    ]
    assert programme.host.about_paragraphs() == ["We host.", "Since 1990."]
    assert [(a.label, a.lines) for a in programme.host.addresses.all()] == [("Head office", "Long Street 1\nThe Hague")]
    assert [phase.name for phase in programme.phases.all()] == ["Drafting"]
    assert [rules.text for rules in programme.ground_rules.all()] == ["We speak for ourselves."]
    assert [f.person for f in programme.facilitators.acting()] == [starter]


def test_a_form_sent_twice_starts_one_programme(browser: Client):
    answers = [post(browser)["Location"] for _press in range(2)]

    assert answers[1] == reverse("programmes")
    assert (Programme.objects.count(), HostOrganisation.objects.count()) == (1, 1)


@pytest.mark.parametrize(("name", "before", "after"), [("sides", 3, 4), ("addresses", 2, 3), ("phases", 1, 2)])
def test_a_list_grows_by_a_button_and_keeps_what_was_typed(browser: Client, name: str, before: int, after: int):
    answered = post(browser, **{f"more_{name}": "1"})

    sheet = answered.context["sheet"]
    assert len(sheet[name].forms) == after
    assert sheet["programme"]["name"].value() == "Dialogue on the River"
    assert sheet["sides"].forms[1]["code"].value() == "NOR"
    assert b"There is a problem" not in answered.content
    assert not Programme.objects.exists()


def test_no_list_grows_beyond_its_limit(browser: Client):
    answered = post(browser, more_sides="1", **{"sides-TOTAL_FORMS": "9999999"})

    assert len(answered.context["sheet"]["sides"].forms) == 6


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sides-1-name": "", "sides-1-demonym": "", "sides-1-code": ""}, "required"),
        ({"sides-TOTAL_FORMS": "1"}, "two sides at least"),
        ({"sides-1-name": "southland"}, "Another side has this already"),
        ({"sides-1-code": "sou"}, "Another side has this already"),
        ({"sides-0-code": "SOUTH"}, "at most 3"),
        ({"programme-name": "\u200b\u200b"}, "nothing that can be seen"),
        ({"programme-name": "A\vB"}, "cannot be printed"),
        ({"programme-name": "A\u202eB"}, "turns letters around"),
        ({"programme-name": "A\x00B"}, "cannot be printed"),
        ({"programme-ground_rules": "A\u2067B"}, "turns letters around"),
        ({"programme-language": "xx"}, "valid choice"),
        ({"programme-precedence": "mine"}, "valid choice"),
        ({"host-name": ""}, "required"),
        ({"host-email": "nobody"}, "valid email"),
        ({"addresses-0-lines": ""}, "This label has no address"),
        ({"phases-0-ends": "2025-12-31"}, "ends before it begins"),
        ({"phases-0-starts": "0001-01-01"}, "between 2000 and 2099"),
        ({"phases-0-ends": "9999-12-31"}, "between 2000 and 2099"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_nothing_is_stored(browser: Client, changes: dict, says: str):
    answered = post(browser, **changes)

    assert answered.status_code == 200
    assert "There is a problem" in answered.content.decode()
    assert says in answered.content.decode()
    assert (Programme.objects.count(), HostOrganisation.objects.count()) == (0, 0)


def test_a_known_host_need_not_be_typed_again(browser: Client):
    post(browser)
    known = HostOrganisation.objects.get()
    empty = {key: "" for key in SENT if key.startswith(("host-", "addresses-0", "addresses-1"))}

    post(browser, **empty, **{"known-host": known.public_id, "programme-name": "Second", "idempotency_key": "s" * 22})

    assert [programme.host for programme in Programme.objects.all()] == [known, known]


def test_a_host_of_others_cannot_be_taken(browser: Client):
    foreign = host()

    answered = post(browser, **{"known-host": foreign.public_id})

    assert answered.status_code == 200
    assert not Programme.objects.exists()


def test_only_those_named_may_start_programmes():
    client = signed_in(PersonFactory())

    answers = [client.get(reverse("programme_start")).status_code, post(client).status_code]

    assert answers == [403, 403]
    assert not Programme.objects.exists()


def test_a_dialogue_takes_two_sides(starter: User):
    with pytest.raises(TooFewSides):
        start_programme(host=host(), name="Alone", sides=SIDES[:1], by=starter)
