from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parley.desk.backup import BackupRefused, make_backup


class Command(BaseCommand):
    help = "Writes the whole site (every row, every stored file) into one new file, while people go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write, such as parley-2026-11-22.zip")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            manifest = make_backup(file)
        except (BackupRefused, OSError) as reason:
            raise CommandError(str(reason)) from reason
        rows = sum(table.rows for table in manifest.tables.values())
        self.stdout.write(f"{file}: {rows} rows, {len(manifest.files)} files, {len(manifest.chains)} audit chains.")
        self.stdout.write("It holds every caucus: encrypt it and keep it where few can read it (docs/backup.md).")
