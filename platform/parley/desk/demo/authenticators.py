"""Second factors of the demo's people: real ones, whose codes the command line tells."""

import time

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from parley.accounts.models import User

PERIOD = 30


def give_authenticator(person: User) -> None:
    """Once; a person who set up another one keeps that."""
    if not Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(person, generate_totp_secret())


def code_of(person: User) -> str:
    """The six digits of this half minute (RFC 6238)."""
    held = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    secret = get_adapter().decrypt(held.data["secret"])
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD)))
