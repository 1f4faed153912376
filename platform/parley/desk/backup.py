"""A whole site in one file: every row, every stored file, and the digests that prove it.

One portable form for both databases, so that a site may also move from SQLite to PostgreSQL; rows are read as they
were at one moment while people go on writing. A backup holds every caucus: docs/backup.md says how to keep it. It
holds no sign-ins (all sign in again after a restore) and no keys: `PARLEY_MFA_KEY` is kept elsewhere.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from parley import __version__, audit
from parley.audit.models import Chain

FORM = 1
# Rows that belong to this server's running, not to its people's work, and those that are written anew from others.
LEFT_OUT = {"sessions.session", "search.entry"}
CHUNK = 64 * 1024


class BackupRefused(Exception):
    """A backup or a restore that was not made, with the reason and the remedy in words; nothing is left half done."""


@dataclass(frozen=True)
class Table:
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: digests of every table (by model label) and file, and the heads of the audit chains."""

    form: int
    version: str
    made: str
    mfa_key: str
    migrations: list[str]
    tables: dict[str, Table]
    files: dict[str, str]
    chains: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, archive: ZipFile) -> "Manifest":
        try:
            held = json.loads(archive.read("manifest.json"))
            tables = {label: Table(**table) for label, table in held.pop("tables").items()}
            return cls(**held, tables=tables)
        except (KeyError, TypeError, ValueError) as fault:
            raise BackupRefused("This file is no backup of Parley, or only a part of one.") from fault


def make_backup(path: Path) -> Manifest:
    """Write the whole site into a new file that only its owner may read."""
    if path.exists():
        raise BackupRefused(f"{path} exists already: choose another name. Backups are never written over.")
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with _private(part) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive, _one_moment():
            manifest = _write(archive)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def mfa_key_fingerprint() -> str:
    """Tells two keys apart without saying anything of either."""
    return hashlib.sha256(b"parley backup " + settings.MFA_KEY.encode()).hexdigest()[:12]


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read inside is of one moment, and nobody who writes meanwhile has to wait."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    # Not `atomic()`, which takes SQLite's one write lock at once (transaction_mode IMMEDIATE).
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write(archive: ZipFile) -> Manifest:
    tables = {model._meta.label_lower: _write_table(archive, model) for model in kept_models()}
    chains = {chain: head_of(chain) for chain in chain_names()}
    migrations = migrations_made()
    # After the rows: what a row names was stored before the row was written.
    files = {name: _write_file(archive, name) for name in stored_names()}
    made = timezone.now().isoformat(timespec="seconds")
    manifest = Manifest(FORM, __version__, made, mfa_key_fingerprint(), migrations, tables, files, chains)
    archive.writestr("manifest.json", json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


def kept_models() -> list[type[models.Model]]:
    """Every model with a table of its own, many-to-many tables included, but for `LEFT_OUT`."""
    every = apps.get_models(include_auto_created=True)
    kept = [model for model in every if model._meta.managed and not model._meta.proxy]
    return sorted(
        (model for model in kept if model._meta.label_lower not in LEFT_OUT), key=lambda model: model._meta.label_lower
    )


def migrations_made() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def chain_names() -> list[str]:
    return list(Chain.objects.order_by("name").values_list("name", flat=True))


def head_of(chain: str) -> dict[str, Any]:
    head = audit.head(chain)
    return {"seq": head.seq, "hash": head.hash}


def lines_of(model: type[models.Model]) -> Iterator[bytes]:
    for row in model._base_manager.order_by("pk").iterator(chunk_size=2000):
        values = {field.attname: _written(field, row) for field in columns(model)}
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def columns(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def _written(field: models.Field, row: models.Model) -> Any:
    # Django's own serializers cut microseconds off, and a hash over a time with them.
    return None if field.value_from_object(row) is None else field.value_to_string(row)


def digest_of(pieces: Iterable[bytes]) -> Table:
    """How many pieces (of a table: rows), and the SHA-256 of them all."""
    count, digest = 0, hashlib.sha256()
    for piece in pieces:
        count += 1
        digest.update(piece)
    return Table(count, digest.hexdigest())


def digests() -> dict[str, Table]:
    """What is in every table now."""
    return {model._meta.label_lower: digest_of(lines_of(model)) for model in kept_models()}


def _write_table(archive: ZipFile, model: type[models.Model]) -> Table:
    with archive.open(entry_of(model), "w", force_zip64=True) as entry:
        return digest_of(_passed_on(lines_of(model), entry))


def _passed_on(chunks: Iterable[bytes], entry: IO[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        entry.write(chunk)
        yield chunk


def entry_of(model: type[models.Model]) -> str:
    return f"tables/{model._meta.label_lower}.jsonl"


def stored_names(folder: str = "") -> list[str]:
    """The name of every stored file, in any kind of file store."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    prefix = f"{folder}/" if folder else ""
    below = [name for inner in sorted(folders) for name in stored_names(prefix + inner)]
    return [prefix + name for name in sorted(files)] + below


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK), b"")


def _write_file(archive: ZipFile, name: str) -> str:
    with default_storage.open(name) as stored, archive.open(f"files/{name}", "w", force_zip64=True) as entry:
        return digest_of(_passed_on(chunks_of(stored), entry)).sha256
