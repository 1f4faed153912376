"""How views are answered: the points that their writers mark, the replies that name them, and “no reply wished”."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import ThematicGroup
from parley.access import PublicIdField
from parley.accounts.models import User
from parley.programmes.models import Side
from reports.text.places import Place, run_on

from .documents import Document
from .passages import Passage, Revision


class PointQuerySet(models.QuerySet["Point"]):
    def present(self) -> "PointQuerySet":
        return self.filter(dropped_at=None)

    def of(self, document: Document) -> "PointQuerySet":
        """Those of a document's views, in the order in which they were marked."""
        return self.present().filter(view__section__document=document).select_related("revision")


class Point(models.Model):
    """A paragraph or entry of a tabled view that its side wants answered by itself.

    It keeps the words under which it was marked: the view may be revised, and what answers the point stays with it.
    """

    public_id = PublicIdField()
    view = models.ForeignKey(Passage, models.PROTECT, related_name="points")
    # The tabled state in which it was marked, and the characters of its `run_on` (reports.text.places).
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    marked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of a view")
        ordering = ("start", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="a_point_has_words"),
            models.UniqueConstraint(
                fields=["view", "revision", "start"],
                condition=Q(dropped_at=None),
                name="a_point_is_marked_once",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def place(self) -> Place:
        return Place(self.start, self.end)

    @property
    def words(self) -> str:
        """As they were when it was marked."""
        return run_on(self.revision.text)[self.start : self.end]


class PointAnswerQuerySet(models.QuerySet["PointAnswer"]):
    def seen_by(self, side: Side | None) -> "PointAnswerQuerySet":
        """In replies that lie before all sides, and in those of this side's own caucus."""
        seen = Q(reply__tabled__isnull=False) | Q(reply__side=side, reply__side__isnull=False)
        return self.filter(seen, reply__dropped_at=None)


class PointAnswer(models.Model):
    """A reply answers this point. Seen wherever the reply is: of a reply in caucus, by its own side alone."""

    point = models.ForeignKey(Point, models.PROTECT, related_name="answers")
    reply = models.ForeignKey(Passage, models.PROTECT, related_name="answered_points")
    named_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PointAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a point")
        constraints = [models.UniqueConstraint(fields=["point", "reply"], name="a_reply_answers_a_point_once")]

    def __str__(self) -> str:
        return f"{self.reply} → {self.point_id}"


class NoReplyQuerySet(models.QuerySet["NoReply"]):
    def visible_to(self, user: User) -> "NoReplyQuerySet":
        return self.filter(view__in=Passage.objects.visible_to(user))

    def opened_by(self, user: User) -> "NoReplyQuerySet":
        return self.visible_to(user).select_related("side", "view__side", "view__section__document__group__programme")

    def standing(self) -> "NoReplyQuerySet":
        return self.filter(outcome="")


class NoReply(models.Model):
    """A side states that it wishes to reply neither to a view nor to one point of it: an answer, seen by all."""

    class Outcome(models.TextChoices):
        TAKEN_BACK = "taken-back", _("taken back")
        ANSWERED = "answered", _("ended by a reply")

    url_name = "no_reply"

    public_id = PublicIdField()
    view = models.ForeignKey(Passage, models.PROTECT, related_name="no_replies")
    point = models.ForeignKey(Point, models.PROTECT, null=True, related_name="no_replies")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    # The words that the side had before it.
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    stated_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = NoReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement that no reply is wished")
        ordering = ("stated_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["view", "side"], condition=Q(outcome="", point=None), name="one_no_reply_of_a_side_to_a_view"
            ),
            models.UniqueConstraint(
                fields=["point", "side"],
                condition=Q(outcome="", point__isnull=False),
                name="one_no_reply_of_a_side_to_a_point",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None) | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="a_no_reply_ends_with_its_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} · {self.view}"

    @property
    def document(self) -> Document:
        return self.view.document

    @property
    def group(self) -> ThematicGroup:
        return self.view.group

    @property
    def stands(self) -> bool:
        return self.outcome == ""
