"""A site whose processes are killed: `python -m tests.parley.notifications.worker`.

It reads one command a line and forks a process for each, so that a killed worker is replaced at once and not after
seconds of imports. It answers with the process's id (`drain`, `motor`) or with what the command said.
"""

import json
import os
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402 (these need the app registry)
from django.db import transaction  # noqa: E402

from parley.accounts.models import User  # noqa: E402
from parley.celery import app  # noqa: E402
from parley.notifications import outbox  # noqa: E402
from parley.notifications.embedded import Motor  # noqa: E402
from parley.notifications.models import Delivery  # noqa: E402

from .told import told  # noqa: E402

READERS = 10


def announce(events: int) -> None:
    """`events` acts that each ten people hear of; every third is rolled back: its mails would be phantoms."""
    people = [User.objects.create_user(f"reader{number}@example.org") for number in range(READERS)]
    for number in range(events):
        with transaction.atomic():
            told.announce(people[0], facts={"said": str(number)})
            transaction.set_rollback(number % 3 == 2)


def report() -> None:
    """The first characters of each row's key, which its Message-ID begins with, and its state, as JSON."""
    rows = Delivery.objects.values_list("key", "state")
    os.write(ANSWERS, json.dumps({key[:40]: state for key, state in rows}).encode() + b"\n")


def drain() -> None:
    while True:
        outbox.drain()
        time.sleep(0.1)


def motor() -> None:
    """The embedded way: worker and beat as threads of one process."""
    app.conf.beat_schedule = settings.CELERY_BEAT_SCHEDULE
    Motor(app).start()
    while True:
        time.sleep(1)


COMMANDS = {"announce": announce, "report": report, "drain": drain, "motor": motor}
WORKERS = {"drain", "motor"}
ANSWERS = sys.stdout.fileno()


def obey(command: str, *numbers: str) -> None:
    process = os.fork()
    if process == 0:
        COMMANDS[command](*map(int, numbers))
        os._exit(0)
    if command in WORKERS:
        os.write(ANSWERS, f"{process}\n".encode())
    elif os.waitpid(process, 0)[1]:
        sys.exit(f"{command} failed")
    elif command != "report":
        os.write(ANSWERS, b"done\n")


if __name__ == "__main__":
    outbox.LEASE = timedelta(seconds=settings.LEASE_SECONDS)
    for line in sys.stdin:
        obey(*line.split())
