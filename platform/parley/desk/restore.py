"""An empty site filled from a backup: all of it or nothing."""

import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from parley import __version__, audit
from parley.search.keeping import rebuild

from .backup import (
    FORM,
    BackupRefused,
    Manifest,
    chain_names,
    chunks_of,
    columns,
    digest_of,
    digests,
    entry_of,
    head_of,
    kept_models,
    migrations_made,
    stored_names,
)

# Rows that `migrate` itself writes into an empty database.
WRITTEN_BY_MIGRATE = {"auth.permission", "contenttypes.contenttype"}


def restore_backup(path: Path, *, verify: bool) -> Manifest:
    """Fill an empty site; raises `BackupRefused`, and then nothing was changed.

    `verify` reads everything back from the database and the file store, compares each digest and walks each audit
    chain before anything is kept.
    """
    with _opened(path) as archive:
        manifest = Manifest.read(archive)
        _refuse_another_form(manifest)
        _refuse_if_damaged(archive, manifest)
        _refuse_unless_empty()
        _refuse_other_tables(manifest)
        with transaction.atomic(), _stored_files(archive, manifest):
            _load(archive)
            rebuild()
            if verify:
                _refuse_unless_same(manifest)
    return manifest


def _opened(path: Path) -> ZipFile:
    try:
        return ZipFile(path)
    except FileNotFoundError as fault:
        raise BackupRefused(f"There is no file {path}.") from fault
    except BadZipFile as fault:
        raise BackupRefused(f"{path} is no backup of Parley, or only a part of one.") from fault


def _refuse_another_form(manifest: Manifest) -> None:
    if manifest.form != FORM:
        raise BackupRefused(f"This backup has form {manifest.form}, and this version of Parley reads form {FORM}.")


def _refuse_if_damaged(archive: ZipFile, manifest: Manifest) -> None:
    tables = {f"tables/{label}.jsonl": table.sha256 for label, table in manifest.tables.items()}
    files = {f"files/{name}": sha256 for name, sha256 in manifest.files.items()}
    for entry, sha256 in (tables | files).items():
        if _digest_of_entry(archive, entry) != sha256:
            raise BackupRefused(f"The backup is damaged: {entry} is not what it was made of. Take another one.")


def _digest_of_entry(archive: ZipFile, name: str) -> str | None:
    try:
        with archive.open(name) as entry:
            return digest_of(chunks_of(entry)).sha256
    except (KeyError, BadZipFile, EOFError, zlib.error):
        return None


def _refuse_unless_empty() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    full = {model._meta.label_lower for model in kept_models() if model._base_manager.exists()}
    if full - WRITTEN_BY_MIGRATE:
        raise BackupRefused("This site is not empty. A backup is restored into a new database: set DATABASE_URL.")
    if stored_names():
        raise BackupRefused("This site's file store is not empty: set PARLEY_DATA to a new folder.")


def _refuse_other_tables(manifest: Manifest) -> None:
    if manifest.migrations != migrations_made():
        raise BackupRefused(
            f"This backup was made by Parley {manifest.version}, whose tables differ from those of this version "
            f"({__version__}). Restore it with that version, then upgrade."
        )


def _load(archive: ZipFile) -> None:
    with _guards_down():
        for label in sorted(WRITTEN_BY_MIGRATE):
            apps.get_model(label)._base_manager.all().delete()
        for model in kept_models():
            with archive.open(entry_of(model)) as lines:
                _insert(model, lines)
    _count_on_from_here()


@contextmanager
def _guards_down() -> Iterator[None]:
    """The database's guards judge what people change; what comes back was judged when it was written.

    Foreign keys stay: each of them is looked at before the guards are up again.
    """
    with connection.cursor() as cursor:
        down, up = _guards_of_postgresql() if connection.vendor == "postgresql" else _guards_of_sqlite(cursor)
        for statement in down:
            cursor.execute(statement)
        yield
        connection.check_constraints()
        for statement in up:
            cursor.execute(statement)


def _guards_of_postgresql() -> tuple[list[str], list[str]]:
    tables = [connection.ops.quote_name(model._meta.db_table) for model in kept_models()]
    down = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
    return down, [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]


def _guards_of_sqlite(cursor: CursorWrapper) -> tuple[list[str], list[str]]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    guards = cursor.fetchall()
    return [f"DROP TRIGGER {connection.ops.quote_name(name)}" for name, _ in guards], [sql for _, sql in guards]


def _insert(model: type[models.Model], lines: Iterable[bytes]) -> None:
    for line in lines:
        written = json.loads(line)
        row = model(**{field.attname: field.to_python(written[field.attname]) for field in columns(model)})
        # Raw: no field may set the time of today.
        row.save_base(raw=True, force_insert=True)


def _count_on_from_here() -> None:
    """Rows came with their keys; PostgreSQL's counters still stand at one."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(statement)


@contextmanager
def _stored_files(archive: ZipFile, manifest: Manifest) -> Iterator[None]:
    """Stores the files; if what follows fails, takes them away again."""
    try:
        for name in manifest.files:
            with archive.open(f"files/{name}") as entry:
                default_storage.save(name, File(entry, name))
        yield
    except BaseException:
        for name in manifest.files:
            default_storage.delete(name)
        raise


def _refuse_unless_same(manifest: Manifest) -> None:
    wrong = [label for label, table in digests().items() if table != manifest.tables[label]]
    wrong += [name for name, sha256 in manifest.files.items() if _digest_of_stored(name) != sha256]
    wrong += [f"chain {chain}" for chain in chain_names() if not _chain_holds(chain, manifest)]
    wrong += [f"chain {chain}" for chain in manifest.chains if chain not in chain_names()]
    if wrong:
        raise BackupRefused(f"Nothing was restored, since this came back different: {', '.join(wrong)}.")


def _digest_of_stored(name: str) -> str:
    with default_storage.open(name) as stored:
        return digest_of(chunks_of(stored)).sha256


def _chain_holds(chain: str, manifest: Manifest) -> bool:
    return head_of(chain) == manifest.chains.get(chain) and not audit.verify_chain(chain)
