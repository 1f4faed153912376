"""Database triggers that refuse what no code of ours may do, on both databases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Operation = Callable[[Any, BaseDatabaseSchemaEditor], None]


@dataclass(frozen=True)
class Guard:
    """`on` ("UPDATE OF text"), a `wrong` condition over NEW and OLD, and what the database says when it holds."""

    name: str
    table: str
    on: str
    wrong: str
    message: str

    def put_up(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [
                (
                    f"CREATE TRIGGER {self.name} BEFORE {self.on} ON {self.table} WHEN {self.wrong} "
                    f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
                )
            ]
        return [
            (
                f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {self.wrong} THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{self.message}'; "
                f"END IF; RETURN NEW; END $$"
            ),
            f"CREATE TRIGGER {self.name} BEFORE {self.on} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]

    def take_down(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {self.name}"]
        return [f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}", f"DROP FUNCTION IF EXISTS {self.name}()"]


def immutable(table: str, *columns: str) -> Guard:
    """These columns are written once."""
    return Guard(
        name=f"{table}_is_immutable",
        table=table,
        on=f"UPDATE OF {', '.join(columns)}",
        wrong=" OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in columns),
        message=f"{table} is immutable",
    )


def put_up(guards: Sequence[Guard]) -> Operation:
    """For a migration's RunPython."""

    def forwards(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for guard in guards:
            for statement in guard.put_up(editor.connection.vendor):
                editor.execute(statement)

    return forwards


def take_down(guards: Sequence[Guard]) -> Operation:
    def backwards(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for guard in guards:
            for statement in guard.take_down(editor.connection.vendor):
                editor.execute(statement)

    return backwards
