"""Other words for a passage, proposed by one side or one person: a branch, taken as one change or declined."""

from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.standing import acts_for, standings
from parley.access import PublicIdField
from parley.access.composed import Slot
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Side

from .documents import DocumentState, ForbiddenMove
from .passages import Passage, Revision

# Name of the motion that puts proposed words into agreed text (reports.actions.amending).
AMENDING = "passage.amend"


class ProposalState(models.TextChoices):
    """Drafted (its writers alone see it) → offered (before all who read the passage) → taken, declined, withdrawn."""

    DRAFTED = "drafted", _("being drafted")
    OFFERED = "offered", _("offered")
    TAKEN = "taken", _("taken")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


PROPOSAL_MOVES = {
    ProposalState.DRAFTED: {ProposalState.OFFERED, ProposalState.WITHDRAWN},
    ProposalState.OFFERED: {ProposalState.TAKEN, ProposalState.DECLINED, ProposalState.WITHDRAWN},
    ProposalState.TAKEN: set(),
    ProposalState.DECLINED: set(),
    ProposalState.WITHDRAWN: set(),
}
PENDING = (ProposalState.DRAFTED, ProposalState.OFFERED)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> "ProposalQuerySet":
        """On passages that one sees: what was offered, and the drafts that one writes."""
        return self.filter(self._seen_by(user), passage__in=Passage.objects.visible_to(user))

    def _seen_by(self, user: User | Slot) -> Q:
        return Q(offered__isnull=False) | self._written_by(user)

    def _written_by(self, user: User | Slot) -> Q:
        of_its_side = acts_for(user, side="side", group="passage__section__document__group")
        return of_its_side | Q(side=None, begun_by=user)

    def opened_by(self, user: User) -> "ProposalQuerySet":
        """What one sees, with its words and the passage, the section and the document it stands in."""
        return (
            self.visible_to(user)
            .with_words()
            .select_related(
                "passage__side",
                "passage__tabled",
                "passage__caucus_copy",
                "passage__section__document__group__programme",
                "closed_by",
            )
        )

    def with_words(self) -> "ProposalQuerySet":
        return self.select_related("side", "begun_by", "newest__base", "offered__base", "offered__offered_by")

    def pending(self) -> "ProposalQuerySet":
        return self.filter(state__in=PENDING)

    def offered_ones(self) -> "ProposalQuerySet":
        return self.filter(state=ProposalState.OFFERED)

    def seen_in_text_by(self, user: User | Slot) -> "ProposalQuerySet":
        """Pending ones of a text that the person reads: the offered, and the drafts that they write."""
        return self.pending().filter(self._seen_by(user))

    def in_order(self) -> "ProposalQuerySet":
        """The offered ones as they were offered, then the drafts."""
        return self.order_by(F("offered_at").asc(nulls_last=True), "pk")

    def waiting_for(self, user: User) -> "ProposalQuerySet":
        """Offered by others and to be answered by this person: for their own side's voice, or with a key for all."""
        held = [(s.membership.group_id, s) for s in standings(user).by_group.values() if s.membership and s.side]
        voices = [Q(passage__section__document__group=group, passage__side=s.side) for group, s in held]
        keys = [Q(passage__section__document__group=group, passage__side=None) for group, s in held if s.holds_key]
        own = Q(side__in={s.side.pk for _group, s in held if s.side}) | Q(side=None, begun_by=user)
        return self.offered_ones().filter(
            reduce(or_, [*voices, *keys], Q(pk__in=[])),
            ~own,
            taken_in_caucus=None,
            passage__dropped_at=None,
            passage__section__dropped_at=None,
            passage__section__document__state=DocumentState.DRAFTING,
        )


class Proposal(SubmittedOnce):
    """`newest` is what its writers wrote last, `offered` what lies before all; a new offer replaces an earlier one.

    Until it is offered its writers alone know of it: a side's own is caucus, a person's own is theirs alone.
    """

    public_id = PublicIdField()
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="proposals")
    # The side whose members write it together; none where one person writes it.
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    begun_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.DRAFTED)
    newest = models.ForeignKey("ProposalRevision", models.PROTECT, null=True, related_name="+")
    offered = models.ForeignKey("ProposalRevision", models.PROTECT, null=True, related_name="+")
    # What an edit names as the state it began from.
    version = models.PositiveIntegerField(default=0)
    offered_at = models.DateTimeField(null=True, editable=False)
    # Where the passage's own side took it into its caucus copy: nobody else learns of it before that is tabled.
    taken_in_caucus = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)
    # Why it was declined or withdrawn.
    closing_reason = models.CharField(_("why"), max_length=1000, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        ordering = ("begun_at", "pk")
        indexes = [models.Index(fields=["passage", "state"], name="proposals_of_a_passage")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="drafted", offered=None)
                | Q(state="withdrawn")
                | Q(state__in=["offered", "taken", "declined"], offered__isnull=False),
                name="nothing_is_answered_before_it_was_offered",
            ),
            models.CheckConstraint(
                condition=Q(offered=None, offered_at=None) | Q(offered__isnull=False, offered_at__isnull=False),
                name="an_offer_has_its_hour",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(closing_reason=""), name="declined_words_say_why"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def document(self):
        return self.passage.document

    @property
    def group(self):
        return self.passage.group

    @property
    def proposer(self) -> Side | User:
        """Who speaks in it."""
        return self.side or self.begun_by

    @property
    def was_offered(self) -> bool:
        return self.offered_id is not None

    @property
    def is_offered(self) -> bool:
        return self.state == ProposalState.OFFERED

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def has_newer_draft(self) -> bool:
        """Something that its writers have not offered yet."""
        return self.is_pending and self.newest_id != self.offered_id

    def move_to(self, state: ProposalState) -> None:
        if state not in PROPOSAL_MOVES[ProposalState(self.state)]:
            raise ForbiddenMove(f"{self.state} → {state}")
        self.state = state


class ProposalRevisionQuerySet(models.QuerySet["ProposalRevision"]):
    def offered_ones(self) -> "ProposalRevisionQuerySet":
        return self.filter(offered_at__isnull=False).order_by("-offered_at", "-pk")


class ProposalRevision(models.Model):
    """An immutable state of a proposal: its words, and the tabled revision from which they set out."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="revisions")
    base = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    text: Any = models.JSONField()
    sha256 = models.CharField(max_length=64)
    plain = models.TextField()
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    # Once it lies before all: by whom, and why they propose it.
    offered_at = models.DateTimeField(null=True, editable=False)
    offered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=1000, blank=True)

    objects = ProposalRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision of a proposal")
        ordering = ("-made_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(offered_at=None, offered_by=None, reason="")
                | Q(offered_at__isnull=False, offered_by__isnull=False) & ~Q(reason=""),
                name="whoever_offers_words_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}/{self.pk}"
