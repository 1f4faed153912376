"""Waking the worker and the pages after a commit: never waits, never fails."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from celery import Celery
from django.db import transaction

from parley.notifications import knocks, page_changed, wake
from parley.notifications.models import Delivery
from tests import services

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
def broker(request: pytest.FixtureRequest, silent_port: int, errands: wake.Errands, settings: Any) -> None:
    """A Redis that is gone, or one that is silent."""
    settings.EMBEDDED = False
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent_port if request.param == 'silent' else 1}/0"


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


@pytest.fixture
def knocked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> "redis.Redis":
    """A Redis in which nobody has knocked, as production has it for its broker; other processes of tests knock, too."""
    monkeypatch.setattr(knocks, "KNOCKS", f"{knocks.KNOCKS}:{os.getpid()}")
    settings.EMBEDDED, settings.CELERY_BROKER_URL = False, services.redis_url()
    client = redis.Redis.from_url(settings.CELERY_BROKER_URL, decode_responses=True)
    client.delete(knocks.KNOCKS)
    return client


@pytest.mark.redis
def test_in_production_a_commit_knocks_and_of_many_knocks_one_waits(
    subject: Any, reader: Any, errands: wake.Errands, knocked: "redis.Redis"
) -> None:
    for _ in range(3):
        with transaction.atomic():
            told.announce(subject)
        finish(errands)

    assert len(knocked.lrange(knocks.KNOCKS, 0, -1)) == 1


@pytest.mark.redis
def test_the_worker_turns_a_knock_into_one_drain(knocked: "redis.Redis") -> None:
    app = Celery(broker="memory://", set_as_current=False)
    with app.connection_for_read() as connection:
        # All of a process share the broker in memory.
        connection.default_channel.queue_declare(knocks.QUEUE)
        connection.default_channel.queue_purge(knocks.QUEUE)
        knocks.knock("request-1")
        knocks.knock("request-2")

        knocks.Listener(app).hear()
        asked = [connection.default_channel.basic_get(knocks.QUEUE, no_ack=True) for _ in range(2)]

    told_of = [(drain.headers["task"], drain.headers["request_id"]) for drain in asked if drain]
    assert told_of == [(knocks.DRAIN, "request-2")]
    assert not knocked.exists(knocks.KNOCKS)


@pytest.mark.parametrize(
    ("queues", "embedded", "listens"),
    [
        (["celery"], False, True),
        (["celery", "render"], False, True),
        (["render"], False, False),
        (["celery"], True, False),
    ],
)
def test_only_workers_that_drain_listen_and_none_where_there_is_no_redis(
    queues: list[str], embedded: bool, listens: bool, settings: Any
) -> None:
    settings.EMBEDDED = embedded
    app = Celery(broker="memory://", set_as_current=False)
    app.amqp.queues.select(queues)

    assert knocks.Listening.include_if(SimpleNamespace(), SimpleNamespace(app=app)) is listens


def test_what_one_act_tells_open_pages_goes_in_one_errand(errands: wake.Errands, monkeypatch: Any) -> None:
    sent: list[list[tuple[str, Any]]] = []
    monkeypatch.setattr(wake.publisher, "send", sent.append)
    may_go = threading.Event()
    errands.put(may_go.wait)

    with transaction.atomic():
        page_changed("document:abc")
        wake.ring([SimpleNamespace(public_id=name) for name in ("ani", "leyla")])
    may_go.set()
    finish(errands)

    assert sent == [
        [
            ("topic.document.abc", {"type": "page.changed", "groups": ["topic.document.abc"]}),
            ("hubs", {"type": "bell.rang", "groups": ["user.ani", "user.leyla"]}),
        ]
    ]


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
