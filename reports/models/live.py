"""A passage's text, or a proposal's, while it is being typed: its updates in their order, and who wrote which.

The updates are Yjs's own bytes. What is agreed and signed is never this, but the revision that is cut from it.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from parley.access import PublicIdField
from parley.programmes.models import Side

from .passages import Passage, Revision
from .proposals import Proposal


class Ending(models.TextChoices):
    """What ended a live text; the pages say it in words."""

    SETTLED = "settled"
    TABLED = "tabled"
    FROZEN = "frozen"
    DROPPED = "dropped"
    PENNED = "penned"
    # Of a proposal's words, as its states are called.
    OFFERED = "offered"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class LiveTextQuerySet(models.QuerySet["LiveText"]):
    def open(self) -> "LiveTextQuerySet":
        return self.filter(closed_at=None)

    def uncut(self) -> "LiveTextQuerySet":
        """Those with words that stand in no revision yet."""
        return self.filter(sequence__gt=F("cut_sequence"))

    def before_all(self) -> "LiveTextQuerySet":
        """Neither a caucus's nor a proposal's."""
        return self.filter(caucus=None, passage__isnull=False)

    def of_proposals(self) -> "LiveTextQuerySet":
        return self.filter(proposal__isnull=False)


class LiveText(models.Model):
    """One co-edited text. `state` holds everything up to `state_sequence`, its rows of LiveUpdate all that follows.

    It is a passage's or a proposal's, never both: what asks for a passage's texts finds no words of a proposal.
    The sequence has no gaps and rises under the row's lock: whoever reads a later one knows what they have missed.
    What a caucus types is a text of its own, closed when it is tabled: its rows and clients are never shown outside. So
    is what the writers of a proposal type, closed when they offer it.
    """

    public_id = PublicIdField()
    passage = models.ForeignKey(Passage, models.PROTECT, null=True, related_name="live_texts")
    # Other words for a passage; written by its writers alone, who are asked of the proposal and not of `caucus`.
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="live_texts")
    # The tabled revision over which a proposal's words stand here.
    base = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    # The side whose caucus it belongs to; none where all sides write.
    caucus = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    sequence = models.BigIntegerField(default=0)
    state = models.BinaryField(default=bytes)
    state_sequence = models.BigIntegerField(default=0)
    # Up to where its words stand in a revision.
    cut_sequence = models.BigIntegerField(default=0)
    # The version of the schema (reports/text/schema.json) with which it was opened.
    schema = models.PositiveIntegerField()
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    last_writer = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.CharField(max_length=9, choices=Ending.choices, blank=True)

    objects = LiveTextQuerySet.as_manager()

    class Meta:
        constraints = [
            # A passage has one voice, so that this is one for all sides or one for a caucus.
            models.UniqueConstraint(
                fields=["passage"], condition=Q(closed_at=None), name="one_open_live_text_of_a_passage"
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(closed_at=None), name="one_open_live_text_of_a_proposal"
            ),
            models.CheckConstraint(
                condition=Q(passage__isnull=False, proposal=None, base=None)
                | Q(passage=None, proposal__isnull=False, base__isnull=False, caucus=None),
                name="a_live_text_is_a_passages_or_a_proposals_over_a_base",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, ended_by="") | Q(closed_at__isnull=False) & ~Q(ended_by=""),
                name="a_closed_live_text_says_what_ended_it",
            ),
            models.CheckConstraint(
                condition=Q(cut_sequence__lte=F("sequence"), state_sequence__lte=F("sequence")),
                name="a_live_text_is_never_behind_its_cut",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_cut(self) -> bool:
        return self.sequence == self.cut_sequence


class LiveUpdate(models.Model):
    """What one person's connection wrote in some hundredths of a second."""

    text = models.ForeignKey(LiveText, models.PROTECT, related_name="updates")
    sequence = models.BigIntegerField()
    payload: Any = models.BinaryField()
    # None: the server's own, the words with which the text was opened.
    person = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "sequence"], name="live_updates_are_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.text_id}/{self.sequence}"


class LiveClient(models.Model):
    """Whose a Yjs client id is in a text: of the person who used it first, so that no one writes under another's."""

    text = models.ForeignKey(LiveText, models.PROTECT, related_name="clients")
    client_id = models.BigIntegerField()
    # None: the server's own.
    person = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "client_id"], name="a_live_client_is_one_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.text_id}/{self.client_id}"
