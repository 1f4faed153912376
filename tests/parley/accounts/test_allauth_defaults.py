"""What django-allauth does otherwise by default: each test fails without our part."""

import json
import statistics
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import connection
from django.forms import Form
from django.test import Client, RequestFactory, override_settings
from django.urls import NoReverseMatch, reverse
from fido2.utils import websafe_decode

from parley.accounts import secrets_at_rest
from parley.accounts.adapters import AccountAdapter
from parley.accounts.models import User
from parley.notifications.letters import write
from parley.notifications.models import Delivery

from .hands import SECRET, app_code, ask_for_code, give_app, give_passkey, give_recovery_codes, mailed_code, sign_in

pytestmark = pytest.mark.django_db


# ---------- Second factors lie encrypted ----------
def stored_second_factors() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        return json.dumps(cursor.fetchall())


def test_no_authenticator_secret_lies_in_clear(person: User) -> None:
    give_app(person)

    kept = stored_second_factors()

    assert SECRET not in kept
    assert secrets_at_rest.decrypt(Authenticator.objects.get().data["secret"]) == SECRET


def test_no_recovery_seed_lies_in_clear(person: User) -> None:
    give_recovery_codes(person)

    seed = Authenticator.objects.get().data["seed"]

    assert secrets_at_rest.decrypt(seed) != seed
    assert secrets_at_rest.decrypt(seed) not in stored_second_factors()


def test_another_key_opens_nothing_and_says_so(person: User) -> None:
    sealed = secrets_at_rest.encrypt(SECRET)

    with override_settings(MFA_KEY="another key"), pytest.raises(ImproperlyConfigured, match="PARLEY_MFA_KEY"):
        secrets_at_rest.decrypt(sealed)


def test_without_a_key_nothing_is_stored() -> None:
    with override_settings(MFA_KEY=""), pytest.raises(ImproperlyConfigured, match="PARLEY_MFA_KEY"):
        secrets_at_rest.encrypt(SECRET)


# ---------- Nobody learns whether an address is known ----------
def test_known_and_unknown_addresses_get_the_same_answer(person: User) -> None:
    pages = []
    for email in (person.email, "nobody@example.org"):
        browser = Client()
        asked = ask_for_code(browser, email)
        page = browser.get(asked["Location"]).content.decode().replace(email, "")
        pages.append((asked.status_code, asked["Location"], without_tokens(page)))

    assert pages[0] == pages[1]


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf" not in line)


def test_both_only_queue_a_mail(person: User) -> None:
    for email in (person.email, "nobody@example.org"):
        ask_for_code(Client(), email)

    queued = set(Delivery.objects.values_list("to", "kind"))
    assert queued == {(person.email, "account:account_code"), ("nobody@example.org", "account:account_unknown")}


def test_both_take_the_same_time(person: User) -> None:
    spent: dict[str, list[float]] = {"known": [], "unknown": []}
    for turn in range(12):
        for kind, email in (("known", person.email), ("unknown", f"nobody{turn}@example.org")):
            browser, before = Client(REMOTE_ADDR=f"10.0.{turn}.1"), time.process_time()
            ask_for_code(browser, email)
            spent[kind].append(time.process_time() - before)

    known, unknown = (statistics.median(times) for times in spent.values())
    assert 0.5 < known / unknown < 2


def test_wrong_codes_end_alike_for_both(person: User) -> None:
    def tries(email: str) -> list[tuple[int, str]]:
        browser = Client()
        ask_for_code(browser, email)
        answers = [browser.post("/account/login/code/confirm/", {"code": "WRONG"}) for _ in range(3)]
        return [(answered.status_code, answered.get("Location", "")) for answered in answers]

    assert tries(person.email) == tries("nobody@example.org")


# ---------- Nobody comes in uninvited; nobody has a password ----------
def test_allauths_own_sign_up_is_closed(rf: RequestFactory) -> None:
    assert AccountAdapter().is_open_for_signup(rf.get("/")) is False


def test_an_uninvited_address_is_not_saved_either(rf: RequestFactory) -> None:
    form = Form()
    form.cleaned_data = {"email": "thief@example.org"}

    with pytest.raises(PermissionDenied):
        AccountAdapter().save_user(rf.post("/"), User(), form)

    assert not User.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["account_change_password", "account_set_password", "account_reset_password", "account_email", "mfa_trust"],
)
def test_there_are_no_pages_for_passwords_or_trusted_browsers(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_password_set_behind_our_back_opens_nothing(client: Client, person: User) -> None:
    person.set_password("correct horse battery staple")
    person.save()

    client.post("/account/login/", {"login": person.email, "password": "correct horse battery staple"})

    assert "_auth_user_id" not in client.session


# ---------- Proof of oneself ----------
def test_an_interrupted_post_is_not_kept_for_replay(browser: Client, person: User) -> None:
    give_app(person)
    give_recovery_codes(person)

    answered = browser.post("/account/second-factor/codes/renew/", {})

    assert answered["Location"].startswith("/account/prove/?next=")
    assert "account_reauthentication_state" not in browser.session


def test_whoever_has_a_factor_shows_it_before_changing_factors(browser: Client, person: User) -> None:
    give_app(person)

    for address in ("/account/second-factor/app/remove/", "/account/second-factor/passkeys/add/"):
        assert browser.get(address)["Location"].startswith("/account/prove/")


def test_a_passkey_is_removed_only_after_showing_a_factor(browser: Client, person: User) -> None:
    give_passkey(person)
    page = browser.get("/account/second-factor/").content.decode()
    address = page.split('href="/account/second-factor/passkeys/')[1].split('"')[0]

    answered = browser.post(f"/account/second-factor/passkeys/{address}")

    assert answered["Location"].startswith("/account/prove/")
    assert Authenticator.objects.count() == 1


def test_the_code_typed_at_set_up_is_used_up(browser: Client, person: User) -> None:
    browser.get("/account/second-factor/app/add/")
    secret = browser.session["mfa.totp.secret"]
    code = app_code(secret)
    browser.post("/account/second-factor/app/add/", {"code": code})

    thief = Client()
    sign_in(thief, person)
    thief.post("/account/login/second-step/", {"code": code})

    assert Authenticator.objects.filter(type="totp").exists()
    assert "_auth_user_id" not in thief.session


# ---------- What leaves the site ----------
def test_no_mail_names_network_address_or_browser(browser: Client, person: User) -> None:
    browser.get("/account/second-factor/app/add/")
    code = app_code(browser.session["mfa.totp.secret"])
    with_marks = {"REMOTE_ADDR": "203.0.113.7", "HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda act, **_: act())
        browser.post("/account/second-factor/app/add/", {"code": code}, **with_marks)

    letter = write(Delivery.objects.get())
    assert "An authenticator app was added to your account." in letter.text
    assert "203.0.113.7" not in letter.text + letter.html
    assert "Firefox" not in letter.text + letter.html


def test_no_key_of_the_database_reaches_a_passkey(browser: Client, person: User) -> None:
    page = browser.get("/account/second-factor/passkeys/add/")

    user = json.loads(page.context["options"])["publicKey"]["user"]

    assert websafe_decode(user["id"]).decode() == person.public_id


# ---------- Limits ----------
def test_one_person_may_ask_for_three_codes_a_minute(client: Client, person: User) -> None:
    for turn in range(4):
        ask_for_code(Client(REMOTE_ADDR=f"10.0.0.{turn}"), person.email)

    assert Delivery.objects.count() == 3


def test_a_room_full_of_people_signs_in_behind_one_address(db: None) -> None:
    people = [User.objects.create_user(f"member{n}@example.org", name="A", zone_confirmed=True) for n in range(50)]

    for person in people:
        browser = Client()
        ask_for_code(browser, person.email)
        browser.post("/account/login/code/confirm/", {"code": mailed_code(person.email)})
        assert browser.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(
    ("proxies", "header", "seen"), [(0, "6.6.6.6", "10.0.0.9"), (1, "6.6.6.6, 192.0.2.4", "192.0.2.4")]
)
def test_people_behind_a_proxy_are_told_apart(rf: RequestFactory, proxies: int, header: str, seen: str) -> None:
    request = rf.get("/", REMOTE_ADDR="10.0.0.9", headers={"x-forwarded-for": header})

    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=proxies):
        assert AccountAdapter().get_client_ip(request) == seen
