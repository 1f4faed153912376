"""What a comment hangs on, and comments that their writers have not sent yet."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.standing import acts_for, groups_where_texts_are_seen
from parley.access import PublicIdField
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Side
from reports.text.places import Place, Quote

from .comments import Thread, ThreadKind
from .documents import Document
from .passages import Passage


class OnWords(models.Model):
    """Words as somebody saw them, with what stood beside them, and what they would have in their place."""

    words = models.TextField(blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    # None suggests nothing; "" suggests to leave the words out.
    replacement = models.TextField(null=True)  # noqa: DJ001 (null and "" say different things)

    class Meta:
        abstract = True

    @property
    def quote(self) -> Quote:
        return Quote(self.words, self.before, self.after)

    @property
    def is_suggestion(self) -> bool:
        return self.replacement is not None

    def about(self, quote: Quote | None, replacement: str | None) -> None:
        """Nothing where it is about no words."""
        self.words, self.before, self.after = (quote.words, quote.before, quote.after) if quote else ("", "", "")
        self.replacement = replacement if quote else None


class AnchorQuerySet(models.QuerySet["Anchor"]):
    def hanging_in(self, passage: Passage, caucus: Side | None) -> "AnchorQuerySet":
        """Those that hang in the text that a revision of this caucus, or of none, takes the place of.

        The passage's own side reads its caucus copy; all others, and what is said to all, the tabled text.
        """
        here = self.filter(thread__passage=passage)
        if caucus is not None:
            return here.filter(thread__caucus=caucus)
        return here.exclude(thread__caucus=passage.side) if passage.side_id else here


class Anchor(OnWords):
    """Where a thread hangs in the text that its readers see; outside the text, so that nothing of it is in there.

    `start` and `end` count as reports.text.places does; none when the words have gone.
    """

    thread = models.OneToOneField(Thread, models.PROTECT, related_name="anchor")
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)

    objects = AnchorQuerySet.as_manager()

    class Meta:
        verbose_name = _("anchor")
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__isnull=False, end__gt=F("start")),
                name="an_anchor_holds_words_or_has_lost_them",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="an_anchor_quotes_words"),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}: {self.start}–{self.end}"

    @property
    def place(self) -> Place | None:
        return None if self.start is None or self.end is None else Place(self.start, self.end)

    @place.setter
    def place(self, place: Place | None) -> None:
        self.start, self.end = (place.start, place.end) if place else (None, None)


class Review(SubmittedOnce):
    """Comments that one person sent at once; `for_all` and `caucus` say who reads some of them."""

    public_id = PublicIdField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="reviews")
    for_all = models.BooleanField()
    caucus = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    sent_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("review")

    def __str__(self) -> str:
        return self.public_id

    @property
    def group(self):
        return self.document.group


class UnsentCommentQuerySet(models.QuerySet["UnsentComment"]):
    def visible_to(self, user: User) -> "UnsentCommentQuerySet":
        """One's own, while one sees the texts; on a dropped passage too, so that no words are lost with it."""
        readers = Q(caucus=None) | acts_for(user, side="caucus", group="passage__section__document__group")
        groups: Any = groups_where_texts_are_seen(user)
        return self.filter(readers, writer=user, passage__section__document__group__in=groups)

    def opened_by(self, user: User) -> "UnsentCommentQuerySet":
        return self.visible_to(user).select_related(
            "caucus", "passage__side", "passage__section__document__group__programme"
        )

    def in_document(self, document: Document) -> "UnsentCommentQuerySet":
        """As they stand in the text, with what all sides read there."""
        here = self.filter(passage__section__document=document).select_related("passage__tabled")
        return here.order_by("passage__section__position", "passage__position", "passage", "written_at", "pk")

    def on_what_stands(self) -> "UnsentCommentQuerySet":
        return self.filter(passage__dropped_at=None, passage__section__dropped_at=None)


class UnsentComment(SubmittedOnce, OnWords):
    """A comment of a review that its writer has not sent: nobody else reads, counts or hears of it."""

    public_id = PublicIdField()
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="+")
    # As of the thread that it will begin.
    caucus = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=ThreadKind.choices)
    source = models.TextField(_("comment"))
    writer = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    url_name = "unsent"
    objects = UnsentCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsent comment")
        ordering = ("written_at", "pk")
        indexes = [models.Index(fields=["writer", "passage"], name="unsent_comments_of_a_writer")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def group(self):
        return self.passage.group

    @property
    def can_be_sent(self) -> bool:
        return self.passage.dropped_at is None and self.passage.section.dropped_at is None
