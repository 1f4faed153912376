"""Agreement ad referendum: a side's key turned subject to its principals, until a date (cf. Art. 12 (2) (b) VCLT)."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import Key, ThematicGroup
from parley.access import PublicIdField
from parley.accounts.models import User
from parley.programmes.models import Side

from .documents import Document
from .passages import Passage


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, user: User) -> "ReferralQuerySet":
        return self.filter(passage__in=Passage.objects.visible_to(user))

    def opened_by(self, user: User) -> "ReferralQuerySet":
        """What one sees, with its passage and all that it stands in."""
        return self.visible_to(user).select_related(
            "side", "key__turned_by", "passage__side", "passage__tabled", "passage__section__document__group__programme"
        )

    def pending(self) -> "ReferralQuerySet":
        return self.filter(outcome=Referral.Outcome.PENDING)

    def of(self, passages: Iterable[Passage]) -> "ReferralQuerySet":
        return self.filter(passage__in=passages).select_related("side")


class Referral(models.Model):
    """One side holds to these words until its principals have answered, at the latest until a day."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("waits for the side’s principals")
        CONFIRMED = "confirmed", _("confirmed by the side")
        WITHDRAWN = "withdrawn", _("ended, since an agreement was withdrawn")
        REPLACED = "replaced", _("ended, since other words were agreed")
        PASSED = "passed", _("ended without an answer")

    public_id = PublicIdField()
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="referrals")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    key = models.OneToOneField(Key, models.PROTECT, related_name="referral")
    sha256 = models.CharField(max_length=64)
    until = models.DateTimeField(_("until"))
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement ad referendum")
        ordering = ("opened_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["passage", "side"], condition=Q(outcome="pending"), name="one_pending_referral_of_a_side"
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", closed_at=None) | ~Q(outcome="pending") & Q(closed_at__isnull=False),
                name="a_referral_is_closed_with_its_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} · {self.passage}"

    @property
    def document(self) -> Document:
        return self.passage.document

    @property
    def group(self) -> ThematicGroup:
        return self.passage.group

    @property
    def is_pending(self) -> bool:
        return self.outcome == self.Outcome.PENDING
