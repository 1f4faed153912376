"""Threads on a passage: resolved only with a disposition, never deleted."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.standing import acts_for
from parley.access import PublicIdField
from parley.access.composed import Slot, composed_once
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Participant, Programme, Side
from reports.text.places import Place

from .passages import Passage, Revision


class ThreadKind(models.TextChoices):
    QUESTION = "question", _("question")
    FACT = "fact", _("fact")
    WORDING = "wording", _("wording")
    RED_LINE = "red-line", _("red line")


class Disposition(models.TextChoices):
    """What became of a comment."""

    TAKEN = "taken", _("taken")
    IN_PART = "in-part", _("taken in part")
    NOT_TAKEN = "not-taken", _("not taken")


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, user: User) -> "ThreadQuerySet":
        """Threads for all sides on what one sees; a caucus's only for its side."""
        own = acts_for(user, side="caucus", group="passage__section__document__group")
        return self.filter(Q(caucus=None) | own, passage__in=Passage.objects.visible_to(user))

    def seen_by(self, side: Side | Slot | None) -> "ThreadQuerySet":
        return self.filter(Q(caucus=None) | Q(caucus=side, caucus__isnull=False))

    def open(self) -> "ThreadQuerySet":
        return self.filter(disposition="")

    def on_words(self) -> "ThreadQuerySet":
        """Those whose words stand in the text."""
        return self.filter(anchor__start__isnull=False)

    @composed_once
    def opened_by(self, user: User) -> "ThreadQuerySet":
        """What one sees, with the passage, the section and the document it stands in."""
        return self.visible_to(user).select_related(
            "anchor",
            "caucus",
            "disposed_by",
            "revision",
            "passage__side",
            "passage__section__document__group__programme",
        )

    def queue_for(self, side: Side | None) -> "ThreadQuerySet":
        """Open threads on what is still in the text, the oldest first."""
        present = self.open().seen_by(side).filter(passage__dropped_at=None, passage__section__dropped_at=None)
        return present.order_by("started_at", "pk")


class Thread(models.Model):
    public_id = PublicIdField()
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="threads")
    # Seen by this side only; by all when there is none.
    caucus = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=ThreadKind.choices)
    # With which others it was sent.
    review = models.ForeignKey("Review", models.PROTECT, null=True, related_name="threads")
    # The text the comment was made on: the revision that its writer read.
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    disposition = models.CharField(max_length=10, choices=Disposition.choices, blank=True)
    disposition_note = models.CharField(_("why"), max_length=1000, blank=True)
    disposed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    disposed_at = models.DateTimeField(null=True, editable=False)
    started_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    # Moves with every answer and disposition: what is shown of a thread is kept under it.
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        ordering = ("started_at", "pk")
        indexes = [models.Index(fields=["passage", "disposition"], name="threads_of_a_passage")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(disposition="not-taken") | ~Q(disposition_note=""), name="not_taken_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def group(self):
        return self.passage.group

    @property
    def is_open(self) -> bool:
        return not self.disposition

    @property
    def on_words(self):
        """Its anchor; None for a comment on the passage as a whole."""
        return getattr(self, "anchor", None)

    @property
    def is_suggestion(self) -> bool:
        return self.on_words is not None and self.on_words.is_suggestion


class CommentQuerySet(models.QuerySet["Comment"]):
    def seen_by(self, side: Side | Slot | None) -> "CommentQuerySet":
        return self.filter(Q(thread__caucus=None) | Q(thread__caucus=side, thread__caucus__isnull=False))

    def of_open_threads(self) -> "CommentQuerySet":
        return self.filter(thread__disposition="")

    def in_order(self) -> "CommentQuerySet":
        """Threads as they were begun, in each its comments as they were written."""
        return self.order_by("thread__started_at", "thread_id", "written_at", "pk")

    def with_writers(self, programme: Programme) -> "CommentQuerySet":
        """`writer_side_id`: the side for which the writer takes part; none for facilitators."""
        part = Participant.objects.filter(programme=programme, person=OuterRef("written_by"))
        return self.select_related(
            "written_by",
            "thread__anchor",
            "thread__caucus",
            "thread__disposed_by",
            "thread__passage__section",
            "thread__passage__side",
        ).annotate(writer_side_id=Subquery(part.values("side")[:1]))

    def in_brief(self, programme: Programme) -> "Iterator[InBrief]":
        """What stands of them under a passage: five hundred are read at once, and none becomes an object."""
        columns = self.with_writers(programme).select_related(None).values_list(*IN_BRIEF)
        return map(InBrief._make, columns)


class InBrief(NamedTuple):
    """A comment as it is shown under a passage, with what is shown of its thread."""

    html: str
    written_at: datetime
    writer: str
    writer_side: int | None
    thread: str
    kind: str
    passage: int
    # The name of the side that alone reads it.
    caucus: str | None
    # Of what the thread hangs on; None for the passage as a whole.
    words: str | None
    replacement: str | None
    start: int | None
    end: int | None

    @property
    def place(self) -> Place | None:
        return None if self.start is None or self.end is None else Place(self.start, self.end)

    @property
    def has_lost_its_words(self) -> bool:
        return self.words is not None and self.start is None


# Where these are found, in their order.
IN_BRIEF = (
    *("html", "written_at", "written_by__name", "writer_side_id"),
    *("thread__public_id", "thread__kind", "thread__passage", "thread__caucus__name"),
    *("thread__anchor__words", "thread__anchor__replacement", "thread__anchor__start", "thread__anchor__end"),
)


class Comment(SubmittedOnce):
    """`html` is made from the typed text once, when it is stored: showing 500 of them costs nothing."""

    public_id = PublicIdField()
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="comments")
    source = models.TextField(_("comment"))
    html = models.TextField()
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        ordering = ("written_at", "pk")
        indexes = [models.Index(fields=["thread", "written_at"], name="comments_in_order")]

    def __str__(self) -> str:
        return self.public_id
