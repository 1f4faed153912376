"""Meetings of a group: drafted, announced, moved or cancelled, held; their agenda and who answered what."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import Membership, Role, ThematicGroup
from groups.standing import groups_where_texts_are_seen
from parley.access import PublicIdField
from parley.access.composed import composed_once
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User
from parley.programmes.models import Facilitator

# A link shown days before is passed on; a quarter of an hour is enough to find one's microphone.
OPENS_BEFORE = timedelta(minutes=15)


class Mode(models.TextChoices):
    IN_PERSON = "in-person", _("in person")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("in person and online")


def groups_where_meetings_are_prepared(user: User) -> models.QuerySet[ThematicGroup]:
    """Groups that the person co-chairs, and those of the programmes that they facilitate."""
    chaired = Membership.objects.acting().filter(person=user, role=Role.CO_CHAIR).values("group")
    facilitated = Facilitator.objects.acting().filter(person=user).values("programme")
    return ThematicGroup.objects.filter(Q(pk__in=chaired) | Q(programme__in=facilitated))


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> "MeetingQuerySet":
        """Members of a side and facilitators, never observers; a draft is seen by those who prepare it."""
        seen = self.filter(group__in=groups_where_texts_are_seen(user))
        return seen.filter(Q(announced_at__isnull=False) | Q(group__in=groups_where_meetings_are_prepared(user)))

    @composed_once
    def opened_by(self, user: User) -> "MeetingQuerySet":
        return self.visible_to(user).select_related("group__programme")

    def upcoming(self) -> "MeetingQuerySet":
        return self.filter(ends__gte=timezone.now()).order_by("starts", "pk")

    def past(self) -> "MeetingQuerySet":
        return self.filter(ends__lt=timezone.now()).order_by("-starts", "-pk")

    def not_cancelled(self) -> "MeetingQuerySet":
        return self.filter(cancelled_at=None)

    def announced(self) -> "MeetingQuerySet":
        return self.exclude(announced_at=None)

    def overlapping(self, starts: datetime, ends: datetime) -> "MeetingQuerySet":
        return self.filter(starts__lt=ends, ends__gt=starts)


class Meeting(SubmittedOnce):
    public_id = PublicIdField()
    group = models.ForeignKey(ThematicGroup, models.PROTECT, related_name="meetings")
    title = models.CharField(_("title"), max_length=200)
    mode = models.CharField(_("how you meet"), max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    venue = models.CharField(_("venue"), max_length=300, blank=True)
    map_link = models.URLField(_("link to a map"), max_length=500, blank=True)
    travel = models.TextField(_("travel notes"), blank=True)
    per_diem = models.TextField(_("per diem and costs"), blank=True)
    link = models.URLField(_("link to join"), max_length=500, blank=True)
    dial_in = models.CharField(_("dial-in"), max_length=300, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    starts = models.DateTimeField(_("starts"))
    ends = models.DateTimeField(_("ends"))
    # IANA name of the place whose clock the meeting keeps.
    zone = models.CharField(_("time zone"), max_length=64)
    # RFC 5545 §3.8.7.4: raised only when time, place or status change.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    announced_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    # Null: a draft, seen by those who prepare it.
    announced_at = models.DateTimeField(null=True, default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    moved_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_because = models.CharField(_("why"), max_length=500, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        ordering = ("starts", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=models.F("starts")), name="meeting_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(announced_at=None) | Q(mode="online") | ~Q(venue=""), name="meeting_in_person_has_a_venue"
            ),
            models.CheckConstraint(
                condition=Q(announced_at=None) | Q(mode="in-person") | ~Q(link=""), name="meeting_online_has_a_link"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.announced_at is None

    @property
    def is_to_come(self) -> bool:
        return not (self.is_draft or self.is_cancelled or self.is_over)

    @property
    def doors_open_at(self) -> datetime:
        """From when on the link is shown."""
        return self.starts - OPENS_BEFORE

    @property
    def doors_are_open(self) -> bool:
        return self.is_to_come and self.doors_open_at <= timezone.now()

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        return self.ends < timezone.now()

    @property
    def meets_in_person(self) -> bool:
        return self.mode != Mode.ONLINE

    @property
    def meets_online(self) -> bool:
        return self.mode != Mode.IN_PERSON

    def topic(self) -> str:
        return f"meeting:{self.public_id}"

    def first_zone(self, reader_zone: str) -> str:
        """Whose clock leads: in person the venue's, online the reader's."""
        return self.zone if self.meets_in_person else reader_zone


class AgendaLine(models.Model):
    public_id = PublicIdField()
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("point"), max_length=200)
    speaker = models.CharField(_("who opens it"), max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    # A page of this site ("/sections/…/") or the whole address of a paper elsewhere.
    paper = models.CharField(_("paper"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("point of the agenda")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    class Coming(models.TextChoices):
        YES = "yes", _("I will come")
        ONLINE = "online", _("I will join online")
        NO = "no", _("I cannot come")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="answers")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    coming = models.CharField(_("your answer"), max_length=8, choices=Coming.choices)
    # The answer was to this time and place; a moved meeting is asked about again.
    sequence = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_answer_of_a_person_to_a_meeting")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_coming_display()}"
