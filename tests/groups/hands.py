"""People at the keyboard: signed in, with or without having shown a second factor."""

from html import unescape
from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils.html import strip_tags

from parley.accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_app(person: User) -> None:
    if not Authenticator.objects.filter(user=person).exists():
        TOTP.activate(person, SECRET)


def signed_in(person: User, *, proved: bool = True) -> Client:
    """A browser of this person; `proved`: it has shown an authenticator code."""
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    if proved:
        give_app(person)
        session = client.session
        record_authentication(SimpleNamespace(session=session), person, "mfa", type=Authenticator.Type.TOTP)
        session.save()
    return client


def words_of(answered) -> str:
    """What a page says, however its source is broken into lines."""
    return " ".join(unescape(strip_tags(answered.content.decode())).split())
