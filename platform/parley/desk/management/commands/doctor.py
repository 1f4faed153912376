import sys
from typing import Any

from django.core.management.base import BaseCommand

from parley.desk import doctor_seal  # noqa: F401 (its check enters itself)
from parley.desk.doctor import Level, examine


class Command(BaseCommand):
    help = "Looks at every part of this site and says what is wrong and how to mend it. Exits with 1 if anything is."
    # A site that is half set up is what it is for.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, **options: Any) -> None:
        findings = examine()
        for finding in findings:
            self.stdout.write(str(finding))
        if any(finding.level is Level.WRONG for finding in findings):
            sys.exit(1)
