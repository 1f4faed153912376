"""`manage.py make_seal [--again]`: a key and a certificate for trying out the seal (docs/seal.md)."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports.sealing.trial import make_trial_seal


class Command(BaseCommand):
    help = "Makes a key and a self-made certificate for trying out the seal. It proves nothing about who made a file."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="take a new one in the place of the one that is there")

    def handle(self, *args: Any, again: bool, **options: Any) -> None:
        try:
            made = make_trial_seal(settings.TRIAL_SEAL, again=again)
        except OSError as failure:
            raise CommandError(f"{settings.TRIAL_SEAL} can't be written: {failure.strerror}.") from failure
        if not made:
            raise CommandError(f"There is one at {settings.TRIAL_SEAL}. A new one in its place: --again.")
        self.stdout.write(f"Made: {settings.TRIAL_SEAL}")
        if settings.SEAL != "trial":
            self.stdout.write("It is used with PARLEY_SEAL=trial.")
