"""The index follows the texts by triggers: no act can forget it, and it changes in the act's own transaction.

What the triggers are follows from the sources alone. Each is named after a digest of what it does, so that `migrate`
sees whether they are all there, and otherwise puts them up anew and writes the index afresh.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .sources import Source, Watched, sources

PREFIX = "searched_"
# Another one, when triggers are to be written in another way.
FORM = "1"


class Trigger(NamedTuple):
    name: str
    table: str
    statements: list[str]


def keep_up(using: str = "default", **_: Any) -> None:
    """After `migrate`."""
    connection = connections[using]
    if not {"search_entry"} <= set(connection.introspection.table_names()):
        return
    wanted = {trigger.name: trigger for trigger in triggers(connection.vendor)}
    there = _there(connection)
    if set(there) == set(wanted):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, table in there.items():
            for statement in _taken_down(connection.vendor, name, table):
                cursor.execute(statement)
        for trigger in wanted.values():
            for statement in trigger.statements:
                cursor.execute(statement)
        rebuild(using)


def rebuild(using: str = "default") -> int:
    """Write the whole index afresh; how many rows it has. Who reads meanwhile finds the old one, who writes waits."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE search_entry IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM search_entry")
        for source in sources():
            cursor.execute(source.written(connection.vendor))
        cursor.execute("SELECT count(*) FROM search_entry")
        return int(cursor.fetchone()[0])


def triggers(vendor: str) -> Iterator[Trigger]:
    if vendor == "sqlite":
        yield from _words_of_sqlite()
    for source in sources():
        gone = [source.removed("OLD.id")]
        yield _trigger(vendor, source.table, "DELETE", "", gone)
        for watched in source.watched:
            body = [source.removed(watched.keys), source.written(vendor, watched.keys)]
            if watched.when_added:
                yield _trigger(vendor, watched.table, "INSERT", "", _new_only(source, watched, vendor, body))
            if watched.columns:
                each = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in watched.columns)
                on = f"UPDATE OF {', '.join(watched.columns)}"
                yield _trigger(vendor, watched.table, on, watched.when or each, body)


def _words_of_sqlite() -> Iterator[Trigger]:
    """FTS5 keeps the words of `search_entry` apart (an external content table)."""
    added = ["INSERT INTO search_words (rowid, words) VALUES (NEW.id, NEW.words)"]
    gone = ["INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', OLD.id, OLD.words)"]
    yield _trigger("sqlite", "search_entry", "INSERT", "", added)
    yield _trigger("sqlite", "search_entry", "DELETE", "", gone)


def _new_only(source: Source, watched: Watched, vendor: str, body: list[str]) -> list[str]:
    """Of a thing that is only being added nothing stands in the index yet."""
    return body[1:] if watched.table == source.table and watched.keys == "NEW.id" else body


def _trigger(vendor: str, table: str, on: str, when: str, body: list[str]) -> Trigger:
    digest = hashlib.sha256("\n".join([FORM, table, on, when, *body]).encode()).hexdigest()
    name = f"{PREFIX}{digest[:16]}"
    done = "; ".join(body)
    condition = f" WHEN ({when})" if when else ""
    if vendor == "sqlite":
        return Trigger(name, table, [f"CREATE TRIGGER {name} AFTER {on} ON {table}{condition} BEGIN {done}; END"])
    # A plan that was made while a table was small would read all of it for each row once it is large.
    how = "LANGUAGE plpgsql SET enable_seqscan = off"
    return Trigger(
        name,
        table,
        [
            f"CREATE FUNCTION {name}() RETURNS trigger {how} AS $$ BEGIN {done}; RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {on} ON {table} FOR EACH ROW{condition} EXECUTE FUNCTION {name}()",
        ],
    )


def _there(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Each trigger of the index that stands, and its table."""
    asked = (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE %s"
        if connection.vendor == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [f"{PREFIX}%"])
        return dict(cursor.fetchall())


def _taken_down(vendor: str, name: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER {name}"]
    return [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"]
