"""People, and the outbox of a site where nobody has written yet."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from parley.notifications import safe_mail

from .sink import Sink


def make_person(email: str, **fields: Any) -> Any:
    return get_user_model().objects.create_user(email, **fields)


@pytest.fixture
def subject(db: None) -> Any:
    return make_person("subject@example.org", name="Ani Petrosyan")


@pytest.fixture
def reader(db: None) -> Any:
    return make_person("reader@example.org", name="Leyla Məmmədova")


@pytest.fixture
def installer(db: None) -> Any:
    return make_person("installer@example.org", is_staff=True)


@pytest.fixture
def full_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A programme whose policy lets mails say what they are about."""
    monkeypatch.setattr(safe_mail, "_policies", [lambda subject, reader: True])


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink.running() as server:
        yield server


def page_of(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
