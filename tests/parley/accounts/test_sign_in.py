"""Signing in: a code by mail, typed in the same browser; a passkey; the second step."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parley.accounts.models import Device, User
from parley.notifications.letters import write
from parley.notifications.models import Delivery

from .hands import (
    HOME,
    answer,
    app_code,
    ask_for_code,
    give_app,
    give_passkey,
    give_recovery_codes,
    mailed_code,
    second_step,
    sign_in,
    type_code,
)

pytestmark = pytest.mark.django_db


def is_signed_in(client: Client) -> bool:
    return client.get("/account/settings/").status_code == 200


def test_the_mailed_code_signs_in(client: Client, person: User) -> None:
    answered = sign_in(client, person)

    assert (answered.status_code, answered["Location"]) == (302, HOME)
    assert is_signed_in(client)


def test_a_code_is_typed_as_people_type(client: Client, person: User) -> None:
    ask_for_code(client, "  ANI@Example.org ")

    type_code(client, mailed_code(person.email).replace("-", " ").lower())

    assert is_signed_in(client)


def test_nothing_is_mailed_inside_the_request(client: Client, person: User) -> None:
    ask_for_code(client, person.email)

    assert mail.outbox == []
    waiting = Delivery.objects.get()
    assert (waiting.to, waiting.kind) == (person.email, "account:account_code")
    assert waiting.expires_at - timezone.now() <= timedelta(seconds=600)


def test_the_mail_says_the_code_in_the_persons_words(client: Client, person: User) -> None:
    ask_for_code(client, person.email)

    letter = write(Delivery.objects.get())
    code = mailed_code(person.email)
    assert letter.subject == "Your sign-in code"
    assert code in letter.text
    assert code in letter.html
    assert "http" not in letter.text.replace(settings.PARLEY_URL, "")


def test_the_code_holds_ten_minutes(client: Client, person: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask_for_code(client, person.email)
        clock.shift(601)
        type_code(client, mailed_code(person.email))

    assert not is_signed_in(client)


def test_the_code_holds_until_then(client: Client, person: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask_for_code(client, person.email)
        clock.shift(599)
        type_code(client, mailed_code(person.email))

        assert is_signed_in(client)


def test_the_third_wrong_code_ends_the_attempt(client: Client, person: User) -> None:
    ask_for_code(client, person.email)
    code = mailed_code(person.email)

    answers = [type_code(client, "WRONG") for _ in range(3)]

    assert [answered.status_code for answered in answers] == [200, 200, 302]
    type_code(client, code)
    assert not is_signed_in(client)


def test_a_code_opens_no_other_browser(client: Client, person: User) -> None:
    thief = Client()
    ask_for_code(client, person.email)
    ask_for_code(thief, "nobody@example.org")

    type_code(thief, mailed_code(person.email))

    assert not is_signed_in(thief)


def test_a_code_works_once(client: Client, person: User) -> None:
    ask_for_code(client, person.email)
    code = mailed_code(person.email)
    type_code(client, code)
    client.post("/account/logout/")

    type_code(client, code)

    assert not is_signed_in(client)


@pytest.mark.parametrize("address", ["/account/login/", "/account/login/code/", "/account/login/code/confirm/"])
def test_a_mail_scanners_get_signs_nobody_in(client: Client, person: User, address: str) -> None:
    ask_for_code(client, person.email)
    code = mailed_code(person.email)

    client.get(address, {"code": code, "login": person.email})
    client.head(address, {"code": code})

    assert not is_signed_in(client)
    assert Delivery.objects.count() == 1


def test_after_sign_in_one_comes_to_the_page_one_wanted(client: Client, person: User) -> None:
    asked = client.get("/account/settings/")
    ask_for_code(client, person.email, next="/account/settings/")

    answered = type_code(client, mailed_code(person.email), next="/account/settings/")

    assert asked["Location"] == "/account/login/?next=/account/settings/"
    assert answered["Location"] == "/account/settings/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_sign_in_leads_to_no_other_site(client: Client, person: User, elsewhere: str) -> None:
    ask_for_code(client, person.email, next=elsewhere)

    answered = type_code(client, mailed_code(person.email), next=elsewhere)

    assert answered["Location"] == HOME


def test_a_closed_account_gets_no_code(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)

    ask_for_code(client, person.email)

    assert list(Delivery.objects.values_list("kind", flat=True)) == ["account:account_unknown"]


def test_an_account_closed_between_code_and_typing_stays_closed(client: Client, person: User) -> None:
    ask_for_code(client, person.email)
    User.objects.filter(pk=person.pk).update(is_active=False)

    answered = type_code(client, mailed_code(person.email))

    assert answered["Location"] == "/account/inactive/"
    assert not is_signed_in(client)


def test_whoever_has_a_second_factor_shows_it(client: Client, person: User) -> None:
    secret = give_app(person)

    halfway = sign_in(client, person)
    before = is_signed_in(client)
    second_step(client, app_code(secret))

    assert halfway["Location"] == "/account/login/second-step/"
    assert (before, is_signed_in(client)) == (False, True)


def test_an_authenticator_code_opens_one_session(client: Client, person: User) -> None:
    secret, thief = give_app(person), Client()
    code = app_code(secret)
    sign_in(client, person)
    second_step(client, code)

    sign_in(thief, person)
    second_step(thief, code)

    assert (is_signed_in(client), is_signed_in(thief)) == (True, False)


def test_the_last_half_minutes_code_is_too_late(client: Client, person: User) -> None:
    secret = give_app(person)
    sign_in(client, person)

    second_step(client, app_code(secret, steps=-1))

    assert not is_signed_in(client)


def test_guessing_authenticator_codes_is_stopped(client: Client, person: User) -> None:
    secret = give_app(person)
    sign_in(client, person)

    for _attempt in range(5):
        second_step(client, "000000")
    second_step(client, app_code(secret))

    assert not is_signed_in(client)


def test_a_recovery_code_opens_once(client: Client, person: User) -> None:
    give_app(person)
    code, again = give_recovery_codes(person)[0], Client()

    for browser in (client, again):
        sign_in(browser, person)
        second_step(browser, code)

    assert (is_signed_in(client), is_signed_in(again)) == (True, False)


def test_a_passkey_signs_in_without_a_code(client: Client, person: User) -> None:
    passkey = give_passkey(person)

    options = client.get("/account/login/passkey/", headers={"accept": "application/json"}).json()["request_options"]
    client.post("/account/login/passkey/", {"credential": answer(passkey, options)})

    assert is_signed_in(client)


def test_a_passkey_that_verifies_nobody_signs_nobody_in(client: Client, person: User) -> None:
    passkey = give_passkey(person, verifies=False)

    options = client.get("/account/login/passkey/", headers={"accept": "application/json"}).json()["request_options"]
    client.post("/account/login/passkey/", {"credential": answer(passkey, options)})

    assert not is_signed_in(client)


def test_a_passkey_answer_is_good_once(client: Client, person: User) -> None:
    passkey = give_passkey(person)
    options = client.get("/account/login/passkey/", headers={"accept": "application/json"}).json()["request_options"]
    given = answer(passkey, options)
    client.post("/account/login/passkey/", {"credential": given})
    client.post("/account/logout/")

    client.post("/account/login/passkey/", {"credential": given})

    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "1", '{"response": {}}', '{"response": {"userHandle": "w7_Dvw"}}', '{"id": "\\u0000"}'],
)
def test_a_malformed_passkey_answer_is_refused_quietly(client: Client, credential: str) -> None:
    client.get("/account/login/passkey/", headers={"accept": "application/json"})

    answered = client.post("/account/login/passkey/", {"credential": credential})

    assert (answered.status_code, answered["Location"]) == (302, "/account/login/")


def test_a_bad_address_gets_a_sentence(client: Client, person: User) -> None:
    answered = ask_for_code(client, "ani\x00@example.org")

    assert answered.status_code == 200
    assert Delivery.objects.count() == 0


def test_signing_in_asks_the_database_eleven_times(client: Client, person: User) -> None:
    ask_for_code(client, person.email)
    code = mailed_code(person.email)

    with CaptureQueriesContext(connection) as asked:
        type_code(client, code)

    assert len([query for query in asked if "SAVEPOINT" not in query["sql"]]) == 11


def test_a_session_is_new_after_sign_in(client: Client, person: User) -> None:
    ask_for_code(client, person.email)
    before = client.session.session_key

    type_code(client, mailed_code(person.email))

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert Device.objects.get().session_key == client.session.session_key
