"""Worker and beat inside the server process, for the way of running without other services.

They are Celery's own, on the broker in memory, and run the same tasks from the same outbox. Started by the server
(its lifespan), never by a command or a test that merely imports the site.
"""

import threading
from typing import Any

import structlog
from celery import Celery
from celery.beat import EmbeddedService
from celery.worker import WorkController, state

log = structlog.get_logger(__name__)

# In production each has workers of its own.
QUEUES = "celery,render"
POLL_SECONDS = 0.2
STOP_SECONDS = 10


class Motor:
    """Two threads: one that does the tasks, one that knocks every ten seconds."""

    def __init__(self, app: Celery) -> None:
        self.app = app
        self.thread: threading.Thread | None = None
        self.worker: WorkController | None = None
        self.beat: Any = None

    def start(self) -> None:
        if self.thread is not None:
            return
        self._settle_in()
        self.worker = WorkController(
            app=self.app,
            hostname="embedded@localhost",
            # Documents in print hold up neither the mail nor the reminders.
            queues=QUEUES,
            pool="threads",
            concurrency=3,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self.thread = threading.Thread(target=self.worker.start, name="worker", daemon=True)
        self.beat = EmbeddedService(self.app, thread=True, scheduler_cls="celery.beat:Scheduler")
        self.thread.start()
        self.beat.start()
        log.info("motor_started")

    def _settle_in(self) -> None:
        options = {**self.app.conf.broker_transport_options, "polling_interval": POLL_SECONDS}
        self.app.conf.update(broker_transport_options=options, worker_enable_remote_control=False)
        self.app.finalize()
        self.app.set_default()

    def stop(self) -> None:
        """Lets a task in hand finish; what it leaves undone waits in the database."""
        if self.thread is None:
            return
        self.beat.service.stop()
        state.should_stop = 0
        self.thread.join(STOP_SECONDS)
        self.beat.join(STOP_SECONDS)
        state.should_stop = None
        self.thread = None
