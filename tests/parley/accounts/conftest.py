"""People for these tests, and a cache (rate limits, used codes) that each test finds empty."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from parley.accounts import invitations, requires_second_factor, welcome
from parley.accounts.models import User


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Upper layers' sentences about people are theirs to test."""
    built_in = {key: step for key, step in welcome._steps.items() if key in {"name", "zone", "second_factor"}}
    monkeypatch.setattr(requires_second_factor, "_rules", [])
    monkeypatch.setattr(invitations, "_kinds", [])
    monkeypatch.setattr(welcome, "_steps", built_in)


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user(
        "ani@example.org", name="Ani Petrosyan", time_zone="Asia/Yerevan", zone_confirmed=True
    )


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("leyla@example.org", name="Leyla Məmmədova", zone_confirmed=True)


@pytest.fixture
def browser(person: User) -> Client:
    """Where `person` is signed in by a mailed code."""
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client
