"""Waking the worker and the pages after a commit: never waits, never fails."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from django.db import transaction

from parley.notifications import page_changed, wake
from parley.notifications.models import Delivery

from .told import told

pytestmark = pytest.mark.django_db(transaction=True)
NOTHING_TO_WAIT_FOR = 0.05


@pytest.fixture
def errands(monkeypatch: pytest.MonkeyPatch) -> wake.Errands:
    fresh = wake.Errands()
    monkeypatch.setattr(wake, "_errands", fresh)
    return fresh


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A Redis that takes the connection and then says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def broker(request: pytest.FixtureRequest, silent_port: int, errands: wake.Errands, monkeypatch: Any) -> None:
    """A Redis that is gone, or one that is silent."""
    elsewhere = Celery(broker=f"redis://127.0.0.1:{silent_port if request.param == 'silent' else 1}/0")
    elsewhere.conf.broker_transport_options = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 1}
    monkeypatch.setattr(wake, "current_app", elsewhere)


@pytest.mark.parametrize("broker", ["gone", "silent"], indirect=True)
def test_without_redis_a_commit_costs_nothing_and_fails_nothing(subject: Any, reader: Any, broker: None) -> None:
    spent = []
    for _ in range(5):
        with transaction.atomic():
            told.announce(subject)
            page_changed("document:abc")
            begun = time.monotonic()
        spent.append(time.monotonic() - begun)

    assert max(spent) < NOTHING_TO_WAIT_FOR
    assert Delivery.objects.count() == 5


def test_many_commits_wake_the_worker_once(subject: Any, reader: Any, errands: wake.Errands, monkeypatch: Any) -> None:
    woken, may_go = [], threading.Event()
    monkeypatch.setattr(wake, "wake_worker", woken.append)
    errands.put(may_go.wait)

    for _ in range(10):
        with transaction.atomic():
            told.announce(subject)
    may_go.set()
    finish(errands)

    assert len(woken) == 1


def test_a_commit_after_the_poke_wakes_the_worker_again(
    subject: Any, reader: Any, errands: wake.Errands, monkeypatch: Any
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(wake, "wake_worker", woken.append)

    for _ in range(2):
        with transaction.atomic():
            told.announce(subject)
        finish(errands)

    assert len(woken) == 2


def test_what_is_rolled_back_wakes_nobody(subject: Any, reader: Any, errands: wake.Errands, monkeypatch: Any) -> None:
    woken: list[str] = []
    monkeypatch.setattr(wake, "wake_worker", woken.append)

    with pytest.raises(RuntimeError), transaction.atomic():
        told.announce(subject)
        raise RuntimeError
    finish(errands)

    assert woken == []


def test_an_errand_that_fails_stops_no_other(errands: wake.Errands) -> None:
    done = threading.Event()

    def fail() -> None:
        raise ConnectionError

    errands.put(fail)
    errands.put(done.set)

    assert done.wait(5)


def test_too_many_errands_are_dropped_and_nobody_waits(errands: wake.Errands, monkeypatch: Any) -> None:
    may_go = threading.Event()
    errands.put(may_go.wait)
    begun = time.monotonic()

    taken = [errands.put(int) for _ in range(wake.MAX_ERRANDS + 2)]

    assert (taken[0], taken[-1]) == (True, False)
    assert time.monotonic() - begun < 1
    may_go.set()


def finish(errands: wake.Errands) -> None:
    """Until the errands so far are done."""
    done = threading.Event()
    errands.put(done.set)
    assert done.wait(5)
