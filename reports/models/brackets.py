"""Words that are not agreed: who put them into a bracket and why, what each side would say, what became of it."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import Motion
from groups.models.keys import MotionQuerySet
from parley.access import PublicIdField
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Side
from reports.text import brackets
from reports.text.stretches import Owner

from .passages import Passage

# Name of the motion on one bracket (reports.actions.brackets).
CLOSING = "bracket.close"


class Outcome(models.TextChoices):
    """What became of a bracket; every way but the last two takes the key of every side."""

    KEPT = "kept", _("its words were agreed")
    ALTERNATIVE = "alternative", _("an alternative was agreed")
    MERGED = "merged", _("other words were agreed")
    LEFT_OUT = "left-out", _("its words were left out")
    WITHDRAWN = "withdrawn", _("withdrawn by the side that opened it")
    # Until the passage is brought back: then it is open again.
    DROPPED = "dropped", _("dropped with the passage")


class BracketQuerySet(models.QuerySet["Bracket"]):
    def visible_to(self, user: User) -> "BracketQuerySet":
        """Those on passages that one sees: a bracket stands in what lies before all sides."""
        return self.filter(passage__in=Passage.objects.visible_to(user))

    def opened_by(self, user: User) -> "BracketQuerySet":
        """What one sees, with its passage and all that it stands in."""
        return self.visible_to(user).select_related(
            "side", "person", "passage__tabled", "passage__section__document__group__programme"
        )

    def open(self) -> "BracketQuerySet":
        return self.filter(outcome="")

    def dropped(self) -> "BracketQuerySet":
        """Those that left with their passage."""
        return self.filter(outcome=Outcome.DROPPED)

    def in_the_text(self) -> "BracketQuerySet":
        """Open ones that are printed."""
        return self.open().filter(passage__dropped_at=None, passage__section__dropped_at=None)

    def wanting_words_of(self, sides: Iterable[Side | int]) -> "BracketQuerySet":
        """Those in which none of these sides has said what it would say, while nobody proposes how to close them."""
        said = Alternative.objects.current().filter(bracket=OuterRef("pk"), side__in=sides)
        closing = Motion.objects.open().filter(kind=CLOSING, target_id=OuterRef("public_id"))
        return self.in_the_text().filter(~Exists(said), ~Exists(closing))

    def with_alternatives(self) -> "BracketQuerySet":
        """`standing`: each side's alternative as it stands now."""
        current = Alternative.objects.current().select_related("side", "person").order_by("side__name", "pk")
        return self.select_related("side", "person").prefetch_related(Prefetch("alternatives", current, "standing"))


class Bracket(SubmittedOnce):
    """Its `public_id` is the id of the mark on its words. While it is open only all keys together change them."""

    public_id = PublicIdField()
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="brackets")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=1000)
    # A checked text of one paragraph.
    words: Any = models.JSONField()
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    # Brought in with a document by somebody who speaks for no side, or not for this one.
    from_file = models.BooleanField(default=False, editable=False)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    # Moves with every alternative and every motion: what is shown of it is kept under it.
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    # What stands in its place since; none where its words were left out, or stayed as they were.
    settled_words: Any = models.JSONField(null=True)
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = BracketQuerySet.as_manager()

    class Meta:
        verbose_name = _("bracket")
        ordering = ("opened_at", "pk")
        indexes = [models.Index(fields=["passage", "outcome"], name="brackets_of_a_passage")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_bracket_says_why"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None) | ~Q(outcome="") & Q(closed_at__isnull=False),
                name="a_closed_bracket_says_what_became_of_it",
            ),
        ]

    def __str__(self) -> str:
        return self.in_brief

    @property
    def group(self):
        return self.passage.group

    @property
    def document(self):
        return self.passage.document

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def in_brief(self) -> str:
        return brackets.in_brief(self.words)

    def alternative_of(self, side: Side | None) -> "Alternative | None":
        return self.alternatives.current().filter(side=side).first()

    def close(self, outcome: Outcome, *, by: User) -> None:
        self.outcome = outcome
        self.closed_by, self.closed_at = by, timezone.now()
        self.changed_at = self.closed_at
        self.save(update_fields=["outcome", "settled_words", "closed_by", "closed_at", "changed_at"])


class AlternativeQuerySet(models.QuerySet["Alternative"]):
    def current(self) -> "AlternativeQuerySet":
        return self.filter(replaced_at=None)


class Alternative(SubmittedOnce):
    """What one side would say in the place of a bracket's words; a newer one replaces it, both are kept."""

    bracket = models.ForeignKey(Bracket, models.PROTECT, related_name="alternatives")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    # A checked text of one paragraph; none: to leave the words out.
    words: Any = models.JSONField(null=True)
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    from_file = models.BooleanField(default=False, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    replaced_at = models.DateTimeField(null=True, editable=False)

    objects = AlternativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("alternative")
        ordering = ("made_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["bracket", "side"], condition=Q(replaced_at=None), name="one_alternative_of_a_side_stands"
            )
        ]

    def __str__(self) -> str:
        return brackets.in_brief(self.words) if self.words else ""


def owners_of(text: dict[str, Any] | None) -> dict[str, Owner]:
    """What a page says of the brackets in a text, closed ones too; no question to the database where there is none."""
    ids = brackets.ids_of(text) if text else []
    if not ids:
        return {}
    found = Bracket.objects.filter(public_id__in=ids).select_related("side")
    held = {bracket.public_id: bracket.side for bracket in found}
    return {id_: owner(held[id_], number) for number, id_ in enumerate(ids, 1) if id_ in held}


def owner(side: Side, number: int) -> Owner:
    return Owner(side.name, number, colour=side.colour)


def closing_motions(bracket_ids: list[str]) -> MotionQuerySet:
    """On these brackets, the newest first, with their keys."""
    motions = Motion.objects.filter(kind=CLOSING, target_id__in=bracket_ids)
    return motions.select_related("proposed_by").prefetch_related("keys__side", "keys__turned_by")
