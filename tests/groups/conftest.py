from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories import World
from tests.factories.kept import world_again

from .hands import signed_in


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def seated(db) -> World:
    """Somebody in every role, without texts."""
    return world_again(texts=False)


@pytest.fixture
def as_(request) -> Callable[..., Client]:
    """`as_("co_chair_a")`: that person's browser, which has shown a second factor (unless `proved=False`)."""

    def browser(role: str, *, proved: bool = True) -> Client:
        here = "seated" if "seated" in request.fixturenames else "made"
        return signed_in(request.getfixturevalue(here).people[role], proved=proved)

    return browser
