"""Changing one's address takes the new mailbox and the second factor, and the old address is told."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from parley.accounts.models import User
from parley.notifications.models import Delivery
from tests.factories import PersonFactory
from tests.factories.browsers import signed_in

from .hands import app_code, ask_for_code, mailed_code, type_code

pytestmark = pytest.mark.django_db
PAGE, CONFIRM = "/account/settings/address/", "/account/settings/address/confirm/"
NEW = "new@example.org"


@pytest.fixture
def person() -> User:
    return PersonFactory(email="old@example.org", name="Ani Petrosyan")


def mail_to(email: str, kind: str) -> dict:
    return Delivery.objects.filter(to=email, kind=f"account:{kind}").latest("pk").facts


def asked(person: User, email: str = NEW) -> Client:
    browser = signed_in(person)
    browser.post(PAGE, {"email": email})
    return browser


def confirmed(browser: Client, **sent: str):
    return browser.post(CONFIRM, {"proof-code": app_code(), **sent})


def address_of(person: User) -> str:
    return User.objects.get(pk=person.pk).email


def test_the_address_is_changed_with_the_code_and_the_second_factor(person):
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    browser = asked(person, "New@Example.org ")

    answer = confirmed(browser, code=mail_to(NEW, "account_address")["code"])

    assert answer["Location"] == "/account/settings/"
    assert address_of(person) == NEW
    assert mail_to("old@example.org", "account_security")["change"] == "address_changed"


def test_from_then_on_codes_go_to_the_new_address_alone(person):
    confirmed(asked(person), code=mail_to(NEW, "account_address")["code"])
    browser = Client()

    ask_for_code(Client(), "old@example.org")
    ask_for_code(browser, NEW)

    assert Delivery.objects.filter(to="old@example.org", kind="account:account_unknown").exists()
    assert type_code(browser, mailed_code(NEW)).status_code == 302


def test_other_devices_are_signed_out_and_this_one_is_not(person):
    browser = asked(person)
    elsewhere = signed_in(person)

    confirmed(browser, code=mail_to(NEW, "account_address")["code"])

    assert browser.get("/account/settings/").status_code == 200
    assert elsewhere.get("/account/settings/").status_code == 302


def test_a_wrong_code_changes_nothing_and_uses_no_authenticator_code_up(person):
    browser = asked(person)

    refused = confirmed(browser, code="000000")
    done = confirmed(browser, code=mail_to(NEW, "account_address")["code"])

    assert "This code is not right." in refused.content.decode()
    assert done.status_code == 302
    assert address_of(person) == NEW


def test_after_three_wrong_codes_a_new_one_is_needed(person):
    browser = asked(person)
    for _try in range(3):
        confirmed(browser, code="000000")

    answer = confirmed(browser, code=mail_to(NEW, "account_address")["code"])

    assert answer["Location"] == PAGE
    assert address_of(person) == "old@example.org"


def test_after_ten_minutes_a_new_code_is_needed(person):
    browser = asked(person)
    code = mail_to(NEW, "account_address")["code"]

    session = browser.session
    session["new_address"] = session["new_address"] | {"until": 0}
    session.save()

    assert confirmed(browser, code=code)["Location"] == PAGE
    assert address_of(person) == "old@example.org"


def test_without_the_second_factor_nothing_changes(person):
    browser = asked(person)

    answer = browser.post(CONFIRM, {"code": mail_to(NEW, "account_address")["code"], "proof-code": "000000"})

    assert answer.status_code == 200
    assert address_of(person) == "old@example.org"


def test_an_address_of_somebody_else_looks_like_any_other_and_its_owner_is_told(person):
    PersonFactory(email=NEW)

    browser = asked(person)

    assert browser.get(CONFIRM).status_code == 200
    assert not Delivery.objects.filter(kind="account:account_address").exists()
    assert Delivery.objects.filter(to=NEW, kind="account:account_taken").exists()


def test_an_address_that_was_taken_meanwhile_is_refused(person):
    browser = asked(person)
    PersonFactory(email=NEW)

    answer = confirmed(browser, code=mail_to(NEW, "account_address")["code"])

    assert answer["Location"] == PAGE
    assert address_of(person) == "old@example.org"


def test_a_proof_for_one_address_changes_to_no_other(person):
    browser = asked(person)
    code = mail_to(NEW, "account_address")["code"]
    browser.post(PAGE, {"email": "third@example.org"})

    refused = confirmed(browser, code=code)

    assert refused.status_code == 200
    assert address_of(person) == "old@example.org"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("old@example.org", "You sign in with this address already."),
        ("no address", "This is no e-mail address."),
        ("", "This field is required."),
    ],
)
def test_what_cannot_be_the_new_address_is_refused_at_its_field(person, typed, said):
    assert said in signed_in(person).post(PAGE, {"email": typed}).content.decode()
