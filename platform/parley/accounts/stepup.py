"""Proving oneself for one act: this person, now, over exactly these words (their SHA-256), once.

allauth's own re-authentication is no help here: it lets people without a factor through, replays an interrupted POST
without showing the text again, and is good for any act for five minutes.
"""

import hashlib
import re
import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter as get_second_factor_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import get_authenticator_by_credential_id, get_credentials
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from fido2.server import Fido2Server
from fido2.webauthn import AuthenticationResponse, PublicKeyCredentialRpEntity, UserVerificationRequirement

from .models import Proof, ProofRefused, User
from .requests import PersonsRequest
from .second_factor import PASSKEY, TOTP, methods_of

__all__ = ["Proof", "ProofRefused", "StepUpForm", "begin_passkey"]

CHALLENGES = "step_up"
KEPT = 5
PURPOSE = re.compile(r"[a-z][a-z0-9_.]{0,79}")
SHA256 = re.compile(r"[0-9a-f]{64}")

WRONG_CODE = _("This code is not right, or it was used already. Wait for the next one and type it.")
WRONG_PASSKEY = _("This passkey did not answer for this act. Press the button and try again.")
NOTHING = _("Type the code of your authenticator app, or use your passkey.")
NO_FACTOR = _("You have no second factor yet. Set one up first, then come back to this page.")


class StepUpForm(forms.Form):
    """The code field and the passkey button, rendered inside the caller's own form, beside the text itself.

    `is_valid()` looks at the proof and uses the code up: ask it after the caller's own form is valid. `prove()` then
    gives the `Proof`, which the act spends in its own transaction.
    """

    prefix = "proof"
    wrong_code = WRONG_CODE
    code = forms.CharField(
        label=_("Code of your authenticator app"),
        max_length=20,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", "size": 8}
        ),
    )
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: PersonsRequest, purpose: str, sha256: str) -> None:
        if not PURPOSE.fullmatch(purpose) or not SHA256.fullmatch(sha256):
            raise ValueError("A proof is for a purpose (a.word) over a SHA-256 (64 hex digits).")
        super().__init__(request.POST if request.method == "POST" else None)
        self.request, self.purpose, self.sha256 = request, purpose, sha256
        self.person = request.user
        self.methods = methods_of(self.person)
        self.method = Proof.Method.TOTP
        self.evidence = ""

    def clean(self) -> dict[str, Any]:
        if not self.methods:
            raise ValidationError(NO_FACTOR, code="no_factor")
        cleaned = super().clean() or {}
        if not (cleaned.get("credential") or cleaned.get("code")):
            raise ValidationError(NOTHING, code="nothing")
        self._within_limits()
        if cleaned.get("credential"):
            self._look_at_passkey(cleaned["credential"])
        else:
            self._look_at_code(cleaned["code"])
        ratelimit.clear(self.request, action="login_failed", key=self._limit_key)
        return cleaned

    def prove(self) -> Proof:
        """The proof of a valid form; raise `ProofRefused` if the same code or answer made one already."""
        if not self.is_valid():
            raise ProofRefused(self.purpose)
        try:
            with transaction.atomic():
                return Proof.objects.create(
                    user=self.person,
                    purpose=self.purpose,
                    sha256=self.sha256,
                    method=self.method,
                    evidence=self.evidence,
                )
        except IntegrityError as shown_before:
            raise ProofRefused(self.purpose) from shown_before

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return render_to_string("accounts/step_up.html", {"step_up": self}, self.request)

    __str__ = __html__ = render

    @property
    def takes_code(self) -> bool:
        return TOTP in self.methods

    @property
    def takes_passkey(self) -> bool:
        return PASSKEY in self.methods

    @property
    def _limit_key(self) -> str:
        return f"mfa-auth-user-{self.person.pk}"  # the bucket of sign-in too: guesses add up wherever they are made

    def _within_limits(self) -> None:
        if not ratelimit.consume(self.request, action="login_failed", key=self._limit_key):
            raise get_adapter().validation_error("too_many_login_attempts")

    def _look_at_code(self, code: str) -> None:
        app = Authenticator.objects.filter(user=self.person, type=TOTP).first()
        if app is None or not app.wrap().validate_code(code):
            raise ValidationError(self.wrong_code, code="wrong")
        app.record_usage()
        # The cache marks the code as used; the database too, should the cache be lost within the half minute.
        digits = re.sub(r"\D", "", code)
        self.method, self.evidence = Proof.Method.TOTP, _digest("totp", app.pk, digits, timezone.now().date())

    def _look_at_passkey(self, credential: Any) -> None:
        state = _take_challenge(self.request, self.purpose, self.sha256)
        passkey = _answered(self.person, state, credential) if state else None
        if state is None or passkey is None:
            raise ValidationError(WRONG_PASSKEY, code="wrong")
        passkey.record_usage()
        self.method, self.evidence = Proof.Method.PASSKEY, _digest("passkey", state["challenge"])


def begin_passkey(request: PersonsRequest, purpose: str, sha256: str) -> dict[str, Any]:
    """A challenge for `navigator.credentials.get`, kept in the session for this purpose and hash alone."""
    if not PURPOSE.fullmatch(purpose) or not SHA256.fullmatch(sha256):
        raise ValidationError(WRONG_PASSKEY, code="malformed")
    options, state = _server().authenticate_begin(
        get_credentials(request.user),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    kept = dict(list(request.session.get(CHALLENGES, {}).items())[1 - KEPT :])
    kept[f"{purpose} {sha256}"] = {"state": state, "at": time.time()}
    request.session[CHALLENGES] = kept
    return dict(options)


def _take_challenge(request: HttpRequest, purpose: str, sha256: str) -> dict[str, Any] | None:
    """The state kept for this purpose and hash, once, and only while it is fresh."""
    kept = request.session.get(CHALLENGES, {})
    found = kept.pop(f"{purpose} {sha256}", None)
    request.session[CHALLENGES] = kept
    if found is None or time.time() - found["at"] > settings.PROOF_SECONDS:
        return None
    return found["state"]


def _answered(person: User, state: dict[str, Any], credential: Any) -> Authenticator | None:
    try:
        answer = AuthenticationResponse.from_dict(credential)
        shown = _server().authenticate_complete(state, get_credentials(person), answer)
    except (ValueError, TypeError, KeyError, AttributeError):  # whatever a browser, or an attacker, may send
        return None
    return get_authenticator_by_credential_id(person, shown.credential_id)


def _server() -> Fido2Server:
    entity = get_second_factor_adapter().get_public_key_credential_rp_entity()
    own_origin = settings.PARLEY_URL
    return Fido2Server(PublicKeyCredentialRpEntity(**entity), verify_origin=lambda origin: origin == own_origin)


def _digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
