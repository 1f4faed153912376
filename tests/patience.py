"""SQLite in memory, which threads of a test share, refuses a locked table at once where a site's file waits: so wait.

https://www.sqlite.org/sharedcache.html: the busy timeout does not reach locks of tables in a shared cache.
"""

import time
from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

SECONDS, BETWEEN = 5.0, 0.005


def wait_for_tables() -> None:
    """Each connection that is opened from now on."""
    connection_created.connect(_have_patience, dispatch_uid=__name__)


def _have_patience(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "sqlite" and _once_free not in connection.execute_wrappers:
        connection.execute_wrappers.append(_once_free)


def _once_free(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    until = time.monotonic() + SECONDS
    while True:
        try:
            return execute(sql, params, many, context)
        except OperationalError as refusal:
            if "table is locked" not in str(refusal) or time.monotonic() > until:
                raise
            time.sleep(BETWEEN)
