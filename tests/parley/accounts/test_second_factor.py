"""Setting up a second factor, needing one, losing one."""

import json
from hashlib import sha256

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from parley.accounts import requires_second_factor, second_factor
from parley.accounts.actions import forget_second_factor
from parley.accounts.middleware import SecondFactorRequired
from parley.accounts.models import User
from parley.audit import entries
from parley.notifications.models import Delivery

from .hands import answer, app_code, give_app, give_passkey, give_recovery_codes, second_step, sign_in
from .soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db


@second_factor.second_factor_needed
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def opened(rf: RequestFactory, browser: Client, person: User, method: str = "get", **more: str) -> HttpResponse:
    request = getattr(rf, method)("/documents/abc/?page=2", headers=more)
    request.user, request.session = person, browser.session
    answered = guarded(request)
    request.session.save()
    return answered


def proved(browser: Client, person: User) -> Client:
    """The same browser after it has shown the app's code."""
    browser.post("/account/prove/", {"proof-code": app_code(give_app(person))})
    return browser


def shown(client: Client, passkey: SoftPasskey) -> None:
    """Signed in with the passkey, and proved with it once more."""
    options = client.get("/account/login/passkey/", headers={"accept": "application/json"}).json()["request_options"]
    client.post("/account/login/passkey/", {"credential": answer(passkey, options)})
    of_this_session = sha256(client.session.session_key.encode()).hexdigest()
    asked = client.post("/account/step-up/", {"purpose": "accounts.session", "sha256": of_this_session}).json()
    client.post("/account/prove/", {"proof-credential": answer(passkey, asked)})


# ---------- Set-up ----------
def test_the_app_is_set_up_with_its_first_code(browser: Client, person: User) -> None:
    browser.get("/account/second-factor/app/add/")

    browser.post("/account/second-factor/app/add/", {"code": app_code(browser.session["mfa.totp.secret"])})

    assert second_factor.methods_of(person) == ["totp"]


def test_a_wrong_first_code_sets_nothing_up(browser: Client, person: User) -> None:
    browser.get("/account/second-factor/app/add/")

    browser.post("/account/second-factor/app/add/", {"code": "000000"})

    assert not second_factor.has_one(person)


def test_a_passkey_is_set_up_and_signs_in(browser: Client, client: Client, person: User) -> None:
    passkey = SoftPasskey()
    page = browser.get("/account/second-factor/passkeys/add/")
    made = passkey.create(json.loads(page.context["options"]))
    browser.post("/account/second-factor/passkeys/add/", {"name": "Telephone", "credential": json.dumps(made)})

    options = client.get("/account/login/passkey/", headers={"accept": "application/json"}).json()["request_options"]
    client.post("/account/login/passkey/", {"credential": answer(passkey, options)})

    assert [key.name for key in second_factor.passkeys_of(person)] == ["Telephone"]
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_passkey_must_verify_the_person(browser: Client, person: User) -> None:
    page = browser.get("/account/second-factor/passkeys/add/")
    made = SoftPasskey(verifies=False).create(json.loads(page.context["options"]))

    browser.post("/account/second-factor/passkeys/add/", {"name": "Old key", "credential": json.dumps(made)})

    assert not second_factor.has_one(person)


@pytest.mark.parametrize("credential", ["", "{}", "[]", "1", '{"response": {}}', '{"rawId": "a", "response": 1}'])
def test_a_malformed_passkey_is_refused_in_words(browser: Client, person: User, credential: str) -> None:
    browser.get("/account/second-factor/passkeys/add/")

    answered = browser.post("/account/second-factor/passkeys/add/", {"name": "A", "credential": credential})

    assert (answered.status_code, second_factor.has_one(person)) == (200, False)


def test_nothing_else_that_a_browser_sends_is_stored(browser: Client, person: User) -> None:
    page = browser.get("/account/second-factor/passkeys/add/")
    made = SoftPasskey().create(json.loads(page.context["options"])) | {"junk": "\x00" * 10}

    browser.post("/account/second-factor/passkeys/add/", {"name": "A", "credential": json.dumps(made)})

    assert "junk" not in json.dumps(Authenticator.objects.get(type="webauthn").data)


def test_recovery_codes_come_with_the_first_factor_and_are_shown_once(browser: Client, person: User) -> None:
    browser.get("/account/second-factor/app/add/")
    code = app_code(browser.session["mfa.totp.secret"])

    answered = browser.post("/account/second-factor/app/add/", {"code": code})
    first, second = (browser.get("/account/second-factor/codes/").content.decode() for _ in range(2))

    codes = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()
    assert answered["Location"] == "/account/second-factor/codes/"
    assert (codes[0] in first, codes[0] in second) == (True, False)


# ---------- A session that showed one ----------
def test_set_up_counts_as_shown(browser: Client, rf: RequestFactory, person: User) -> None:
    browser.get("/account/second-factor/app/add/")
    browser.post("/account/second-factor/app/add/", {"code": app_code(browser.session["mfa.totp.secret"])})

    assert opened(rf, browser, person).content == b"done"


def test_the_second_step_of_sign_in_counts(client: Client, rf: RequestFactory, person: User) -> None:
    secret = give_app(person)
    sign_in(client, person)
    second_step(client, app_code(secret))

    assert opened(rf, client, person).content == b"done"


def test_a_mailed_code_does_not_count(client: Client, rf: RequestFactory, person: User) -> None:
    sign_in(client, person)
    give_app(person)

    assert opened(rf, client, person)["Location"] == "/account/prove/?next=%2Fdocuments%2Fabc%2F%3Fpage%3D2"


def test_after_the_proof_the_page_comes_again_as_a_get(browser: Client, rf: RequestFactory, person: User) -> None:
    secret = give_app(person)
    asked = opened(rf, browser, person, "post", referer="http://testserver/documents/abc/?page=2")

    answered = browser.post(asked["Location"], {"proof-code": app_code(secret)})

    assert (answered.status_code, answered["Location"]) == (302, "/documents/abc/?page=2")
    assert opened(rf, browser, person).content == b"done"


def test_a_foreign_referer_leads_home(browser: Client, rf: RequestFactory, person: User) -> None:
    give_app(person)

    asked = opened(rf, browser, person, "post", referer="https://evil.example/documents/")

    assert asked["Location"] == "/account/prove/?next=%2F"


def test_the_proof_page_leads_to_no_other_site(browser: Client, person: User) -> None:
    secret = give_app(person)

    answered = browser.post("/account/prove/?next=https://evil.example/", {"proof-code": app_code(secret)})

    assert answered["Location"] == "/"


def test_a_recovery_code_opens_the_pages_of_second_factors_and_no_act(
    browser: Client, rf: RequestFactory, person: User
) -> None:
    give_app(person)
    code = give_recovery_codes(person)[0]
    asked = browser.get("/account/second-factor/passkeys/add/")

    browser.post(asked["Location"], {"proof-code": code, "recovery": "yes"})

    assert browser.get("/account/second-factor/passkeys/add/").status_code == 200
    assert opened(rf, browser, person)["Location"].startswith("/account/prove/")


def test_where_an_act_waits_a_recovery_code_is_refused(browser: Client, rf: RequestFactory, person: User) -> None:
    give_app(person)
    code = give_recovery_codes(person)[0]

    answered = browser.post("/account/prove/", {"proof-code": code})

    assert answered.status_code == 200
    assert code in Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()


def test_a_recovery_code_at_sign_in_opens_no_act(client: Client, rf: RequestFactory, person: User) -> None:
    give_app(person)
    sign_in(client, person)
    second_step(client, give_recovery_codes(person)[0])

    assert client.get("/account/settings/").status_code == 200
    assert opened(rf, client, person)["Location"].startswith("/account/prove/")


def test_without_a_factor_one_is_led_to_set_up_and_back(browser: Client, rf: RequestFactory, person: User) -> None:
    asked = opened(rf, browser, person)
    browser.get("/account/second-factor/app/add/")
    browser.post("/account/second-factor/app/add/", {"code": app_code(browser.session["mfa.totp.secret"])})

    answered = browser.post("/account/second-factor/go-on/")

    assert asked["Location"] == "/account/second-factor/"
    assert answered["Location"] == "/documents/abc/?page=2"


# ---------- Those who must have one ----------
@pytest.fixture
def _required(person: User) -> None:
    requires_second_factor.register(lambda somebody: somebody == person)


@pytest.mark.usefixtures("_required")
@pytest.mark.parametrize("address", ["/account/settings/", "/updates/", "/account/settings/my-data/"])
def test_those_who_must_have_one_see_the_set_up_pages_only(browser: Client, address: str) -> None:
    assert browser.get(address)["Location"] == "/account/second-factor/"
    assert browser.post(address)["Location"] == "/account/second-factor/"


@pytest.mark.usefixtures("_required")
@pytest.mark.parametrize(
    "address",
    [
        "/account/second-factor/",
        "/account/second-factor/app/add/",
        "/account/second-factor/passkeys/add/",
        "/account/leave/",
    ],
)
def test_they_can_set_one_up_and_get_away(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 200


@pytest.mark.usefixtures("_required")
def test_with_one_everything_opens(browser: Client, person: User) -> None:
    before = browser.get("/account/settings/").status_code
    proved(browser, person)

    assert (before, browser.get("/account/settings/").status_code) == (302, 200)


@pytest.mark.usefixtures("_required")
def test_htmx_is_sent_to_a_whole_page(browser: Client) -> None:
    answered = browser.get("/account/settings/", headers={"hx-request": "true"})

    assert answered.headers["HX-Redirect"] == "/account/second-factor/"


def test_a_role_that_begins_asks_at_once(browser: Client, person: User) -> None:
    before = browser.get("/account/settings/").status_code
    requires_second_factor.register(lambda somebody: True)
    User.objects.filter(pk=person.pk).update(access_epoch=1)

    assert (before, browser.get("/account/settings/").status_code) == (200, 302)


def test_others_are_not_asked_at_every_page(browser: Client, person: User) -> None:
    asked = []
    requires_second_factor.register(lambda somebody: bool(asked.append(somebody)))

    for _page in range(3):
        browser.get("/account/settings/")

    assert asked == [person]


def test_people_not_signed_in_are_left_alone(rf: RequestFactory) -> None:
    request = rf.get("/account/login/")
    request.user = AnonymousUser()
    request.resolver_match = type("Match", (), {"url_name": "account_login"})()

    assert SecondFactorRequired(lambda _: HttpResponse()).process_view(request, guarded, (), {}) is None


# ---------- Removing, losing ----------
@pytest.mark.usefixtures("_required")
def test_the_only_factor_of_those_who_must_have_one_stays(browser: Client, person: User) -> None:
    proved(browser, person)

    browser.post("/account/second-factor/app/remove/")

    assert second_factor.methods_of(person) == ["totp"]


@pytest.mark.usefixtures("_required")
def test_the_only_passkey_of_those_who_must_have_one_stays(client: Client, person: User) -> None:
    shown(client, give_passkey(person))
    handle = second_factor.passkeys_of(person)[0].handle

    answered = client.post(f"/account/second-factor/passkeys/{handle}/remove/")

    assert (answered.status_code, second_factor.methods_of(person)) == (409, ["webauthn"])


def test_the_last_factor_takes_the_recovery_codes_along(client: Client, person: User) -> None:
    give_recovery_codes(person)
    shown(client, give_passkey(person))

    client.post(f"/account/second-factor/passkeys/{second_factor.passkeys_of(person)[0].handle}/remove/")

    assert not Authenticator.objects.exists()
    assert Delivery.objects.latest("pk").facts["change"] == "passkey_removed"
    assert [entry.kind for entry in entries("site")] == ["accounts.second_factor_removed"]


def test_nobody_sees_or_removes_another_persons_passkey(browser: Client, person: User, other: User) -> None:
    give_passkey(other)
    proved(browser, person)
    handle = second_factor.passkeys_of(other)[0].handle

    assert browser.get(f"/account/second-factor/passkeys/{handle}/remove/").status_code == 404
    assert second_factor.methods_of(other) == ["webauthn"]


def test_a_lost_factor_is_forgotten_and_the_person_signed_out(browser: Client, person: User, other: User) -> None:
    proved(browser, person)
    give_passkey(person)
    give_recovery_codes(person)

    forget_second_factor(person, by=other)

    assert not Authenticator.objects.filter(user=person).exists()
    assert browser.get("/account/settings/").status_code == 302
    assert Delivery.objects.latest("pk").facts["change"] == "second_factor_reset"
    assert [entry.kind for entry in entries("site")] == ["accounts.second_factor_reset"]
