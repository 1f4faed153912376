"""The register of published recommendations, and what became of each: entries over time."""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import ThematicGroup
from groups.standing import groups_where_texts_are_seen
from parley.access import PublicIdField
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Programme

from .publications import Publication


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, user: User) -> "RecommendationQuerySet":
        """What was published, for everybody who has part in its programme."""
        programmes = Programme.objects.visible_to(user).values("pk")
        return self.known().filter(publication__final_text__document__group__programme__in=programmes)

    def opened_by(self, user: User) -> "RecommendationQuerySet":
        return self.visible_to(user).with_origin()

    def known(self) -> "RecommendationQuerySet":
        """Of publications that have opened and are not hidden for danger to a person; withdrawn ones too."""
        return self.filter(publication__opens_at__lte=timezone.now(), publication__hidden_at=None)

    def of(self, programme: Programme) -> "RecommendationQuerySet":
        return self.known().filter(publication__final_text__document__group__programme=programme)

    def in_force(self) -> "RecommendationQuerySet":
        return self.filter(publication__withdrawn_at=None)

    def with_origin(self) -> "RecommendationQuerySet":
        return self.select_related(
            "publication__final_text__document__group__programme",
            "publication__replaced_by__final_text__document",
        )

    def with_status(self) -> "RecommendationQuerySet":
        """`status` and `status_on`: what the latest entry that is shown says."""
        latest = FollowUp.objects.shown().filter(recommendation=OuterRef("pk")).order_by("-on", "-pk")
        return self.annotate(
            status=Subquery(latest.values("status")[:1]),
            status_on=Subquery(latest.values("on")[:1]),
            status_for_sides=Subquery(latest.values("for_sides")[:1]),
        )

    def standing_at(self, status: str | None) -> "RecommendationQuerySet":
        """Of those `with_status`; None: nothing has been written of it yet."""
        return self.filter(status=status)

    def with_entries(self) -> "RecommendationQuerySet":
        """`entries`: what is shown to everybody, the oldest first; and its labels."""
        shown = FollowUp.objects.shown().order_by("on", "pk")
        return self.prefetch_related(Prefetch("follow_ups", shown, "entries"), "labels")

    def listed(self) -> "RecommendationQuerySet":
        """The newest publication first, in the order of its text."""
        return self.with_origin().with_status().order_by("-publication__opens_at", "publication", "position")


class Recommendation(models.Model):
    """As it stands in the canonical text of a publication: nothing of it changes any more."""

    public_id = PublicIdField()
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="recommendations")
    # The id of its passage in the canonical text.
    passage = models.CharField(max_length=16)
    position = models.PositiveIntegerField()
    # R1, R2, …; none where it has no heading of its own.
    number = models.CharField(max_length=12, blank=True)
    paragraph = models.CharField(max_length=12)
    heading = models.CharField(max_length=1000, blank=True)
    addressee = models.CharField(max_length=1000, blank=True)
    horizon = models.CharField(max_length=1000, blank=True)
    text: Any = models.JSONField()
    language = models.CharField(max_length=10)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("published recommendation")
        ordering = ("publication", "position")
        constraints = [
            models.UniqueConstraint(fields=["publication", "passage"], name="a_recommendation_is_published_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}".strip()

    @property
    def document(self):
        return self.publication.final_text.document

    @property
    def group(self) -> ThematicGroup:
        return self.document.group

    @property
    def is_in_force(self) -> bool:
        return self.publication.withdrawn_at is None


class Label(models.Model):
    """A theme beside that of the group, given by facilitators."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="labels")
    words = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("theme of a recommendation")
        ordering = ("words",)
        constraints = [models.UniqueConstraint(fields=["recommendation", "words"], name="a_theme_is_given_once")]

    def __str__(self) -> str:
        return self.words


class Progress(models.TextChoices):
    NONE = "none", _("no step yet")
    BEGUN = "begun", _("begun")
    PART = "part", _("done in part")
    DONE = "done", _("done")
    SET_ASIDE = "set-aside", _("set aside")


TONES = {
    Progress.NONE: "todo",
    Progress.BEGUN: "doing",
    Progress.PART: "doing",
    Progress.DONE: "done",
    Progress.SET_ASIDE: "closed",
}


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def shown(self) -> "FollowUpQuerySet":
        """The facilitators' own, and what every side's key has confirmed; as corrected last."""
        return self.filter(Q(for_sides=False) | Q(confirmed_at__isnull=False), replaced_at=None)

    def visible_to(self, user: User) -> "FollowUpQuerySet":
        """What waits for keys is seen where the group's texts are."""
        here = Q(recommendation__publication__final_text__document__group__in=groups_where_texts_are_seen(user))
        taken = Q(for_sides=False) | Q(confirmed_at__isnull=False)
        return self.filter(taken | here, recommendation__in=Recommendation.objects.visible_to(user))

    def opened_by(self, user: User) -> "FollowUpQuerySet":
        return self.visible_to(user).with_origin()

    def with_origin(self) -> "FollowUpQuerySet":
        return self.select_related(
            "written_by", "corrects", "recommendation__publication__final_text__document__group__programme"
        )


class FollowUp(SubmittedOnce):
    """What became of a recommendation until a day, in a facilitator's words.

    One that speaks for the sides is shown as theirs when the key of every side has confirmed it. Entries are never
    deleted: a correction takes the place of what it corrects, which stays in the trail.
    """

    url_name = "entry"

    public_id = PublicIdField()
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="follow_ups")
    on = models.DateField(_("day"))
    status = models.CharField(_("where it stands"), max_length=10, choices=Progress.choices)
    words = models.TextField(_("what was done"))
    for_sides = models.BooleanField(_("it speaks for the sides"), default=False)
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    # Since when a correction stands in its place.
    replaced_at = models.DateTimeField(null=True, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up entry")
        ordering = ("on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(for_sides=True) | Q(confirmed_at=None), name="only_the_sides_words_are_confirmed"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="a_follow_up_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation} · {self.get_status_display()}"

    @property
    def group(self) -> ThematicGroup:
        return self.recommendation.group

    @property
    def document(self):
        return self.recommendation.document

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def waits(self) -> bool:
        """For the sides' keys."""
        return self.for_sides and self.confirmed_at is None and self.replaced_at is None

    @property
    def tone(self) -> str:
        """Of the word of its status (docs/ui.md)."""
        return TONES[Progress(self.status)]

    @property
    def record(self) -> dict[str, Any]:
        """What the sides' keys confirm (RFC 8785)."""
        return {
            "form": 1,
            "recommendation": self.recommendation.public_id,
            "entry": self.public_id,
            "on": self.on.isoformat(),
            "status": self.status,
            "words": self.words,
            "corrects": self.corrects.public_id if self.corrects else "",
        }
