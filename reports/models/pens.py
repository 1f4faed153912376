"""The pen: the drafting of a joint passage or a whole document in one person's hands, given and taken by all keys."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import ThematicGroup
from groups.standing import groups_where_texts_are_seen
from parley.access import PublicIdField
from parley.accounts.models import User


class PenQuerySet(models.QuerySet["Pen"]):
    def visible_to(self, user: User) -> "PenQuerySet":
        return self.filter(document__group__in=groups_where_texts_are_seen(user))

    def opened_by(self, user: User) -> "PenQuerySet":
        return self.visible_to(user).with_place()

    def with_place(self) -> "PenQuerySet":
        return self.select_related(
            "holder", "ended_by", "passage__section", "passage__tabled", "document__group__programme"
        )

    def given(self) -> "PenQuerySet":
        """Out now, or once."""
        return self.filter(given_at__isnull=False)

    def out(self) -> "PenQuerySet":
        return self.given().filter(ended_at=None)


class Pen(models.Model):
    """Proposed with the row, given with the last key. It gives words and never a key; a facilitator may hold it too.

    While it is out the passages under it name it (`Passage.pen`), and nobody writes in them: its holder drafts apart,
    and what they release becomes the passages' words for all sides at one instant.
    """

    class Because(models.TextChoices):
        RETURNED = "returned", _("given back by its holder")
        TAKEN = "taken", _("taken back by the key of every side")
        LEFT = "left", _("ended, since its holder has left")
        FROZEN = "frozen", _("ended with the freeze")
        DROPPED = "dropped", _("ended, since the passage was dropped")

    public_id = PublicIdField()
    document = models.ForeignKey("reports.Document", models.PROTECT, related_name="pens")
    # None: over all joint passages of the document, and who adds one.
    passage = models.ForeignKey("reports.Passage", models.PROTECT, null=True, related_name="pens")
    holder = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    given_at = models.DateTimeField(null=True, editable=False)
    released_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_because = models.CharField(max_length=8, choices=Because.choices, blank=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = PenQuerySet.as_manager()

    class Meta:
        verbose_name = _("pen")
        ordering = ("proposed_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["passage"], condition=Q(given_at__isnull=False, ended_at=None), name="one_pen_over_a_passage"
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(passage=None, given_at__isnull=False, ended_at=None),
                name="one_pen_over_a_document",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_because="")
                | Q(ended_at__isnull=False, given_at__isnull=False) & ~Q(ended_because=""),
                name="a_pen_that_ended_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} · {self.document}"

    @property
    def group(self) -> ThematicGroup:
        return self.document.group

    @property
    def is_out(self) -> bool:
        return self.given_at is not None and self.ended_at is None

    @property
    def place(self) -> str:
        """What it is over, in words."""
        if self.passage is None:
            return str(_("all joint passages of “%(document)s”")) % {"document": self.document.title}
        return str(_("a passage in “%(section)s”")) % {"section": self.passage.section.title}
