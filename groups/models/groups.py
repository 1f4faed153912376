"""Thematic groups, platforms and the co-chairs' conference, and their work plans."""

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.access import PublicIdField
from parley.access.composed import composed_once, key_of
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Facilitator, Programme, Side


class GroupKind(models.TextChoices):
    THEMATIC = "thematic", _("thematic group")
    PLATFORM = "platform", _("platform")
    CONFERENCE = "conference", _("co-chairs’ conference")


def _sides_of_the_programme() -> Subquery:
    sides = Side.objects.filter(programme=OuterRef("programme")).order_by().values("programme")
    return Subquery(sides.annotate(count=Count("pk")).values("count"))


class GroupQuerySet(models.QuerySet["ThematicGroup"]):
    @composed_once
    def visible_to(self, user: User) -> "GroupQuerySet":
        """Those with an open seat, and its facilitators. Each row knows for whom it was fetched (`seen_by`)."""
        from .seats import Membership

        seated = Membership.objects.acting().filter(person=user).values("group")
        facilitated = Facilitator.objects.acting().filter(person=user).values("programme")
        seen = self.filter(Q(pk__in=seated) | Q(programme__in=facilitated))
        return seen.select_related("programme").annotate(seen_by=key_of(user), side_count=_sides_of_the_programme())

    def with_counts(self) -> "GroupQuerySet":
        """Each with `people`: how many open seats it has."""
        return self.annotate(people=Count("memberships", filter=Q(memberships__seat="open")))

    def locked(self, pk: int) -> "ThematicGroup":
        """Its row, locked until the end of the transaction: seats and keys of a group change one after the other.

        Taken after a target's locks (document → section → passage) and before motions and the record.
        """
        return self.select_for_update(of=("self",), no_key=True).select_related("programme").get(pk=pk)


class ThematicGroup(models.Model):
    """Its members, not the host, own its texts."""

    url_name = "group"

    public_id = PublicIdField()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="groups")
    kind = models.CharField(_("kind"), max_length=12, choices=GroupKind.choices, default=GroupKind.THEMATIC)
    name = models.CharField(_("name"), max_length=160)
    purpose = models.TextField(_("purpose"), blank=True)
    founded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="group_named_once_in_a_programme"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(kind="conference"), name="one_conference_in_a_programme"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> str:
        """The record that all sides may see."""
        return f"group:{self.public_id}"

    def caucus_chain(self, side: Side) -> str:
        """The record of one side's caucus: never read outside that side."""
        return f"group:{self.public_id}:side:{side.public_id}"

    def private_chain(self, person: User) -> str:
        """The record of what a person does for themselves alone, before anybody else sees it."""
        return f"group:{self.public_id}:person:{person.public_id}"

    def topic(self, side: Side | None = None) -> str:
        return f"group:{self.public_id}" + (f":side:{side.public_id}" if side else "")


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, user: User) -> "MilestoneQuerySet":
        return self.filter(group__in=ThematicGroup.objects.visible_to(user)).select_related("group__programme")


class Milestone(SubmittedOnce):
    """A line of a group's work plan."""

    public_id = PublicIdField()
    group = models.ForeignKey(ThematicGroup, models.CASCADE, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=200)
    due = models.DateField(_("due"))
    responsible = models.CharField(_("who is responsible"), max_length=160, blank=True)
    done_at = models.DateTimeField(null=True, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        ordering = ("due", "pk")

    def __str__(self) -> str:
        return self.title
