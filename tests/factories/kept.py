"""The same world again, without walking the whole way to it: its rows are kept from the first time in this process."""

import pickle
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from parley.accounts.models import User
from parley.audit.models import GENESIS, Chain

from .world import World, world

OURS = ("accounts", "programmes", "groups", "reports", "meetings", "audit", "notifications", "mfa")


class Kept:
    """The statements that write the world's rows, in the order of creation, and the world that refers to them."""

    def __init__(self, made: World) -> None:
        self.world = pickle.dumps(made)
        self.rows: list[tuple[type[models.Model], list[models.Model]]] = [
            (model, list(model._base_manager.order_by("pk"))) for model in _models()
        ]
        for chain in dict(self.rows)[Chain]:
            chain.seq, chain.hash = 0, GENESIS  # type: ignore[attr-defined]  # each entry moves its chain's head
        self.statements: list[tuple[str, Any]] = []

    def give(self) -> World:
        """The first time through the models, then with the words that these had for the database."""
        with transaction.atomic():
            if self.statements:
                self._say_again()
            else:
                with connection.execute_wrapper(self._listen):
                    self._write()
        return self.again()

    def _write(self) -> None:
        for model, rows in self.rows:
            model._base_manager.bulk_create(rows)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _rows in self.rows]):
                cursor.execute(statement)

    def _listen(self, execute: Any, statement: str, values: Any, many: bool, context: dict[str, Any]) -> Any:
        if "SAVEPOINT" not in statement:
            self.statements.append((statement, values))
        return execute(statement, values, many, context)

    def _say_again(self) -> None:
        with connection.cursor() as cursor:
            for statement, values in self.statements:
                cursor.execute(statement, values)

    def again(self) -> World:
        again: World = pickle.loads(self.world)  # noqa: S301 (pickled here a moment ago)
        return again


def _models() -> list[Any]:
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


_kept: dict[bool, Kept] = {}


def world_again(*, texts: bool = True) -> World:
    """As `world()`. A test that has made people of its own before gets one that is made afresh."""
    if User.objects.exists():
        return world(texts=texts)
    if texts in _kept:
        return _kept[texts].give()
    _kept[texts] = Kept(world(texts=texts))
    return _kept[texts].again()
