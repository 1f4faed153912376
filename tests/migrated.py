"""Tables that are made once and copied: ten seconds of a processor, which every process that tests would spend anew.

`make test` keeps an empty, migrated database of each kind while it runs, and names them to its pytest runs in the
environment. A pytest run by hand is told of none, and migrates its own.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tests import services

ROOT = Path(__file__).resolve().parents[1]
FILE, DATABASE = "TEST_MIGRATED_FILE", "TEST_MIGRATED_DATABASE"


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Both kinds, where PostgreSQL answers; what the environment of a run says of them. They go with the block."""
    with ExitStack() as kept:
        folder = kept.enter_context(tempfile.TemporaryDirectory(prefix="parley-migrated-"))
        named = {FILE: f"{folder}/migrated.sqlite3"}
        urls = [f"sqlite:///{named[FILE]}"]
        if server := services.postgresql_url():
            urls.append(kept.enter_context(services.empty_database(server)))
            named[DATABASE] = urls[-1].rpartition("/")[2]
        _migrate(urls, folder)
        yield named


def _migrate(urls: list[str], data: str) -> None:
    """All at once, each in a process of its own."""
    command = [sys.executable, "manage.py", "migrate", "-v0", "--settings", "parley.settings.test"]
    environment = os.environ | {"PARLEY_DATA": data}
    started = [subprocess.Popen(command, cwd=ROOT, env=environment | {"DATABASE_URL": url}) for url in urls]
    ended = [process.wait() for process in started]
    if any(ended):
        sys.exit("The migrations failed: nothing can be tested.")


def begin_with_it(connection: BaseDatabaseWrapper) -> None:
    """The test database that Django is about to make finds its tables there, and nothing left to migrate."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get(DATABASE)
    elif FILE in os.environ:
        connection_created.connect(_fill)


def _fill(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """The first connection to the database in memory; those that follow share it."""
    if connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
        connection_created.disconnect(_fill)
        with closing(sqlite3.connect(os.environ[FILE])) as migrated:
            migrated.backup(connection.connection)


def is_kept() -> bool:
    """Whether this pytest run was told of one of its kind, for the sites of their own that some tests start."""
    return (DATABASE if services.running_on_postgresql() else FILE) in os.environ
