from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parley.desk.backup import BackupRefused, Manifest, mfa_key_fingerprint
from parley.desk.restore import restore_backup


class Command(BaseCommand):
    help = "Fills an empty site from a backup: all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `backup` wrote")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="read everything back and compare each digest and audit chain before anything is kept",
        )

    def handle(self, *, file: Path, verify: bool, **options: Any) -> None:
        try:
            manifest = restore_backup(file, verify=verify)
        except (BackupRefused, OSError) as reason:
            raise CommandError(str(reason)) from reason
        self.report(manifest, verified=verify)

    def report(self, manifest: Manifest, *, verified: bool) -> None:
        rows = sum(table.rows for table in manifest.tables.values())
        proof = "every digest and chain is the same" if verified else "not read back: --verify does that"
        self.stdout.write(f"Restored the site of {manifest.made}: {rows} rows, {len(manifest.files)} files; {proof}.")
        if manifest.mfa_key != mfa_key_fingerprint():
            self.stderr.write(
                "PARLEY_MFA_KEY is another than the old site's: nobody's second factor can be read until it is set."
            )
