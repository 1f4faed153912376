"""Meetings of a group: in person, online or both; their agenda and who answered what."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groups.models import ThematicGroup
from groups.standing import groups_where_texts_are_seen
from parley.access import PublicIdField
from parley.access.composed import composed_once
from parley.access.submissions import SubmittedOnce
from parley.accounts.models import User


class Mode(models.TextChoices):
    IN_PERSON = "in-person", _("in person")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("in person and online")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> "MeetingQuerySet":
        """Members of a side and facilitators; observers never."""
        return self.filter(group__in=groups_where_texts_are_seen(user))

    @composed_once
    def opened_by(self, user: User) -> "MeetingQuerySet":
        return self.visible_to(user).select_related("group__programme")

    def upcoming(self) -> "MeetingQuerySet":
        return self.filter(ends__gte=timezone.now()).order_by("starts", "pk")

    def past(self) -> "MeetingQuerySet":
        return self.filter(ends__lt=timezone.now()).order_by("-starts", "-pk")

    def not_cancelled(self) -> "MeetingQuerySet":
        return self.filter(cancelled_at=None)


class Meeting(SubmittedOnce):
    public_id = PublicIdField()
    group = models.ForeignKey(ThematicGroup, models.PROTECT, related_name="meetings")
    title = models.CharField(_("title"), max_length=200)
    mode = models.CharField(_("how you meet"), max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    venue = models.CharField(_("venue"), max_length=300, blank=True)
    link = models.URLField(_("link to join"), max_length=500, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    starts = models.DateTimeField(_("starts"))
    ends = models.DateTimeField(_("ends"))
    # IANA name of the place whose clock the meeting keeps.
    zone = models.CharField(_("time zone"), max_length=64)
    # RFC 5545 §3.8.7.4: raised only when time, place or status change.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    announced_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(default=timezone.now, editable=False)
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
            models.CheckConstraint(condition=Q(mode="online") | ~Q(venue=""), name="meeting_in_person_has_a_venue"),
            models.CheckConstraint(condition=Q(mode="in-person") | ~Q(link=""), name="meeting_online_has_a_link"),
        ]

    def __str__(self) -> str:
        return self.title

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
    needs = models.CharField(_("what you need"), max_length=300, blank=True)
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
