"""Adding rows of several tables at once."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

Rows = Sequence[models.Model]


def add_unless_there(*batches: Rows) -> None:
    """Add the rows of each batch (one table each); a row whose unique key is there already is left out.

    PostgreSQL gets them in one statement, SQLite one for each table. They learn no primary key.
    """
    wanted = [batch for batch in batches if batch]
    using = router.db_for_write(type(wanted[0][0])) if wanted else ""
    if using and connections[using].vendor == "postgresql":
        _add_together(connections[using], wanted)
        return
    for batch in wanted:
        type(batch[0])._default_manager.bulk_create(batch, ignore_conflicts=True)


def _add_together(connection: BaseDatabaseWrapper, batches: Sequence[Rows]) -> None:
    inserts = [_insert(connection, batch) for batch in batches]
    first = ", ".join(f"added_{number} AS ({sql})" for number, (sql, _) in enumerate(inserts[:-1]))
    sql = f"WITH {first} {inserts[-1][0]}" if first else inserts[-1][0]
    with connection.cursor() as cursor:
        cursor.execute(sql, [param for _, params in inserts for param in params])


def _insert(connection: BaseDatabaseWrapper, rows: Rows) -> tuple[str, list[Any]]:
    """What all rows share is sent once, the rest as an array for each column: most of many notices is the same."""
    into, fields = _columns(type(rows[0]))
    shown: list[str] = []
    shared: list[Any] = []
    names: list[str] = []
    kinds: list[str] = []
    arrays: list[Any] = []
    for field in fields:
        values = [field.pre_save(row, add=True) for row in rows]
        kind = str(field.db_type(connection)).partition("(")[0]
        if all(value == values[0] for value in values):
            shown.append(f"%s::{kind}")
            shared.append(field.get_db_prep_save(values[0], connection))
        else:
            names.append(f'"{field.column}"')
            shown.append(f"differing.{names[-1]}")
            kinds.append(f"%s::{kind}[]")
            arrays.append([field.get_db_prep_save(value, connection) for value in values])
    source = f" FROM UNNEST({', '.join(kinds)}) AS differing({', '.join(names)})" if names else ""
    return f"{into} SELECT {', '.join(shown)}{source} ON CONFLICT DO NOTHING", [*shared, *arrays]


@cache
def _columns(model: type[models.Model]) -> tuple[str, list[models.Field]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({names})', fields
