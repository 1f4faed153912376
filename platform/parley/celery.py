"""Celery is the wake-up, never the store: what must happen is a row in the database (outbox, due rows)."""

import os
from typing import Any

import structlog
from celery import Celery
from celery.signals import before_task_publish, task_postrun, task_prerun

from parley.notifications.knocks import Listening

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings.dev")
app = Celery("parley")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(Listening)

TICK_SECONDS = 10.0
PRINT_SECONDS = 60.0
app.conf.beat_schedule = {
    # What is missed while no worker runs is not made up for: the next tick finds the same rows.
    "tick": {"task": "notifications.tick", "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS}},
    # A document whose printing was asked for while no worker ran.
    "print": {"task": "reports.render_waiting", "schedule": PRINT_SECONDS, "options": {"expires": PRINT_SECONDS}},
}
# Documents in print have workers of their own: they hold up neither mail nor reminders.
app.conf.task_routes = {"reports.render*": {"queue": "render"}}


@before_task_publish.connect
def send_request_id(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """A task belongs to the request that asked for it; its log lines carry the same id."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    if headers is not None and request_id:
        headers.setdefault("request_id", request_id)


@task_prerun.connect
def take_request_id(task: Any = None, **kwargs: Any) -> None:
    structlog.contextvars.clear_contextvars()
    request_id = getattr(task.request, "request_id", None) or (task.request.headers or {}).get("request_id")
    structlog.contextvars.bind_contextvars(task=task.name, request_id=request_id or task.request.id)


@task_postrun.connect
def drop_request_id(**kwargs: Any) -> None:
    structlog.contextvars.clear_contextvars()
