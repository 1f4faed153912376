"""Django's `flush`, which the triggers of the record would stop on SQLite (PostgreSQL truncates)."""

from typing import Any

from django.core.management.commands.flush import Command as Flush
from django.db import connections

from parley.audit import triggers


class Command(Flush):
    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "sqlite":
            return super().handle(**options)
        with triggers.down(connection):
            return super().handle(**options)
