"""`manage.py import_document FILE.json`: a document with its programme and the names of its people."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parley.accounts.models import User
from parley.desk.importing import import_programme
from reports.exchange import ExchangeRefused, parse


class Command(BaseCommand):
    help = "Import a report or a statement; prints the new document's id alone on the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file of the exchange format (docs/exchange-format.md)")
        parser.add_argument("--by", metavar="EMAIL", help="the facilitator who imports; the first one when left out")
        parser.add_argument(
            "--specimen", default="", help="a sentence that every page and file of the document carries"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror}.") from error
        try:
            document = import_programme(parse(data), specimen=options["specimen"], by=self._facilitator(options["by"]))
        except ExchangeRefused as refusal:
            raise CommandError(f"Nothing was imported.\n{refusal}") from refusal
        self.stderr.write(f"Imported “{document}” into {document.group}.")
        self.stdout.write(document.public_id)

    def _facilitator(self, email: str | None) -> User | None:
        if email is None:
            return User.objects.filter(may_start_programmes=True, is_active=True).order_by("pk").first()
        person = User.objects.known_as(email).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}. Make the person with `manage.py first_facilitator`.")
        return person
