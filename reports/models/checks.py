"""What the checks of a document found, kept with what it was found in; findings that every side's key lets stand."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import ThematicGroup
from parley.access import PublicIdField
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User

from .documents import Document
from .passages import Passage


class CheckedText(models.Model):
    """The last run over what lies before all sides; `key` is the hash of everything that it rests on.

    A memory alone: when it is gone, or another key holds, the findings are worked out again.
    """

    document = models.OneToOneField(Document, models.CASCADE, related_name="checked")
    key = models.CharField(max_length=64)
    findings: Any = models.JSONField(default=list)
    # What the next run need not work out again (reports.checks.running).
    kept: Any = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("checked text")

    def __str__(self) -> str:
        return self.key


class WaivingQuerySet(models.QuerySet["Waiving"]):
    def visible_to(self, user: User) -> "WaivingQuerySet":
        return self.filter(document__in=Document.objects.visible_to(user))

    def carried(self) -> "WaivingQuerySet":
        return self.exclude(carried_at=None)

    def with_findings(self) -> "WaivingQuerySet":
        return self.select_related("proposed_by").prefetch_related("findings")


class Waiving(SubmittedOnce):
    """Findings that are to stand as they are, for one reason: what a motion under every side's key is about."""

    public_id = PublicIdField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="waivings")
    reason = models.CharField(_("reason"), max_length=1000)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    carried_at = models.DateTimeField(null=True, editable=False)

    objects = WaivingQuerySet.as_manager()

    class Meta:
        verbose_name = _("waiver of findings")
        ordering = ("-proposed_at", "-pk")

    def __str__(self) -> str:
        return self.public_id

    @property
    def group(self) -> ThematicGroup:
        return self.document.group


class WaivedFinding(models.Model):
    """One of them, as it was found; `fingerprint` names it in exactly its words."""

    waiving = models.ForeignKey(Waiving, models.PROTECT, related_name="findings")
    fingerprint = models.CharField(max_length=64, db_index=True)
    rule = models.CharField(max_length=20)
    case = models.CharField(max_length=20)
    # Pairs of a passage's public id and its words.
    places: Any = models.JSONField(default=list)
    values: Any = models.JSONField(default=dict)
    # When the words of one of them change, an open motion to waive it lapses.
    passages = models.ManyToManyField(Passage, related_name="+")

    class Meta:
        verbose_name = _("waived finding")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["waiving", "fingerprint"], name="one_finding_once_in_a_waiving"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} · {self.waiving}"
