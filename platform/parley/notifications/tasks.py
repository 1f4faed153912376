"""Celery's doors. Beat knocks at `tick` every ten seconds, a commit at `drain`; the work is in the database."""

from celery import shared_task

from . import due, outbox
from .models import Heartbeat


@shared_task(name="notifications.drain")
def drain() -> None:
    outbox.drain()


@shared_task(name="notifications.tick")
def tick() -> None:
    Heartbeat.beat("worker")
    due.run_due()
    outbox.drain()
