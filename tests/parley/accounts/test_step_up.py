"""One proof, one act: this person, now, over exactly these words."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from parley.accounts.models import Proof, User
from parley.accounts.session_proof import SessionProofForm
from parley.accounts.stepup import ProofRefused, StepUpForm

from .hands import answer, app_code, ask_for_code, give_app, give_passkey, give_recovery_codes, mailed_code

pytestmark = pytest.mark.django_db

SIGN = "reports.sign"
TEXT = "a" * 64
OTHER_TEXT = "b" * 64

Posted = Callable[..., HttpRequest]


@pytest.fixture
def posted(rf: RequestFactory, browser: Client, person: User) -> Posted:
    """The caller's own form, sent from the browser where `person` is signed in."""

    def send(**typed: Any) -> HttpRequest:
        request = rf.post("/", {f"proof-{field}": value for field, value in typed.items()})
        request.user, request.session = person, browser.session
        return request

    return send


def challenge(browser: Client, purpose: str = SIGN, sha256: str = TEXT) -> dict[str, Any]:
    return browser.post("/account/step-up/", {"purpose": purpose, "sha256": sha256}).json()


def proof_of(person: User, **how: Any) -> Proof:
    facts = {"purpose": SIGN, "sha256": TEXT, "method": Proof.Method.TOTP, "evidence": "e" * 64}
    return Proof.objects.create(user=person, **(facts | how))


# ---------- Making a proof ----------
def test_an_authenticator_code_proves(posted: Posted, person: User) -> None:
    secret = give_app(person)

    proof = StepUpForm(posted(code=app_code(secret)), SIGN, TEXT).prove()

    assert (proof.user, proof.purpose, proof.sha256, proof.method) == (person, SIGN, TEXT, "totp")
    assert proof.spent_at is None


def test_a_passkey_proves(posted: Posted, browser: Client, person: User) -> None:
    passkey = give_passkey(person)
    given = answer(passkey, challenge(browser))

    proof = StepUpForm(posted(credential=given), SIGN, TEXT).prove()

    assert (proof.user, proof.sha256, proof.method) == (person, TEXT, "passkey")


def test_whoever_has_no_second_factor_proves_nothing(posted: Posted) -> None:
    form = StepUpForm(posted(code="123456"), SIGN, TEXT)

    assert not form.is_valid()
    assert "Set one up" in str(form)
    with pytest.raises(ProofRefused):
        form.prove()


def test_a_page_that_was_only_opened_proves_nothing(rf: RequestFactory, browser: Client, person: User) -> None:
    give_app(person)
    request = rf.get("/")
    request.user, request.session = person, browser.session

    with pytest.raises(ProofRefused):
        StepUpForm(request, SIGN, TEXT).prove()


def test_an_empty_form_says_what_to_do(posted: Posted, person: User) -> None:
    give_app(person)

    form = StepUpForm(posted(), SIGN, TEXT)

    assert not form.is_valid()
    assert form.non_field_errors() == ["Type the code of your authenticator app, or use your passkey."]


def test_a_mailed_code_is_no_proof(posted: Posted, client: Client, person: User) -> None:
    give_app(person)
    ask_for_code(client, person.email)

    assert not StepUpForm(posted(code=mailed_code(person.email)), SIGN, TEXT).is_valid()


def test_a_recovery_code_is_no_proof_and_is_not_used_up(posted: Posted, person: User) -> None:
    give_app(person)
    code = give_recovery_codes(person)[0]

    assert not StepUpForm(posted(code=code), SIGN, TEXT).is_valid()
    assert code in Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()


def test_a_sessions_proof_is_none_for_an_act(posted: Posted, person: User) -> None:
    form = SessionProofForm(posted(code=app_code(give_app(person))), recovery=False)

    assert form.is_valid()
    with pytest.raises(NotImplementedError):
        form.prove()
    assert not Proof.objects.exists()


def test_a_code_proves_once(posted: Posted, person: User) -> None:
    code = app_code(give_app(person))
    StepUpForm(posted(code=code), SIGN, TEXT).prove()

    assert not StepUpForm(posted(code=code), SIGN, OTHER_TEXT).is_valid()


def test_a_code_proves_once_even_if_the_cache_is_lost(posted: Posted, person: User) -> None:
    code = app_code(give_app(person))
    StepUpForm(posted(code=code), SIGN, TEXT).prove()
    cache.clear()

    with pytest.raises(ProofRefused):
        StepUpForm(posted(code=code), SIGN, TEXT).prove()


def test_the_code_that_signed_in_proves_nothing_more(posted: Posted, client: Client, person: User) -> None:
    code = app_code(give_app(person))
    ask_for_code(client, person.email)
    client.post("/account/login/code/confirm/", {"code": mailed_code(person.email)})
    client.post("/account/login/second-step/", {"code": code})

    assert client.session["_auth_user_id"] == str(person.pk)
    assert not StepUpForm(posted(code=code), SIGN, TEXT).is_valid()


def test_a_stale_code_proves_nothing(posted: Posted, person: User) -> None:
    secret = give_app(person)

    assert not StepUpForm(posted(code=app_code(secret, steps=-1)), SIGN, TEXT).is_valid()
    assert not StepUpForm(posted(code=app_code(secret, steps=1)), SIGN, TEXT).is_valid()


def test_guessing_is_stopped_after_five(posted: Posted, person: User) -> None:
    secret = give_app(person)
    for _guess in range(5):
        StepUpForm(posted(code="000000"), SIGN, TEXT).is_valid()

    form = StepUpForm(posted(code=app_code(secret)), SIGN, TEXT)

    assert not form.is_valid()
    assert form.non_field_errors() == ["Too many attempts. Wait five minutes, then try again."]


@pytest.mark.parametrize(("purpose", "sha256"), [("reports.sign", OTHER_TEXT), ("groups.turn_key", TEXT)])
def test_a_passkey_answers_for_this_act_and_text_alone(
    posted: Posted, browser: Client, person: User, purpose: str, sha256: str
) -> None:
    passkey = give_passkey(person)
    given = answer(passkey, challenge(browser, purpose, sha256))
    challenge(browser)

    assert not StepUpForm(posted(credential=given), SIGN, TEXT).is_valid()


def test_a_passkeys_answer_is_good_once(posted: Posted, browser: Client, person: User) -> None:
    passkey = give_passkey(person)
    given = answer(passkey, challenge(browser))
    request = posted(credential=given)
    StepUpForm(request, SIGN, TEXT).prove()

    assert not StepUpForm(request, SIGN, TEXT).is_valid()


def test_two_requests_with_one_answer_make_one_proof(posted: Posted, browser: Client, person: User) -> None:
    passkey = give_passkey(person)
    given = answer(passkey, challenge(browser))
    first, second = (StepUpForm(posted(credential=given), SIGN, TEXT) for _ in range(2))
    first.prove()

    with pytest.raises(ProofRefused):
        second.prove()


def test_a_passkeys_answer_is_too_late_after_two_minutes(posted: Posted, browser: Client, person: User) -> None:
    passkey = give_passkey(person)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        given = answer(passkey, challenge(browser))
        clock.shift(121)

        assert not StepUpForm(posted(credential=given), SIGN, TEXT).is_valid()


@pytest.mark.parametrize("how", [{"verifies": False}, {"origin": "http://evil.example"}, {"rp_id": "evil.example"}])
def test_a_passkey_must_verify_the_person_at_our_own_address(
    posted: Posted, browser: Client, person: User, how: dict[str, Any]
) -> None:
    passkey = give_passkey(person, **how)

    given = answer(passkey, challenge(browser))

    assert not StepUpForm(posted(credential=given), SIGN, TEXT).is_valid()


def test_somebody_elses_passkey_proves_nothing(posted: Posted, browser: Client, person: User, other: User) -> None:
    give_passkey(person)
    given = answer(give_passkey(other), challenge(browser))

    assert not StepUpForm(posted(credential=given), SIGN, TEXT).is_valid()


@pytest.mark.parametrize("credential", ["{}", "[]", "1", '"x"', "{", '{"id": "a", "response": {}}', '{"rawId": 5}'])
def test_whatever_else_a_browser_sends_is_refused_in_words(
    posted: Posted, browser: Client, person: User, credential: str
) -> None:
    give_passkey(person)
    challenge(browser)

    assert not StepUpForm(posted(credential=credential), SIGN, TEXT).is_valid()


@pytest.mark.parametrize(
    ("purpose", "sha256"), [("", TEXT), ("Sign!", TEXT), (SIGN, "abc"), (SIGN, "A" * 64), ("x" * 99, TEXT)]
)
def test_a_challenge_is_for_a_purpose_and_a_hash(browser: Client, person: User, purpose: str, sha256: str) -> None:
    give_passkey(person)

    assert browser.post("/account/step-up/", {"purpose": purpose, "sha256": sha256}).status_code == 400


def test_a_challenge_is_for_people_signed_in(client: Client, db: None) -> None:
    answered = client.post("/account/step-up/", {"purpose": SIGN, "sha256": TEXT})

    assert answered["Location"].startswith("/account/login/")


def test_a_session_keeps_five_challenges_at_most(browser: Client, person: User) -> None:
    give_passkey(person)

    for digit in "0123456789":
        challenge(browser, sha256=digit * 64)

    assert list(browser.session["step_up"]) == [f"{SIGN} {digit * 64}" for digit in "56789"]


def test_the_form_offers_what_the_person_has(posted: Posted, person: User) -> None:
    give_app(person)
    with_app = str(StepUpForm(posted(), SIGN, TEXT))
    give_passkey(person)
    with_both = str(StepUpForm(posted(), SIGN, TEXT))

    assert ('name="proof-code"' in with_app, "Use your passkey" in with_app) == (True, False)
    assert ('name="proof-code"' in with_both, "Use your passkey" in with_both) == (True, True)
    assert f'data-sha256="{TEXT}"' in with_both


def test_a_form_is_made_for_a_real_hash(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()

    with pytest.raises(ValueError, match="SHA-256"):
        StepUpForm(request, SIGN, "the whole text")


# ---------- Spending it ----------
def test_a_proof_is_spent_by_its_act(person: User) -> None:
    proof = proof_of(person)

    proof.spend(purpose=SIGN, sha256=TEXT, by=person)

    assert proof.spent_at is not None


def test_a_spent_proof_is_refused(person: User) -> None:
    proof = proof_of(person)
    proof.spend(purpose=SIGN, sha256=TEXT, by=person)

    with pytest.raises(ProofRefused):
        proof.spend(purpose=SIGN, sha256=TEXT, by=person)


@pytest.mark.parametrize("other_act", [{"sha256": OTHER_TEXT}, {"purpose": "reports.initial"}])
def test_a_proof_for_other_words_or_another_act_is_refused(person: User, other_act: dict[str, str]) -> None:
    proof = proof_of(person)

    with pytest.raises(ProofRefused):
        proof.spend(**({"purpose": SIGN, "sha256": TEXT} | other_act), by=person)
    assert Proof.objects.get().spent_at is None


def test_somebody_elses_proof_is_refused(person: User, other: User) -> None:
    proof = proof_of(person)

    with pytest.raises(ProofRefused):
        proof.spend(purpose=SIGN, sha256=TEXT, by=other)


@pytest.mark.parametrize(("age", "good"), [(119, True), (121, False)])
def test_a_proof_lasts_two_minutes(person: User, age: int, good: bool) -> None:
    proof = proof_of(person, at=timezone.now() - timezone.timedelta(seconds=age))

    if good:
        proof.spend(purpose=SIGN, sha256=TEXT, by=person)
    else:
        with pytest.raises(ProofRefused):
            proof.spend(purpose=SIGN, sha256=TEXT, by=person)


def test_an_act_that_fails_gives_the_proof_back(person: User) -> None:
    proof = proof_of(person)

    with pytest.raises(RuntimeError), transaction.atomic():
        proof.spend(purpose=SIGN, sha256=TEXT, by=person)
        raise RuntimeError("the act failed")

    assert Proof.objects.get().spent_at is None


def test_the_database_takes_one_proof_for_one_showing(person: User) -> None:
    proof_of(person)

    with pytest.raises(IntegrityError, match="evidence"):
        proof_of(person)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_acts_at_the_same_instant_one_has_the_proof(person: User) -> None:
    proof, start = proof_of(person), Barrier(2)

    def act(_turn: int) -> str:
        mine = Proof.objects.get(pk=proof.pk)
        try:
            with transaction.atomic():
                start.wait(timeout=10)
                mine.spend(purpose=SIGN, sha256=TEXT, by=person)
            return "done"
        except ProofRefused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        results = sorted(hands.map(act, range(2)))

    assert results == ["done", "refused"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_one_answer_sent_twice_at_once_makes_one_proof(posted: Posted, browser: Client, person: User) -> None:
    passkey = give_passkey(person)
    given = answer(passkey, challenge(browser))
    requests, start = [posted(credential=given) for _ in range(2)], Barrier(2)

    def prove(turn: int) -> str:
        try:
            form = StepUpForm(requests[turn], SIGN, TEXT)
            start.wait(timeout=10)
            form.prove()
            return "proof"
        except ProofRefused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        results = sorted(hands.map(prove, range(2)))

    assert results == ["proof", "refused"]
    assert json.loads(given)["type"] == "public-key"
    assert Proof.objects.count() == 1
