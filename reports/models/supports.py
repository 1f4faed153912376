"""What each side says of a recommendation whose words are agreed: whether it supports it too."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.access.submissions import SubmittedOnce
from parley.programmes.models import Side

from .passages import Passage


class SupportLevel(models.TextChoices):
    FULL = "full", _("supports it in full")
    RESERVED = "reserved", _("supports it with reservations")
    NONE = "none", _("does not support it")


class SupportQuerySet(models.QuerySet["Support"]):
    def current(self) -> "SupportQuerySet":
        return self.filter(replaced_at=None)

    def on(self, passages: Iterable[Passage]) -> "SupportQuerySet":
        return self.filter(passage__in=list(passages)).select_related("side", "stated_by")


class Support(SubmittedOnce):
    """One side's word over exactly the words with this hash; other words ask it anew. All statements are kept."""

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="supports")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    level = models.CharField(max_length=8, choices=SupportLevel.choices)
    sha256 = models.CharField(max_length=64)
    stated_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(null=True, editable=False)

    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("level of support")
        ordering = ("stated_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["passage", "side"], condition=Q(replaced_at=None), name="one_level_of_support_of_a_side"
            )
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.get_level_display()}"
