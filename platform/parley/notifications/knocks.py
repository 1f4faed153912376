"""Waking the worker through Redis with a knock: one entry of a list, which the worker itself turns into a task.

To compose a task takes Celery longer than the rest of an act's wake-ups together: the web processes leave that to the
worker. At most one knock waits, since a drain sends whatever was committed before it. A knock may be lost, as any
wake-up may: beat finds the rows within ten seconds.
"""

import threading
from functools import cache
from typing import Any

import redis
import structlog
from celery import Celery, bootsteps
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

KNOCKS = "parley:knocks"
DRAIN, QUEUE = "notifications.drain", "celery"
EXPIRES_SECONDS = 60
ANSWER_SECONDS = 1
LISTEN_SECONDS = 2


def knock(request_id: str) -> None:
    """Never more than one waits. Raises RedisError."""
    with _server(settings.CELERY_BROKER_URL).pipeline(transaction=False) as pipeline:
        pipeline.lpush(KNOCKS, request_id)
        pipeline.ltrim(KNOCKS, 0, 0)
        pipeline.execute()


def ask_to_drain(app: Celery, request_id: str) -> None:
    app.send_task(DRAIN, retry=False, expires=EXPIRES_SECONDS, headers={"request_id": request_id})


@cache
def _server(url: str) -> "redis.Redis":
    # A connection that has grown old is opened anew at once; a server that is gone is waited for by nobody.
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=ANSWER_SECONDS,
        socket_timeout=ANSWER_SECONDS + LISTEN_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )


class Listener:
    """The worker's thread that hears knocks. It opens nothing to the database: the task does the work."""

    def __init__(self, app: Celery) -> None:
        self.app = app
        self.ended = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="knocks", daemon=True).start()

    def stop(self) -> None:
        self.ended.set()

    def _run(self) -> None:
        while not self.ended.is_set():
            try:
                self.hear()
            except Exception as failure:  # noqa: BLE001 (Redis is gone, in one of many ways)
                log.warning("knocks_unheard", reason=type(failure).__name__)
                self.ended.wait(1)

    def hear(self) -> None:
        """Wait for a knock for a while; pass it on."""
        heard: Any = _server(settings.CELERY_BROKER_URL).blpop([KNOCKS], timeout=LISTEN_SECONDS)
        if heard:
            ask_to_drain(self.app, heard[1])


class Listening(bootsteps.StartStopStep):
    """Celery's step (its guide, "Extensions and Bootsteps"): for workers of the queue that drains go to."""

    requires = ("celery.worker.components:Pool",)

    def include_if(self, parent: Any) -> bool:
        return not settings.EMBEDDED and QUEUE in parent.app.amqp.queues.consume_from

    def create(self, parent: Any) -> Listener:
        return Listener(parent.app)
