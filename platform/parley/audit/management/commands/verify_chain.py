"""`manage.py verify_chain [CHAIN]`: prove the record, all of it or one chain, against an anchor if one is given."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parley.audit.models import Chain
from parley.audit.verification import Head, head, verify_chain


class Command(BaseCommand):
    help = "Verify the hash chains of the record. Exits with 1 when one is at fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("chain", nargs="?", help="one chain, such as group:<id>; all if left out")
        parser.add_argument("--anchor", metavar="SEQ:HASH", help="a head printed in a signed document, of that chain")

    def handle(self, *args: Any, chain: str | None, anchor: str | None, **options: Any) -> None:
        if anchor and not chain:
            raise CommandError("An anchor belongs to one chain: name the chain.")
        names = [chain] if chain else list(Chain.objects.order_by("name").values_list("name", flat=True))
        faulty = sum(self.tell(name, read_anchor(anchor)) for name in names)
        if faulty:
            raise CommandError(f"{faulty} of {len(names)} chains are at fault. Restore the last backup that verifies.")
        self.stdout.write(f"{len(names)} chains verified.")

    def tell(self, name: str, anchor: Head | None) -> bool:
        faults = verify_chain(name, anchor=anchor)
        for fault in faults:
            self.stderr.write(f"{name} {fault}")
        if not faults:
            end = head(name)
            self.stdout.write(f"{name} {end.seq} {end.hash}")
        return bool(faults)


def read_anchor(text: str | None) -> Head | None:
    if not text:
        return None
    seq, _, digest = text.partition(":")
    if not seq.isdigit() or len(digest) != 64:
        raise CommandError("An anchor is written SEQ:HASH, as printed in the document.")
    return Head(int(seq), digest)
