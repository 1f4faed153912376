"""The unit of drafting and agreement, and its immutable revisions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import Key, Motion
from groups.standing import acts_for, groups_where_texts_are_seen
from parley.access import PublicIdField
from parley.access.composed import Slot, composed_once
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Side

from .documents import Section

# Names of the motions on one passage (reports.actions.agreement).
SETTLING, DROPPING = "passage.settle", "passage.drop"


class Voice(models.TextChoices):
    JOINT = "joint", _("joint")
    VIEW = "view", _("view")
    REPLY = "reply", _("reply")
    RECOMMENDATION = "recommendation", _("recommendation")


SHARED_VOICES = (Voice.JOINT, Voice.RECOMMENDATION)
ONE_SIDED_VOICES = (Voice.VIEW, Voice.REPLY)


class PassageState(models.TextChoices):
    """Caucus → open → agreed → frozen; undoing an agreement takes one key, making it takes all."""

    CAUCUS = "caucus", _("in caucus")
    OPEN = "open", _("open")
    BRACKETED = "bracketed", _("bracketed")
    AD_REFERENDUM = "ad-referendum", _("agreed ad referendum")
    AGREED = "agreed", _("agreed")
    FROZEN = "frozen", _("frozen")


PASSAGE_MOVES = {
    PassageState.CAUCUS: {PassageState.OPEN},
    PassageState.OPEN: {PassageState.BRACKETED, PassageState.AD_REFERENDUM, PassageState.AGREED},
    PassageState.BRACKETED: {PassageState.OPEN},
    PassageState.AD_REFERENDUM: {PassageState.OPEN, PassageState.AGREED},
    # Back to ad referendum: under the package rule nothing is agreed until everything is agreed.
    PassageState.AGREED: {PassageState.OPEN, PassageState.AD_REFERENDUM, PassageState.FROZEN},
    PassageState.FROZEN: {PassageState.AGREED},
}
SETTLED = (PassageState.AGREED, PassageState.FROZEN)
# Every side's key is turned on the words as they stand: nobody writes in them.
HELD = (PassageState.AD_REFERENDUM, *SETTLED)


class PassageQuerySet(models.QuerySet["Passage"]):
    def visible_to(self, user: User) -> "PassageQuerySet":
        """Tabled passages of one's groups, and the caucus of one's own side in the group where one sits."""
        return self.filter(
            Q(dropped_at=None, section__dropped_at=None),
            Q(section__document__group__in=groups_where_texts_are_seen(user)),
            Q(tabled__isnull=False) | _of_own_side(user),
        )

    @composed_once
    def opened_by(self, user: User) -> "PassageQuerySet":
        """What one sees, with its texts and all that it stands in."""
        return self.visible_to(user).select_related(
            "side", "tabled", "caucus_copy", "section__document__group__programme"
        )

    def whose_writers_are_seen_by(self, user: User) -> "PassageQuerySet":
        """Who wrote which words of a view is its own side's to know; of joint words, all who read them."""
        return self.opened_by(user).filter(Q(side=None) | _of_own_side(user))

    def present(self) -> "PassageQuerySet":
        return self.filter(dropped_at=None)

    def tabled_ones(self) -> "PassageQuerySet":
        return self.present().filter(tabled__isnull=False)

    def as_seen_by(self, side: Side | Slot | None) -> "PassageQuerySet":
        """Of one document's passages those that a person of this side (or of none) may see."""
        return self.present().filter(Q(tabled__isnull=False) | Q(side=side, side__isnull=False))

    def settled(self) -> "PassageQuerySet":
        return self.filter(state__in=SETTLED)

    def unsettled(self) -> "PassageQuerySet":
        return self.exclude(state__in=SETTLED)

    def unheld(self) -> "PassageQuerySet":
        return self.exclude(state__in=HELD)

    def in_reading_order(self) -> "PassageQuerySet":
        return self.order_by("section__position", "section_id", "position", "pk")

    def dropped_and_seen_by(self, side: Side | None) -> "PassageQuerySet":
        """What left the text, of what a person of this side (or of none) saw while it stood there."""
        seen = Q(tabled__isnull=False) | Q(side=side, side__isnull=False)
        return self.filter(seen, dropped_at__isnull=False).order_by("-dropped_at", "-pk")

    def with_texts(self) -> "PassageQuerySet":
        return self.select_related("side", "tabled", "caucus_copy")

    def with_motions(self, sides: Iterable[Side]) -> "PassageQuerySet":
        """`settling_id`, `dropping_id`: the open motions; `key_<side's key>`: whether that side's key is turned."""
        motions = Motion.objects.open().filter(target_id=OuterRef("public_id")).values("public_id")
        keys = Key.objects.filter(motion__state=Motion.State.OPEN, motion__kind=SETTLING)
        turned = keys.filter(motion__target_id=OuterRef("public_id"))
        return self.annotate(
            settling_id=Subquery(motions.filter(kind=SETTLING)[:1]),
            dropping_id=Subquery(motions.filter(kind=DROPPING)[:1]),
            **{f"key_{side.pk}": Exists(turned.filter(side=side)) for side in sides},
        )

    def with_threads(self, side: Side | Slot | None) -> "PassageQuerySet":
        """Figures of the comments that a person of this side (or of none) sees."""
        from .comments import Comment, Thread

        seen = Thread.objects.filter(passage=OuterRef("pk")).seen_by(side).order_by()
        comments = Comment.objects.filter(thread__passage=OuterRef("pk")).seen_by(side).order_by()
        return self.annotate(
            open_threads=_counted(seen.open(), "passage"),
            all_comments=_counted(comments, "thread__passage"),
            threads_changed_at=Subquery(seen.order_by("-changed_at").values("changed_at")[:1]),
        )

    def with_proposals(self, reader: User | Slot) -> "PassageQuerySet":
        """`proposals_seen`: how many other words this person sees."""
        from .proposals import Proposal

        here = Proposal.objects.filter(passage=OuterRef("pk")).order_by()
        return self.annotate(proposals_seen=_counted(here.seen_in_text_by(reader), "passage"))

    def with_proposals_to_answer(self, reader: User) -> "PassageQuerySet":
        """`proposals_to_answer`: how many of them wait for this person's answer."""
        from .proposals import Proposal

        here = Proposal.objects.filter(passage=OuterRef("pk")).order_by()
        return self.annotate(proposals_to_answer=_counted(here.waiting_for(reader), "passage"))

    def with_brackets(self, side: Side | None) -> "PassageQuerySet":
        """How many open ones want this side's words, and the oldest proposal to close one that wants its key."""
        from .brackets import CLOSING, Bracket

        if side is None:
            return self.annotate(brackets_to_answer=Value(0), closing_id=Value(""))
        here = Bracket.objects.filter(passage=OuterRef("pk")).order_by()
        open_ones = Bracket.objects.open().filter(passage=OuterRef(OuterRef("pk"))).order_by()
        closing = Motion.objects.open().filter(kind=CLOSING, target_id__in=open_ones.values("public_id"))
        waiting = closing.without_key_of(side).order_by("proposed_at", "pk").values("public_id")
        return self.annotate(
            brackets_to_answer=_counted(here.wanting_words_of([side]), "passage"),
            closing_id=Coalesce(Subquery(waiting[:1]), Value("")),
        )

    def wanting_support_of(self, side: Side) -> "PassageQuerySet":
        """Recommendations, numbered by their heading, to whose present words this side has said nothing."""
        from .supports import Support

        said = Support.objects.current().filter(passage=OuterRef("pk"), side=side, sha256=OuterRef("tabled__sha256"))
        return self.tabled_ones().filter(~Exists(said), tabled__text__content__0__type="heading")

    def with_no_reply(self, side: Side | None) -> "PassageQuerySet":
        """`no_reply_wished`: whether this side has stated that it wishes to write no reply to the view."""
        from .coverage import NoReply

        stated = NoReply.objects.standing().filter(view=OuterRef("pk"), point=None, side=side)
        return self.annotate(no_reply_wished=Exists(stated) if side else Value(False))

    def with_no_replies(self, sides: Iterable[Side]) -> "PassageQuerySet":
        """`none_<side's key>`: whether that side has stated that it wishes to write no reply to the view."""
        from .coverage import NoReply

        stated = NoReply.objects.standing().filter(view=OuterRef("pk"), point=None)
        return self.annotate(**{f"none_{side.pk}": Exists(stated.filter(side=side)) for side in sides})

    def with_seen_revision(self, since: datetime | Slot | None) -> "PassageQuerySet":
        """`seen_id`: the revision that lay before all sides at that moment."""
        tabled = Revision.objects.filter(passage=OuterRef("pk"), caucus=None)
        seen = tabled.filter(made_at__lte=since) if since else tabled.none()
        return self.annotate(seen_id=Subquery(seen.order_by("-number").values("public_id")[:1]))


def _of_own_side(user: User) -> Exists:
    return acts_for(user, side="side", group="section__document__group")


def _counted(rows: models.QuerySet[Any], by: str) -> Coalesce:
    return Coalesce(Subquery(rows.values(by).annotate(count=Count("pk")).values("count")), 0)


class Passage(SubmittedOnce):
    """One voice, a permanent id. `tabled` is what all sides see; `caucus_copy` what its own side is writing."""

    public_id = PublicIdField()
    section = models.ForeignKey(Section, models.PROTECT, related_name="passages")
    voice = models.CharField(_("voice"), max_length=16, choices=Voice.choices)
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    position = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=16, choices=PassageState.choices, default=PassageState.OPEN)
    # A passage whose own words attribute it ("From Armenia's perspective, …") gets no generated phrase.
    attributed_in_text = models.BooleanField(_("its own words say who speaks"), default=False)
    # Came from a file, not from the side itself: shown as "proposed for …" until that side settles or revises it.
    proposed_for_side = models.BooleanField(default=False)
    tabled = models.ForeignKey("Revision", models.PROTECT, null=True, related_name="+")
    caucus_copy = models.ForeignKey("Revision", models.PROTECT, null=True, related_name="+")
    # What an edit names as the state it began from; the caucus copy has its own, so that neither betrays the other.
    version = models.PositiveIntegerField(default=0)
    caucus_version = models.PositiveIntegerField(default=0)
    tabled_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    # Under which somebody else drafts it: nobody writes in its words then.
    pen = models.ForeignKey("Pen", models.PROTECT, null=True, related_name="+")
    # How many reservations to it stand; each is a footnote.
    reserved = models.PositiveIntegerField(default=0, editable=False)
    # Of the tabled text with its reservations: print numbers footnotes through the document, and every page with it.
    footnotes = models.PositiveIntegerField(default=0, editable=False)
    started_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)

    objects = PassageQuerySet.as_manager()

    # Of a locked passage: what keeps the words that are typed live from becoming its revision.
    unfit = ""

    class Meta:
        verbose_name = _("passage")
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(voice__in=SHARED_VOICES, side=None) | Q(voice__in=ONE_SIDED_VOICES, side__isnull=False),
                name="views_and_replies_have_a_side_and_others_none",
            ),
            models.CheckConstraint(
                condition=Q(voice=Voice.REPLY, answers__isnull=False) | (~Q(voice=Voice.REPLY) & Q(answers=None)),
                name="only_a_reply_answers_a_view",
            ),
            models.CheckConstraint(
                condition=Q(state=PassageState.CAUCUS, tabled=None)
                | ~Q(state=PassageState.CAUCUS) & Q(tabled__isnull=False),
                name="in_caucus_until_tabled",
            ),
            models.CheckConstraint(
                condition=Q(side__isnull=False) | Q(caucus_copy=None), name="only_views_and_replies_have_a_caucus_copy"
            ),
            models.CheckConstraint(condition=Q(side=None) | Q(pen=None), name="a_sides_own_words_are_under_no_pen"),
        ]
        indexes = [models.Index(fields=["section", "position"], name="passages_in_order")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def document(self):
        return self.section.document

    @property
    def group(self):
        return self.section.document.group

    @property
    def is_shared(self) -> bool:
        return self.voice in SHARED_VOICES

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def is_held(self) -> bool:
        """Settled, or agreed ad referendum: its words stand under the keys of those whose word it is."""
        return self.state in HELD

    @property
    def is_ad_referendum(self) -> bool:
        return self.state == PassageState.AD_REFERENDUM

    @property
    def is_tabled(self) -> bool:
        return self.tabled_id is not None

    def text_for(self, side: Side | None) -> "Revision | None":
        """What a person of this side reads: their own side's caucus copy where there is one, else the tabled text."""
        own = side is not None and self.side_id == side.pk
        return self.caucus_copy if own and self.caucus_copy_id else self.tabled

    def first_footnote(self) -> int:
        """The number that the document gives to the first footnote here; of a caucus text, that it would give."""
        section = self.section
        sections = Section.objects.present().filter(document=section.document_id)
        before = sections.filter(Q(position__lt=section.position) | Q(position=section.position, pk__lt=section.pk))
        beside = Passage.objects.filter(section=section).tabled_ones()
        beside = beside.filter(Q(position__lt=self.position) | Q(position=self.position, pk__lt=self.pk))
        counts = [rows.aggregate(sum=Sum("footnotes"))["sum"] or 0 for rows in (before, beside)]
        return sum(counts) + 1

    def move_to(self, state: PassageState) -> None:
        from .documents import ForbiddenMove

        if state not in PASSAGE_MOVES[PassageState(self.state)]:
            raise ForbiddenMove(f"{self.state} → {state}")
        self.state = state


class RevisionQuerySet(models.QuerySet["Revision"]):
    def visible_to(self, user: User) -> "RevisionQuerySet":
        """Tabled revisions of what one sees; a caucus's only for its side."""
        own = acts_for(user, side="caucus", group="passage__section__document__group")
        return self.filter(Q(caucus=None) | own, passage__in=Passage.objects.visible_to(user))

    def for_all_sides(self) -> "RevisionQuerySet":
        return self.filter(caucus=None)

    def seen_by(self, side: Side | None) -> "RevisionQuerySet":
        return self.filter(Q(caucus=None) | Q(caucus=side, caucus__isnull=False))


class Revision(models.Model):
    """An immutable state of a passage. Tabling makes a new one: no number or id of a caucus is shown outside it."""

    public_id = PublicIdField()
    passage = models.ForeignKey(Passage, models.PROTECT, related_name="revisions")
    # The side whose caucus it belongs to; none once it lies before all sides.
    caucus = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    number = models.PositiveIntegerField(null=True)
    text: Any = models.JSONField()
    sha256 = models.CharField(max_length=64)
    plain = models.TextField()
    words = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        ordering = ("-made_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["passage", "number"], name="revision_numbered_once_in_a_passage"),
            models.CheckConstraint(
                condition=Q(caucus=None, number__isnull=False) | Q(caucus__isnull=False, number=None),
                name="revisions_are_numbered_once_tabled",
            ),
        ]
        indexes = [models.Index(F("passage"), F("made_at").desc(), name="revisions_newest_first")]

    def __str__(self) -> str:
        return f"{self.passage_id}/{self.number or '–'}"
