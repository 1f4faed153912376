"""Browsers in which somebody is signed in, with or without having shown an authenticator."""

from types import SimpleNamespace
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from parley.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
AUTHENTICATOR_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_authenticator(person: User) -> None:
    if not Authenticator.objects.filter(user=person).exists():
        TOTP.activate(person, AUTHENTICATOR_SECRET)


def signed_in(person: User, *, proved: bool = True, **how: Any) -> Client:
    """`proved`: this session has shown an authenticator code. `how` is for Django's test client."""
    browser = Client(**how)
    browser.force_login(person, BACKEND)
    if proved:
        give_authenticator(person)
        session = browser.session
        mark = SimpleNamespace(session=session)
        record_authentication(mark, person, "mfa", type="totp", reauthenticated=True)  # type: ignore[arg-type]
        session.save()
    return browser
