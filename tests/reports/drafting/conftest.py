"""Hands of people in the drafting pages."""

from collections.abc import Callable

import pytest
from allauth.account.internal.flows import login
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from django.test import Client

from parley.accounts.models import User
from reports.fragments import kept

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _nothing_kept():
    kept.clear()
    yield
    kept.clear()


def browser_of(person: User, *, proved: bool = True) -> Client:
    """A signed-in browser; `proved`: this session has shown the person's second factor."""
    client = Client()
    client.force_login(person, BACKEND)
    if proved:
        Authenticator.objects.get_or_create(user=person, type=Authenticator.Type.TOTP, defaults={"data": {}})
        session = client.session
        session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": 0}]
        session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(person)
        session.save()
    return client


@pytest.fixture
def browser(db) -> Callable[..., Client]:
    return browser_of
