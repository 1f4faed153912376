"""Polls of dates: slots, who answered what, and what a poll asks for (a quorum of each side, required persons)."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import Membership, ThematicGroup
from groups.standing import groups_where_texts_are_seen
from parley.access import PublicIdField
from parley.access.composed import composed_once
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Side

from .meetings import Meeting, groups_where_meetings_are_prepared

FEWEST_SLOTS, MOST_SLOTS = 3, 15


class Word(models.TextChoices):
    YES = "yes", _("Yes")
    MAYBE = "if-need-be", _("If need be")
    NO = "no", _("No")


class Seen(models.TextChoices):
    """Who sees what each person answered, beside the facilitators."""

    FACILITATORS = "facilitators", _("the facilitators alone")
    CO_CHAIRS = "co-chairs", _("the facilitators and the co-chairs")
    MEMBERS = "members", _("all members of the group")


class PollQuerySet(models.QuerySet["Poll"]):
    def visible_to(self, user: User) -> "PollQuerySet":
        """Members of a side and facilitators, as meetings."""
        return self.filter(group__in=groups_where_texts_are_seen(user))

    @composed_once
    def opened_by(self, user: User) -> "PollQuerySet":
        return self.visible_to(user).select_related("group__programme", "chosen", "meeting", "opened_by")

    def not_closed(self) -> "PollQuerySet":
        return self.filter(closed_at=None)

    def open(self) -> "PollQuerySet":
        return self.not_closed().filter(deadline__gt=timezone.now())

    def waiting_for(self, user: User) -> "PollQuerySet":
        """Open ones that this person, who has a side there, has not answered."""
        seated = Membership.objects.acting().with_a_side().filter(person=user).values("group")
        answered = PollAnswer.objects.filter(poll=OuterRef("pk"), person=user)
        return self.open().filter(~Exists(answered), group__in=seated).order_by("deadline", "pk")

    def to_choose(self, user: User) -> "PollQuerySet":
        """Over, without a date chosen, and this person may choose."""
        prepared = groups_where_meetings_are_prepared(user)
        return self.not_closed().filter(deadline__lte=timezone.now(), group__in=prepared).order_by("deadline", "pk")


class Poll(SubmittedOnce):
    public_id = PublicIdField()
    group = models.ForeignKey(ThematicGroup, models.PROTECT, related_name="polls")
    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    # IANA name of the zone in which its times were typed.
    zone = models.CharField(_("time zone"), max_length=64)
    deadline = models.DateTimeField(_("answers until"))
    seen_by = models.CharField(max_length=12, choices=Seen.choices, default=Seen.CO_CHAIRS)
    required = models.ManyToManyField(Membership, related_name="+", blank=True)
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # The date that was chosen, and the meeting made of it; a poll that closed without was cancelled.
    chosen = models.ForeignKey("Slot", models.PROTECT, null=True, related_name="+", editable=False)
    meeting = models.OneToOneField(Meeting, models.PROTECT, null=True, related_name="poll", editable=False)

    objects = PollQuerySet.as_manager()

    class Meta:
        verbose_name = _("date poll")
        ordering = ("-opened_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(deadline__gt=F("opened_at")), name="poll_ends_after_it_opens"),
            models.CheckConstraint(
                condition=Q(chosen=None, meeting=None)
                | Q(chosen__isnull=False, meeting__isnull=False, closed_at__isnull=False),
                name="poll_is_closed_with_its_choice",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_closed(self) -> bool:
        """By a choice, or cancelled."""
        return self.closed_at is not None

    @property
    def is_cancelled(self) -> bool:
        return self.is_closed and self.chosen_id is None

    @property
    def takes_answers(self) -> bool:
        return not self.is_closed and timezone.now() < self.deadline

    def moment_after(self, share: float) -> datetime:
        """When that share of its time has passed."""
        return self.opened_at + (self.deadline - self.opened_at) * share

    def topic(self) -> str:
        return f"poll:{self.public_id}"


class SlotQuerySet(models.QuerySet["Slot"]):
    def visible_to(self, user: User) -> "SlotQuerySet":
        return self.filter(poll__in=Poll.objects.visible_to(user)).select_related("poll__group__programme")


class Slot(models.Model):
    public_id = PublicIdField()
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="slots")
    starts = models.DateTimeField(_("starts"))
    ends = models.DateTimeField(_("ends"))

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("date offered")
        ordering = ("starts", "ends", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="slot_ends_after_it_starts"),
            models.UniqueConstraint(fields=["poll", "starts", "ends"], name="slot_once_in_a_poll"),
        ]

    def __str__(self) -> str:
        return f"{self.starts:%Y-%m-%d %H:%M}"

    @property
    def group(self) -> ThematicGroup:
        """Whose rules hold for it."""
        return self.poll.group


class Quorum(models.Model):
    """How many of a side must be able to come."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="quorums")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    needed = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("quorum of a side")
        constraints = [models.UniqueConstraint(fields=["poll", "side"], name="one_quorum_of_a_side_in_a_poll")]

    def __str__(self) -> str:
        return f"{self.side}: {self.needed}"


class PollAnswer(models.Model):
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="answers")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    answered_at = models.DateTimeField(default=timezone.now)
    # The facilitator who wrote it down when it was given by telephone.
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("answer to a poll")
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="one_answer_of_a_person_to_a_poll")]

    def __str__(self) -> str:
        return f"{self.person} · {self.poll}"


class SlotChoice(models.Model):
    answer = models.ForeignKey(PollAnswer, models.CASCADE, related_name="choices")
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="choices")
    word = models.CharField(max_length=10, choices=Word.choices)

    class Meta:
        verbose_name = _("choice of a date")
        constraints = [models.UniqueConstraint(fields=["answer", "slot"], name="one_choice_of_an_answer_for_a_slot")]

    def __str__(self) -> str:
        return str(self.get_word_display())
