"""Fixtures that every test may ask for."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings

from tests import migrated, patience, services
from tests.emptying import empty_database
from tests.factories import World
from tests.factories.kept import world_again


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    migrated.begin_with_it(connection)
    patience.wait_for_tables()


# Files that take longest, first: begun last, they would leave the other process with nothing to do.
LONGEST = ("tests/test_access.py", "tests/test_canary.py", "tests/parley/house/", "tests/reports/publishing/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


# How long an example takes tells of the machine, and no test of ours is about that.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Before the test database is dropped, threads that still hold a connection (sockets, workers) lose it."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def _emptied_in_place_of_flushed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty_database())
        yield


@pytest.fixture
def made(db) -> World:
    """A small programme with somebody in every role and texts in every voice."""
    return world_again()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose service is missing is skipped with the reason, or fails where services are required."""
    reason = services.why_not(mark.name for mark in item.iter_markers())
    if reason:
        (pytest.fail if services.required() else pytest.skip)(reason)
