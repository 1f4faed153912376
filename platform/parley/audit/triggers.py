"""The triggers that refuse a change of the record and move a chain's head, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

POSTGRESQL = """
CREATE FUNCTION audit_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed or deleted';
END $$;
CREATE TRIGGER audit_entry_is_final BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_final();
"""
POSTGRESQL_UNDO = """
DROP TRIGGER IF EXISTS audit_entry_is_final ON audit_entry;
DROP FUNCTION IF EXISTS audit_entry_is_final();
"""
SQLITE = """
CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed or deleted');
END
"""
VERBS = ("UPDATE", "DELETE")

# An entry takes the next place of its chain or none, and its chain's head moves with it, whoever writes it.
HEAD_POSTGRESQL = """
CREATE FUNCTION audit_entry_moves_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_chain SET seq = NEW.seq, hash = NEW.hash
        WHERE id = NEW.chain_id AND seq = NEW.seq - 1 AND hash = NEW.previous;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an audit entry follows from the head of its chain';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_entry_moves_head AFTER INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_moves_head();
"""
HEAD_POSTGRESQL_UNDO = """
DROP TRIGGER IF EXISTS audit_entry_moves_head ON audit_entry;
DROP FUNCTION IF EXISTS audit_entry_moves_head();
"""
HEAD_SQLITE = """
CREATE TRIGGER audit_entry_moves_head AFTER INSERT ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'an audit entry follows from the head of its chain') WHERE NOT EXISTS (
        SELECT 1 FROM audit_chain WHERE id = NEW.chain_id AND seq = NEW.seq - 1 AND hash = NEW.previous
    );
    UPDATE audit_chain SET seq = NEW.seq, hash = NEW.hash WHERE id = NEW.chain_id;
END
"""
HEAD_SQLITE_UNDO = "DROP TRIGGER IF EXISTS audit_entry_moves_head"


def set_up(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; other databases are refused, since there the record would be open to change."""
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def take_down(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_UNDO)
        else:
            for verb in VERBS:
                cursor.execute(f"DROP TRIGGER IF EXISTS audit_entry_no_{verb}")


def set_up_head(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(HEAD_POSTGRESQL if connection.vendor == "postgresql" else HEAD_SQLITE)


def take_down_head(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(HEAD_POSTGRESQL_UNDO if connection.vendor == "postgresql" else HEAD_SQLITE_UNDO)


def _statements(vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [POSTGRESQL]
    if vendor == "sqlite":
        return [SQLITE.format(verb=verb) for verb in VERBS]
    raise NotImplementedError(f"The record needs PostgreSQL or SQLite, not {vendor}.")


@contextmanager
def down(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """For emptying a whole database only."""
    take_down(connection)
    try:
        yield
    finally:
        set_up(connection)
