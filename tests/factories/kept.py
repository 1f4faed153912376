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
    """`rows` by model, in the order of creation, and the world that refers to them."""

    def __init__(self, made: World) -> None:
        self.world = pickle.dumps(made)
        self.rows: list[tuple[type[models.Model], list[models.Model]]] = [
            (model, list(model._base_manager.order_by("pk"))) for model in _models()
        ]
        for chain in dict(self.rows)[Chain]:
            chain.seq, chain.hash = 0, GENESIS  # type: ignore[attr-defined]  # each entry moves its chain's head

    def give(self) -> World:
        with transaction.atomic():
            for model, rows in self.rows:
                model._base_manager.bulk_create(rows)
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _rows in self.rows]):
                    cursor.execute(statement)
        return self.again()

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
