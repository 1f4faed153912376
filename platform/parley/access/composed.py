"""Queries composed once: Django takes longer to write a page's long SELECT than the database to answer it.

The SQL follows from the code alone, so each process writes it once and later fills in who asks, and for what. What is
asked, of which rows, and how they become objects is the queryset's as ever.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet, Value
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.subqueries import UpdateQuery
from django.utils.functional import cached_property

M = TypeVar("M", bound=models.Model)
F = TypeVar("F", bound=Callable[..., Any])


class Written(NamedTuple):
    """What is the same for every call on one database: the SQL, and how columns of its rows become Python's values."""

    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    converters: dict[int, Any]


# How SQLite is told of one.
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}( |$)")


class Slot(Expression):
    """Stands in a composed query for what each call brings; it can go wherever a filter takes an expression."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:  # type: ignore[override]  # itself, to be filled in
        return "%s", [self]

    def filled(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


class WouldBeFrozen(TypeError):
    """A moment was written into the query itself: every later call would ask about that moment."""


class Composed(Generic[M]):
    """`compose` takes a `Slot` for each name and returns the queryset; called with their values it gives the rows.

    `compose` runs once: it may read nothing but its slots. Raises `WouldBeFrozen` when it wrote the time in.
    """

    def __init__(self, compose: Callable[..., QuerySet[M]], **slots: Field) -> None:
        self.compose, self.slots = compose, slots
        self.rows: QuerySet[M] | None = None
        self.written: dict[str, Written] = {}

    def __call__(self, **values: Any) -> list[M]:
        rows = self._composed()
        filled: Any = _Filled(self._written(rows), values)
        return list(ModelIterable(QuerySet(rows.model, filled, using=rows.db)))

    def values(self, **values: Any) -> list[dict[str, Any]]:
        """Of a queryset of `values`: no object is made of a row."""
        rows = self._composed()
        compiler = _Filled(self._written(rows), values).get_compiler(rows.db)
        names = list(rows.query.selected or ())
        return [dict(zip(names, row, strict=True)) for row in compiler.results_iter()]

    def _composed(self) -> QuerySet[M]:
        if self.rows is None:
            self.rows = self.compose(**{name: Slot(name, field) for name, field in self.slots.items()})
        return self.rows

    def _written(self, rows: QuerySet[M]) -> Written:
        if rows.db not in self.written:
            compiler = rows.query.get_compiler(using=rows.db)
            sql, params = compiler.as_sql()
            params = _without_moments(sql, params)
            converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
            self.written[rows.db] = Written(compiler, sql, params, converters)
        return self.written[rows.db]


class ComposedUpdate:
    """As `Composed`; `compose` returns the rows and their new values, and a call tells how many rows it met."""

    def __init__(self, compose: Callable[..., tuple[QuerySet[Any], dict[str, Any]]], **slots: Field) -> None:
        self.compose, self.slots = compose, slots
        self.written: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def __call__(self, **values: Any) -> int:
        rows, changes = self._composed
        if rows.db not in self.written:
            query: Any = rows.query.chain(UpdateQuery)
            query.add_update_values(changes)
            sql, params = query.get_compiler(using=rows.db).as_sql()
            self.written[rows.db] = sql, _without_moments(sql, params)
        sql, params = self.written[rows.db]
        with connections[rows.db].cursor() as cursor:
            cursor.execute(sql, _filled(params, values, connections[rows.db]))
            return cursor.rowcount

    @cached_property
    def _composed(self) -> tuple[QuerySet[Any], dict[str, Any]]:
        return self.compose(**{name: Slot(name, field) for name, field in self.slots.items()})


def _without_moments(sql: str, params: Iterable[Any]) -> tuple[Any, ...]:
    params = tuple(params)
    if any(isinstance(param, datetime.date) or MOMENT.match(str(param)) for param in params):
        raise WouldBeFrozen(sql)
    return params


def _filled(params: Iterable[Any], values: dict[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
    return [param.filled(values, connection) if isinstance(param, Slot) else param for param in params]


class _Filled:
    """In the place of a query: its compiler has nothing left to compose."""

    def __init__(self, written: Written, values: dict[str, Any]) -> None:
        self.written, self.values = written, values

    def get_compiler(self, using: str) -> SQLCompiler:
        written, connection = self.written, connections[using]
        filled = _filled(written.params, self.values, connection)
        compiler: Any = copy(written.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda: (written.sql, filled)
        compiler.get_converters = lambda columns: written.converters
        return cast("SQLCompiler", compiler)


def composed_once(method: F) -> F:
    """Mark a queryset method through which doors open (`needs`): its SQL is the same for everybody.

    The person it gets from a door is a `Slot`: it may put them into filters and `key_of`, and read nothing of them.
    """
    method.composed_once = True  # type: ignore[attr-defined]
    return method


def key_of(person: Any) -> Value | Slot:
    """The person's key as an expression, of a person at hand and of a door's slot alike."""
    return person if isinstance(person, Slot) else Value(person.pk)
