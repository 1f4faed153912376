"""What somebody needs at a meeting, and what stands in their passport: encrypted, and gone thirty days after it."""

import json
from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.accounts import secrets_at_rest
from parley.accounts.models import User

from .meetings import Meeting

log = structlog.get_logger(__name__)

KEPT = timedelta(days=30)
LABEL = "particulars of travellers"


class ParticularsQuerySet(models.QuerySet["Particulars"]):
    def of_people(self, people: Iterable[User]) -> "ParticularsQuerySet":
        return self.filter(person__in=people)


class Particulars(models.Model):
    """One row of a person and a meeting; `held` is what they typed, by the name of its field."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="particulars")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    sealed = models.TextField()
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ParticularsQuerySet.as_manager()

    class Meta:
        verbose_name = _("particulars of a traveller")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="particulars_once_of_a_person_for_a_meeting")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.meeting}"

    @property
    def held(self) -> dict[str, str]:
        """Nothing where the key is another one than it was stored under: `doctor` tells the installer of that, and a
        meeting must not close its page for a passport's number."""
        try:
            return json.loads(secrets_at_rest.decrypt(self.sealed, label=LABEL))
        except ImproperlyConfigured:
            log.error("particulars_under_another_key")
            return {}

    @staticmethod
    def seal(held: dict[str, str]) -> str:
        return secrets_at_rest.encrypt(json.dumps(held), label=LABEL)
