"""Adding rows of several tables at once."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Alike:
    """Rows of one table that are `like` each other but for some columns (words, numbers): their values, by column."""

    like: models.Model
    differing: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.differing.values())))

    def rows(self) -> list[models.Model]:
        made = [copy(self.like) for _ in range(len(self))]
        for name, values in self.differing.items():
            for row, value in zip(made, values, strict=True):
                setattr(row, name, value)
        return made


def add_unless_there(*batches: Alike) -> None:
    """Add the rows of each batch (one table each); a row whose unique key is there already is left out.

    PostgreSQL gets them in one statement, in which what all rows share is sent once; SQLite one for each table.
    """
    wanted = [batch for batch in batches if batch]
    using = router.db_for_write(type(wanted[0].like)) if wanted else ""
    if using and connections[using].vendor == "postgresql":
        statement = _statement(using, tuple((type(batch.like), tuple(batch.differing)) for batch in wanted))
        with connections[using].cursor() as cursor:
            cursor.execute(statement, [param for batch in wanted for param in _params(batch, connections[using])])
        return
    for batch in wanted:
        type(batch.like)._default_manager.bulk_create(batch.rows(), ignore_conflicts=True)


@cache
def _statement(using: str, tables: tuple[tuple[type[models.Model], tuple[str, ...]], ...]) -> str:
    """It follows from the tables and from the names of the columns that differ: each process writes it once."""
    inserts = [_insert(connections[using], model, differing) for model, differing in tables]
    first = ", ".join(f"added_{number} AS ({sql})" for number, sql in enumerate(inserts[:-1]))
    return f"WITH {first} {inserts[-1]}" if first else inserts[-1]


def _insert(connection: BaseDatabaseWrapper, model: type[models.Model], differing: Sequence[str]) -> str:
    fields = _fields(model)
    kinds = {field.attname: str(field.db_type(connection)).partition("(")[0] for field in fields}
    into = ", ".join(f'"{field.column}"' for field in fields)
    shown = ", ".join(
        f'differing."{field.column}"' if field.attname in differing else f"%s::{kinds[field.attname]}"
        for field in fields
    )
    arrays = ", ".join(f"%s::{kinds[name]}[]" for name in differing)
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in differing)  # type: ignore[union-attr]
    source = f"UNNEST({arrays}) AS differing({columns})"
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({into}) SELECT {shown} FROM {source} ON CONFLICT DO NOTHING'  # noqa: S608 (names of ours)


def _params(batch: Alike, connection: BaseDatabaseWrapper) -> list[Any]:
    fields = {field.attname: field for field in _fields(type(batch.like))}
    shared = [
        field.get_db_prep_save(field.pre_save(batch.like, add=True), connection)
        for name, field in fields.items()
        if name not in batch.differing
    ]
    return [*shared, *map(list, batch.differing.values())]


def add_in_turn(*rows: models.Model) -> None:
    """Add rows of which each may refer to those before it; they learn their primary keys.

    PostgreSQL gets them in one statement, SQLite one after another.
    """
    using = router.db_for_write(type(rows[0]))
    if connections[using].vendor != "postgresql":
        for row in rows:
            row.save(force_insert=True)
        return
    turns = [Turn(type(row), tuple(_referring(row, rows[:number]))) for number, row in enumerate(rows)]
    params = [param for row, turn in zip(rows, turns, strict=True) for param in _values(row, turn, connections[using])]
    with connections[using].cursor() as cursor:
        cursor.execute(_in_turn(tuple(turns)), params)
        keys = cursor.fetchone()
    for row, turn, key in zip(rows, turns, keys, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, using
        for name, number in turn.referring:
            setattr(row, name, rows[number].pk)


class Turn(NamedTuple):
    """A row to be added: of which table, and by which columns it refers to which of the rows before it."""

    model: type[models.Model]
    referring: tuple[tuple[str, int], ...]


def _referring(row: models.Model, before: Sequence[models.Model]) -> Iterator[tuple[str, int]]:
    for field in _fields(type(row)):
        if isinstance(field, models.ForeignKey) and field.is_cached(row):
            found = field.get_cached_value(row)
            yield from ((field.attname, number) for number, other in enumerate(before) if other is found)


def _values(row: models.Model, turn: Turn, connection: BaseDatabaseWrapper) -> Iterator[Any]:
    referring = dict(turn.referring)
    for field in _fields(turn.model):
        if field.attname not in referring:
            yield field.get_db_prep_save(field.pre_save(row, add=True), connection)


@cache
def _in_turn(turns: tuple[Turn, ...]) -> str:
    added = ", ".join(f"added_{number} AS ({_insert_one(turn)})" for number, turn in enumerate(turns))
    return f"WITH {added} SELECT {', '.join(map(_key_of, range(len(turns))))}"


def _key_of(number: int) -> str:
    return f"(SELECT pk FROM added_{number})"  # noqa: S608 (a number of ours)


def _insert_one(turn: Turn) -> str:
    referring, fields = dict(turn.referring), _fields(turn.model)
    into = ", ".join(f'"{field.column}"' for field in fields)
    values = (_key_of(referring[field.attname]) if field.attname in referring else "%s" for field in fields)
    shown = ", ".join(values)
    meta = turn.model._meta
    return f'INSERT INTO "{meta.db_table}" ({into}) VALUES ({shown}) RETURNING "{meta.pk.column}" AS pk'  # noqa: S608 (names of ours)


@cache
def _fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)
