from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from parley.accounts.models import User
from parley.programmes.actions import let_start_programmes
from parley.programmes.models import Programme
from tests.factories import programme_of
from tests.groups.hands import signed_in


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def starter(db) -> User:
    """Somebody who may start programmes."""
    person = let_start_programmes(email="faye@example.org", name="Faye Facilitator", by=None)
    person.zone_confirmed = True
    person.save()
    return person


@pytest.fixture
def browser(starter: User) -> Client:
    return signed_in(starter)


@pytest.fixture
def programme(starter: User) -> Programme:
    return programme_of(starter)
