"""Celery's doors. Beat knocks at `tick` every ten seconds, a commit at `drain`; the work is in the database."""

from celery import shared_task

from . import due, outbox, pulse


@shared_task(name="notifications.drain")
def drain() -> None:
    outbox.drain()


@shared_task(name="notifications.tick")
def tick() -> None:
    # Before anything falls due: what must not end in an outage asks for those that have just ended.
    pulse.beat(pulse.WORKER)
    due.run_due()
    outbox.drain()
