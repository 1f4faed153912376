"""`manage.py demo`: the invented programme to try everything on; `--stage` one more report at any stage."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from parley.accounts.models import User
from parley.desk.demo import PROGRAMME
from parley.desk.demo.authenticators import code_of, give_authenticator
from parley.desk.demo.making import STAGES, make_programme, make_stage
from parley.programmes.models import Programme

SIGN_INS = (
    ("a facilitator", "femke.van.dorn@demo.example"),
    ("a co-chair from Aldara", "nino.tsereli@demo.example"),
    ("a co-chair from Vesmar", "arpine.sarkavan@demo.example"),
    ("a member from Aldara", "givi.abanadze@demo.example"),
    ("a member from Vesmar", "hrant.zoravar@demo.example"),
    ("an observer", "ingrid.solheim@demo.example"),
)


class Command(BaseCommand):
    help = "Make the demo programme once; with --stage one more report at that stage; with --code a person's code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stage", choices=STAGES, help="make the water report once more, at this stage")
        parser.add_argument("--code", metavar="EMAIL", help="print the authenticator code of a person of the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        if not getattr(settings, "DEMO_ALLOWED", False):
            raise CommandError("The demo is for trying Parley out: it is not made where real people work.")
        if options["code"]:
            return self._code(options["code"])
        if options["stage"]:
            self.stdout.write(make_stage(options["stage"]).public_id)
        elif not Programme.objects.filter(name=PROGRAMME).exists():
            make_programme()
            self.stderr.write(f"The demo programme is made: {PROGRAMME}.")
        for person in User.objects.filter(email__endswith="@demo.example"):
            give_authenticator(person)
        return self._sign_ins()

    def _sign_ins(self) -> None:
        self.stderr.write(f"\nSign in at {settings.PARLEY_URL}/ with one of these addresses:")
        for role, email in SIGN_INS:
            self.stderr.write(f"  {email:<34} {role}")
        self.stderr.write(f"The mailed code arrives at {settings.PARLEY_URL}/mailbox/")
        self.stderr.write("The code of the authenticator app: .venv/bin/python manage.py demo --code ADDRESS\n")

    def _code(self, email: str) -> None:
        person = User.objects.known_as(email).first()
        if person is None or not email.endswith("@demo.example"):
            raise CommandError(f"{email} is nobody of the demo.")
        self.stdout.write(code_of(person))
