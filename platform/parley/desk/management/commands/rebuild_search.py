from typing import Any

from django.core.management.base import BaseCommand

from parley.search.keeping import rebuild


class Command(BaseCommand):
    help = "Writes the index of the search afresh from the texts. It follows them by itself; this is for repairs."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"The search has {rebuild()} entries.")
