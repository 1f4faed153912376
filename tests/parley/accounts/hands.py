"""What a person's hands do at the keyboard: ask for a code, read the mail, type it, hold an authenticator."""

import json
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.test import Client

from parley.accounts.models import User
from parley.notifications.models import Delivery

from .soft_passkey import SoftPasskey

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOME = "/"


def ask_for_code(client: Client, email: str, **more: Any) -> Any:
    return client.post("/account/login/", {"login": email, **more})


def mailed_code(email: str) -> str:
    """The code of the last mail that waits in the outbox for this address."""
    return Delivery.objects.filter(to=email, kind="account:account_code").latest("pk").facts["code"]


def type_code(client: Client, code: str, **more: Any) -> Any:
    return client.post("/account/login/code/confirm/", {"code": code, **more})


def sign_in(client: Client, person: User) -> Any:
    """By the mailed code; ends at the second step for those who have one."""
    ask_for_code(client, person.email)
    return type_code(client, mailed_code(person.email))


def second_step(client: Client, code: str) -> Any:
    return client.post("/account/login/second-step/", {"code": code})


def give_app(person: User, secret: str = SECRET) -> str:
    TOTP.activate(person, secret)
    return secret


def app_code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes away."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def give_recovery_codes(person: User) -> list[str]:
    return RecoveryCodes.activate(person).generate_codes()


def give_passkey(person: User, **how: Any) -> SoftPasskey:
    passkey = SoftPasskey(**how)
    options = {"publicKey": {"challenge": "c2VlZA", "user": {"id": ""}}}
    WebAuthn.add(person, "Laptop", passkey.create(options))
    passkey.user_handle = person.public_id.encode()
    return passkey


def answer(passkey: SoftPasskey, options: dict[str, Any]) -> str:
    return json.dumps(passkey.get(options))


def has_passkeys(person: User) -> int:
    return Authenticator.objects.filter(user=person, type="webauthn").count()
