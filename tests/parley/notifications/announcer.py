"""Acts that people hear of, one after another, until it is killed: `python -m tests.parley.notifications.announcer 7`.

Begins with that number; says each number once its transaction is committed. Every third is rolled back: a mail of it
would be a phantom. While the database is away an act fails, and the next one is tried.
"""

import os
import sys
import time

import django

django.setup()

from django.db import Error, connection, transaction  # noqa: E402 (these need the app registry)

from parley.accounts.models import User  # noqa: E402

from .told import told  # noqa: E402

SECONDS_BETWEEN = float(os.environ.get("SECONDS_BETWEEN", "0.05"))


def main() -> None:
    number = int(sys.argv[1])
    while True:
        try:
            announce(number)
        except Error:
            connection.close()
            time.sleep(0.1)
        else:
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
        number += 1
        time.sleep(SECONDS_BETWEEN)


def announce(number: int) -> None:
    with transaction.atomic():
        told.announce(User.objects.get(email="subject@example.org"), facts={"said": str(number)}, key=str(number))
        transaction.set_rollback(number % 3 == 2)


if __name__ == "__main__":
    main()
