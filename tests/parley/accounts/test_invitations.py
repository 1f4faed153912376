"""The only way to an account: an invitation, bound to its address."""

import pytest
from django.http import HttpRequest
from django.test import Client

from parley.accounts import invitations, people
from parley.accounts.models import User
from parley.notifications.models import Delivery

from .hands import mailed_code, type_code

pytestmark = pytest.mark.django_db

INVITED = "nino@example.org"
accepted: list[User] = []


@pytest.fixture(autouse=True)
def _one_invitation() -> None:
    """An upper layer that has invited one address, in the browser whose session holds the token."""
    accepted.clear()

    def holds(request: HttpRequest) -> bool:
        return request.session.get("token") == "right"

    invitations.register(
        open_for=lambda request, email: holds(request) and email == INVITED,
        accepted=lambda request, user: accepted.append(user) if holds(request) else None,
    )


@pytest.fixture
def invited(client: Client, db: None) -> Client:
    session = client.session
    session["token"] = "right"
    session.save()
    return client


def ask(browser: Client, email: str) -> str:
    return browser.post("/account/signup/", {"email": email}).content.decode()


def test_the_invited_address_gets_a_code_and_an_account(invited: Client) -> None:
    ask(invited, " Nino@Example.org")
    type_code(invited, mailed_code(INVITED))

    person = User.objects.get()
    assert (person.email, person.is_active) == (INVITED, True)
    assert accepted == [person]


def test_another_address_gets_neither(invited: Client) -> None:
    page = ask(invited, "thief@example.org")

    assert "No invitation is open for this address here." in page
    assert not User.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_the_token_the_invited_address_gets_neither(client: Client, token: str) -> None:
    session = client.session
    session["token"] = token
    session.save()

    ask(client, INVITED)

    assert not User.objects.exists()


def test_an_address_with_an_account_is_refused_in_the_same_words(invited: Client, person: User) -> None:
    assert "No invitation is open for this address here." in ask(invited, person.email)


def test_opening_the_page_opens_no_account(invited: Client) -> None:
    invited.get("/account/signup/", {"email": INVITED})

    assert not User.objects.exists()
    assert accepted == []


def test_a_person_known_by_name_only_is_let_in_by_their_invitation(invited: Client) -> None:
    known = people.person_for(INVITED)

    ask(invited, INVITED)
    type_code(invited, mailed_code(INVITED))

    known.refresh_from_db()
    assert (User.objects.count(), known.is_active, accepted) == (1, True, [known])


def test_the_code_alone_proves_nothing_in_another_browser(invited: Client) -> None:
    ask(invited, INVITED)
    thief = Client()
    thief.post("/account/login/", {"login": "thief@example.org"})

    type_code(thief, mailed_code(INVITED))

    assert "_auth_user_id" not in thief.session
    assert accepted == []


def test_somebody_signed_in_already_goes_on(browser: Client) -> None:
    assert browser.get("/account/signup/")["Location"] == "/account/welcome/"
