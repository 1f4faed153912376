"""Makes the first facilitator: whoever has this address may sign in and start programmes."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from parley.accounts.models import normal_address
from parley.accounts.names import clean_latin_name
from parley.programmes.actions import let_start_programmes


class Command(BaseCommand):
    help = "Lets the person with this e-mail address sign in and start dialogue programmes. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="name as printed, in Latin letters")

    def handle(self, *, email: str, name: str, **options: Any) -> None:
        address = normal_address(email)
        try:
            validate_email(address)
            name = clean_latin_name(name, field="--name")
        except ValidationError as wrong:
            raise CommandError(f"{' '.join(wrong.messages)} ({email})") from wrong
        let_start_programmes(email=address, name=name, by=None)
        self.stdout.write(f"{address} may start programmes.")
        self.stdout.write(f"Sign in at {settings.PARLEY_URL}/account/login/ by a code that is mailed to that address.")
