"""Waking others after the commit: the worker (mail waits), open pages (something changed).

The database keeps all work; a wake-up may be lost. So no request waits for Redis: one thread per process runs the
errands, and beat and the sockets' own sweep make good what was lost.
"""

import asyncio
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import structlog
from celery import current_app
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from .due import remind
from .knocks import ask_to_drain, knock
from .logs import current_request_id
from .topics import ALL_HUBS, group_of, group_of_person

log = structlog.get_logger(__name__)

Errand = Callable[[], None]
Message = dict[str, Any]
T = TypeVar("T")

# While Redis does not answer an errand takes a second or two; what is more than this is left to beat and the sweep.
MAX_ERRANDS = 1000
PUBLISH_SECONDS = 2
# The due row that asks a person's notices again whether they may be seen.
RECHECK = "notifications.recheck"


class Errands:
    """The thread that runs errands; started by the first one, and anew in a forked process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.pid = 0
        self.waiting: queue.Queue[Errand] = queue.Queue(MAX_ERRANDS)
        self.messages: deque[tuple[str, Message]] = deque(maxlen=MAX_ERRANDS)
        self.pokes: deque[str] = deque(maxlen=1)
        self.wake_up_waits = False

    def put(self, errand: Errand) -> bool:
        """Never waits and never fails; False when too many are waiting already."""
        self._start()
        try:
            self.waiting.put_nowait(errand)
        except queue.Full:
            log.warning("wake_up_dropped")
            return False
        return True

    def put_poke(self, request_id: str) -> None:
        """One poke wakes the worker for everything that was committed before it."""
        self.pokes.append(request_id)
        self._put_wake_up()

    def put_message(self, group: str, message: Message) -> None:
        self.messages.append((group, message))
        self._put_wake_up()

    def _put_wake_up(self) -> None:
        """What an act has to say to open pages and to the worker is one errand."""
        if not self.wake_up_waits:
            self.wake_up_waits = self.put(self._wake_up)

    def _wake_up(self) -> None:
        self.wake_up_waits = False
        pokes, messages = _taken(self.pokes), _taken(self.messages)
        try:
            if messages:
                publisher.send(messages)
        finally:
            for request_id in pokes:
                wake_worker(request_id)

    def _start(self) -> None:
        with self.lock:
            if self.pid != os.getpid():
                self.pid, self.wake_up_waits = os.getpid(), False
                self.waiting = queue.Queue(MAX_ERRANDS)
                threading.Thread(target=self._run, name="wake-ups", daemon=True).start()

    def _run(self) -> None:
        while True:
            errand = self.waiting.get()
            try:
                errand()
            except Exception as failure:  # noqa: BLE001 (Redis is gone, in one of many ways)
                log.warning("wake_up_lost", reason=type(failure).__name__)


def _taken(waiting: deque[T]) -> list[T]:
    """What waited until now: others go on adding meanwhile, and nobody else takes."""
    return [waiting.popleft() for _ in range(len(waiting))]


class Publisher:
    """Sends to the channel layer from the errands' thread.

    Where this process serves sockets, by their loop (the in-memory layer works in no other); else by one of its own.
    """

    def __init__(self) -> None:
        self.server_loop: asyncio.AbstractEventLoop | None = None
        self.own: asyncio.Runner | None = None

    def send(self, messages: list[tuple[str, Message]]) -> None:
        loop = self.server_loop
        if loop is not None and loop.is_running():
            asyncio.run_coroutine_threadsafe(self._send(messages), loop).result(PUBLISH_SECONDS + 1)
        elif not isinstance(get_channel_layer(), InMemoryChannelLayer):
            self.own = self.own or asyncio.Runner()
            self.own.run(self._send(messages))

    async def _send(self, messages: list[tuple[str, Message]]) -> None:
        layer = get_channel_layer()
        async with asyncio.timeout(PUBLISH_SECONDS):
            for group, message in messages:
                await layer.group_send(group, message)


_errands = Errands()
publisher = Publisher()


def wake_worker(request_id: str = "") -> None:
    """Ask the worker to drain the outbox now; raises when the broker is gone."""
    if settings.EMBEDDED:
        ask_to_drain(current_app, request_id)
    else:
        knock(request_id)


def send_on_commit(task: str, *args: Any) -> None:
    """On commit, have a worker run this task now. Its work must be a row too: without a broker nothing is sent."""

    def send() -> None:
        current_app.send_task(task, args=args, retry=False, headers={"request_id": request_id})

    request_id = current_request_id()
    transaction.on_commit(lambda: _errands.put(send))


def poke() -> None:
    """On commit, wake the worker. Without a broker nothing happens: beat finds the rows within ten seconds."""
    transaction.on_commit(partial(_errands.put_poke, current_request_id()))


def publish(groups: Iterable[str], message: Message) -> None:
    """On commit, send a message to these groups of the channel layer.

    To one of them by its own name; for several once to all hubs, which know who of them listens: twenty-five bells
    would be twenty-five errands to Redis.
    """
    named = list(groups)
    if named:
        group = named[0] if len(named) == 1 else ALL_HUBS
        transaction.on_commit(lambda: _errands.put_message(group, {**message, "groups": named}))


def ring(readers: Iterable[Any]) -> None:
    """On commit, have these people's open pages count their bell again."""
    publish([group_of_person(reader.public_id) for reader in readers], {"type": "bell.rang"})


def page_changed(*topics: str) -> None:
    """On commit, tell open pages that watch one of these topics that they have changed; what, they ask themselves."""
    publish(map(group_of, topics), {"type": "page.changed"})


def access_changed(user: Any) -> None:
    """Call it in the transaction that raises `access_epoch`: on commit that person's sockets ask again what they may,
    and notices about what they may no longer see leave the bell.
    """
    remind(RECHECK, user.public_id, at=timezone.now())
    publish([group_of_person(user.public_id)], {"type": "access.changed"})
    poke()
